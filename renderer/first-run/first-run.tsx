import type { FunctionComponent } from 'react';
import { Button } from '../controls/button.tsx';
import { cx } from '../controls/cx.ts';
import { closeFirstRun, FIRST_STEPS, goToStep, skipFirstRun, useFirstRun, type FirstStep } from './first-run-state.ts';
import { useScreen } from '../screens/screen-state.ts';
import { AccountStep } from './steps/account.tsx';
import { HaltStep } from './steps/halt.tsx';
import { LimitsStep } from './steps/limits.tsx';
import { LooksStep } from './steps/looks.tsx';
import { TradeStep } from './steps/trade.tsx';

const STEPS: Readonly<Record<FirstStep, { readonly name: string; readonly body: FunctionComponent }>> = {
  looks: { name: 'Looks', body: LooksStep },
  account: { name: 'Money', body: AccountStep },
  limits: { name: 'Limits', body: LimitsStep },
  trade: { name: 'Trade', body: TradeStep },
  halt: { name: 'HALT', body: HaltStep },
};

/**
 * Over the watchlist of the workspace, so that chart, ticket and depth keep their widths; beside every other screen. The
 * ticket and HALT are what it is about and stay free.
 */
export function FirstRun() {
  const { step, finished } = useFirstRun();
  const overWorkspace = useScreen((state) => state.screen === 'workspace');
  const Body = STEPS[step].body;
  return (
    <aside
      aria-label="First steps"
      className={cx(
        'flex w-74 shrink-0 flex-col border-r bg-panel',
        overWorkspace ? 'absolute inset-y-0 left-15 z-[35] border-line-strong' : 'border-line',
      )}
    >
      <header className="flex min-h-11 items-center justify-between border-b border-line px-3">
        <h2 className="text-sm font-semibold">First steps</h2>
        <span className="text-ink-2">
          {FIRST_STEPS.indexOf(step) + 1} of {FIRST_STEPS.length}
        </span>
      </header>
      <ol className="grid grid-cols-5 border-b border-line">
        {FIRST_STEPS.map((name) => (
          <li key={name}>
            <button
              type="button"
              aria-current={name === step ? 'step' : undefined}
              onClick={() => goToStep(name)}
              className={cx(
                'h-8 w-full border-b-2 text-2xs',
                name === step ? 'border-accent font-semibold text-ink' : 'border-transparent text-ink-2 hover:bg-hover',
              )}
            >
              {finished.includes(name) ? '✓ ' : ''}
              {STEPS[name].name}
            </button>
          </li>
        ))}
      </ol>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keys */}
      <div className="min-h-0 flex-1 overflow-y-auto p-3" tabIndex={0} role="region" aria-label="Step">
        <Body key={step} />
      </div>
      <footer className="flex justify-between border-t border-line p-2">
        <Button tone="quiet" onClick={closeFirstRun} title="It comes back with the next window">
          Later
        </Button>
        <Button tone="quiet" onClick={skipFirstRun} title="They stay under Settings, About">
          Skip for good
        </Button>
      </footer>
    </aside>
  );
}
