import { COMMON_DEFAULTS, type ParentTicket } from '../../../src/execution/algorithms/algorithm-terms.ts';
import type { MarketSight } from '../../../src/execution/algorithms/market-sight.ts';
import { volumeCurve } from '../../../src/execution/algorithms/volume-curve.ts';
import { openRecordedFeed } from '../../../src/market/feeds/recorded.ts';

export const FEEDS = ['08', '09'].map((day) => `crypto/binance_spot_BTCUSDT_2024-08-${day}_feed.jsonl.gz`);
/** Minute bars of the year before: what a volume curve can be learnt from without looking ahead. */
export const HISTORY = 'crypto/binance_BTCUSDT_1m_2023.csv.gz';

/** A minute after the recording begins, so that the market is known; eight minutes later it still runs. */
export const START_AT = Date.parse('2024-08-08T23:55:30Z');
export const HORIZON_MS = 480_000;
const INTERVAL_MS = 10_000;
/** 20 BTC in units of 0.000001. */
const QUANTITY = 20_000_000;

const schedule = {
  horizonMs: HORIZON_MS,
  intervalMs: INTERVAL_MS,
  remainder: 'early',
  end: 'open',
  urgency: 'normal',
  catchUpLimit: 2,
} as const;
const common = { ...COMMON_DEFAULTS, withinBook: true };

export async function curveOf(path: string): Promise<number[]> {
  const opened = await openRecordedFeed([{ path }]);
  if (!opened.ok) throw new Error(opened.error.sentence);
  const history: { start: number; lengthMs: number; volume: number }[] = [];
  for await (const batch of opened.value.batches()) {
    for (const event of batch) {
      if (event.kind === 'bar')
        history.push({ start: event.start, lengthMs: event.at - event.start, volume: event.volume });
    }
  }
  return volumeCurve(history, START_AT, INTERVAL_MS, HORIZON_MS / INTERVAL_MS);
}

export type ParentName = 'TWAP, market slices' | 'TWAP, limit slices' | 'VWAP' | 'Iceberg' | 'POV 10 %';

/** The parents of the report, 20 BTC bought each. */
export function recordedParents(curve: readonly number[]): Record<ParentName, (sight: MarketSight) => ParentTicket> {
  const ticket = (terms: ParentTicket['terms'], limit: number | null = null): ParentTicket => ({
    id: 'BTC',
    accountId: 'paper',
    accountKind: 'paper',
    instrument: 'BTCUSDT.BINANCE',
    side: 'buy',
    quantity: QUANTITY,
    limit,
    reduceOnly: false,
    source: 'manual',
    strategyId: null,
    note: null,
    idempotencyKey: null,
    terms,
  });
  return {
    'TWAP, market slices': () => ticket({ type: 'twap', ...schedule, style: 'market', ...common }),
    'TWAP, limit slices': () => ticket({ type: 'twap', ...schedule, style: 'limit', ...common }),
    VWAP: () => ticket({ type: 'vwap', ...schedule, style: 'market', curve, ...common }),
    Iceberg: (sight) =>
      ticket(
        { type: 'iceberg', display: 500_000, postOnly: false, ...common, sizeVariation: 0.2, timeoutMs: HORIZON_MS },
        sight.bid,
      ),
    'POV 10 %': () =>
      ticket({
        type: 'pov',
        rate: 0.1,
        intervalMs: 2_000,
        horizonMs: HORIZON_MS,
        finish: 'leave',
        style: 'market',
        urgency: 'normal',
        ...common,
      }),
  };
}
