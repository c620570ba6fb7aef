import { Choice } from '../controls/choice.tsx';
import { LiveText } from '../controls/live-text.tsx';
import { signOf } from '../format/decimal-text.ts';
import { money, percent } from '../format/money.ts';
import { useDesk } from '../desk/desk.ts';
import { useAccount, useWindow } from '../desk/window-state.ts';
import { WorkspaceMenu } from '../layout/workspace-menu.tsx';
import { HaltButton } from '../safety/halt-button.tsx';
import type { AccountFigures } from '../../src/contract/types.ts';
import { AppearanceMenu } from './appearance-menu.tsx';
import { AlertsButton } from './alerts-button.tsx';
import { ModeChip, modeOf } from './mode-chip.tsx';

function doubt(figures: AccountFigures, text: string): string {
  return figures.stale ? `≈ ${text}` : text;
}

const READ = {
  equity: (row: AccountFigures) => ({ text: doubt(row, money(row.equity, row.currency)), doubtful: row.stale }),
  day: (row: AccountFigures) => ({
    text: doubt(row, money(row.dayPnl, row.currency, { sign: 'always' })),
    sign: signOf(row.dayPnl),
    doubtful: row.stale,
  }),
  unrealised: (row: AccountFigures) => ({
    text: doubt(row, money(row.unrealised, row.currency, { sign: 'always' })),
    sign: signOf(row.unrealised),
    doubtful: row.stale,
  }),
  buyingPower: (row: AccountFigures) => ({
    text: row.buyingPower === null ? 'not known' : money(row.buyingPower, row.currency),
  }),
  drawdown: (row: AccountFigures) => ({ text: percent(row.drawdown) }),
};

const FIGURES = [
  { name: 'Equity', read: READ.equity, everyMs: 1_000, wide: '' },
  { name: 'Day P&L', read: READ.day, everyMs: 250, wide: '' },
  { name: 'Unrealised', read: READ.unrealised, everyMs: 250, wide: 'max-xl:hidden' },
  { name: 'Buying power', read: READ.buyingPower, everyMs: 1_000, wide: 'max-xl:hidden' },
  { name: 'Drawdown', read: READ.drawdown, everyMs: 1_000, wide: 'max-2xl:hidden' },
] as const;

export function TopBar() {
  const desk = useDesk();
  const account = useAccount();
  const accounts = useWindow((state) => state.accounts);
  return (
    <header className="flex h-11 shrink-0 items-center gap-3 border-b border-line bg-panel px-2">
      <ModeChip mode={modeOf(account)} />
      {account === null ? (
        <span className="text-ink-3">No account yet</span>
      ) : (
        <Choice
          label="Account"
          value={account.id}
          options={accounts.map((each) => ({
            value: each.id,
            label: each.name,
            detail: each.kind === 'paper' ? 'PAPER' : each.armed ? 'LIVE' : 'LIVE disarmed',
          }))}
          onChange={(id) => useWindow.setState({ account: id })}
          className="max-w-44"
        />
      )}
      <dl className="flex items-center gap-5 pl-1">
        {FIGURES.map(({ name, read, everyMs, wide }) => (
          <div key={name} className={`flex flex-col ${wide}`}>
            <dt className="text-2xs leading-3.5 text-ink-2">{name}</dt>
            <dd className="text-sm leading-4.5 font-semibold whitespace-nowrap">
              <LiveText store={desk.figures} id={account?.id ?? null} read={read} everyMs={everyMs} />
            </dd>
          </div>
        ))}
      </dl>
      <div className="min-w-2 flex-1" />
      <button
        type="button"
        onClick={() => useWindow.setState({ paletteOpen: true })}
        className="flex h-7 w-52 shrink-0 items-center justify-between rounded-sm border border-line-strong bg-canvas px-2 text-ink-2 hover:bg-hover whitespace-nowrap hover:text-ink max-lg:w-40"
      >
        <span>Search or command</span>
        <kbd className="font-sans text-2xs text-ink-2">Ctrl K</kbd>
      </button>
      <AlertsButton />
      <WorkspaceMenu />
      <AppearanceMenu />
      <HaltButton />
    </header>
  );
}
