import { Decimal, ZERO, type DecimalString } from '../domain/decimal.ts';
import type { Fill } from '../domain/fill.ts';
import { notional, unitValue, type Instrument, type InstrumentId } from '../domain/instrument.ts';
import { quotientNumber } from '../domain/quotient.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';
import type { ClosedTrade, TradeExit } from './closed-trades.ts';
import { ValueSum } from './value-sum.ts';

export interface FlatState {
  readonly accountId: string;
  readonly instrument: InstrumentId;
  readonly strategyId: string | null;
  readonly side: 'long' | 'short';
  readonly entryTs: EpochMs;
  readonly entryOrderId: string;
  readonly entryTradeId: string;
  readonly quantity: QuantityUnits;
  readonly open: QuantityUnits;
  readonly entryPrice: number;
  readonly exitPrice: number;
  readonly entryValue: DecimalString;
  readonly cost: DecimalString;
  readonly realised: DecimalString;
  readonly fees: DecimalString;
  readonly low: PriceUnits;
  readonly high: PriceUnits;
  readonly stop: PriceUnits;
  readonly target: PriceUnits;
  readonly risk: DecimalString | null;
  readonly reward: DecimalString | null;
  readonly watched: boolean;
  readonly exits: readonly TradeExit[];
}

/**
 * From the first entry to flat. Cost removed by a partial exit is rounded once and the same figure goes into the realised
 * profit (as in open-position.ts), so that realised - cost is always exactly the money paid and received.
 */
export class FlatTrade implements ClosedTrade {
  readonly method = 'average';
  readonly accountId: string;
  readonly instrument: InstrumentId;
  readonly strategyId: string | null;
  readonly side: 'long' | 'short';
  readonly entryTs: EpochMs;
  readonly entryOrderId: string;
  readonly entryTradeId: string;
  exitTradeId = '';
  quantity: QuantityUnits = 0;
  /** Not closed yet. */
  left: QuantityUnits = 0;
  entryPrice = 0;
  exitPrice = 0;
  /** Signed cost of what is left, and profit of the rest, before fees. */
  cost: Decimal = ZERO;
  realised: Decimal = ZERO;
  fees: Decimal = ZERO;
  low: PriceUnits;
  high: PriceUnits;
  /** Level for entries from here on, 0 = none known yet. */
  stop: PriceUnits = 0;
  target: PriceUnits = 0;
  watched = true;
  readonly exits: TradeExit[] = [];
  readonly terms: Instrument;
  readonly #entry = new ValueSum();
  readonly #moneyDigits: number;
  /** Entries before a level was known count from the moment it is. Null: some entry lies on the wrong side of it. */
  #risk: Decimal | null = ZERO;
  #reward: Decimal | null = ZERO;

  constructor(terms: Instrument, first: Pick<FlatState, FirstOf>, price: PriceUnits) {
    this.terms = terms;
    this.accountId = first.accountId;
    this.instrument = first.instrument;
    this.strategyId = first.strategyId;
    this.side = first.side;
    this.entryTs = first.entryTs;
    this.entryOrderId = first.entryOrderId;
    this.entryTradeId = first.entryTradeId;
    this.low = price;
    this.high = price;
    this.#moneyDigits = Math.max(20, terms.priceDigits + terms.quantityDigits);
  }

  get exitTs(): EpochMs {
    return this.exits.at(-1)?.ts ?? this.entryTs;
  }

  get exitOrderId(): string {
    return this.exits.at(-1)?.orderId ?? '';
  }

  get exitReason(): string {
    return this.exits.at(-1)?.reason ?? '';
  }

  get entryNotional(): Decimal {
    return this.#entry.value(this.terms);
  }

  get pnl(): Decimal {
    return this.realised.minus(this.fees);
  }

  get returnFraction(): number {
    return quotientNumber(this.pnl, this.entryNotional);
  }

  get mae(): number {
    const { low, high, entryPrice } = this;
    return this.side === 'long' ? this.#money(low - entryPrice) : this.#money(entryPrice - high);
  }

  get mfe(): number {
    const { low, high, entryPrice } = this;
    return this.side === 'long' ? this.#money(high - entryPrice) : this.#money(entryPrice - low);
  }

  get initialRisk(): Decimal | null {
    return this.stop === 0 ? null : this.#risk;
  }

  get plannedReward(): Decimal | null {
    return this.target === 0 ? null : this.#reward;
  }

  #money(distance: number): number {
    return distance * this.quantity * unitValue(this.terms);
  }

  #signed(quantity: QuantityUnits): QuantityUnits {
    return this.side === 'long' ? quantity : -quantity;
  }

  enter(price: PriceUnits, quantity: QuantityUnits, fee: Decimal): void {
    const total = this.quantity + quantity;
    this.entryPrice = this.quantity === 0 ? price : this.entryPrice + ((price - this.entryPrice) * quantity) / total;
    this.#entry.add(this.terms, price, quantity);
    this.quantity = total;
    this.left += quantity;
    this.cost = this.cost.plus(notional(this.terms, price, this.#signed(quantity)));
    if (!fee.isZero()) this.fees = this.fees.plus(fee);
    this.seen(price, price);
    if (this.stop > 0) this.#risk = added(this.#risk, notional(this.terms, price - this.stop, this.#signed(quantity)));
    if (this.target > 0)
      this.#reward = added(this.#reward, notional(this.terms, this.target - price, this.#signed(quantity)));
  }

  exit(fill: Fill, quantity: QuantityUnits, fee: Decimal, reason: string): void {
    const removed =
      quantity === this.left ? this.cost : this.cost.times(quantity).div(this.left).toDecimalPlaces(this.#moneyDigits);
    const received = notional(this.terms, fill.price, this.#signed(quantity));
    this.realised = this.realised.plus(received.minus(removed));
    this.cost = this.cost.minus(removed);
    this.left -= quantity;
    if (!fee.isZero()) this.fees = this.fees.plus(fee);
    const closed = this.quantity - this.left;
    this.exitPrice =
      closed === quantity ? fill.price : this.exitPrice + ((fill.price - this.exitPrice) * quantity) / closed;
    this.seen(fill.price, fill.price);
    this.#noteExit(fill, quantity, reason);
  }

  #noteExit(fill: Fill, quantity: QuantityUnits, reason: string): void {
    const { ts, orderId, price } = fill;
    if (this.exits.length === 0) this.exitTradeId = fill.tradeId;
    const last = this.exits.at(-1);
    if (last === undefined || last.orderId !== orderId) {
      this.exits.push({ ts, orderId, quantity, price, reason });
      return;
    }
    const total = last.quantity + quantity;
    const average = last.price + ((price - last.price) * quantity) / total;
    this.exits[this.exits.length - 1] = { ts, orderId, quantity: total, price: average, reason };
  }

  seen(low: PriceUnits, high: PriceUnits): void {
    if (low > 0 && low < this.low) this.low = low;
    if (high > this.high) this.high = high;
  }

  /** The first levels known count for all that was entered so far. */
  planned(stop: PriceUnits, target: PriceUnits): void {
    if (this.stop === 0 && stop > 0) {
      this.stop = stop;
      this.#risk = added(ZERO, this.#distance(stop, -1));
    }
    if (this.target === 0 && target > 0) {
      this.target = target;
      this.#reward = added(ZERO, this.#distance(target, 1));
    }
  }

  /** Money between all entries and a level; `direction` 1 counts a level on the winning side. */
  #distance(level: PriceUnits, direction: 1 | -1): Decimal {
    return notional(this.terms, level, this.#signed(this.quantity))
      .minus(this.side === 'long' ? this.entryNotional : this.entryNotional.neg())
      .times(direction);
  }

  state(): FlatState {
    return {
      accountId: this.accountId,
      instrument: this.instrument,
      strategyId: this.strategyId,
      side: this.side,
      entryTs: this.entryTs,
      entryOrderId: this.entryOrderId,
      entryTradeId: this.entryTradeId,
      quantity: this.quantity,
      open: this.left,
      entryPrice: this.entryPrice,
      exitPrice: this.exitPrice,
      entryValue: this.entryNotional.toFixed(),
      cost: this.cost.toFixed(),
      realised: this.realised.toFixed(),
      fees: this.fees.toFixed(),
      low: this.low,
      high: this.high,
      stop: this.stop,
      target: this.target,
      risk: this.#risk?.toFixed() ?? null,
      reward: this.#reward?.toFixed() ?? null,
      watched: this.watched,
      exits: this.exits,
    };
  }

  restore(state: FlatState, exitTradeId: string): void {
    this.quantity = state.quantity;
    this.left = state.open;
    this.entryPrice = state.entryPrice;
    this.exitPrice = state.exitPrice;
    this.#entry.addValue(new Decimal(state.entryValue));
    this.cost = new Decimal(state.cost);
    this.realised = new Decimal(state.realised);
    this.fees = new Decimal(state.fees);
    this.low = state.low;
    this.high = state.high;
    this.stop = state.stop;
    this.target = state.target;
    this.#risk = state.risk === null ? null : new Decimal(state.risk);
    this.#reward = state.reward === null ? null : new Decimal(state.reward);
    this.watched = state.watched;
    this.exits.push(...state.exits);
    this.exitTradeId = exitTradeId;
  }
}

type FirstOf = 'accountId' | 'instrument' | 'strategyId' | 'side' | 'entryTs' | 'entryOrderId' | 'entryTradeId';

function added(sum: Decimal | null, distance: Decimal): Decimal | null {
  return sum === null || distance.lte(0) ? null : sum.plus(distance);
}
