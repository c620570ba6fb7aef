import type { EpochMs } from '../domain/units.ts';

export type MarketState = 'open' | 'preopen' | 'closing_auction' | 'post_close' | 'closed';

export interface SessionWindow {
  /** Trading day in the venue's own zone, "2026-11-20". */
  readonly date: string;
  readonly open: EpochMs;
  readonly close: EpochMs;
  readonly special: boolean;
  readonly reason: string;
}

export interface MarketStatus {
  readonly state: MarketState;
  /** Why, in words: the phase, the holiday, the weekend. */
  readonly reason: string;
  /** Continuous trading of the day, null on a day without. */
  readonly session: { readonly open: EpochMs; readonly close: EpochMs } | null;
  /** Next start of continuous trading strictly after the instant; null when none is known within a year. */
  readonly nextOpen: EpochMs | null;
}

export interface MarketCalendar {
  readonly venue: string;
  statusAt(at: EpochMs): MarketStatus;
  isOpen(at: EpochMs): boolean;
  /** Sessions whose trading day lies in from..to, both included, as "2026-11-20". */
  sessions(from: string, to: string): readonly SessionWindow[];
  /** End of the trading day for DAY orders and daily limits: the last close of the day that is not over yet. */
  dayEnd(at: EpochMs): EpochMs;
  /** Start of the calendar day in the venue's zone, where daily figures reset. */
  dayStart(at: EpochMs): EpochMs;
}

const DAY_MS = 86_400_000;

/** Crypto trades round the clock; its day is the UTC day. */
export const ALWAYS_OPEN: MarketCalendar = {
  venue: 'crypto',
  statusAt: (at) => ({
    state: 'open',
    reason: 'Trades round the clock',
    session: { open: Math.floor(at / DAY_MS) * DAY_MS, close: (Math.floor(at / DAY_MS) + 1) * DAY_MS },
    nextOpen: (Math.floor(at / DAY_MS) + 1) * DAY_MS,
  }),
  isOpen: () => true,
  sessions: (from, to) => {
    const windows: SessionWindow[] = [];
    for (let open = Date.parse(`${from}T00:00:00Z`); open <= Date.parse(`${to}T00:00:00Z`); open += DAY_MS) {
      windows.push({
        date: new Date(open).toISOString().slice(0, 10),
        open,
        close: open + DAY_MS,
        special: false,
        reason: 'Trades round the clock',
      });
    }
    return windows;
  },
  dayEnd: (at) => (Math.floor(at / DAY_MS) + 1) * DAY_MS,
  dayStart: (at) => Math.floor(at / DAY_MS) * DAY_MS,
};
