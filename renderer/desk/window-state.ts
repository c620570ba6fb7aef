import { create } from 'zustand';
import type { AccountView, AppStatus, InstrumentView, RiskStatus } from '../../src/contract/types.ts';
import type { ConnectionState } from '../connection/connection.ts';
import { NO_SYMBOLS, symbolOf, type Link, type LinkChoice, type LinkedSymbols } from './links.ts';
import { linkOf, ownSymbol, usePanel } from './panel-context.ts';

export interface SafetyState {
  /** "pending" while the press of HALT waits for its answer or for a connection. */
  readonly halt: 'idle' | 'pending' | 'latched';
  readonly latchedAt: number | null;
  readonly cancelRequested: number | null;
  readonly problem: string | null;
}

/** Slow state that React renders from. Quotes, orders, fills and positions live in row stores instead. */
export interface WindowState {
  readonly connection: ConnectionState;
  readonly instruments: ReadonlyMap<string, InstrumentView>;
  readonly accounts: readonly AccountView[];
  readonly account: string | null;
  /** The symbol of link group A, which the ticket of a new window follows. */
  readonly instrument: string | null;
  readonly linked: LinkedSymbols;
  readonly status: AppStatus | null;
  readonly risk: RiskStatus | null;
  readonly safety: SafetyState;
  readonly safetyOpen: boolean;
  readonly paletteOpen: boolean;
  readonly frozen: boolean;
  /** Stream name to the sentence why it has no data now. */
  readonly troubles: Readonly<Record<string, string>>;
}

export const useWindow = create<WindowState>()(() => ({
  connection: { phase: 'connecting', since: Date.now(), attempt: 0, sentence: null, rttMs: null },
  instruments: new Map(),
  accounts: [],
  account: null,
  instrument: null,
  linked: NO_SYMBOLS,
  status: null,
  risk: null,
  safety: { halt: 'idle', latchedAt: null, cancelRequested: null, problem: null },
  safetyOpen: false,
  paletteOpen: false,
  frozen: false,
  troubles: {},
}));

/** The account of a panel: the chosen one, or for a symbol in another currency the paper account that can pay for it. */
function accountFor(state: WindowState, symbol: string | null): AccountView | null {
  const chosen = state.accounts.find((account) => account.id === state.account) ?? null;
  const quote = symbol === null ? undefined : state.instruments.get(symbol)?.quote;
  if (chosen === null || quote === undefined || chosen.kind !== 'paper' || chosen.currency === quote) return chosen;
  return state.accounts.find((account) => account.kind === 'paper' && account.currency === quote) ?? chosen;
}

function symbolFor(state: WindowState, link: LinkChoice, own: string | null): string | null {
  return link === 'none' ? (own ?? state.instrument) : symbolOf(state, link);
}

/** Inside of a panel of another link group: the account its symbol trades on. Else the chosen one. */
export function useAccount(): AccountView | null {
  const panel = usePanel();
  const link = linkOf(panel);
  const own = ownSymbol(panel);
  return useWindow((state) => accountFor(state, link === 'A' ? null : symbolFor(state, link, own)));
}

/** The symbol of this panel: of its link group, or its own. Outside of panels, of group A. */
export function useInstrument(): InstrumentView | null {
  const panel = usePanel();
  const link = linkOf(panel);
  const own = ownSymbol(panel);
  return useWindow((state) => {
    const id = symbolFor(state, link, own);
    return id === null ? null : (state.instruments.get(id) ?? null);
  });
}

export function useConnected(): boolean {
  return useWindow((state) => state.connection.phase === 'open');
}

/**
 * Shows an instrument in a link group. Group A takes, between paper accounts, the one in its currency along; a live
 * account is only ever chosen by hand, and nothing here crosses from paper to live or back.
 */
export function chooseInstrument(id: string, link: Link = 'A'): void {
  useWindow.setState((state) => {
    if (link !== 'A') return { linked: { ...state.linked, [link]: id } };
    const account = accountFor(state, id)?.id ?? state.account;
    return { instrument: id, account };
  });
}

/** Shows an instrument in this panel and whatever follows it. */
export function useChoose(): (id: string) => void {
  const panel = usePanel();
  return (id) => {
    const link = linkOf(panel);
    if (link === 'none') panel?.setParams({ instrument: id });
    else chooseInstrument(id, link);
  };
}
