import * as z from 'zod';
import { refusal, riskCheck } from './errors.ts';
import { command, query, stream } from './procedure.ts';
import {
  count,
  decimal,
  durationMs,
  epochMs,
  idempotencyKey,
  identifier,
  instrumentId,
  pageLimit,
  positiveDecimal,
  reasonCode,
  sentence,
  side,
  statistic,
} from './scalars.ts';

const urgency = z.enum(['passive', 'low', 'normal', 'high']);
const ms = z
  .number()
  .positive()
  .max(7 * 86_400_000);
const style = z.enum(['market', 'limit']);

const common = {
  /** Sizes and times vary by up to these shares around the plan, by the seed. */
  sizeVariation: z.number().min(0).lt(1).default(0),
  timeVariation: z.number().min(0).max(0.5).default(0),
  seed: z.int().optional(),
  /** No child is larger than what the opposite side displays. */
  withinBook: z.boolean().default(true),
  timeoutMs: ms.nullable().default(null),
  maxChildAgeMs: ms.nullable().default(null),
  maxRefusals: z.int().min(1).max(20).default(3),
  retryMs: z.number().min(200).max(600_000).default(2_000),
};
const schedule = {
  horizonMs: ms,
  intervalMs: ms,
  remainder: z.enum(['early', 'last']).default('early'),
  end: z.enum(['open', 'closed']).default('open'),
  style: style.default('limit'),
  urgency: urgency.default('normal'),
  /** A child that catches up is at most this many slices; null = all at once. */
  catchUpLimit: z.number().min(1).nullable().default(2),
  ...common,
};

const algorithmTerms = z.discriminatedUnion('type', [
  /** Chosen from size, depth, volume, spread and urgency; the preview shows why. */
  z.strictObject({
    type: z.literal('auto'),
    urgency: urgency.default('normal'),
    horizonMs: ms.nullable().default(null),
  }),
  z.strictObject({ type: z.literal('twap'), ...schedule }),
  z.strictObject({
    type: z.literal('vwap'),
    ...schedule,
    /** Shares of the volume per slice; left out: from the volume of the same time of day in the recorded bars. */
    curve: z.array(z.number().min(0)).min(1).max(1_000).optional(),
  }),
  z.strictObject({
    type: z.literal('pov'),
    /** Own quantity per quantity that others trade. */
    rate: z.number().gt(0).max(1),
    intervalMs: ms.default(2_000),
    horizonMs: ms.nullable().default(null),
    finish: z.enum(['leave', 'complete']).default('leave'),
    style: style.default('limit'),
    urgency: urgency.default('normal'),
    ...common,
  }),
  /** Needs a price. */
  z.strictObject({
    type: z.literal('iceberg'),
    display: positiveDecimal,
    postOnly: z.boolean().default(false),
    ...common,
  }),
  z.strictObject({
    type: z.literal('pegged'),
    urgency: urgency.default('normal'),
    horizonMs: ms.default(60_000),
    ...common,
  }),
  /** Needs a price; takes what is offered there or better. */
  z.strictObject({ type: z.literal('sniper'), ...common }),
  z.strictObject({
    type: z.literal('guarded-market'),
    collarBps: z.number().gt(0).max(5_000).default(20),
    ...common,
  }),
]);

const ticketFields = {
  account: identifier,
  instrument: instrumentId,
  side,
  quantity: positiveDecimal,
  /** Limit of every child; null = any price. */
  price: positiveDecimal.nullable().default(null),
  reduceOnly: z.boolean().default(false),
  /** best: of all venues of the same symbol the one that is cheapest all in; the answer names its instrument. */
  venue: z.enum(['named', 'best']).default('named'),
  note: z.string().max(500).nullable().default(null),
  algorithm: algorithmTerms,
};
export const parentTicket = z.strictObject(ticketFields);
export const startParent = z.strictObject({ ...ticketFields, idempotencyKey });

/** Every term as it runs, by its name; quantities as decimals, a curve as its shares. */
const shownTerms = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

export const venueRank = z.object({
  venue: z.string(),
  instrument: instrumentId,
  rank: count,
  fillable: decimal,
  fillsWhole: z.boolean(),
  averagePrice: decimal.nullable(),
  worstPrice: decimal.nullable(),
  feeBps: statistic,
  latencyBps: statistic,
  allInPrice: decimal.nullable(),
  /** Against the first; null where the venue cannot be used. */
  extraBps: statistic.nullable(),
  sentence,
});

export const parentPreview = z.object({
  /** Where it would be worked: the named instrument, or the best venue's. */
  instrument: instrumentId,
  /** The algorithm with every term as it would run. */
  type: z.string(),
  terms: shownTerms,
  /** Why this one (auto), or what the figures suggest instead. */
  reasons: z.array(sentence),
  suggested: z.string().nullable(),
  /** Planned children, offsets from the start; empty where the market decides. */
  slices: z.array(z.object({ afterMs: durationMs, quantity: decimal })),
  /** Venues for the same symbol by all-in cost of taking it all now. */
  venues: z.array(venueRank),
  /** Null when it can begin. */
  refusal: refusal.nullable(),
  /** Risk on the whole parent as one order; each child is checked again when it is sent. */
  checks: z.array(riskCheck),
});

const parentChild = z.object({
  n: count,
  /** Idempotency key of the child: PARENT-N. */
  key: z.string(),
  /** Null where it never became an order. */
  orderId: z.string().nullable(),
  type: z.enum(['market', 'limit']),
  quantity: decimal,
  price: decimal.nullable(),
  status: z.enum(['new', 'working', 'unknown', 'closed']),
  filled: decimal,
  sentAt: epochMs,
});

export const parentOrder = z.object({
  id: z.string(),
  account: identifier,
  instrument: instrumentId,
  side,
  type: z.string(),
  terms: shownTerms,
  quantity: decimal,
  price: decimal.nullable(),
  reduceOnly: z.boolean(),
  note: z.string().nullable(),
  status: z.enum(['working', 'paused', 'ending', 'filled', 'cancelled', 'expired', 'failed']),
  filled: decimal,
  /** Out with children whose fate is open. */
  working: decimal,
  averagePrice: decimal.nullable(),
  fees: decimal,
  /** Planned quantity due by now; null where there is no schedule. */
  scheduled: decimal.nullable(),
  startedAt: epochMs,
  endsAt: epochMs.nullable(),
  endedAt: epochMs.nullable(),
  pause: z.object({ code: reasonCode, sentence, since: epochMs, needsResume: z.boolean() }).nullable(),
  reasonCode: reasonCode.nullable(),
  reason: sentence.nullable(),
  children: z.array(parentChild),
});

const byId = z.strictObject({ id: z.string().min(1).max(80) });

export const algorithms = {
  preview: query({
    path: '/algorithms/preview',
    summary: 'Which algorithm, with which slices and venues, and why; sends nothing',
    input: parentTicket,
    output: parentPreview,
  }).route({ method: 'POST' }),
  start: command({
    path: '/algorithms',
    summary: 'Begin a parent order that an algorithm works. Repeat a lost answer with the same idempotency key',
    effect: 'danger',
    input: startParent,
    output: parentOrder,
  }),
  list: query({
    path: '/algorithms',
    summary: 'Parent orders that work, or all that are known, newest first',
    input: z.strictObject({ scope: z.enum(['working', 'all']).default('working'), limit: pageLimit }),
    output: z.object({ parents: z.array(parentOrder) }),
  }),
  stream: stream({
    path: '/algorithms/stream',
    summary: 'The working parent orders and the newest that have ended, whenever one of them changed',
    input: z.strictObject({ intervalMs: z.int().min(50).max(10_000).default(500) }),
    output: z.object({ parents: z.array(parentOrder) }),
  }),
  cancel: command({
    path: '/algorithms/cancel',
    summary: 'Cancel a parent: its children are cancelled and it ends when the last of them has; late fills count',
    effect: 'write',
    input: byId,
    output: parentOrder,
  }),
  pause: command({
    path: '/algorithms/pause',
    summary: 'Take the children of a parent back until it is resumed',
    effect: 'write',
    input: byId,
    output: parentOrder,
  }),
  resume: command({
    path: '/algorithms/resume',
    summary: 'Let a paused parent go on, at once or as soon as what holds it has ended',
    effect: 'write',
    input: byId,
    output: parentOrder,
  }),
};
