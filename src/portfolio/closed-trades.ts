import type { Decimal } from '../domain/decimal.ts';
import type { Fill } from '../domain/fill.ts';
import { notional, unitValue, type Instrument, type InstrumentId } from '../domain/instrument.ts';
import type { OrderId } from '../domain/order.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';

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
  quantity: QuantityUnits;
  entryPrice: number;
  exitPrice: number;
  entryNotional: Decimal;
  gross: Decimal;
  fees: Decimal;
  mae: number;
  mfe: number;

  constructor(lot: Lot, exit: Fill, reason: string, quantity: QuantityUnits, piece: Piece) {
    this.accountId = exit.accountId;
    this.instrument = exit.instrument;
    this.strategyId = lot.strategyId;
    this.side = lot.fill.side === 'buy' ? 'long' : 'short';
    this.entryTs = lot.fill.ts;
    this.entryOrderId = lot.fill.orderId;
    this.exitOrderId = exit.orderId;
    this.exitReason = reason;
    this.exitTs = exit.ts;
    this.quantity = quantity;
    this.entryPrice = lot.fill.price;
    this.exitPrice = exit.price;
    this.entryNotional = piece.entryNotional;
    this.gross = piece.gross;
    this.fees = piece.fees;
    this.mae = piece.mae;
    this.mfe = piece.mfe;
  }

  get pnl(): Decimal {
    return this.gross.minus(this.fees);
  }

  get returnFraction(): number {
    return this.pnl.div(this.entryNotional).toNumber();
  }

  merge(lot: Lot, exit: Fill, quantity: QuantityUnits, piece: Piece): void {
    const total = this.quantity + quantity;
    this.entryPrice += ((lot.fill.price - this.entryPrice) * quantity) / total;
    this.exitPrice += ((exit.price - this.exitPrice) * quantity) / total;
    this.quantity = total;
    this.exitTs = exit.ts;
    this.entryNotional = this.entryNotional.plus(piece.entryNotional);
    this.gross = this.gross.plus(piece.gross);
    this.fees = this.fees.plus(piece.fees);
    this.mae += piece.mae;
    this.mfe += piece.mfe;
  }
}

interface Piece {
  readonly entryNotional: Decimal;
  readonly gross: Decimal;
  readonly fees: Decimal;
  readonly mae: number;
  readonly mfe: number;
}

/** Lots of one account in one instrument, all on the same side, oldest first. */
class LotQueue {
  readonly lots: Lot[] = [];
  first = 0;
  last: Trade | null = null;
}

class FifoLedger implements TradeLedger {
  private readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  private readonly queues = new Map<InstrumentId, Map<string, LotQueue>>();
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
      this.close(queue, lot, fill, reason, quantity, pieceOf(instrument, lot, fill, quantity, entryFee.plus(exitFee)));
      fee = fee.minus(exitFee);
      left -= quantity;
      lot.feeLeft = lot.feeLeft.minus(entryFee);
      lot.left -= quantity;
      if (lot.left === 0) queue.first += 1;
    }
    if (queue.first === queue.lots.length) {
      queue.lots.length = 0;
      queue.first = 0;
    }
    if (left > 0) queue.lots.push(new Lot(fill, strategyId, left, fee));
  }

  private close(queue: LotQueue, lot: Lot, exit: Fill, reason: string, quantity: QuantityUnits, piece: Piece): void {
    const last = queue.last;
    if (last !== null && last.entryOrderId === lot.fill.orderId && last.exitOrderId === exit.orderId) {
      last.merge(lot, exit, quantity, piece);
      return;
    }
    queue.last = new Trade(lot, exit, reason, quantity, piece);
    this.closed.push(queue.last);
  }

  private queue(fill: Fill): LotQueue {
    let accounts = this.queues.get(fill.instrument);
    if (accounts === undefined) {
      accounts = new Map();
      this.queues.set(fill.instrument, accounts);
    }
    let queue = accounts.get(fill.accountId);
    if (queue === undefined) {
      queue = new LotQueue();
      accounts.set(fill.accountId, queue);
    }
    return queue;
  }

  seen(instrument: InstrumentId, low: PriceUnits, high: PriceUnits): void {
    const accounts = this.queues.get(instrument);
    if (accounts === undefined) return;
    for (const queue of accounts.values()) {
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

function pieceOf(instrument: Instrument, lot: Lot, exit: Fill, quantity: QuantityUnits, fees: Decimal): Piece {
  const entry = lot.fill.price;
  const signed = lot.fill.side === 'buy' ? quantity : -quantity;
  const money = quantity * unitValue(instrument);
  const low = Math.min(lot.low, exit.price);
  const high = Math.max(lot.high, exit.price);
  const down = (low - entry) * money;
  const up = (high - entry) * money;
  return {
    entryNotional: notional(instrument, entry, quantity),
    gross: notional(instrument, exit.price - entry, signed),
    fees,
    mae: signed > 0 ? down : 0 - up,
    mfe: signed > 0 ? up : 0 - down,
  };
}

export function createTradeLedger(instruments: ReadonlyMap<InstrumentId, Instrument>): TradeLedger {
  return new FifoLedger(instruments);
}
