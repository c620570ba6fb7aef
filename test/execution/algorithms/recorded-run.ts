import { Decimal, ZERO } from '../../../src/domain/decimal.ts';
import { type Instrument, priceDecimal, quantityDecimal } from '../../../src/domain/instrument.ts';
import type { MarketEvent } from '../../../src/domain/market-data.ts';
import type { Order } from '../../../src/domain/order.ts';
import type { OrderEvent } from '../../../src/domain/order-event.ts';
import { applyOrderEvent } from '../../../src/domain/order-state.ts';
import type { EpochMs } from '../../../src/domain/units.ts';
import { type ExecutionCost, executionCost } from '../../../src/execution/analytics/execution-cost.ts';
import type { MarketTrade, ParentFill } from '../../../src/execution/analytics/parent-execution.ts';
import type { ParentTicket } from '../../../src/execution/algorithms/algorithm-terms.ts';
import { type MarketSight, offeredWithin } from '../../../src/execution/algorithms/market-sight.ts';
import { newParent } from '../../../src/execution/algorithms/parent-machine.ts';
import { ParentOrders, type SendChild } from '../../../src/execution/algorithms/parent-orders.ts';
import { ENDED, filledOf, gridOf, type ParentState, planAt } from '../../../src/execution/algorithms/parent-state.ts';
import { ticketFault } from '../../../src/execution/algorithms/ticket-fault.ts';
import { openRecordedFeed } from '../../../src/market/feeds/recorded.ts';
import { PriceBoard } from '../../../src/market/price-board.ts';
import { createVenue, type SimulatedVenue } from '../../../src/venue/create-venue.ts';
import { DEFAULT_VENUE_MODEL, type VenueModel } from '../../../src/venue/model.ts';

/** As the product's paper exchange for crypto: ordinary fee tier, latency of a home connection. */
export const RECORDED_MODEL: VenueModel = {
  ...DEFAULT_VENUE_MODEL,
  latencyMs: 40,
  jitterMs: 20,
  fees: { maker: '0.001', taker: '0.001', fixed: '0' },
};

export interface Recording {
  readonly instrument: Instrument;
  readonly events: readonly MarketEvent[];
}

export async function readRecording(paths: readonly string[]): Promise<Recording> {
  const opened = await openRecordedFeed(paths.map((path) => ({ path })));
  if (!opened.ok) throw new Error(opened.error.sentence);
  const events: MarketEvent[] = [];
  for await (const batch of opened.value.batches()) events.push(...batch);
  const [instrument] = opened.value.instruments;
  if (instrument === undefined) throw new Error('the recording has no instrument');
  return { instrument, events };
}

export interface RecordedOutcome {
  readonly parent: ParentState;
  readonly cost: ExecutionCost;
  readonly children: number;
  /** Children larger than what was displayed within their price when they were sent. */
  readonly beyondBook: number;
  /** Largest child over the quantity displayed within 10 bp of the touch at that moment. */
  readonly largestShareOfNear: number;
  /** Longest time from a slice being due to its quantity being filled, and the largest quantity behind plan. */
  readonly longestLagMs: number | null;
  readonly largestLag: number | null;
  readonly makerShare: number;
  /** Every action and fill, for comparing runs. */
  readonly log: readonly string[];
}

interface Slice {
  readonly at: EpochMs;
  readonly due: number;
}

/** One parent through a recording: the same price board, venue and runner as the engine's, and the marks of its execution. */
export class RecordedRun {
  readonly #recording: Recording;
  readonly #board: PriceBoard;
  readonly #venue: SimulatedVenue;
  readonly #parents: ParentOrders;
  readonly #orders = new Map<string, Order>();
  readonly #fills: ParentFill[] = [];
  readonly #trades: MarketTrade[] = [];
  readonly #log: string[] = [];
  #now: EpochMs = 0;
  #parentId = '';
  #beyondBook = 0;
  #largestShare = 0;
  #maker = 0;
  #pending: Slice[] = [];
  #longestLag = 0;
  #largestLag = 0;

  constructor(recording: Recording, seed = 1) {
    this.#recording = recording;
    const { instrument } = recording;
    this.#board = new PriceBoard([instrument]);
    this.#venue = createVenue({
      instruments: new Map([[instrument.id, instrument]]),
      model: RECORDED_MODEL,
      seed,
      emit: (event) => this.#receive(event),
      position: () => 0,
      dayEnd: (_of, at) => at + 86_400_000,
    });
    this.#parents = new ParentOrders({
      now: () => this.#now,
      sight: () => this.#sight(),
      persist: () => true,
      send: (parent, child) => this.#send(parent, child),
      cancel: (_parent, key, reason) => {
        this.#log.push(`${this.#now} cancel ${key} ${reason}`);
        this.#venue.cancel(key, this.#now);
      },
    });
  }

  /** `ticket` is asked for the prices of the moment at which the parent begins. */
  run(startAt: EpochMs, ticket: (sight: MarketSight) => ParentTicket): RecordedOutcome {
    const { instrument, events } = this.#recording;
    let started = false;
    for (const event of events) {
      this.#until(event.at);
      this.#now = event.at;
      this.#board.apply(event);
      this.#venue.onMarket(event);
      if (event.kind === 'trade') {
        this.#trades.push({
          ts: event.ts,
          price: priceDecimal(instrument, event.price),
          quantity: quantityDecimal(instrument, event.quantity),
        });
      }
      if (!started && event.at >= startAt && this.#board.line(instrument.id)?.book?.isUsable() === true) {
        started = true;
        const asked = ticket(this.#sight());
        const grid = gridOf(instrument);
        const fault = ticketFault(asked, grid, asked.limit ?? this.#sight().ask);
        if (fault !== null) throw new Error(fault.sentence);
        const parent = newParent(asked, grid, this.#now, this.#sight());
        this.#parentId = parent.id;
        this.#pending = slices(parent);
        this.#parents.start(parent);
      }
      this.#parents.onMarket(event);
      this.#judgeSchedule();
    }
    return this.#outcome();
  }

  #until(end: EpochMs): void {
    while (this.#parents.nextAt < end) {
      this.#now = Math.max(this.#now, this.#parents.nextAt);
      this.#venue.advanceTo(this.#now);
      this.#parents.onTime(this.#now);
      this.#judgeSchedule();
    }
  }

  #sight(): MarketSight {
    const line = this.#board.line(this.#recording.instrument.id);
    if (line === null) throw new Error('no line');
    const { bid, bidQuantity, ask, askQuantity, last, book } = line;
    const depth = book !== null && book.isUsable() ? book : null;
    return { bid, bidQuantity, ask, askQuantity, last, depth, hold: null };
  }

  #send(parent: ParentState, child: SendChild): void {
    const sight = this.#sight();
    const { side } = parent;
    if (child.timeInForce === 'IOC') {
      const shown = offeredWithin(sight, side, child.price, Number.MAX_SAFE_INTEGER).quantity;
      if (child.quantity > shown) this.#beyondBook += 1;
      const touch = side === 'buy' ? sight.ask : sight.bid;
      const near = offeredWithin(sight, side, touch * (side === 'buy' ? 1.001 : 0.999), Number.MAX_SAFE_INTEGER);
      this.#largestShare = Math.max(this.#largestShare, child.quantity / Math.max(1, near.quantity));
    }
    this.#log.push(`${this.#now} send ${child.key} ${child.type} ${child.quantity} ${child.price ?? 'market'}`);
    const order: Order = {
      id: child.key,
      accountId: parent.accountId,
      accountKind: 'paper',
      instrument: parent.instrument,
      side,
      type: child.type,
      quantity: child.quantity,
      price: child.price,
      trigger: null,
      timeInForce: child.timeInForce,
      expireAt: null,
      postOnly: child.postOnly,
      reduceOnly: false,
      source: 'manual',
      strategyId: null,
      note: null,
      idempotencyKey: child.key,
      status: 'SUBMITTED',
      previousStatus: 'INITIALIZED',
      filled: 0,
      filledNotional: ZERO,
      fees: ZERO,
      venueOrderId: null,
      createdAt: this.#now,
      updatedAt: this.#now,
      reasonCode: null,
      reason: null,
    };
    this.#orders.set(order.id, order);
    this.#venue.submit(order, this.#now);
  }

  #receive(event: OrderEvent): void {
    const { instrument } = this.#recording;
    const order = this.#orders.get(event.orderId);
    if (order === undefined) return;
    const next = applyOrderEvent(order, event, instrument);
    // A cancel and a fill may cross on their way; the venue's word on the closed order changes nothing.
    if (!next.ok) return;
    this.#orders.set(order.id, next.value);
    if (event.type === 'filled') {
      const { fill } = event;
      const { bid, ask } = this.#sight();
      this.#log.push(`${fill.ts} fill ${event.orderId} ${fill.quantity} ${fill.price} ${fill.liquidity}`);
      if (fill.liquidity === 'maker') this.#maker += fill.quantity;
      this.#fills.push({
        ts: fill.ts,
        price: priceDecimal(instrument, fill.price),
        quantity: quantityDecimal(instrument, fill.quantity),
        fee: fill.fee,
        mid: priceDecimal(instrument, (bid + ask) / 2),
      });
    }
    this.#parents.onOrder(next.value);
  }

  #judgeSchedule(): void {
    const parent = this.#parents.get(this.#parentId);
    if (parent === null || parent.slices.length === 0) return;
    const filled = filledOf(parent);
    const { due } = planAt(parent, this.#now);
    this.#largestLag = Math.max(this.#largestLag, due - filled);
    for (let next = this.#pending[0]; next !== undefined && next.due <= filled; next = this.#pending[0]) {
      this.#longestLag = Math.max(this.#longestLag, this.#now - next.at);
      this.#pending.shift();
    }
  }

  #outcome(): RecordedOutcome {
    const parent = this.#parents.get(this.#parentId);
    if (parent === null) throw new Error('the parent never began');
    const { instrument } = this.#recording;
    const mark = (mid: number | null, ts: EpochMs): { ts: EpochMs; mid: Decimal } => ({
      ts,
      mid: priceDecimal(instrument, mid ?? 0),
    });
    const { bid, ask } = this.#sight();
    const endAt = ENDED.has(parent.status) ? (parent.endedAt ?? this.#now) : this.#now;
    const judged = executionCost({
      side: parent.side,
      quantity: quantityDecimal(instrument, parent.quantity),
      decision: mark(parent.decisionMid, parent.startedAt),
      arrival: parent.arrivalAt === null ? null : mark(parent.arrivalMid, parent.arrivalAt),
      fills: this.#fills,
      end: mark((bid + ask) / 2, endAt),
      marketTrades: this.#trades,
      otherFees: ZERO,
    });
    if (!judged.ok) throw new Error(judged.error.sentence);
    const hasPlan = parent.slices.length > 0;
    const filled = filledOf(parent);
    return {
      parent,
      cost: judged.value,
      children: parent.children.length,
      beyondBook: this.#beyondBook,
      largestShareOfNear: this.#largestShare,
      longestLagMs: hasPlan ? this.#longestLag : null,
      largestLag: hasPlan ? this.#largestLag : null,
      makerShare: filled === 0 ? 0 : this.#maker / filled,
      log: this.#log,
    };
  }
}

function slices(parent: ParentState): Slice[] {
  const list: Slice[] = [];
  let due = 0;
  for (let at = 0; at < parent.slices.length; at += 2) {
    due += parent.slices[at + 1] ?? 0;
    list.push({ at: parent.startedAt + (parent.slices[at] ?? 0), due });
  }
  return list;
}
