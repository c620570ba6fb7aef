import * as z from 'zod';
import { fill, order, orderPreview, orderTicket, placeOrder } from './order.ts';
import { command, query, stream } from './procedure.ts';
import {
  count,
  cursor,
  durationMs,
  epochMs,
  identifier,
  instrumentId,
  pageLimit,
  positiveDecimal,
  sentence,
} from './scalars.ts';

export const orderMoment = z.object({
  at: epochMs,
  /** denied, submitted, accepted, triggered, filled, ... as the order's state machine names them. */
  event: z.string(),
  status: order.shape.status,
  sentence: sentence.nullable(),
  /** Since the moment before. */
  elapsedMs: durationMs,
  fill: fill.nullable(),
});

export const orderEvent = z.discriminatedUnion('type', [
  /** Working orders and the newest closed ones. May come again after a gap: it replaces everything. */
  z.object({ type: z.literal('snapshot'), sequence: count, orders: z.array(order) }),
  z.object({ type: z.literal('update'), sequence: count, order }),
]);

export const fillEvent = z.discriminatedUnion('type', [
  /** The newest fills. `complete` false: older ones since your last event must be read with fills.list. */
  z.object({ type: z.literal('snapshot'), sequence: count, complete: z.boolean(), fills: z.array(fill) }),
  z.object({ type: z.literal('update'), sequence: count, fill }),
]);

export const orders = {
  preview: query({
    path: '/orders/preview',
    summary: 'The verdict on an order with every check, its cost and what it does to each limit; sends nothing',
    input: orderTicket,
    output: orderPreview,
  }).route({ method: 'POST' }),
  place: command({
    path: '/orders',
    summary: 'Place an order. A lost answer means unknown, not failed: repeat with the same idempotency key',
    effect: 'danger',
    input: placeOrder,
    output: order,
  }),
  cancel: command({
    path: '/orders/cancel',
    summary: 'Ask for the cancellation of one order; the answer of the venue follows in the stream',
    effect: 'write',
    input: z.strictObject({ id: z.string().min(1).max(80) }),
    output: order,
  }),
  cancelAll: command({
    path: '/orders/cancel-all',
    summary: 'Cancel working orders; protective reduce-only exits stay unless asked for',
    effect: 'write',
    input: z.strictObject({
      account: identifier.optional(),
      instrument: instrumentId.optional(),
      protective: z.boolean().default(false),
    }),
    output: z.object({ requested: count, orders: z.array(z.string()) }),
  }),
  modify: command({
    path: '/orders/modify',
    summary: 'Change price, trigger or quantity of a working order',
    effect: 'danger',
    input: z
      .strictObject({
        id: z.string().min(1).max(80),
        price: positiveDecimal.optional(),
        trigger: positiveDecimal.optional(),
        /** The new total, filled part included. */
        quantity: positiveDecimal.optional(),
      })
      .refine((change) => change.price !== undefined || change.trigger !== undefined || change.quantity !== undefined, {
        message: 'name a new price, trigger or quantity',
      }),
    output: order,
  }),
  list: query({
    path: '/orders',
    summary: 'Working orders or the history, newest first',
    input: z.strictObject({
      scope: z.enum(['working', 'history']),
      account: identifier.optional(),
      instrument: instrumentId.optional(),
      limit: pageLimit,
      cursor: cursor.optional(),
    }),
    output: z.object({ orders: z.array(order), next: cursor.nullable() }),
  }),
  timeline: query({
    path: '/orders/timeline',
    summary: 'Every moment of one order',
    input: z.strictObject({ id: z.string().min(1).max(80) }),
    output: z.object({ order, moments: z.array(orderMoment) }),
  }),
  stream: stream({
    path: '/orders/stream',
    summary: 'A snapshot, then every change of every order, none left out; resumes after the last event id',
    input: z.strictObject({}),
    output: orderEvent,
  }),
};

export const fills = {
  list: query({
    path: '/fills',
    summary: 'Fills, newest first',
    input: z.strictObject({
      account: identifier.optional(),
      instrument: instrumentId.optional(),
      order: z.string().min(1).max(80).optional(),
      limit: pageLimit,
      cursor: cursor.optional(),
    }),
    output: z.object({ fills: z.array(fill), next: cursor.nullable() }),
  }),
  stream: stream({
    path: '/fills/stream',
    summary: 'The newest fills, then every fill, none left out; resumes after the last event id',
    input: z.strictObject({}),
    output: fillEvent,
  }),
};
