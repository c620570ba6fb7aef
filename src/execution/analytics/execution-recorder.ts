import { ZERO } from '../../domain/decimal.ts';
import type { Fill } from '../../domain/fill.ts';
import { unitValue, type InstrumentId } from '../../domain/instrument.ts';
import type { MarketEvent } from '../../domain/market-data.ts';
import type { Order } from '../../domain/order.ts';
import type { OrderEvent } from '../../domain/order-event.ts';
import { TERMINAL } from '../../domain/order-state.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { PriceBoard } from '../../market/price-board.ts';
import { MarketMeter, metered, type MeterReading } from './market-meter.ts';
import { denied, exactValue, type LiveOrder, type OrderQuality, outcomeOf, shortfallOf } from './order-quality.ts';
import { QualitySums } from './quality-sums.ts';
import { MARK_DELAYS_MS } from './realised-spread.ts';

/** What a cell of the report is about. */
export interface QualityKey {
  readonly account: string;
  readonly day: string;
  /** Empty for what was traded by hand. */
  readonly strategy: string;
  readonly algorithm: string;
  readonly venue: string;
  readonly instrument: InstrumentId;
}

export interface RecorderPorts {
  readonly dayOf: (accountId: string, at: EpochMs) => string;
  /** Name of the execution algorithm, or the order type. */
  readonly algorithmOf: (order: Order) => string;
}

interface PendingMark {
  readonly dueAt: EpochMs;
  readonly ratio: 'realised5s' | 'realised60s';
  readonly key: QualityKey;
  readonly instrument: InstrumentId;
  readonly sign: 1 | -1;
  readonly price: number;
  readonly mid: number;
  /** Quote currency per price unit. */
  readonly money: number;
}

/** Fills whose later marks are still to come; beyond it the oldest go unmarked. */
const MAX_PENDING = 50_000;

/**
 * Watches orders from send to end and sums up how they were executed. Holds what is open and what was not taken yet,
 * nothing else. Marks come from the price board: what the engine knew then.
 */
export class ExecutionRecorder {
  #board: PriceBoard;
  readonly #ports: RecorderPorts;
  readonly #live = new Map<string, LiveOrder>();
  readonly #meters = new Map<InstrumentId, MarketMeter>();
  #pending: PendingMark[] = [];
  #cells = new Map<string, { readonly key: QualityKey; readonly sums: QualitySums }>();
  #closed: OrderQuality[] = [];

  constructor(board: PriceBoard, ports: RecorderPorts) {
    this.#board = board;
    this.#ports = ports;
  }

  /** A new session: another board, other orders. What was summed up stays. */
  renew(board: PriceBoard): void {
    this.#board = board;
    this.#live.clear();
    this.#meters.clear();
    this.#pending = [];
  }

  /** Orders on their way. */
  get working(): number {
    return this.#live.size;
  }

  onMarket(event: MarketEvent): void {
    if (event.kind !== 'trade' || this.#meters.size === 0) return;
    this.#meters.get(event.instrument)?.onTrade(event);
  }

  onOrder(order: Order, event: OrderEvent | null, now: EpochMs): void {
    if (event === null) return;
    if (event.type === 'submitted') this.#sent(order, now);
    const live = this.#live.get(order.id);
    if (live !== undefined && !live.isAnswered && ANSWERS.has(event.type)) {
      live.isAnswered = true;
      this.#cell(order, now).ack.add(wholeMicros(now - (live.arrival?.at ?? now)));
    }
    if (!TERMINAL.has(order.status) || event.type === 'cancel-rejected' || event.type === 'modify-rejected') return;
    if (live !== undefined) this.#end(order, live, now);
    else if (order.status === 'DENIED') this.#cell(order, now).close(denied());
  }

  onFill(fill: Fill, order: Order, now: EpochMs): void {
    const live = this.#live.get(order.id);
    const sums = this.#cell(order, now);
    const instrument = live?.instrument ?? this.#board.line(fill.instrument)?.instrument;
    if (instrument === undefined) return;
    const unit = unitValue(instrument);
    const sign = fill.side === 'buy' ? 1 : -1;
    const money = fill.quantity * unit;
    sums.fills += 1;
    if (fill.liquidity === 'maker') sums.makerFills += 1;
    sums.value = sums.value.plus(exactValue(instrument, fill.price, fill.quantity));
    sums.fees = sums.fees.plus(fill.fee);
    const arrival = live?.arrival ?? null;
    if (arrival !== null) {
      sums.markedFills += 1;
      sums.fill.add(wholeMicros(now - arrival.at));
      const cost = sign * (fill.price - arrival.mid);
      sums.note('arrival', cost * money, arrival.mid * money);
      if (cost < 0) {
        sums.improvedFills += 1;
        sums.improvement = sums.improvement.plus(exactValue(instrument, -cost, fill.quantity));
      }
    }
    const mid = this.#mid(fill.instrument);
    if (mid === 0) return;
    sums.note('effective', 2 * sign * (fill.price - mid) * money, mid * money);
    const key = this.#key(order, now);
    for (const [ratio, delay] of [
      ['realised5s', MARK_DELAYS_MS.after5s],
      ['realised60s', MARK_DELAYS_MS.after60s],
    ] as const)
      this.#pending.push({
        dueAt: now + delay,
        ratio,
        key,
        instrument: fill.instrument,
        sign,
        price: fill.price,
        mid,
        money,
      });
    if (this.#pending.length > MAX_PENDING) this.#pending.splice(0, this.#pending.length - MAX_PENDING);
  }

  /** Takes the marks that are due; the first look at or after the time counts. */
  onTime(now: EpochMs): void {
    if (!this.#pending.some(({ dueAt }) => dueAt <= now)) return;
    const waiting: PendingMark[] = [];
    for (const mark of this.#pending) {
      if (mark.dueAt > now) {
        waiting.push(mark);
        continue;
      }
      const later = this.#mid(mark.instrument);
      if (later > 0)
        this.#sums(mark.key).note(mark.ratio, 2 * mark.sign * (mark.price - later) * mark.money, mark.mid * mark.money);
    }
    this.#pending = waiting;
  }

  /** Hands over what was summed up since the last call. */
  take(): {
    readonly cells: readonly { readonly key: QualityKey; readonly sums: QualitySums }[];
    readonly orders: readonly OrderQuality[];
  } {
    const taken = { cells: [...this.#cells.values()], orders: this.#closed };
    this.#cells = new Map();
    this.#closed = [];
    return taken;
  }

  #sent(order: Order, now: EpochMs): void {
    const line = this.#board.line(order.instrument);
    if (line === null || this.#live.has(order.id)) return;
    const mid = this.#mid(order.instrument);
    const arrival = mid > 0 ? { at: now, mid } : null;
    let meter = this.#meters.get(order.instrument);
    if (meter === undefined) {
      meter = new MarketMeter(line.last > 0 ? line.last : mid, now);
      this.#meters.set(order.instrument, meter);
    }
    meter.users += 1;
    this.#live.set(order.id, {
      instrument: line.instrument,
      // A signal is turned into its order in the same instant; what a parent order decided before is the parent's own.
      decision: arrival,
      arrival,
      meterAt: meter.read(now),
      isAnswered: false,
    });
  }

  #end(order: Order, live: LiveOrder, now: EpochMs): void {
    this.#live.delete(order.id);
    const sums = this.#cell(order, now);
    const interval = this.#interval(order.instrument, live.meterAt, now);
    const mid = this.#mid(order.instrument);
    const end = mid > 0 ? { at: now, mid } : null;
    const shortfall = shortfallOf(order, live, end?.mid ?? null);
    const outcome = outcomeOf(order);
    sums.close({
      outcome,
      filledShare: order.filled / order.quantity,
      shortfall,
      paperValue: live.decision === null ? ZERO : exactValue(live.instrument, live.decision.mid, order.quantity),
    });
    if (order.filled > 0) this.#benchmarks(order, live, sums, interval);
    this.#closed.push({
      orderId: order.id,
      accountId: order.accountId,
      closedAt: now,
      outcome,
      decision: live.decision,
      arrival: live.arrival,
      end,
      shortfall,
      vwap: interval.vwap,
      twap: interval.twap,
      marketVolume: interval.volume,
    });
  }

  #benchmarks(order: Order, live: LiveOrder, sums: QualitySums, interval: ReturnType<typeof metered>): void {
    const money = order.filled * unitValue(live.instrument);
    const paid = order.filledNotional.toNumber();
    const sign = order.side === 'buy' ? 1 : -1;
    const { vwap, twap, volume } = interval;
    if (vwap !== null) {
      sums.note('vwap', sign * (paid - vwap * money), vwap * money);
      sums.note('participation', vwap * money, vwap * volume * unitValue(live.instrument));
    }
    if (twap !== null) sums.note('twap', sign * (paid - twap * money), twap * money);
  }

  #interval(instrument: InstrumentId, from: MeterReading, now: EpochMs): ReturnType<typeof metered> {
    const meter = this.#meters.get(instrument);
    if (meter === undefined) return { vwap: null, twap: null, volume: 0 };
    meter.users -= 1;
    if (meter.users === 0) this.#meters.delete(instrument);
    return metered(from, meter.read(now));
  }

  /** Price units, 0 = not known. */
  #mid(instrument: InstrumentId): number {
    const line = this.#board.line(instrument);
    if (line === null) return 0;
    return line.bid > 0 && line.ask > 0 ? (line.bid + line.ask) / 2 : line.last;
  }

  #key(order: Order, now: EpochMs): QualityKey {
    return {
      account: order.accountId,
      day: this.#ports.dayOf(order.accountId, now),
      strategy: order.strategyId ?? '',
      algorithm: this.#ports.algorithmOf(order),
      venue: this.#board.line(order.instrument)?.instrument.venue ?? '',
      instrument: order.instrument,
    };
  }

  #cell(order: Order, now: EpochMs): QualitySums {
    return this.#sums(this.#key(order, now));
  }

  #sums(key: QualityKey): QualitySums {
    const { account, day, strategy, algorithm, venue, instrument } = key;
    const name = JSON.stringify([account, day, strategy, algorithm, venue, instrument]);
    let cell = this.#cells.get(name);
    if (cell === undefined) {
      cell = { key, sums: new QualitySums() };
      this.#cells.set(name, cell);
    }
    return cell.sums;
  }
}

const ANSWERS: ReadonlySet<OrderEvent['type']> = new Set(['accepted', 'rejected', 'canceled', 'expired', 'filled']);

/** Milliseconds to the microsecond: finer digits are noise that reports would have to store. */
function wholeMicros(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
