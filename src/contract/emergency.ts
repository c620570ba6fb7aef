import * as z from 'zod';
import { count, decimal, epochMs, identifier, reasonCode, sentence } from './scalars.ts';

/** What a lock, a drill or a re-arm looks at; each state of the emergency controls that outlives one press. */
export const emergencyStatus = z.object({
  /** While it holds, trading cannot be resumed. */
  lock: z.object({ until: epochMs, since: epochMs, reason: z.string() }).nullable(),
  /** All must be ok before trading can be resumed. */
  rearm: z.array(z.object({ code: reasonCode, ok: z.boolean(), sentence })),
  /** What is open where, for the checklist of a halt. */
  venues: z.array(
    z.object({
      venue: z.string(),
      /** Orders that a halt cancels and that are not closed for good yet. */
      working: count,
      cancelling: count,
      /** Exits that a halt leaves. */
      protective: count,
      unknown: count,
      positions: count,
    }),
  ),
  flattening: z.boolean(),
  /** Positions that wait for their market to open. */
  queuedFlatten: z.object({ at: epochMs, reason: z.string(), account: z.string().nullable() }).nullable(),
  drill: z.object({
    running: z.boolean(),
    lastAt: epochMs.nullable(),
    flat: z.boolean().nullable(),
    flatMs: count.nullable(),
    /** A week after the last one. Null while none was made. */
    dueAt: epochMs.nullable(),
  }),
});

/** In ms from the press. */
const killTimes = z.object({
  latchMs: count.nullable(),
  firstCancelMs: count.nullable(),
  flatMs: count.nullable(),
});

const openRisk = z.object({
  account: z.string(),
  instrument: z.string(),
  quantity: decimal,
  venue: z.string(),
  code: reasonCode,
  /** Why it is open and what to do. */
  sentence,
});

/** One line of the checklist of a flatten or a drill. The last event has step "result". */
export const flattenStep = z.object({
  at: epochMs,
  step: z.enum(['prepare', 'latch', 'cancel', 'await-cancels', 'read-positions', 'close', 'verify', 'result']),
  status: z.enum(['started', 'done', 'failed', 'waiting']),
  sentence,
  venue: z.string().nullable(),
  account: z.string().nullable(),
  instrument: z.string().nullable(),
  /** Set on the result only. */
  outcome: z.enum(['FLAT', 'NOT_FLAT']).nullable(),
  /** What is still open, on a result that is not flat. */
  open: z.array(openRisk),
  elapsedMs: z.number().min(0),
  /** Set on the result only. */
  times: killTimes.nullable(),
});

/** What flattening now would close and cost, walked through the books. */
export const flattenPlan = z.object({
  positions: z.array(
    z.object({
      account: z.string(),
      instrument: z.string(),
      venue: z.string(),
      quantity: decimal,
      currency: z.string(),
      /** Against the middle of the touch, with fees; null when there is no price. */
      cost: decimal.nullable(),
      /** Why it cannot be closed now. */
      closed: sentence.nullable(),
    }),
  ),
  costs: z.array(z.object({ currency: z.string(), amount: decimal })),
});

/** A time, a day's length, or the next session day of the account's market. */
export const lockEnd = z.union([z.enum(['next-session', '24h']), epochMs]);

export const accountScope = identifier.optional();
