import type { AccountFigures } from '../../src/contract/types.ts';
import { LiveText } from '../controls/live-text.tsx';
import { useDesk } from '../desk/desk.ts';
import { useWindow } from '../desk/window-state.ts';
import { signOf } from '../format/decimal-text.ts';
import { money, percent } from '../format/money.ts';

type Key = 'equity' | 'dayPnl' | 'realised' | 'unrealised' | 'fees' | 'grossExposure' | 'netExposure';

const SIGNED: ReadonlySet<Key> = new Set(['dayPnl', 'realised', 'unrealised', 'netExposure']);
const COLUMNS: readonly { readonly key: Key; readonly name: string }[] = [
  { key: 'equity', name: 'Equity' },
  { key: 'dayPnl', name: 'Day P&L' },
  { key: 'realised', name: 'Realised' },
  { key: 'unrealised', name: 'Unrealised' },
  { key: 'fees', name: 'Fees' },
  { key: 'grossExposure', name: 'Gross exposure' },
  { key: 'netExposure', name: 'Net exposure' },
];

function reading(key: Key) {
  const isResult = key === 'dayPnl' || key === 'realised' || key === 'unrealised';
  return (row: AccountFigures) => {
    const text = money(row[key], row.currency, SIGNED.has(key) ? { sign: 'always' } : {});
    return {
      text: row.stale && key !== 'fees' && key !== 'realised' ? `≈ ${text}` : text,
      ...(isResult ? { sign: signOf(row[key]) } : {}),
      doubtful: row.stale,
    };
  };
}

const READ = COLUMNS.map(({ key, name }) => ({ name, read: reading(key) }));
const drawdown = (row: AccountFigures) => ({ text: percent(row.drawdown) });

/** Every account with its money. Paper and live are never added up. */
export function AccountStrip() {
  const desk = useDesk();
  const accounts = useWindow((state) => state.accounts);
  return (
    <table className="w-full shrink-0 border-b border-line bg-panel text-left text-xs">
      <thead>
        <tr className="text-2xs text-ink-2">
          <th scope="col" className="px-3 py-1.5 font-medium">
            Account
          </th>
          {READ.map(({ name }) => (
            <th key={name} scope="col" className="px-3 py-1.5 text-right font-medium">
              {name}
            </th>
          ))}
          <th scope="col" className="px-3 py-1.5 text-right font-medium">
            Drawdown
          </th>
        </tr>
      </thead>
      <tbody>
        {accounts.map((account) => (
          <tr key={account.id} className="border-t border-line">
            <th scope="row" className="px-3 py-1.5 font-medium whitespace-nowrap">
              {account.name}{' '}
              <span className="text-2xs text-ink-2">
                {account.kind === 'paper' ? 'PAPER' : account.armed ? 'LIVE' : 'LIVE disarmed'}
              </span>
            </th>
            {READ.map(({ name, read }) => (
              <td key={name} className="px-3 py-1.5 text-right whitespace-nowrap">
                <LiveText store={desk.figures} id={account.id} read={read} everyMs={500} />
              </td>
            ))}
            <td className="px-3 py-1.5 text-right whitespace-nowrap">
              <LiveText store={desk.figures} id={account.id} read={drawdown} everyMs={1_000} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
