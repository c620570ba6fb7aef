import { ZERO, type Decimal } from '../domain/decimal.ts';
import { notional, unitValue, type Instrument, type InstrumentId } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import type { QuantityUnits } from '../domain/units.ts';
import { expectedPrice, feeEstimate, leaves, markOf, touchOf, type FeeSource } from './facts.ts';
import type { RiskView } from './gate.ts';

/**
 * What one instrument can become. Open orders are counted as filled, the worse side alone, because nobody knows which
 * of them fill. A reduce-only order makes the position smaller and never turns it around; but once it has filled, an
 * order of the same side opens where it would have closed, so `closing` counts for what that side can reach.
 */
export class ExposureLine {
  readonly instrument: Instrument;
  readonly net: QuantityUnits;
  /** Signed value of the position. */
  netValue: number;
  buys: QuantityUnits = 0;
  sells: QuantityUnits = 0;
  buyValue = 0;
  sellValue = 0;
  /** Left of open reduce-only orders against the position. */
  closing: QuantityUnits = 0;
  /** Expected fees of the open orders, and those of the purchases among them. */
  fees = 0;
  buyFees = 0;

  constructor(instrument: Instrument, net: QuantityUnits, netValue: number) {
    this.instrument = instrument;
    this.net = net;
    this.netValue = netValue;
  }

  add(side: 'buy' | 'sell', quantity: QuantityUnits, value: number, fee: number): void {
    if (side === 'buy') {
      this.buys += quantity;
      this.buyValue += value;
      this.buyFees += fee;
    } else {
      this.sells += quantity;
      this.sellValue += value;
    }
    this.fees += fee;
  }

  /** What may be left of the position when the closing orders under way have filled. */
  kept(): QuantityUnits {
    return Math.sign(this.net) * Math.max(0, Math.abs(this.net) - this.closing);
  }

  /** Quantity the position can reach on the side that buys (long) or sells (short) open; never below zero. */
  reach(side: 'buy' | 'sell', more: QuantityUnits): QuantityUnits {
    const sign = side === 'buy' ? 1 : -1;
    const from = this.net * sign > 0 ? this.net * sign : this.kept() * sign;
    return Math.max(0, from + (side === 'buy' ? this.buys : this.sells) + more);
  }

  /** The same as a value. */
  reachValue(side: 'buy' | 'sell', more: number): number {
    const sign = side === 'buy' ? 1 : -1;
    const held = this.netValue * sign;
    const from = this.net * sign > 0 || this.net === 0 ? held : (held * this.kept()) / this.net;
    return Math.max(0, from + (side === 'buy' ? this.buyValue : this.sellValue) + more);
  }

  /** Largest absolute value the position can reach. */
  worstValue(): number {
    return Math.max(Math.abs(this.netValue), this.reachValue('buy', 0), this.reachValue('sell', 0));
  }

  worstQuantity(): QuantityUnits {
    return Math.max(Math.abs(this.net), this.reach('buy', 0), this.reach('sell', 0));
  }
}

export interface AccountExposure {
  /** The line of the instrument asked about, before the new order; always there. */
  readonly line: ExposureLine;
  /** Sum of the worst values of all other instruments. */
  readonly otherValue: number;
  /** Cash the open buy orders of all instruments need, fees included. */
  readonly promised: number;
  /** Expected fees of open orders in all instruments. */
  readonly openFees: number;
  /** The same to the last digit. */
  readonly exactPromised: () => Decimal;
  /** The first instrument with a position or order whose price or terms are not known; then the figures are worthless. */
  readonly unknown: InstrumentId | null;
}

export interface ExposureSources {
  readonly view: RiskView;
  readonly fees: FeeSource;
  /** Whose positions, where not the account's. */
  readonly positions?: Pick<RiskView, 'position' | 'held'>;
}

/** `immediate`: asked for an order that fills now or never; resting exits shrink before they can follow it. */
export function exposureOf(
  sources: ExposureSources,
  accountId: string,
  instrument: Instrument,
  open: readonly Order[],
  immediate = false,
): AccountExposure {
  const { view } = sources;
  const positions = sources.positions ?? view;
  const net = positions.position(accountId, instrument.id);
  const line = new ExposureLine(instrument, net, 0);
  let unknown = fillLine(sources, accountId, line, open, immediate) ? null : instrument.id;
  let otherValue = 0;
  let promised = line.buyValue + line.buyFees;
  let openFees = line.fees;
  for (const id of positions.held(accountId)) {
    if (id === instrument.id) continue;
    const other = view.instrument(id);
    const otherLine = other === null ? null : new ExposureLine(other, positions.position(accountId, id), 0);
    if (otherLine === null || !fillLine(sources, accountId, otherLine, open)) {
      unknown ??= id;
      continue;
    }
    otherValue += otherLine.worstValue();
    promised += otherLine.buyValue + otherLine.buyFees;
    openFees += otherLine.fees;
  }
  return { line, otherValue, promised, openFees, exactPromised: () => sumPromised(sources, open), unknown };
}

function sumPromised(sources: ExposureSources, open: readonly Order[]): Decimal {
  let sum = ZERO;
  for (const order of open) {
    const instrument = sources.view.instrument(order.instrument);
    if (order.side !== 'buy' || order.reduceOnly || instrument === null) continue;
    const fee = feeEstimate(sources.fees, instrument, order.accountId);
    const price = expectedPrice(order, touchOf(sources.view.reference(order.instrument), order));
    const worth = notional(instrument, price, leaves(order));
    sum = sum.plus(worth);
    if (fee !== null) sum = sum.plus(worth.times(fee.taker)).plus(fee.fixed);
  }
  return sum;
}

/** False when something the value needs is not known. */
export function fillLine(
  sources: ExposureSources,
  accountId: string,
  line: ExposureLine,
  open: readonly Order[],
  immediate = false,
): boolean {
  const { instrument } = line;
  const unit = unitValue(instrument);
  const reference = sources.view.reference(instrument.id);
  const fee = feeEstimate(sources.fees, instrument, accountId);
  let known = Number.isFinite(line.net);
  if (line.net !== 0) {
    const mark = markOf(reference);
    line.netValue = line.net * mark * unit;
    known &&= mark > 0;
  }
  for (let index = 0; index < open.length; index += 1) {
    const order = open[index];
    if (order === undefined || order.instrument !== instrument.id) continue;
    const price = expectedPrice(order, touchOf(reference, order));
    const quantity = leaves(order);
    if (order.reduceOnly) {
      const waits = order.source === 'exit' && order.type !== 'market';
      if (line.net > 0 === (order.side === 'sell') && !(immediate && waits)) line.closing += quantity;
      continue;
    }
    const worth = price * quantity * unit;
    line.add(order.side, quantity, worth, fee === null ? 0 : worth * fee.taker + fee.fixed);
    known &&= price > 0 && fee !== null;
  }
  return known;
}
