import * as z from 'zod';
import { query, stream } from './procedure.ts';
import { count, durationMs, epochMs, sentence } from './scalars.ts';

export const sessionState = z.enum(['idle', 'starting', 'running', 'paused', 'stopping', 'stopped', 'failed']);
export const tradingState = z.enum(['ACTIVE', 'REDUCING', 'HALTED']);
export const riskLevel = z.enum(['LOW', 'MEDIUM', 'HIGH']);

export const feedStatus = z.object({
  id: z.string(),
  state: z.enum(['connecting', 'live', 'stale', 'reconnecting', 'ended', 'failed', 'stopped']),
  /** Since its newest event; null before the first. */
  ageMs: durationMs.nullable(),
  /** Exchange event time to engine; null where the source has no such clock. */
  latencyMs: z.number().nullable(),
  instruments: count,
  eventsPerSecond: z.number().min(0),
  /** Rows read so far and what became of them. */
  read: count,
  kept: count,
  dropped: count,
  /** Why it is not live, in words. */
  sentence: sentence.nullable(),
});

export const marketPhase = z.object({
  venue: z.string(),
  state: z.enum(['open', 'preopen', 'closing_auction', 'post_close', 'closed']),
  reason: sentence,
  nextOpen: epochMs.nullable(),
  nextClose: epochMs.nullable(),
});

export const appStatus = z.object({
  /** The engine's clock, and whether it follows the wall clock. */
  now: epochMs,
  clock: z.enum(['live', 'simulated']),
  session: z.object({ id: z.string().nullable(), state: sessionState, sentence: sentence.nullable() }),
  risk: z.object({ state: tradingState, level: riskLevel }),
  feeds: z.array(feedStatus),
  markets: z.array(marketPhase),
  counts: z.object({
    instruments: count,
    staleInstruments: count,
    workingOrders: count,
    /** Sent, outcome not known. More than 0 needs the user's eye. */
    unknownOrders: count,
    openPositions: count,
    strategies: count,
    alerts: count,
  }),
  loopLagMs: durationMs,
  memoryMb: z.number().min(0),
});

export const app = {
  hello: query({
    path: '/app/hello',
    summary: 'Who answers, and which contract it speaks',
    input: z.strictObject({}),
    output: z.object({
      product: z.literal('Tradewright'),
      version: z.string(),
      protocol: z.literal(1),
      /** SHA-256 of the contract; a window built from another one should say so. */
      contractHash: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  }),
  status: stream({
    path: '/app/status',
    summary: 'State of the whole engine, whole each time, at least every 5 seconds',
    input: z.strictObject({ intervalMs: z.int().min(100).max(5000).default(500) }),
    output: appStatus,
  }),
};
