import type { Clock } from '../../clock/clock.ts';
import type { Account } from '../../domain/account.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { JournalOptions } from '../../journal/sqlite-journal.ts';
import { DEFAULT_INTRADAY, type IntradayTerms } from '../intraday.ts';
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
  /** Cut-off and square-off of intraday accounts. */
  readonly intraday?: IntradayTerms;
  /** Age at which market data is removed. */
  readonly retentionMs?: number;
  readonly version?: string;
  /** Fault injection and limits of the journal file. */
  readonly journal?: JournalOptions;
}

export const DEFAULT_SEED = 20_260_808;
export const RETENTION_MS = 30 * 86_400_000;

/**
 * Spot bought with cash; shares traded within the day on margin (short sales are allowed, nothing is held overnight); and
 * shares paid in full, to hold.
 */
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
    leverage: DEFAULT_INTRADAY.leverage,
    startingCash: '1000000',
  },
  {
    id: 'paper-inr-delivery',
    name: 'Paper INR delivery',
    kind: 'paper',
    broker: PAPER_VENUES.nse,
    currency: 'INR',
    type: 'cash',
    leverage: '1',
    startingCash: '1000000',
  },
];
