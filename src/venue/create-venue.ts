import type { InstrumentId } from '../domain/instrument.ts';
import type { Bar, MarketEvent } from '../domain/market-data.ts';
import type { Order, OrderId } from '../domain/order.ts';
import { createRandom, seedOf } from '../domain/random.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';
import type { OrderBook } from '../market/order-book.ts';
import { beginBar, matchClose, matchOpen, matchWalk } from './bars.ts';
import { CommandQueue, type ModifyChange } from './command-queue.ts';
import { InstrumentMarket } from './instrument-market.ts';
import { place, takeBack } from './intake.ts';
import { matchDisplay, matchTrade } from './resting.ts';
import { turnDay } from './rules/rule-check.ts';
import { Timeline } from './timeline.ts';
import { VenueCore } from './venue-core.ts';
import type { Venue, VenueOptions } from './venue.ts';

export interface MarketView {
  readonly bid: PriceUnits;
  readonly bidQuantity: QuantityUnits;
  readonly ask: PriceUnits;
  readonly askQuantity: QuantityUnits;
  readonly last: PriceUnits;
  readonly book: OrderBook;
}

export function createVenue(options: VenueOptions): SimulatedVenue {
  return new SimulatedVenue(options);
}

/** Time, commands and market data in their order; the matching itself is in the files beside this one. */
export class SimulatedVenue implements Venue {
  private readonly core: VenueCore;
  private readonly time: Timeline;
  private lastId: InstrumentId = '';
  private lastMarket: InstrumentMarket | undefined;

  constructor(options: VenueOptions) {
    this.core = new VenueCore(options, () => {
      this.time.runCommands(this.core.now);
    });
    const latency = createRandom(seedOf('latency', options.seed));
    this.time = new Timeline(this.core, new CommandQueue(this.core.model, latency));
    for (const instrument of options.instruments.values()) this.list(instrument.id);
  }

  submit(order: Order, now: EpochMs): void {
    this.marketOf(order.instrument);
    this.time.send({ kind: 'submit', due: this.time.commands.due('submit', now), sentAt: now, order });
  }

  cancel(orderId: OrderId, now: EpochMs): void {
    this.time.send({ kind: 'cancel', due: this.time.commands.due('cancel', now), sentAt: now, orderId });
  }

  modify(orderId: OrderId, change: ModifyChange, now: EpochMs): void {
    this.time.send({ kind: 'modify', due: this.time.commands.due('modify', now), sentAt: now, orderId, change });
  }

  onMarket(event: MarketEvent): void {
    const market = this.marketOf(event.instrument);
    if (market === undefined) return;
    if (event.ts >= market.dayTurn) turnDay(this.core, market, event.ts);
    if (event.kind === 'bar') {
      this.onBar(market, event);
      return;
    }
    this.time.enter();
    try {
      this.time.advance(event.ts, false, true);
      this.core.serial += 1;
      const { standing } = market;
      if (standing.source === 'bar' || standing.source === 'none') market.phase = 'none';
      switch (event.kind) {
        case 'trade':
          standing.onTrade(event);
          market.activity?.onTrade(event);
          if (market.held > 0) matchTrade(this.core, market, event);
          break;
        case 'quote':
          standing.onQuote(event);
          if (market.held > 0) matchDisplay(this.core, market, event.ts);
          break;
        case 'book':
          standing.onSnapshot(event);
          if (market.held > 0) matchDisplay(this.core, market, event.ts);
          break;
        case 'delta':
          standing.onDelta(event);
          if (market.held > 0) matchDisplay(this.core, market, event.ts);
          break;
      }
      if (market.waiting.length > 0) this.releaseWaiting(market);
      this.time.settle();
    } finally {
      this.time.leave();
    }
  }

  /** One level of the book set by hand (scripts); quantity 0 removes it. False when it is impossible. */
  setLevel(
    instrument: InstrumentId,
    side: 'bid' | 'ask',
    price: PriceUnits,
    quantity: QuantityUnits,
    ts: EpochMs,
  ): boolean {
    const market = this.marketOf(instrument);
    if (market === undefined) return false;
    this.time.enter();
    try {
      this.time.advance(ts, false, true);
      this.core.serial += 1;
      const possible = market.standing.setLevel(side, price, quantity, ts);
      if (possible && market.held > 0) matchDisplay(this.core, market, ts);
      this.time.settle();
      return possible;
    } finally {
      this.time.leave();
    }
  }

  openBar(instrument: InstrumentId, open: PriceUnits, at: EpochMs, volume?: number): void {
    const market = this.marketOf(instrument);
    if (market === undefined) return;
    if (at >= market.dayTurn) turnDay(this.core, market, at);
    if (volume === undefined && this.core.model.barVolumeShare > 0) {
      this.advanceTo(at);
      return;
    }
    if (this.isIdle(market)) {
      this.open(market, open, at, volume ?? 0);
      if (at > this.core.now) this.core.now = at;
      return;
    }
    this.time.enter();
    try {
      this.time.advance(at, true, true);
      this.open(market, open, at, volume ?? 0);
      this.time.settle();
    } finally {
      this.time.leave();
    }
  }

  advanceTo(now: EpochMs): void {
    if (this.time.isBusy) return;
    this.time.enter();
    try {
      this.time.advance(now, true, true);
      this.time.settle();
    } finally {
      this.time.leave();
    }
  }

  /** What the venue shows of an instrument now; prices 0 = unknown. The book must not be changed. */
  view(instrument: InstrumentId): MarketView | null {
    const market = this.marketOf(instrument);
    if (market === undefined) return null;
    const { standing } = market;
    // Where a bar is newer than what is displayed, its close is the price.
    const displayed = market.barTs <= standing.ts;
    return {
      bid: displayed ? standing.touch(-1) : 0,
      bidQuantity: standing.touchQuantity(-1),
      ask: displayed ? standing.touch(1) : 0,
      askQuantity: standing.touchQuantity(1),
      last: displayed ? standing.lastPrice : market.barPrice,
      book: standing.book,
    };
  }

  working(): readonly Order[] {
    return Array.from(this.core.orders.values(), (order) => order.toOrder());
  }

  restore(order: Order): void {
    takeBack(this.core, order);
  }

  /** Nothing can happen but the passing of time: the path of a bar need not be walked. */
  private isIdle(market: InstrumentMarket): boolean {
    return market.held === 0 && this.time.isEmpty;
  }

  private onBar(market: InstrumentMarket, bar: Bar): void {
    if (this.isIdle(market) && bar.start >= market.standing.ts) {
      if (market.phase !== 'open' || market.openedAt !== bar.start) this.open(market, bar.open, bar.start, bar.volume);
      this.closeBar(market, bar);
      if (bar.ts > this.core.now) this.core.now = bar.ts;
      return;
    }
    this.time.enter();
    try {
      const { core } = this;
      if (market.standing.source === 'none') market.standing.source = 'bar';
      // Finer data of the same span has been matched already: the bar adds nothing.
      if (bar.start < market.standing.ts) {
        this.time.advance(bar.ts, true, true);
        this.time.settle();
        return;
      }
      if (market.phase !== 'open' || market.openedAt !== bar.start) {
        this.time.advance(bar.start, true, true);
        this.open(market, bar.open, bar.start, bar.volume);
      }
      this.time.advance(bar.ts, false, false);
      if (market.held > 0) matchWalk(core, market, bar);
      this.closeBar(market, bar);
      if (market.held > 0) matchClose(core, market);
      this.time.advance(bar.ts, true, true);
      this.time.settle();
    } finally {
      this.time.leave();
    }
  }

  private closeBar(market: InstrumentMarket, bar: Bar): void {
    market.phase = market.isBarDriven ? 'closed' : 'none';
    market.barPrice = bar.close;
    market.barTs = bar.ts;
    market.activity?.onBar(bar);
  }

  private open(market: InstrumentMarket, open: PriceUnits, at: EpochMs, volume: number): void {
    if (market.standing.source === 'none') market.standing.source = 'bar';
    beginBar(this.core, market, open, at, volume);
    if (market.held > 0 && at >= market.standing.ts) matchOpen(this.core, market);
  }

  /** The first data finer than bars has come: what waited for an open meets the market now. */
  private releaseWaiting(market: InstrumentMarket): void {
    for (const order of market.waiting.slice()) {
      if (order.done || order.acceptedAt > market.standing.ts) continue;
      this.core.lift(order, market);
      order.waiting = false;
      place(this.core, market, order, this.core.now);
      this.core.drain();
    }
  }

  private list(id: InstrumentId): InstrumentMarket | undefined {
    const instrument = this.core.options.instruments.get(id);
    if (instrument === undefined) return undefined;
    const market = new InstrumentMarket(instrument, this.core.model, this.core.options.barsOnly ?? false);
    if (this.core.rules !== null) market.dayTurn = Number.NEGATIVE_INFINITY;
    this.core.markets.set(id, market);
    return market;
  }

  /** Instruments may be added to the map while the venue runs. */
  private marketOf(id: InstrumentId): InstrumentMarket | undefined {
    if (id === this.lastId) return this.lastMarket;
    const market = this.core.markets.get(id) ?? this.list(id);
    if (market !== undefined) {
      this.lastId = id;
      this.lastMarket = market;
    }
    return market;
  }
}
