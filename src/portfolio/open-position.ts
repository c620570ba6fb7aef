import { ZERO, type Decimal } from '../domain/decimal.ts';
import type { Fill } from '../domain/fill.ts';
import { notional, priceDecimal, quantityDecimal, unitValue, type Instrument } from '../domain/instrument.ts';
import type { Position } from '../domain/position.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';

/** Where a position is valued, newest first: a long at the bid, a short at the ask, else the last price, else its cost. */
export class Mark {
  bid: PriceUnits = 0;
  ask: PriceUnits = 0;
  last: PriceUnits = 0;
  ts: EpochMs = 0;

  /** 0 when nothing is known. */
  priceFor(quantity: QuantityUnits): PriceUnits {
    if (quantity >= 0) return this.bid > 0 ? this.bid : this.last;
    return this.ask > 0 ? this.ask : this.last;
  }
}

/**
 * Mutable net position, average-cost method. Cost removed by a partial close is rounded once and the same figure goes
 * into the realised profit, so `realised - cost` is always exactly the money paid and received, without any drift.
 */
export class OpenPosition {
  readonly accountId: string;
  readonly instrument: Instrument;
  readonly mark: Mark;
  /** Quote currency per price unit x quantity unit, double: for screening only. */
  readonly unit: number;
  quantity: QuantityUnits = 0;
  cost: Decimal = ZERO;
  realised: Decimal = ZERO;
  fees: Decimal = ZERO;
  openedAt: EpochMs | null = null;
  /** 0 = no mark yet while open. */
  lowest: PriceUnits = 0;
  highest: PriceUnits = 0;
  private readonly moneyDigits: number;

  constructor(accountId: string, instrument: Instrument, mark: Mark) {
    this.accountId = accountId;
    this.instrument = instrument;
    this.mark = mark;
    this.unit = unitValue(instrument);
    this.moneyDigits = Math.max(20, instrument.priceDigits + instrument.quantityDigits);
  }

  /** `traded` is the signed value of the fill. Returns the profit it realises, fees not counted. */
  apply(fill: Fill, traded: Decimal): Decimal {
    const before = this.quantity;
    const signed = fill.side === 'buy' ? fill.quantity : -fill.quantity;
    let realised = ZERO;
    this.quantity = before + signed;
    if (before === 0) {
      this.cost = traded;
      this.open(fill);
    } else if (before > 0 === signed > 0) {
      this.cost = this.cost.plus(traded);
    } else {
      const held = Math.abs(before);
      if (fill.quantity < held) {
        const removed = this.cost.times(fill.quantity).div(held).toDecimalPlaces(this.moneyDigits);
        realised = removed.plus(traded).neg();
        this.cost = this.cost.minus(removed);
      } else if (fill.quantity === held) {
        realised = this.cost.plus(traded).neg();
        this.cost = ZERO;
        this.openedAt = null;
      } else {
        const opened = notional(this.instrument, fill.price, this.quantity);
        realised = this.cost.plus(traded).minus(opened).neg();
        this.cost = opened;
        this.open(fill);
      }
      this.realised = this.realised.plus(realised);
    }
    if (!fill.fee.isZero()) this.fees = this.fees.plus(fill.fee);
    this.seen(fill.price, fill.price);
    return realised;
  }

  private open(fill: Fill): void {
    this.openedAt = fill.ts;
    this.lowest = fill.price;
    this.highest = fill.price;
  }

  /** Extends the range of prices the open position has been through. */
  seen(low: PriceUnits, high: PriceUnits): void {
    if (this.quantity === 0) return;
    if (low > 0 && (this.lowest === 0 || low < this.lowest)) this.lowest = low;
    if (high > this.highest) this.highest = high;
  }

  /** Signed market value; its cost where no price is known. */
  value(): Decimal {
    const price = this.mark.priceFor(this.quantity);
    return price > 0 ? notional(this.instrument, price, this.quantity) : this.cost;
  }

  valueNumber(): number {
    const price = this.mark.priceFor(this.quantity);
    return price > 0 ? price * this.quantity * this.unit : this.cost.toNumber();
  }

  /** Average entry price in price units, with its fraction; null when flat. */
  averagePrice(): number | null {
    if (this.quantity === 0) return null;
    return this.cost
      .div(quantityDecimal(this.instrument, this.quantity))
      .div(priceDecimal(this.instrument, 1))
      .toNumber();
  }

  toPosition(): Position {
    return {
      accountId: this.accountId,
      instrument: this.instrument.id,
      quantity: this.quantity,
      cost: this.cost,
      realised: this.realised,
      fees: this.fees,
      openedAt: this.openedAt,
      lowest: this.quantity === 0 || this.lowest === 0 ? null : this.lowest,
      highest: this.quantity === 0 || this.highest === 0 ? null : this.highest,
    };
  }

  restore(position: Position): void {
    this.quantity = position.quantity;
    this.cost = position.cost;
    this.realised = position.realised;
    this.fees = position.fees;
    this.openedAt = position.openedAt;
    this.lowest = position.lowest ?? 0;
    this.highest = position.highest ?? 0;
  }
}
