import {
  COMMON_DEFAULTS,
  type AlgorithmTerms,
  type ParentTicket,
} from '../../../src/execution/algorithms/algorithm-terms.ts';
import type { Hold, MarketSight } from '../../../src/execution/algorithms/market-sight.ts';
import type { ParentGrid } from '../../../src/execution/algorithms/parent-state.ts';

export const GRID: ParentGrid = {
  tick: 1,
  step: 1,
  minQuantity: 1,
  maxQuantity: null,
  minValue: 0,
  priceDigits: 2,
  quantityDigits: 3,
};

export function sightOf(change: Partial<MarketSight> = {}): MarketSight {
  return {
    bid: 9_990,
    bidQuantity: 5_000,
    ask: 10_010,
    askQuantity: 5_000,
    last: 10_000,
    depth: null,
    hold: null,
    ...change,
  };
}

export const STALE: Hold = { code: 'STALE', sentence: 'The price is too old.' };
export const HALTED: Hold = { code: 'HALTED', sentence: 'Trading is halted.' };
export const REDUCING: Hold = { code: 'REDUCING', sentence: 'Only orders that reduce pass.' };

/** Every member of a union on its own, so that its own fields can be left out. */
type Own<T> = T extends AlgorithmTerms
  ? Omit<T, keyof typeof COMMON_DEFAULTS> & Partial<typeof COMMON_DEFAULTS>
  : never;

export function termsOf(terms: Own<AlgorithmTerms>): AlgorithmTerms {
  return { ...COMMON_DEFAULTS, ...terms } as AlgorithmTerms;
}

export const TWAP = {
  type: 'twap',
  horizonMs: 60_000,
  intervalMs: 20_000,
  remainder: 'early',
  end: 'open',
  style: 'market',
  urgency: 'normal',
  catchUpLimit: null,
} as const;

export function ticketOf(terms: AlgorithmTerms, change: Partial<ParentTicket> = {}): ParentTicket {
  return {
    id: 'P',
    accountId: 'paper',
    accountKind: 'paper',
    instrument: 'BTCUSDT.BINANCE',
    side: 'buy',
    quantity: 1_200,
    limit: null,
    reduceOnly: false,
    source: 'manual',
    strategyId: null,
    note: null,
    idempotencyKey: null,
    terms,
    ...change,
  };
}
