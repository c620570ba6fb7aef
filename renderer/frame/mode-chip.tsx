import type { AccountView } from '../../src/contract/types.ts';
import { cx } from '../controls/cx.ts';

export type ModeName = 'PAPER' | 'LIVE' | 'LIVE DISARMED' | 'NO ACCOUNT';

export function modeOf(account: AccountView | null): ModeName {
  if (account === null) return 'NO ACCOUNT';
  if (account.kind === 'paper') return 'PAPER';
  return account.armed ? 'LIVE' : 'LIVE DISARMED';
}

/** How the mode is named on every button that sends: "PAPER", or "LIVE" with the account. */
export function modeSuffix(account: AccountView): string {
  return account.kind === 'paper' ? 'PAPER' : `LIVE ${account.name}`;
}

const LOOKS: Readonly<Record<ModeName, string>> = {
  PAPER: 'border border-dashed border-paper text-paper',
  LIVE: 'bg-live text-on-live',
  'LIVE DISARMED': 'border border-live text-live',
  'NO ACCOUNT': 'border border-line text-ink-2',
};

export function ModeChip({ mode }: { readonly mode: ModeName }) {
  return (
    <span
      data-testid="mode"
      className={cx('inline-flex h-6 items-center rounded-sm px-2 text-xs font-bold tracking-wide', LOOKS[mode])}
    >
      {mode === 'LIVE DISARMED' ? '🔒 LIVE · disarmed' : mode}
    </span>
  );
}
