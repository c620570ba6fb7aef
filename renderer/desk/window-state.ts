import { create } from 'zustand';
import type { AccountView, AppStatus, InstrumentView, RiskStatus } from '../../src/contract/types.ts';
import type { ConnectionState } from '../connection/connection.ts';

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
  /** The instrument that chart, ticket and depth show. */
  readonly instrument: string | null;
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
  status: null,
  risk: null,
  safety: { halt: 'idle', latchedAt: null, cancelRequested: null, problem: null },
  safetyOpen: false,
  paletteOpen: false,
  frozen: false,
  troubles: {},
}));

export function useAccount(): AccountView | null {
  return useWindow((state) => state.accounts.find((account) => account.id === state.account) ?? null);
}

export function useInstrument(): InstrumentView | null {
  return useWindow((state) => (state.instrument === null ? null : (state.instruments.get(state.instrument) ?? null)));
}

export function useConnected(): boolean {
  return useWindow((state) => state.connection.phase === 'open');
}

/**
 * Shows an instrument everywhere. Between paper accounts the one in its currency is taken; a live account is only ever
 * chosen by hand, and nothing here crosses from paper to live or back.
 */
export function chooseInstrument(id: string): void {
  useWindow.setState((state) => {
    const quote = state.instruments.get(id)?.quote;
    const current = state.accounts.find((account) => account.id === state.account);
    if (quote === undefined || current === undefined || current.kind !== 'paper' || current.currency === quote) {
      return { instrument: id };
    }
    const fitting = state.accounts.find((account) => account.kind === 'paper' && account.currency === quote);
    return { instrument: id, account: fitting?.id ?? current.id };
  });
}
