import { ZERO, type Decimal } from '../domain/decimal.ts';
import type { Fill } from '../domain/fill.ts';
import { unitValue, type Instrument, type InstrumentId } from '../domain/instrument.ts';
import type { OrderId } from '../domain/order.ts';
import { quotientNumber } from '../domain/quotient.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';
import { ValueSum } from './value-sum.ts';

/**
 * A round trip, first in first out: a piece of an entry closed by an exit. Pieces of the same entry order closed by the
 * same exit order are one trade at the average of their prices, so partial fills do not multiply trades.
 */
export interface ClosedTrade {
  readonly accountId: string;
  readonly instrument: InstrumentId;
  readonly strategyId: string | null;
  readonly side: 'long' | 'short';
  readonly quantity: QuantityUnits;
  readonly entryTs: EpochMs;
  readonly exitTs: EpochMs;
  /** Price units; the quantity-weighted average carries a fraction. */
  readonly entryPrice: number;
  readonly exitPrice: number;
  /** Value at entry, quote currency. */
  readonly entryNotional: Decimal;
  /** After fees. */
  readonly pnl: Decimal;
  /** Share of the entry's and the exit's fees that belongs to this quantity. */
  readonly fees: Decimal;
  /** pnl / entryNotional, a fraction. */
  readonly returnFraction: number;
  /** Worst (<= 0) and best (>= 0) open profit before fees, quote currency. */
  readonly mae: number;
  readonly mfe: number;
  readonly entryOrderId: OrderId;
  readonly exitOrderId: OrderId;
  readonly exitReason: string;
}

export interface TradeLedger {
  /** `strategyId` owns the entry; `reason` is used where this fill closes something, e.g. "signal", "stop-loss". */
  applyFill(fill: Fill, strategyId: string | null, reason: string): void;
  /** Prices the market went through while lots were open, for MAE and MFE; call with the bar's low and high or a mark. */
  seen(instrument: InstrumentId, low: PriceUnits, high: PriceUnits): void;
  /** In order of exit. */
  trades(): readonly ClosedTrade[];
}

class Lot {
  readonly fill: Fill;
  readonly strategyId: string | null;
  left: QuantityUnits;
  feeLeft: Decimal;
  low: PriceUnits;
  high: PriceUnits;

  constructor(fill: Fill, strategyId: string | null, quantity: QuantityUnits, fee: Decimal) {
    this.fill = fill;
    this.strategyId = strategyId;
    this.left = quantity;
    this.feeLeft = fee;
    this.low = fill.price;
    this.high = fill.price;
  }
}

class Trade implements ClosedTrade {
  readonly accountId: string;
  readonly instrument: InstrumentId;
  readonly strategyId: string | null;
  readonly side: 'long' | 'short';
  readonly entryTs: EpochMs;
  readonly entryOrderId: OrderId;
  readonly exitOrderId: OrderId;
  readonly exitReason: string;
  exitTs: EpochMs;
  quantity: QuantityUnits = 0;
  entryPrice = 0;
  exitPrice = 0;
  fees: Decimal = ZERO;
  mae = 0;
  mfe = 0;
  readonly #terms: Instrument;
  readonly #entry = new ValueSum();
  readonly #gross = new ValueSum();
  #pnl: Decimal | null = null;

  constructor(terms: Instrument, lot: Lot, exit: Fill, reason: string) {
    this.#terms = terms;
    this.accountId = exit.accountId;
    this.instrument = exit.instrument;
    this.strategyId = lot.strategyId;
    this.side = lot.fill.side === 'buy' ? 'long' : 'short';
    this.entryTs = lot.fill.ts;
    this.entryOrderId = lot.fill.orderId;
    this.exitOrderId = exit.orderId;
    this.exitReason = reason;
    this.exitTs = exit.ts;
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

  add(lot: Lot, exit: Fill, quantity: QuantityUnits, fees: Decimal): void {
    const entry = lot.fill.price;
    const signed = this.side === 'long' ? quantity : -quantity;
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
    const money = quantity * unitValue(this.#terms);
    const down = (entry - Math.min(lot.low, exit.price)) * money;
    const up = (Math.max(lot.high, exit.price) - entry) * money;
    this.mae -= signed > 0 ? down : up;
    this.mfe += signed > 0 ? up : down;
  }
}

/** Lots of one account in one instrument, all on the same side, oldest first. */
class LotQueue {
  readonly accountId: string;
  readonly lots: Lot[] = [];
  first = 0;
  last: Trade | null = null;

  constructor(accountId: string) {
    this.accountId = accountId;
  }
}

class FifoLedger implements TradeLedger {
  private readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  /** Per instrument those of every account: few, and every bar walks over them. */
  private readonly queues = new Map<InstrumentId, LotQueue[]>();
  private readonly closed: Trade[] = [];

  constructor(instruments: ReadonlyMap<InstrumentId, Instrument>) {
    this.instruments = instruments;
  }

  applyFill(fill: Fill, strategyId: string | null, reason: string): void {
    const instrument = this.instruments.get(fill.instrument);
    if (instrument === undefined)
      throw new RangeError(`fill of ${fill.instrument}, which the trade ledger does not know`);
    const queue = this.queue(fill);
    let left = fill.quantity;
    let fee = fill.fee;
    while (left > 0) {
      const lot = queue.lots[queue.first];
      if (lot === undefined || lot.fill.side === fill.side) break;
      const quantity = Math.min(left, lot.left);
      const exitFee = share(fee, quantity, left);
      const entryFee = share(lot.feeLeft, quantity, lot.left);
      this.close(instrument, queue, lot, fill, reason).add(lot, fill, quantity, entryFee.plus(exitFee));
      left -= quantity;
      if (left > 0) fee = fee.minus(exitFee);
      lot.left -= quantity;
      if (lot.left > 0) lot.feeLeft = lot.feeLeft.minus(entryFee);
      else queue.first += 1;
    }
    if (queue.first === queue.lots.length) {
      queue.lots.length = 0;
      queue.first = 0;
    }
    if (left > 0) queue.lots.push(new Lot(fill, strategyId, left, fee));
  }

  /** The trade that this entry and this exit order make, begun with their first pieces. */
  private close(instrument: Instrument, queue: LotQueue, lot: Lot, exit: Fill, reason: string): Trade {
    const { last } = queue;
    if (last !== null && last.entryOrderId === lot.fill.orderId && last.exitOrderId === exit.orderId) return last;
    const trade = new Trade(instrument, lot, exit, reason);
    queue.last = trade;
    this.closed.push(trade);
    return trade;
  }

  private queue(fill: Fill): LotQueue {
    let queues = this.queues.get(fill.instrument);
    if (queues === undefined) {
      queues = [];
      this.queues.set(fill.instrument, queues);
    }
    for (const queue of queues) if (queue.accountId === fill.accountId) return queue;
    const queue = new LotQueue(fill.accountId);
    queues.push(queue);
    return queue;
  }

  seen(instrument: InstrumentId, low: PriceUnits, high: PriceUnits): void {
    const queues = this.queues.get(instrument);
    if (queues === undefined) return;
    for (let place = 0; place < queues.length; place += 1) {
      const queue = queues[place];
      if (queue === undefined) continue;
      for (let index = queue.first; index < queue.lots.length; index += 1) {
        const lot = queue.lots[index];
        if (lot === undefined) continue;
        if (low > 0 && low < lot.low) lot.low = low;
        if (high > lot.high) lot.high = high;
      }
    }
  }

  trades(): readonly ClosedTrade[] {
    return this.closed;
  }
}

/** Pro rata; the last piece takes what is left, so that the pieces always add up to the fee. */
function share(fee: Decimal, quantity: QuantityUnits, of: QuantityUnits): Decimal {
  return quantity === of ? fee : fee.times(quantity).div(of).toDecimalPlaces(20);
}

export function createTradeLedger(instruments: ReadonlyMap<InstrumentId, Instrument>): TradeLedger {
  return new FifoLedger(instruments);
}
