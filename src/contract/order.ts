import * as z from 'zod';
import { linkFields, orderLinks } from './contingent.ts';
import { riskCheck } from './errors.ts';
import {
  accountKind,
  decimal,
  epochMs,
  idempotencyKey,
  identifier,
  instrumentId,
  orderType,
  positiveDecimal,
  reasonCode,
  sentence,
  side,
  statistic,
  timeInForce,
} from './scalars.ts';

export const orderStatus = z.enum([
  'INITIALIZED',
  'DENIED',
  'EMULATED',
  'RELEASED',
  'SUBMITTED',
  'ACCEPTED',
  'REJECTED',
  'CANCELED',
  'EXPIRED',
  'TRIGGERED',
  'PENDING_UPDATE',
  'PENDING_CANCEL',
  'PARTIALLY_FILLED',
  'FILLED',
  'UNKNOWN',
]);

export const order = z.object({
  id: z.string(),
  account: identifier,
  accountKind,
  instrument: instrumentId,
  side,
  type: orderType,
  quantity: decimal,
  price: decimal.nullable(),
  trigger: decimal.nullable(),
  timeInForce,
  expireAt: epochMs.nullable(),
  postOnly: z.boolean(),
  reduceOnly: z.boolean(),
  source: z.enum(['manual', 'strategy', 'exit', 'flatten']),
  strategy: z.string().nullable(),
  note: z.string().nullable(),
  idempotencyKey: z.string().nullable(),
  /** The parent order that sent it; null for an order of its own. */
  parent: z.string().nullable(),
  status: orderStatus,
  filled: decimal,
  remaining: decimal,
  averagePrice: decimal.nullable(),
  fees: decimal,
  venueOrderId: z.string().nullable(),
  createdAt: epochMs,
  updatedAt: epochMs,
  reasonCode: reasonCode.nullable(),
  reason: sentence.nullable(),
  /** Left out for an order that stands alone. */
  links: orderLinks.optional(),
});

export const fill = z.object({
  tradeId: z.string(),
  orderId: z.string(),
  account: identifier,
  instrument: instrumentId,
  side,
  price: decimal,
  quantity: decimal,
  liquidity: z.enum(['maker', 'taker']),
  /** In the instrument's quote currency; negative is a rebate. */
  fee: decimal,
  ts: epochMs,
  strategy: z.string().nullable(),
  /** What the simulator assumed; model "venue" is a real exchange. */
  modelled: z.object({
    model: z.string(),
    seed: z.number().nullable(),
    latencyMs: z.number(),
    reference: decimal,
    slippage: decimal,
    impact: decimal,
  }),
});

/** What a user may ask for. Venue rules and risk judge it; nothing is filled in silently. */
const ticketFields = {
  account: identifier,
  instrument: instrumentId,
  side,
  type: orderType,
  quantity: positiveDecimal,
  price: positiveDecimal.nullable().default(null),
  trigger: positiveDecimal.nullable().default(null),
  timeInForce: timeInForce.default('GTC'),
  expireAt: epochMs.nullable().default(null),
  postOnly: z.boolean().default(false),
  reduceOnly: z.boolean().default(false),
  /** Protective exits for the position the order opens; they follow partial fills. */
  stopLoss: positiveDecimal.nullable().default(null),
  takeProfit: positiveDecimal.nullable().default(null),
  trailing: positiveDecimal.nullable().default(null),
  note: z.string().max(500).nullable().default(null),
  ...linkFields,
};
export const orderTicket = z.strictObject(ticketFields);

export const limitUse = z.object({
  name: z.string(),
  before: decimal,
  after: decimal,
  limit: decimal,
  /** after / limit; may exceed 1. */
  utilisation: statistic,
});

export const orderPreview = z.object({
  verdict: z.enum(['allow', 'warn', 'block']),
  /** Blocks first, then warnings by weight, then passed checks. */
  checks: z.array(riskCheck),
  /** The weightiest warnings, and how many more there are; blocks are never among them. */
  warnings: z.array(riskCheck).max(3),
  moreWarnings: z.int().min(0),
  /** Proves to orders.place that these warnings were shown for this ticket. Null when blocked. */
  reviewToken: z.string().nullable(),
  reviewExpiresAt: epochMs.nullable(),
  /** The quantity that would be sent: a reduce-only order is clamped to the position. */
  quantity: decimal,
  notional: decimal.nullable(),
  fee: decimal.nullable(),
  /** From walking the book now. */
  estimate: z
    .object({ averagePrice: decimal, worstPrice: decimal, slippageBps: statistic, fillable: decimal, levels: z.int() })
    .nullable(),
  /** Loss if the stop-loss is hit, fees included; null without a stop. */
  maxLoss: decimal.nullable(),
  cashAfter: decimal.nullable(),
  marginAfter: decimal.nullable(),
  limits: z.array(limitUse),
  /** Of the price behind the estimate. */
  priceAgeMs: z.number().min(0).nullable(),
});

export const placeOrder = z.strictObject({
  ...ticketFields,
  idempotencyKey,
  /** From orders.preview of the same ticket. Needed when the verdict is warn, unless every warning is acknowledged by its code. */
  reviewToken: z.string().max(200).optional(),
  acknowledged: z.array(reasonCode).max(50).optional(),
});
