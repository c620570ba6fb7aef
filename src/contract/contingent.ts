import * as z from 'zod';
import { decimal, instrumentId, positiveDecimal } from './scalars.ts';

/** bid-ask: the side the order would trade at. mark: the price positions are valued at. */
const triggerSource = z.enum(['last', 'bid-ask', 'mid', 'mark']);

/** How a trailing stop follows the market. The engine watches over it: the order is EMULATED until its trigger is reached. */
const trailingTerms = z.strictObject({
  offset: positiveDecimal,
  offsetType: z.enum(['price', 'percent', 'bps', 'ticks']).default('price'),
  triggerSource: triggerSource.default('bid-ask'),
  /** Neither moves nor triggers before this price was reached. */
  activation: positiveDecimal.nullable().default(null),
});

/** The order is held back until the price of an instrument, its own or another, is reached. */
const priceCondition = z.strictObject({
  instrument: instrumentId,
  source: triggerSource.default('last'),
  when: z.enum(['at-or-above', 'at-or-below']),
  price: positiveDecimal,
});

/** Reduce-only exits of the order itself: they cover what it has filled and has not been closed, from the first fill on. */
const bracketTerms = z
  .strictObject({
    stopLoss: positiveDecimal.nullable().default(null),
    /** Left out: the venue's own trigger. Otherwise the engine watches over the stop. */
    stopSource: triggerSource.optional(),
    takeProfit: positiveDecimal.nullable().default(null),
    trailing: trailingTerms.nullable().default(null),
  })
  .refine(({ stopLoss, takeProfit, trailing }) => stopLoss !== null || takeProfit !== null || trailing !== null, {
    message: 'name a stopLoss, a takeProfit or a trailing stop',
  });

/** What ties a new order to prices and to orders that exist. */
export const linkFields = {
  /** For the type trailing-stop, and only for it. */
  trailingStop: trailingTerms.optional(),
  condition: priceCondition.optional(),
  bracket: bracketTerms.optional(),
  /** One-cancels-other: working orders with which it shares one quantity. */
  oco: z.array(z.string().min(1).max(80)).max(8).optional(),
  /** What a partial fill of one does to the others. */
  ocoPartial: z.enum(['reduce', 'cancel']).optional(),
  /** One-triggers-other: sent when this order fills, in proportion. */
  parent: z.string().min(1).max(80).optional(),
};

const exitLevel = z.object({
  kind: z.enum(['stop-loss', 'take-profit', 'trailing-stop']),
  price: decimal.nullable(),
  /** Null until it is sent. */
  order: z.string().nullable(),
});

/** What an order is tied to; orders by their id. */
export const orderLinks = z.object({
  parent: z.string().nullable(),
  siblings: z.array(z.string()),
  children: z.array(z.string()),
  exits: z.array(exitLevel),
  trailing: z
    .object({
      offset: decimal,
      offsetType: z.enum(['price', 'percent']),
      triggerSource,
      activation: decimal.nullable(),
    })
    .nullable(),
  condition: z
    .object({
      instrument: instrumentId,
      source: triggerSource,
      when: z.enum(['at-or-above', 'at-or-below']),
      price: decimal,
      met: z.boolean(),
    })
    .nullable(),
});
