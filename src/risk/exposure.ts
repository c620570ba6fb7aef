import { ZERO, type Decimal } from '../domain/decimal.ts';
import { notional, unitValue, type Instrument, type InstrumentId } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import type { QuantityUnits } from '../domain/units.ts';
import { expectedPrice, feeEstimate, leaves, markOf, touchOf, type FeeSource } from './facts.ts';
import type { RiskView } from './gate.ts';

/**
 * What one instrument can become. Open orders are counted as filled, the worse side alone, because nobody knows which
 * of them fill. Reduce-only orders are left out: they can only make it smaller.
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

  /** Largest absolute value the position can reach. */
  worstValue(): number {
    return Math.max(Math.abs(this.netValue + this.buyValue), Math.abs(this.netValue - this.sellValue));
  }

  worstQuantity(): QuantityUnits {
    return Math.max(Math.abs(this.net + this.buys), Math.abs(this.net - this.sells));
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
}

export function exposureOf(
  sources: ExposureSources,
  accountId: string,
  instrument: Instrument,
  open: readonly Order[],
): AccountExposure {
  const { view } = sources;
  const net = view.position(accountId, instrument.id);
  const line = new ExposureLine(instrument, net, 0);
  let unknown = fillLine(sources, accountId, line, open) ? null : instrument.id;
  let otherValue = 0;
  let promised = line.buyValue + line.buyFees;
  let openFees = line.fees;
  for (const id of view.held(accountId)) {
    if (id === instrument.id) continue;
    const other = view.instrument(id);
    const otherLine = other === null ? null : new ExposureLine(other, view.position(accountId, id), 0);
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
    if (order === undefined || order.instrument !== instrument.id || order.reduceOnly) continue;
    const price = expectedPrice(order, touchOf(reference, order));
    const quantity = leaves(order);
    const worth = price * quantity * unit;
    line.add(order.side, quantity, worth, fee === null ? 0 : worth * fee.taker + fee.fixed);
    known &&= price > 0 && fee !== null;
  }
  return known;
}
