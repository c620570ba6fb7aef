import { useEffect, useState } from 'react';
import type { FlattenPlan, FlattenStep } from '../../src/contract/types.ts';
import { Button } from '../controls/button.tsx';
import { Choice } from '../controls/choice.tsx';
import { useDesk } from '../desk/desk.ts';
import { useWindow } from '../desk/window-state.ts';
import { money } from '../format/money.ts';
import { timeOf } from '../format/time.ts';
import { useRowCount } from '../market/use-rows.ts';
import { useSettings } from '../settings/settings.ts';
import { HoldButton } from './hold-button.tsx';
import { acknowledge, flatten, useRuns } from './runs.ts';
import { Steps, timesText } from './steps.tsx';

const PLAN_EVERY_MS = 5_000;

/** What a flatten would cost, asked anew when positions come or go and every few seconds. */
function usePlan(scope: string, positions: number): FlattenPlan | null {
  const desk = useDesk();
  const [plan, setPlan] = useState<FlattenPlan | null>(null);
  useEffect(() => {
    let alive = true;
    const read = async () => {
      const outcome = await desk.connection.call((client, options) =>
        client.risk.flattenPlan(scope === 'all' ? {} : { account: scope }, options),
      );
      if (alive) setPlan(outcome.kind === 'ok' ? outcome.value : null);
    };
    void read();
    const timer = setInterval(() => void read(), PLAN_EVERY_MS);
    return () => {
      alive = false;
      clearInterval(timer);
    };
  }, [desk, scope, positions]);
  return plan;
}

function costText(plan: FlattenPlan | null): string {
  if (plan === null || plan.costs.length === 0) return '';
  return `, est. cost ${plan.costs.map(({ currency, amount }) => money(amount, currency)).join(' + ')}`;
}

function direction(quantity: string): string {
  return quantity.startsWith('-') ? `short ${quantity.slice(1)}` : `long ${quantity}`;
}

/** Says what is still open, why, and what can be done about it. */
function NotFlat({ step }: { readonly step: FlattenStep }) {
  const desk = useDesk();
  const alarmed = useRuns((state) => state.alarmed);
  const scope = useRuns((state) => state.scope);
  const running = useRuns((state) => state.flatten.running);
  const waits = step.open.some(({ code }) => code === 'MARKET_CLOSED');
  return (
    <div
      role="alert"
      aria-label="Not flat"
      className="halt-hatch flex flex-col gap-2 rounded-sm p-2 text-sm font-semibold"
    >
      NOT FLAT
      <ul className="flex flex-col gap-1 text-xs font-medium">
        {step.open.map((open) => (
          <li key={`${open.account} ${open.instrument}`}>
            <span className="font-bold">
              {open.instrument} {direction(open.quantity)} on {open.venue}
            </span>
            <br />
            {open.sentence}
          </li>
        ))}
        {step.open.length === 0 ? <li>{step.sentence}</li> : null}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button size="small" disabled={running} onClick={() => void flatten(desk, scope, false)}>
          Retry
        </Button>
        {waits ? (
          <Button size="small" disabled={running} onClick={() => void flatten(desk, scope, true)}>
            Queue until the market opens
          </Button>
        ) : null}
        {alarmed ? (
          <Button size="small" onClick={acknowledge}>
            Acknowledge
          </Button>
        ) : null}
      </div>
    </div>
  );
}

function Result({ step }: { readonly step: FlattenStep }) {
  const zone = useSettings((settings) => settings.zone);
  if (step.outcome !== 'FLAT') return <NotFlat step={step} />;
  return (
    <p role="status" className="rounded-sm border border-up p-2 text-sm font-semibold text-up">
      FLAT ✓ verified {timeOf(step.at, zone)} {zone} · {(step.elapsedMs / 1000).toFixed(1)} s
      <span className="block text-xs font-medium text-ink-2">{timesText(step)}</span>
    </p>
  );
}

/** Closes everything and proves it. Says FLAT only after the engine has read the positions again. */
export function Flatten() {
  const desk = useDesk();
  const accounts = useWindow((state) => state.accounts);
  const emergency = useWindow((state) => state.risk?.emergency ?? null);
  const count = useRowCount(desk.positions);
  const { steps, running, problem } = useRuns((state) => state.flatten);
  const [scope, setScope] = useState('all');
  const plan = usePlan(scope, count);
  const positions = plan?.positions.length ?? count;
  const last = steps.at(-1);
  const what = `${positions} ${positions === 1 ? 'position' : 'positions'}`;
  const elsewhere = !running && emergency?.flattening === true;
  const closed = plan?.positions.filter((position) => position.closed !== null) ?? [];
  return (
    <section aria-label="Flatten" className="flex flex-col gap-2">
      <h3 className="text-2xs font-semibold text-ink-2">
        Flatten: halt, cancel everything, close every position, verify
      </h3>
      {accounts.length > 1 ? (
        <Choice
          label="Accounts to flatten"
          value={scope}
          options={[
            { value: 'all', label: 'All accounts' },
            ...accounts.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={setScope}
        />
      ) : null}
      <HoldButton
        label={running || elsewhere ? 'Flattening…' : `Hold to FLATTEN ${what}`}
        confirmLabel={`flatten ${what}${costText(plan)}`}
        disabled={running || elsewhere}
        onConfirm={() => void flatten(desk, scope, false)}
      />
      {closed.map(({ account, instrument, closed: why }) => (
        <p key={`${account} ${instrument}`} className="text-warn">
          ▲ Cannot close now: {instrument}. {why}
        </p>
      ))}
      {emergency === null || emergency.queuedFlatten === null ? null : (
        <p className="text-warn">
          ▲ Queued: what is left is closed when its market opens ({emergency.queuedFlatten.reason}). RESUME ends it.
        </p>
      )}
      <Steps steps={steps} label="Flatten checklist" />
      {last?.step === 'result' ? <Result step={last} /> : null}
      {problem === null ? null : (
        <p role="alert" className="text-halt">
          {problem}
        </p>
      )}
    </section>
  );
}
