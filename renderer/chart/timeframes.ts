import type { Period } from 'klinecharts';
import type { Timeframe } from '../../src/contract/types.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

interface TimeframeFacts {
  readonly ms: number;
  readonly period: Period;
}

/** Every timeframe of the contract. */
export const TIMEFRAMES: Readonly<Record<Timeframe, TimeframeFacts>> = {
  '1s': { ms: SECOND_MS, period: { type: 'second', span: 1 } },
  '1m': { ms: MINUTE_MS, period: { type: 'minute', span: 1 } },
  '3m': { ms: 3 * MINUTE_MS, period: { type: 'minute', span: 3 } },
  '5m': { ms: 5 * MINUTE_MS, period: { type: 'minute', span: 5 } },
  '15m': { ms: 15 * MINUTE_MS, period: { type: 'minute', span: 15 } },
  '30m': { ms: 30 * MINUTE_MS, period: { type: 'minute', span: 30 } },
  '1h': { ms: HOUR_MS, period: { type: 'hour', span: 1 } },
  '4h': { ms: 4 * HOUR_MS, period: { type: 'hour', span: 4 } },
  '1d': { ms: 24 * HOUR_MS, period: { type: 'day', span: 1 } },
};

export const TIMEFRAME_NAMES = Object.keys(TIMEFRAMES) as Timeframe[];

export function readTimeframe(stored: unknown): Timeframe {
  return TIMEFRAME_NAMES.find((name) => name === stored) ?? '1m';
}
