import type { DecimalString } from '../../domain/decimal.ts';
import type { Instrument, InstrumentId } from '../../domain/instrument.ts';
import type { Side } from '../../domain/order.ts';
import type { PriceUnits } from '../../domain/units.ts';

/**
 * Which price a trigger looks at. bid-ask: the side the order would trade at (a buy meets the ask), without quotes the last
 * trade. mid: the middle of bid and ask, without quotes the last trade. mark: the price positions are valued at, which is
 * the mid wherever the exchange publishes no mark of its own.
 */
export type PriceSource = 'last' | 'bid-ask' | 'mid' | 'mark';
export const PRICE_SOURCES: readonly PriceSource[] = ['last', 'bid-ask', 'mid', 'mark'];

/** Distance of a trailing stop from the price it follows: price units, or a fraction of that price ("0.01" is 1 %). */
export type TrailOffset =
  | { readonly kind: 'units'; readonly units: PriceUnits }
  | { readonly kind: 'fraction'; readonly fraction: DecimalString };

export interface TrailingTerms {
  readonly offset: TrailOffset;
  readonly source: PriceSource;
  /** The stop neither moves nor triggers before this price was reached (a sale: from below, a buy: from above). */
  readonly activation: PriceUnits | null;
}

/** Holds an order back until a price is reached, of its own instrument or of another. */
export interface PriceCondition {
  readonly instrument: InstrumentId;
  readonly source: PriceSource;
  readonly when: 'at-or-above' | 'at-or-below';
  readonly price: PriceUnits;
}

/** 0 = not known. */
export interface PriceNow {
  readonly bid: PriceUnits;
  readonly ask: PriceUnits;
  readonly last: PriceUnits;
}

/** The price a trigger of an order of this side looks at; may end in half a unit; 0 = not known. */
export function sourcePrice(source: PriceSource, side: Side, { bid, ask, last }: PriceNow): number {
  switch (source) {
    case 'last':
      return last;
    case 'bid-ask':
      return (side === 'buy' ? ask : bid) || last;
    case 'mid':
    case 'mark':
      return bid > 0 && ask > 0 ? (bid + ask) / 2 : last;
  }
}

/** Whether the market is at the trigger or beyond it: a buy triggers on a rise, a sale on a fall. */
export function reached(side: Side, trigger: PriceUnits, price: number): boolean {
  return price > 0 && (side === 'buy' ? price >= trigger : price <= trigger);
}

export function conditionMet(condition: PriceCondition, price: number): boolean {
  return price > 0 && (condition.when === 'at-or-above' ? price >= condition.price : price <= condition.price);
}

export function activated(side: Side, activation: PriceUnits | null, price: number): boolean {
  return price > 0 && (activation === null || (side === 'sell' ? price >= activation : price <= activation));
}

/** Share of a tick by which a product of binary fractions may miss the grid without meaning it. */
const NOISE = 1e-6;

/**
 * The trigger that belongs to a price: the offset below it for a sale, above it for a buy, rounded to the tick towards the
 * price, so that the stop is never wider than asked. At least one tick.
 */
export function trailedTrigger(instrument: Instrument, side: Side, offset: TrailOffset, price: number): PriceUnits {
  const distance = offset.kind === 'units' ? offset.units : price * Number(offset.fraction);
  const { tick } = instrument;
  const ticks = (side === 'sell' ? price - distance : price + distance) / tick;
  const whole = side === 'sell' ? Math.ceil(ticks - NOISE) : Math.floor(ticks + NOISE);
  return Math.max(tick, whole * tick);
}

/** True when `next` follows the market more closely than `trigger`: triggers of a sale only rise, of a buy only fall. */
export function tighter(side: Side, next: PriceUnits, trigger: PriceUnits): boolean {
  return side === 'sell' ? next > trigger : next < trigger;
}
