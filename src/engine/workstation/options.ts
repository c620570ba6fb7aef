import type { Clock } from '../../clock/clock.ts';
import type { Account } from '../../domain/account.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { JournalOptions } from '../../journal/sqlite-journal.ts';
import { PAPER_VENUES } from '../session-config.ts';
import type { MarketSource } from './markets.ts';

export interface WorkstationOptions {
  readonly dataDir: string;
  /** The live clock when left out; a simulated one makes the engine deterministic. */
  readonly clock?: Clock;
  /** For the session's dates; the clock's time when that is simulated. */
  readonly wallClock?: () => EpochMs;
  readonly seed?: number;
  /** Fills the simulated crypto market up to this many symbols. */
  readonly symbols?: number;
  /** Other markets than the simulated ones. */
  readonly markets?: readonly MarketSource[];
  readonly accounts?: readonly Account[];
  /** Age at which market data is removed. */
  readonly retentionMs?: number;
  readonly version?: string;
  /** Fault injection and limits of the journal file. */
  readonly journal?: JournalOptions;
}

export const DEFAULT_SEED = 20_260_808;
export const RETENTION_MS = 30 * 86_400_000;

/** Spot bought with cash, and shares on an own-money margin account: short sales within the day are allowed there. */
export const DEFAULT_ACCOUNTS: readonly Account[] = [
  {
    id: 'paper-usdt',
    name: 'Paper USDT',
    kind: 'paper',
    broker: PAPER_VENUES.crypto,
    currency: 'USDT',
    type: 'cash',
    leverage: '1',
    startingCash: '100000',
  },
  {
    id: 'paper-inr',
    name: 'Paper INR',
    kind: 'paper',
    broker: PAPER_VENUES.nse,
    currency: 'INR',
    type: 'margin',
    leverage: '1',
    startingCash: '1000000',
  },
];
