import { Decimal, ZERO } from '../domain/decimal.ts';
import type { Fill } from '../domain/fill.ts';
import { notional, type Instrument, type InstrumentId } from '../domain/instrument.ts';
import type { PriceUnits } from '../domain/units.ts';
import type { ClosedTrade, OpenTrade, TradeLedger } from './closed-trades.ts';
import { feeShare } from './fee-share.ts';
import { Lot, LotTrade, type LotState } from './lot-trade.ts';

/** Closed lots at the front of a queue before it is cut. */
const DEAD_LOTS = 1_024;

/** Lots of one account in one instrument, all on the same side, oldest first. */
class LotQueue {
  readonly accountId: string;
  readonly lots: Lot[] = [];
  first = 0;
  last: LotTrade | null = null;

  constructor(accountId: string) {
    this.accountId = accountId;
  }
}

/** Exits close the oldest entry (fifo) or the newest (lifo). */
export class LotLedger implements TradeLedger {
  readonly #instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly #method: 'fifo' | 'lifo';
  /** Per instrument those of every account: few, and every bar walks over them. */
  readonly #queues = new Map<InstrumentId, LotQueue[]>();
  #closed: LotTrade[] = [];
  #isWatched = true;

  constructor(instruments: ReadonlyMap<InstrumentId, Instrument>, method: 'fifo' | 'lifo') {
    this.#instruments = instruments;
    this.#method = method;
  }

  applyFill(fill: Fill, strategyId: string | null, reason: string): void {
    const instrument = this.#instruments.get(fill.instrument);
    if (instrument === undefined)
      throw new RangeError(`fill of ${fill.instrument}, which the trade ledger does not know`);
    const queue = this.#queue(fill.accountId, fill.instrument);
    const { lots } = queue;
    const isFifo = this.#method === 'fifo';
    let left = fill.quantity;
    let fee = fill.fee;
    while (left > 0) {
      const lot = isFifo ? lots[queue.first] : lots.at(-1);
      if (lot === undefined || lot.side === fill.side) break;
      const quantity = Math.min(left, lot.left);
      const exitFee = feeShare(fee, quantity, left);
      const entryFee = feeShare(lot.feeLeft, quantity, lot.left);
      this.#close(instrument, queue, lot, fill, reason).add(lot, fill, quantity, entryFee.plus(exitFee));
      left -= quantity;
      if (left > 0) fee = fee.minus(exitFee);
      lot.left -= quantity;
      if (lot.left > 0) lot.feeLeft = lot.feeLeft.minus(entryFee);
      else if (isFifo) queue.first += 1;
      else lots.pop();
    }
    if (queue.first === lots.length) {
      lots.length = 0;
      queue.first = 0;
    } else if (queue.first >= DEAD_LOTS) {
      // A position that is never flat must not keep every lot it ever had.
      lots.splice(0, queue.first);
      queue.first = 0;
    }
    if (left === 0) return;
    const lot = new Lot(fill, strategyId, left, fee);
    lot.watched = this.#isWatched;
    lots.push(lot);
  }

  /** The trade that this entry and this exit order make, begun with their first pieces. */
  #close(instrument: Instrument, queue: LotQueue, lot: Lot, exit: Fill, reason: string): LotTrade {
    const { last } = queue;
    if (last !== null && last.entryOrderId === lot.orderId && last.exitOrderId === exit.orderId) {
      // Handed over while its exit order still filled: it comes again, whole.
      if (this.#closed.at(-1) !== last && !this.#closed.includes(last)) this.#closed.push(last);
      return last;
    }
    const trade = new LotTrade(this.#method, instrument, lot, exit, reason);
    queue.last = trade;
    this.#closed.push(trade);
    return trade;
  }

  #queue(accountId: string, instrument: InstrumentId): LotQueue {
    let queues = this.#queues.get(instrument);
    if (queues === undefined) {
      queues = [];
      this.#queues.set(instrument, queues);
    }
    for (const queue of queues) if (queue.accountId === accountId) return queue;
    const queue = new LotQueue(accountId);
    queues.push(queue);
    return queue;
  }

  seen(instrument: InstrumentId, low: PriceUnits, high: PriceUnits): void {
    const queues = this.#queues.get(instrument);
    if (queues === undefined) return;
    for (let place = 0; place < queues.length; place += 1) {
      const queue = queues[place];
      if (queue !== undefined) stretch(queue, low, high);
    }
  }

  quoted(instrument: InstrumentId, bid: PriceUnits, ask: PriceUnits, last: PriceUnits): void {
    const queues = this.#queues.get(instrument);
    if (queues === undefined) return;
    for (let place = 0; place < queues.length; place += 1) {
      const queue = queues[place];
      const lot = queue?.lots[queue.first];
      if (queue === undefined || lot === undefined) continue;
      const side = lot.side === 'buy' ? bid : ask;
      const price = side > 0 ? side : last;
      if (price > 0) stretch(queue, price, price);
    }
  }

  planned(accountId: string, instrument: InstrumentId, stop: PriceUnits, target: PriceUnits): void {
    for (const queue of this.#queues.get(instrument) ?? []) {
      if (queue.accountId !== accountId) continue;
      for (let index = queue.first; index < queue.lots.length; index += 1) {
        const lot = queue.lots[index];
        if (lot === undefined) continue;
        if (lot.stop === 0) lot.stop = stop;
        if (lot.target === 0) lot.target = target;
      }
    }
  }

  wantsPlan(accountId: string, instrument: InstrumentId): boolean {
    const queue = this.#queues.get(instrument)?.find((one) => one.accountId === accountId);
    return (
      queue !== undefined &&
      queue.lots.some((lot, index) => index >= queue.first && (lot.stop === 0 || lot.target === 0))
    );
  }

  trades(): readonly ClosedTrade[] {
    return this.#closed;
  }

  take(): readonly ClosedTrade[] {
    const closed = this.#closed;
    this.#closed = [];
    return closed;
  }

  open(): readonly OpenTrade[] {
    return this.#each((lot, queue, instrument): OpenTrade => ({
      method: this.#method,
      accountId: queue.accountId,
      instrument: instrument.id,
      strategyId: lot.strategyId,
      side: lot.side === 'buy' ? 'long' : 'short',
      quantity: lot.left,
      entryTs: lot.ts,
      cost: notional(instrument, lot.price, lot.side === 'buy' ? lot.left : -lot.left),
      fees: lot.feeLeft,
      realised: ZERO,
    }));
  }

  state(): unknown {
    return this.#each((lot, queue, instrument): LotState => ({
      accountId: queue.accountId,
      instrument: instrument.id,
      strategyId: lot.strategyId,
      side: lot.side,
      price: lot.price,
      ts: lot.ts,
      orderId: lot.orderId,
      tradeId: lot.tradeId,
      left: lot.left,
      feeLeft: lot.feeLeft.toFixed(),
      low: lot.low,
      high: lot.high,
      stop: lot.stop,
      target: lot.target,
      watched: lot.watched,
    }));
  }

  restore(state: unknown): void {
    for (const stored of state as readonly LotState[]) {
      const lot = new Lot(stored, stored.strategyId, stored.left, new Decimal(stored.feeLeft));
      lot.low = stored.low;
      lot.high = stored.high;
      lot.stop = stored.stop;
      lot.target = stored.target;
      lot.watched = stored.watched;
      this.#queue(stored.accountId, stored.instrument).lots.push(lot);
    }
  }

  watch(on: boolean): void {
    this.#isWatched = on;
    if (on) return;
    for (const queues of this.#queues.values()) {
      for (const { lots } of queues) for (const lot of lots) lot.watched = false;
    }
  }

  #each<T>(read: (lot: Lot, queue: LotQueue, instrument: Instrument) => T): T[] {
    const found: T[] = [];
    for (const [id, queues] of this.#queues) {
      const instrument = this.#instruments.get(id);
      if (instrument === undefined) continue;
      for (const queue of queues)
        for (const lot of queue.lots.slice(queue.first)) found.push(read(lot, queue, instrument));
    }
    return found;
  }
}

function stretch(queue: LotQueue, low: PriceUnits, high: PriceUnits): void {
  for (let index = queue.first; index < queue.lots.length; index += 1) {
    const lot = queue.lots[index];
    if (lot === undefined) continue;
    if (low > 0 && low < lot.low) lot.low = low;
    if (high > lot.high) lot.high = high;
  }
}
