import type { StrategyRun } from '../../src/contract/types.ts';
import { moneyText, nameOf } from '../blotter/cells.ts';
import { cx } from '../controls/cx.ts';
import { Cell, PlainTable, TABLE_ROW } from '../controls/plain-table.tsx';
import { useWindow } from '../desk/window-state.ts';
import { signOf } from '../format/decimal-text.ts';
import { timeOf } from '../format/time.ts';
import { modeSuffix } from '../frame/mode-chip.tsx';
import { useSettings } from '../settings/settings.ts';
import { RunButtons } from './run-buttons.tsx';
import { isOn } from './run-commands.ts';

interface RunTableProps {
  readonly runs: readonly StrategyRun[];
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
  readonly onDone: () => void;
}

function lastSignal({ sentence, lastSignal: last }: StrategyRun, time: (ms: number) => string): string {
  if (sentence !== null) return sentence;
  return last === null ? 'no signal yet' : `${last.direction} ${time(last.at)} · ${last.reason}`;
}

/** Every run of this session. The name opens its detail. */
export function RunTable({ runs, chosen, onChoose, onDone }: RunTableProps) {
  const zone = useSettings((settings) => settings.zone);
  const accounts = useWindow((state) => state.accounts);
  return (
    <PlainTable
      label="Strategy runs"
      columns={[
        { name: 'Strategy' },
        { name: 'Instrument' },
        { name: 'Account' },
        { name: 'State' },
        { name: 'Signals', right: true },
        { name: 'Orders', right: true },
        { name: 'Realised', right: true },
        { name: 'Actions', hidden: true },
        { name: 'Last signal or error' },
      ]}
    >
      {runs.map((run) => {
        const account = accounts.find(({ id }) => id === run.account);
        const sign = signOf(run.realised);
        const text = lastSignal(run, (ms) => `${timeOf(ms, zone)} ${zone}`);
        return (
          <tr key={run.id} className={cx(TABLE_ROW, run.id === chosen && 'bg-selected')}>
            <Cell className="whitespace-nowrap">
              <button
                type="button"
                aria-pressed={run.id === chosen}
                className="h-6 font-semibold text-accent hover:underline"
                onClick={() => onChoose(run.id)}
              >
                {run.title}
              </button>
            </Cell>
            <Cell className="whitespace-nowrap">{nameOf(run.instrument)}</Cell>
            <Cell className="whitespace-nowrap text-ink-2">
              {account === undefined ? run.account : `${account.name} · ${modeSuffix(account)}`}
            </Cell>
            <Cell
              className={cx(
                'whitespace-nowrap',
                run.state === 'failed' ? 'font-semibold text-halt' : isOn(run) ? 'font-medium' : 'text-ink-2',
              )}
            >
              {run.state}
            </Cell>
            <Cell right>{run.signals}</Cell>
            <Cell right>{run.orders}</Cell>
            <Cell right className={sign > 0 ? 'text-up' : sign < 0 ? 'text-down' : ''}>
              {moneyText(run.instrument, run.realised, true)}
            </Cell>
            <td className="pr-1">
              <RunButtons run={run} onDone={onDone} />
            </td>
            <Cell className={cx('max-w-60 truncate', run.state === 'failed' ? 'text-halt' : 'text-ink-2')} title={text}>
              {text}
            </Cell>
          </tr>
        );
      })}
    </PlainTable>
  );
}
