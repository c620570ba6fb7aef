import { useState } from 'react';
import type { ContractInputs, PortfolioRisk } from '../../src/contract/types.ts';
import { useAnswer } from '../connection/use-answer.ts';
import { Button } from '../controls/button.tsx';
import { cx } from '../controls/cx.ts';
import { Field } from '../controls/field.tsx';
import { useDesk } from '../desk/desk.ts';
import { useConnected } from '../desk/window-state.ts';
import { compare, readTyped, signOf, times, trimZeros } from '../format/decimal-text.ts';
import { money } from '../format/money.ts';
import { riskCommand } from './risk-command.ts';

type Scenario = ContractInputs['riskControls']['setScenarios']['scenarios'][number];

/** "All -1 %" as "All −1 %". */
function shownName(name: string): string {
  return name.replaceAll('-', '−');
}

/** A typed move in per cent as a scenario of the user; null when it is none. A price cannot fall by more than all. */
export function readScenario(asset: string, typed: string): Scenario | null {
  const text = readTyped(typed);
  if (text === null || signOf(text) === 0 || (compare(text, '-100') ?? -1) < 0) return null;
  const move = trimZeros(times(text, '0.01') ?? '');
  if (!/^-?\d{1,6}(\.\d{1,12})?$/.test(move)) return null;
  const name = asset.trim().toUpperCase();
  const words = `${name === '' ? 'All' : name} ${signOf(text) > 0 ? '+' : ''}${trimZeros(text)} %`;
  return { name: words, all: name === '' ? move : null, moves: name === '' ? {} : { [name]: move } };
}

function AddScenario({ own, onSaved }: { readonly own: readonly Scenario[]; readonly onSaved: () => void }) {
  const desk = useDesk();
  const connected = useConnected();
  const [asset, setAsset] = useState('');
  const [move, setMove] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const add = async () => {
    const scenario = readScenario(asset, move);
    if (scenario === null) return setProblem('Type a move in per cent, such as −7; at most 100 down.');
    if (own.some(({ name }) => name === scenario.name))
      return setProblem(`${shownName(scenario.name)} is there already.`);
    const sentence = await riskCommand(desk, `Scenario ${shownName(scenario.name)} added`, (client, options) =>
      client.riskControls.setScenarios({ scenarios: [...own, scenario] }, options),
    );
    setProblem(sentence);
    if (sentence === null) setMove('');
    onSaved();
  };
  return (
    <form
      aria-label="Own scenario"
      className="flex w-52 shrink-0 items-end gap-1"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <Field
        label="Asset"
        value={asset}
        onChange={setAsset}
        placeholder="all"
        inputMode="text"
        className="flex-1 [&_input]:text-left"
        maxLength={32}
      />
      <Field
        label="Move"
        value={move}
        onChange={setMove}
        unit="%"
        placeholder="−7"
        className="w-20"
        problem={problem}
      />
      <Button type="submit" disabled={!connected || move.trim() === ''}>
        Add
      </Button>
    </form>
  );
}

/** What the account would lose at once, and which limits that would reach. */
export function ScenarioStrip({ figures }: { readonly figures: PortfolioRisk | null }) {
  const desk = useDesk();
  const answer = useAnswer('scenarios', (client, options) => client.riskControls.scenarios({}, options));
  const own = answer.value?.own ?? [];
  const remove = async (name: string) => {
    await riskCommand(desk, `Scenario ${shownName(name)} removed`, (client, options) =>
      client.riskControls.setScenarios({ scenarios: own.filter((each) => each.name !== name) }, options),
    );
    answer.reload();
  };
  return (
    <section aria-label="Scenarios" className="flex items-end gap-3 border-b border-line p-2">
      <dl className="flex min-w-0 flex-1 flex-wrap gap-2">
        {(figures?.scenarios ?? []).map(({ name, profit, equityAfter, breaches }) => (
          <div
            key={name}
            className={cx(
              'flex min-w-36 flex-col rounded-sm border px-2 py-1',
              breaches.length > 0 ? 'border-halt' : 'border-line',
            )}
          >
            <dt className="flex items-center justify-between gap-2 text-2xs text-ink-2">
              {shownName(name)}
              {own.some((each) => each.name === name) ? (
                <button
                  type="button"
                  aria-label={`Remove the scenario ${shownName(name)}`}
                  className="-my-1 -mr-1.5 size-6 text-ink-2 hover:text-ink"
                  onClick={() => void remove(name)}
                >
                  ×
                </button>
              ) : null}
            </dt>
            <dd
              className={cx(
                'text-sm font-semibold',
                profit === null ? 'text-ink-2' : signOf(profit) < 0 ? 'text-down' : signOf(profit) > 0 ? 'text-up' : '',
              )}
            >
              {profit === null ? 'not known' : money(profit, figures?.currency ?? '', { digits: 0, sign: 'always' })}
            </dd>
            <dd className="text-2xs text-ink-2">
              {equityAfter === null ? '' : `equity ${money(equityAfter, figures?.currency ?? '', { digits: 0 })}`}
            </dd>
            {breaches.length === 0 ? null : (
              <dd className="text-2xs font-semibold text-halt">
                reaches {breaches.map((code) => code.replaceAll('_', ' ').toLowerCase()).join(', ')}
              </dd>
            )}
          </div>
        ))}
      </dl>
      <AddScenario own={own} onSaved={answer.reload} />
    </section>
  );
}
