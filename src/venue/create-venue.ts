import type { InstrumentId } from '../domain/instrument.ts';
import type { Bar, MarketEvent } from '../domain/market-data.ts';
import type { Order, OrderId } from '../domain/order.ts';
import { createRandom, seedOf } from '../domain/random.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';
import type { OrderBook } from '../market/order-book.ts';
import { beginBar, matchClose, matchOpen, matchWalk } from './bars.ts';
import { CommandQueue, type ModifyChange, type VenueCommand } from './command-queue.ts';
import { InstrumentMarket } from './instrument-market.ts';
import { cancelOrder, changeOrder, place, takeBack, takeOrder } from './intake.ts';
import { matchDisplay, matchTrade } from './resting.ts';
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
  private readonly commands: CommandQueue;
  /** Inside an outermost call; calls made by the receiver of an event are queued. */
  private busy = false;
  /** Latest instant named by a call from within; the outermost call does not end before it. */
  private calledAt: EpochMs = Number.NEGATIVE_INFINITY;
  private lastId: InstrumentId = '';
  private lastMarket: InstrumentMarket | undefined;

  constructor(options: VenueOptions) {
    this.core = new VenueCore(options, () => {
      this.runCommands(this.core.now);
    });
    this.commands = new CommandQueue(options.model, createRandom(seedOf('latency', options.seed)));
    for (const instrument of options.instruments.values()) this.list(instrument.id);
  }

  submit(order: Order, now: EpochMs): void {
    this.send({ kind: 'submit', due: this.commands.due('submit', now), sentAt: now, order });
  }

  cancel(orderId: OrderId, now: EpochMs): void {
    this.send({ kind: 'cancel', due: this.commands.due('cancel', now), sentAt: now, orderId });
  }

  modify(orderId: OrderId, change: ModifyChange, now: EpochMs): void {
    this.send({ kind: 'modify', due: this.commands.due('modify', now), sentAt: now, orderId, change });
  }

  onMarket(event: MarketEvent): void {
    const market = this.marketOf(event.instrument);
    if (market === undefined) return;
    if (event.kind === 'bar') {
      this.onBar(market, event);
      return;
    }
    this.begin();
    try {
      this.advance(event.ts, false, true);
      this.core.serial += 1;
      const { standing } = market;
      if (standing.source === 'bar' || standing.source === 'none') market.phase = 'none';
      switch (event.kind) {
        case 'trade':
          standing.onTrade(event);
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
    } finally {
      this.end();
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
    this.begin();
    try {
      this.advance(ts, false, true);
      this.core.serial += 1;
      if (!market.standing.setLevel(side, price, quantity, ts)) return false;
      if (market.held > 0) matchDisplay(this.core, market, ts);
      return true;
    } finally {
      this.end();
    }
  }

  openBar(instrument: InstrumentId, open: PriceUnits, at: EpochMs, volume?: number): void {
    const market = this.marketOf(instrument);
    if (market === undefined) return;
    if (volume === undefined && this.core.model.barVolumeShare > 0) {
      this.advanceTo(at);
      return;
    }
    if (this.isIdle(market)) {
      this.open(market, open, at, volume ?? 0);
      if (at > this.core.now) this.core.now = at;
      return;
    }
    this.begin();
    try {
      this.advance(at, true, true);
      this.open(market, open, at, volume ?? 0);
    } finally {
      this.end();
    }
  }

  advanceTo(now: EpochMs): void {
    if (this.busy) return;
    this.begin();
    try {
      this.advance(now, true, true);
    } finally {
      this.end();
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
    return (
      market.held === 0 && !this.busy && this.commands.isEmpty && this.core.nextExpiry === Number.POSITIVE_INFINITY
    );
  }

  private onBar(market: InstrumentMarket, bar: Bar): void {
    if (this.isIdle(market) && bar.start >= market.standing.ts) {
      if (market.phase !== 'open' || market.openedAt !== bar.start) this.open(market, bar.open, bar.start, bar.volume);
      this.closeBar(market, bar);
      if (bar.ts > this.core.now) this.core.now = bar.ts;
      return;
    }
    this.begin();
    try {
      const { core } = this;
      if (market.standing.source === 'none') market.standing.source = 'bar';
      // Finer data of the same span has been matched already: the bar adds nothing.
      if (bar.start < market.standing.ts) {
        this.advance(bar.ts, true, true);
        return;
      }
      if (market.phase !== 'open' || market.openedAt !== bar.start) {
        this.advance(bar.start, true, true);
        this.open(market, bar.open, bar.start, bar.volume);
      }
      this.advance(bar.ts, false, false);
      if (market.held > 0) matchWalk(core, market, bar);
      this.closeBar(market, bar);
      if (market.held > 0) matchClose(core, market);
      this.advance(bar.ts, true, true);
    } finally {
      this.end();
    }
  }

  private closeBar(market: InstrumentMarket, bar: Bar): void {
    market.phase = market.isBarDriven ? 'closed' : 'none';
    market.barPrice = bar.close;
    market.barTs = bar.ts;
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

  private send(command: VenueCommand): void {
    if (command.kind === 'submit') this.marketOf(command.order.instrument);
    this.commands.push(command);
    if (this.busy) {
      if (command.sentAt > this.calledAt) this.calledAt = command.sentAt;
      return;
    }
    this.begin();
    try {
      this.advance(command.sentAt, true, true);
    } finally {
      this.end();
    }
  }

  private begin(): void {
    if (this.busy) throw new Error('market data and time must not be fed to the venue from inside one of its events');
    this.busy = true;
  }

  private end(): void {
    try {
      while (this.commands.nextDue <= Math.max(this.core.now, this.calledAt)) {
        this.advance(Math.max(this.core.now, this.calledAt), true, true);
      }
    } finally {
      this.busy = false;
      this.calledAt = Number.NEGATIVE_INFINITY;
    }
  }

  /**
   * Time moves to `until`: what falls due on the way takes effect in its order, an end of life before a command of the
   * same instant. What is due at `until` itself waits for the data of that instant unless it is included.
   */
  private advance(until: EpochMs, commandsAtEnd: boolean, expiriesAtEnd: boolean): void {
    const { core, commands } = this;
    for (;;) {
      const command = commands.nextDue;
      const expiry = core.nextExpiry;
      if (expiry <= command && (expiry < until || (expiriesAtEnd && expiry === until))) this.expire(expiry);
      else if (command < until || (commandsAtEnd && command === until)) {
        core.now = Math.max(core.now, command);
        this.runCommands(core.now);
      } else if (expiry < until || (expiriesAtEnd && expiry === until)) this.expire(expiry);
      else break;
    }
    if (until > core.now) core.now = until;
  }

  private runCommands(until: EpochMs): void {
    const { core, commands } = this;
    for (let command = commands.shift(until); command !== null; command = commands.shift(until)) {
      const at = Math.max(command.due, core.now);
      if (command.kind === 'submit') takeOrder(core, command.order, at, command.due - command.sentAt);
      else if (command.kind === 'cancel') cancelOrder(core, command.orderId, at);
      else changeOrder(core, command.orderId, command.change, at);
    }
  }

  private expire(at: EpochMs): void {
    const { core } = this;
    core.now = Math.max(core.now, at);
    core.nextExpiry = Number.POSITIVE_INFINITY;
    for (const order of core.orders.values()) {
      if (order.expireAt <= at) {
        core.close(order, 'expired', 'TIME_IN_FORCE', 'The order has reached the end of its life.', core.now);
      } else if (order.expireAt < core.nextExpiry) core.nextExpiry = order.expireAt;
    }
  }
}
