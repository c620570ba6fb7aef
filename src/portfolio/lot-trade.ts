import { ZERO, type Decimal, type DecimalString } from '../domain/decimal.ts';
import type { Fill } from '../domain/fill.ts';
import { unitValue, type Instrument, type InstrumentId } from '../domain/instrument.ts';
import { quotientNumber } from '../domain/quotient.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';
import type { ClosedTrade, TradeExit } from './closed-trades.ts';
import type { LotMethod } from './lot-method.ts';
import { ValueSum } from './value-sum.ts';

/** A stored lot. Money as text, prices and quantities in units. */
export interface LotState {
  readonly accountId: string;
  readonly instrument: InstrumentId;
  readonly strategyId: string | null;
  readonly side: 'buy' | 'sell';
  readonly price: PriceUnits;
  readonly ts: EpochMs;
  readonly orderId: string;
  readonly tradeId: string;
  readonly left: QuantityUnits;
  readonly feeLeft: DecimalString;
  readonly low: PriceUnits;
  readonly high: PriceUnits;
  readonly stop: PriceUnits;
  readonly target: PriceUnits;
  readonly watched: boolean;
}

/** What is left of one entry fill. */
export class Lot {
  readonly strategyId: string | null;
  readonly side: 'buy' | 'sell';
  readonly price: PriceUnits;
  readonly ts: EpochMs;
  readonly orderId: string;
  readonly tradeId: string;
  left: QuantityUnits;
  feeLeft: Decimal;
  low: PriceUnits;
  high: PriceUnits;
  /** 0 = none known yet. */
  stop: PriceUnits = 0;
  target: PriceUnits = 0;
  watched = true;

  constructor(
    entry: Pick<Fill, 'side' | 'price' | 'ts' | 'orderId' | 'tradeId'>,
    strategyId: string | null,
    left: QuantityUnits,
    fee: Decimal,
  ) {
    this.strategyId = strategyId;
    this.side = entry.side;
    this.price = entry.price;
    this.ts = entry.ts;
    this.orderId = entry.orderId;
    this.tradeId = entry.tradeId;
    this.left = left;
    this.feeLeft = fee;
    this.low = entry.price;
    this.high = entry.price;
  }
}

export class LotTrade implements ClosedTrade {
  readonly method: LotMethod;
  readonly accountId: string;
  readonly instrument: InstrumentId;
  readonly strategyId: string | null;
  readonly side: 'long' | 'short';
  readonly entryTs: EpochMs;
  readonly entryOrderId: string;
  readonly exitOrderId: string;
  readonly entryTradeId: string;
  readonly exitTradeId: string;
  readonly exitReason: string;
  exitTs: EpochMs;
  quantity: QuantityUnits = 0;
  entryPrice = 0;
  exitPrice = 0;
  fees: Decimal = ZERO;
  mae = 0;
  mfe = 0;
  low: PriceUnits;
  high: PriceUnits;
  watched = true;
  readonly #terms: Instrument;
  readonly #entry = new ValueSum();
  readonly #gross = new ValueSum();
  readonly #risk = new ValueSum();
  readonly #reward = new ValueSum();
  #hasRisk = true;
  #hasReward = true;
  #pnl: Decimal | null = null;

  constructor(method: LotMethod, terms: Instrument, lot: Lot, exit: Fill, reason: string) {
    this.method = method;
    this.#terms = terms;
    this.accountId = exit.accountId;
    this.instrument = exit.instrument;
    this.strategyId = lot.strategyId;
    this.side = lot.side === 'buy' ? 'long' : 'short';
    this.entryTs = lot.ts;
    this.entryOrderId = lot.orderId;
    this.exitOrderId = exit.orderId;
    this.entryTradeId = lot.tradeId;
    this.exitTradeId = exit.tradeId;
    this.exitReason = reason;
    this.exitTs = exit.ts;
    this.low = lot.low;
    this.high = lot.high;
  }

  get entryNotional(): Decimal {
    return this.#entry.value(this.#terms);
  }

  get pnl(): Decimal {
    this.#pnl ??= this.#gross.value(this.#terms).minus(this.fees);
    return this.#pnl;
  }

  get returnFraction(): number {
    return quotientNumber(this.pnl, this.entryNotional);
  }

  get initialRisk(): Decimal | null {
    return this.#hasRisk ? this.#risk.value(this.#terms) : null;
  }

  get plannedReward(): Decimal | null {
    return this.#hasReward ? this.#reward.value(this.#terms) : null;
  }

  get exits(): readonly TradeExit[] {
    const { exitTs: ts, exitOrderId: orderId, quantity, exitPrice: price, exitReason: reason } = this;
    return [{ ts, orderId, quantity, price, reason }];
  }

  add(lot: Lot, exit: Fill, quantity: QuantityUnits, fees: Decimal): void {
    const entry = lot.price;
    const isLong = this.side === 'long';
    const signed = isLong ? quantity : -quantity;
    const total = this.quantity + quantity;
    if (this.quantity === 0) {
      // Not through the average: a product beyond 2^53 would not give the price back to the last bit.
      this.entryPrice = entry;
      this.exitPrice = exit.price;
    } else {
      this.entryPrice += ((entry - this.entryPrice) * quantity) / total;
      this.exitPrice += ((exit.price - this.exitPrice) * quantity) / total;
    }
    this.quantity = total;
    this.#pnl = null;
    this.exitTs = exit.ts;
    this.#entry.add(this.#terms, entry, quantity);
    this.#gross.add(this.#terms, exit.price - entry, signed);
    if (!fees.isZero()) this.fees = this.fees.plus(fees);
    const low = Math.min(lot.low, exit.price);
    const high = Math.max(lot.high, exit.price);
    if (low < this.low) this.low = low;
    if (high > this.high) this.high = high;
    const money = quantity * unitValue(this.#terms);
    const down = (entry - low) * money;
    const up = (high - entry) * money;
    this.mae -= isLong ? down : up;
    this.mfe += isLong ? up : down;
    if (!lot.watched) this.watched = false;
    if (this.#hasRisk) this.#hasRisk = plan(this.#risk, this.#terms, lot.stop, entry - lot.stop, signed);
    if (this.#hasReward) this.#hasReward = plan(this.#reward, this.#terms, lot.target, lot.target - entry, signed);
  }
}

/** False when the level is not known or lies on the wrong side of the entry. */
function plan(sum: ValueSum, terms: Instrument, level: PriceUnits, distance: number, signed: QuantityUnits): boolean {
  if (level === 0 || distance * signed <= 0) return false;
  sum.add(terms, distance, signed);
  return true;
}
