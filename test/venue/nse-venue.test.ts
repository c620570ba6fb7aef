import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal, ZERO } from '../../src/domain/decimal.ts';
import { defineInstrument, notional } from '../../src/domain/instrument.ts';
import type { Order } from '../../src/domain/order.ts';
import type { VenueEvent } from '../../src/domain/order-event.ts';
import { createVenue, type SimulatedVenue } from '../../src/venue/create-venue.ts';
import { DEFAULT_VENUE_MODEL, type VenueModel } from '../../src/venue/model.ts';
import { LISTED_SHARE, type Listing } from '../../src/venue/rules/listing.ts';
import type { VenueOptions } from '../../src/venue/venue.ts';

const made = defineInstrument({
  symbol: 'SBIN',
  venue: 'nse',
  kind: 'equity',
  quote: 'INR',
  tick: '0.05',
  step: '1',
  calendar: 'nse',
});
if (!made.ok) throw new Error(made.error.sentence);
const SBIN = made.value;
const at = (text: string): number => Date.parse(`${text}+05:30`);
const T = at('2025-06-02T10:00');
const MODEL: VenueModel = {
  ...DEFAULT_VENUE_MODEL,
  queue: false,
  fees: { ...DEFAULT_VENUE_MODEL.fees, charges: { exchange: 'NSE', plan: 'zerodha', product: 'intraday' } },
  rules: 'nse',
};

class Exchange {
  readonly venue: SimulatedVenue;
  readonly events: VenueEvent[] = [];
  private sent = 0;
  sequence = 0;

  constructor(options: Partial<VenueOptions> & { listing?: () => Listing } = {}) {
    this.venue = createVenue({
      instruments: new Map([[SBIN.id, SBIN]]),
      model: MODEL,
      seed: 1,
      position: () => 0,
      dayEnd: (_, now) => now + 86_400_000,
      emit: (event) => this.events.push(event),
      ...options,
    });
  }

  book(bid: number, ask: number, quantity: number, ts: number): void {
    this.sequence += 1;
    this.venue.onMarket({
      kind: 'book',
      instrument: SBIN.id,
      ts,
      at: ts,
      sequence: this.sequence,
      bids: [bid, quantity],
      asks: [ask, quantity],
    });
  }

  /** `price` on the side that an order of `side` takes. */
  offer(side: 'buy' | 'sell', price: number, quantity: number, ts: number): void {
    this.book(side === 'buy' ? price - 5 : price, side === 'buy' ? price : price + 5, quantity, ts);
  }

  trade(price: number, ts: number): void {
    const stamp = { instrument: SBIN.id, ts, at: ts };
    this.venue.onMarket({ kind: 'trade', ...stamp, price, quantity: 1, aggressor: null, tradeId: null });
  }

  send(terms: Partial<Order>, now: number): string {
    this.sent += 1;
    const id = `o${this.sent}`;
    const order: Order = {
      id,
      accountId: 'a',
      accountKind: 'paper',
      instrument: SBIN.id,
      side: 'buy',
      type: 'market',
      quantity: 10,
      price: null,
      trigger: null,
      timeInForce: 'DAY',
      expireAt: null,
      postOnly: false,
      reduceOnly: false,
      source: 'manual',
      strategyId: null,
      note: null,
      idempotencyKey: null,
      status: 'SUBMITTED',
      previousStatus: 'INITIALIZED',
      filled: 0,
      filledNotional: ZERO,
      fees: ZERO,
      venueOrderId: null,
      createdAt: now,
      updatedAt: now,
      reasonCode: null,
      reason: null,
      ...terms,
    };
    this.venue.submit(order, now);
    return id;
  }

  fees(): Decimal {
    return this.events.reduce((sum, event) => (event.type === 'filled' ? sum.plus(event.fill.fee) : sum), ZERO);
  }

  refusals(): string[] {
    return this.events.flatMap((event) =>
      event.type === 'rejected' || event.type === 'modify-rejected' ? [event.code] : [],
    );
  }
}

describe('charges of fills', () => {
  it('are the itemised charges of the order by product and side', () => {
    for (const [product, side, fee] of [
      // 100 x 800.00: brokerage 20, transaction 2.38, SEBI 0.08, GST 4.04; stamp 2.40 on the buy, tax 20 on the sale.
      ['intraday', 'buy', '28.9'],
      ['intraday', 'sell', '46.5'],
      // No brokerage; tax 80 on both sides, stamp 12.00 on the buy, GST 0.44.
      ['delivery', 'buy', '94.9'],
      ['delivery', 'sell', '82.9'],
    ] as const) {
      const exchange = new Exchange({ product: () => product });
      exchange.offer(side, 80_000, 1_000, T);
      exchange.send({ side, quantity: 100 }, T + 1);
      expect(`${product} ${side} ${exchange.fees().toFixed()}`).toBe(`${product} ${side} ${fee}`);
    }
  });

  it('add up to those of the whole order however many fills it takes, each with its parts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 }),
        fc.constantFrom('buy' as const, 'sell' as const),
        fc.constantFrom('delivery' as const, 'intraday' as const),
        fc.integer({ min: 1_000, max: 9_999 }),
        (pieces, side, product, ticks) => {
          const price = ticks * 5;
          const whole = pieces.reduce((sum, piece) => sum + piece, 0);
          const atOnce = new Exchange({ product: () => product });
          atOnce.offer(side, price, whole, T);
          atOnce.send({ side, quantity: whole, type: 'limit', price }, T + 1);
          const inParts = new Exchange({ product: () => product });
          pieces.forEach((piece, index) => {
            if (index === 0) {
              inParts.offer(side, price, piece, T + 1);
              inParts.send({ side, quantity: whole, type: 'limit', price }, T + 2);
            } else {
              const stamp = { instrument: SBIN.id, ts: T + 2 + index, at: T + 2 + index };
              const aggressor = side === 'buy' ? ('sell' as const) : ('buy' as const);
              inParts.venue.onMarket({
                kind: 'trade',
                ...stamp,
                price: side === 'buy' ? price - 5 : price + 5,
                quantity: piece,
                aggressor,
                tradeId: null,
              });
            }
          });
          const fills = inParts.events.flatMap((event) => (event.type === 'filled' ? [event.fill] : []));
          const filled = fills.reduce((sum, fill) => sum + fill.quantity, 0);
          expect([filled, fills.length]).toEqual([whole, pieces.length]);
          expect(fills.every((fill) => fill.price === price)).toBe(true);
          expect(inParts.fees().toFixed()).toBe(atOnce.fees().toFixed());
          for (const fill of fills) {
            expect(fill.fee.greaterThanOrEqualTo(0)).toBe(true);
            const parts = Object.values(fill.charges ?? {}).reduce((sum, part) => sum.plus(part), ZERO);
            expect(parts.toFixed()).toBe(fill.fee.toFixed());
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('of a day without known rates are not guessed: the order is refused', () => {
    const day = at('2020-10-05T10:00');
    const exchange = new Exchange();
    exchange.offer('buy', 80_000, 1_000, day);
    exchange.send({}, day + 1);
    expect(exchange.refusals()).toEqual(['CHARGE_DATE_UNKNOWN']);
  });

  it('are exact on odd values', () => {
    const exchange = new Exchange({ product: () => 'delivery' });
    exchange.offer('sell', 80_005, 1_000, T);
    exchange.send({ side: 'sell', quantity: 7 }, T + 1);
    // 5600.35: tax 5.60035 to the rupee, transaction 0.17, SEBI 0.01, GST 0.03.
    expect(notional(SBIN, 80_005, 7).toFixed()).toBe('5600.35');
    expect(exchange.fees().toFixed()).toBe('6.21');
  });
});

describe('rules at the venue', () => {
  it('refuse an order that arrives after the close, and let one that came in time stand', () => {
    const exchange = new Exchange();
    const close = at('2025-06-02T15:30');
    exchange.book(80_000, 80_005, 100, close - 1_000);
    exchange.send({}, close - 500);
    exchange.send({}, close);
    expect(exchange.refusals()).toEqual(['MARKET_CLOSED']);
  });

  it('count the price band from the last price of the day before', () => {
    const listing = (): Listing => ({ ...LISTED_SHARE, band: 5 });
    const exchange = new Exchange({ listing });
    exchange.trade(80_000, T);
    exchange.trade(82_000, T + 1);
    // Until a close is known the first price of the day stands in: up to 840.
    exchange.send({ type: 'limit', price: 84_005, side: 'sell' }, T + 2);
    exchange.send({ type: 'limit', price: 84_000, side: 'sell' }, T + 3);
    const next = at('2025-06-03T09:20');
    exchange.trade(83_000, next);
    // From 820 up to 861.
    exchange.send({ type: 'limit', price: 86_100, side: 'sell' }, next + 1);
    exchange.send({ type: 'limit', price: 86_105, side: 'sell' }, next + 2);
    expect(exchange.refusals()).toEqual(['PRICE_BAND', 'PRICE_BAND']);
  });

  it('bind a modification as well', () => {
    const exchange = new Exchange({ listing: () => ({ ...LISTED_SHARE, band: 5, freezeQuantity: 50 }) });
    exchange.trade(80_000, T);
    exchange.trade(80_000, T + 1);
    const id = exchange.send({ type: 'limit', price: 79_000 }, T + 2);
    exchange.venue.modify(id, { price: 75_000, trigger: null, quantity: 10 }, T + 3);
    exchange.venue.modify(id, { price: null, trigger: null, quantity: 51 }, T + 4);
    exchange.venue.modify(id, { price: 78_000, trigger: null, quantity: 50 }, T + 5);
    expect(exchange.refusals()).toEqual(['PRICE_BAND', 'FREEZE_QUANTITY']);
    expect(exchange.venue.working()).toMatchObject([{ price: 78_000, quantity: 50 }]);
  });

  it('turn a market order in derivatives into a protected limit order that rests, also after a restart', () => {
    const day = at('2026-08-10T10:00');
    const listing = (): Listing => ({ ...LISTED_SHARE, segment: 'stock-futures', band: null });
    const model: VenueModel = { ...MODEL, fees: DEFAULT_VENUE_MODEL.fees };
    const exchange = new Exchange({ listing, model });
    exchange.sequence += 1;
    exchange.venue.onMarket({
      kind: 'book',
      instrument: SBIN.id,
      ts: day,
      at: day,
      sequence: exchange.sequence,
      bids: [99_000, 10],
      asks: [100_000, 4, 101_500, 3, 102_000, 100],
    });
    exchange.send({ quantity: 20 }, day + 1);
    const working = exchange.venue.working();
    expect(working).toMatchObject([{ type: 'limit', price: 101_500, filled: 7, status: 'PARTIALLY_FILLED' }]);
    expect(exchange.events.map(({ type }) => type)).toEqual(['accepted', 'updated', 'filled', 'filled']);
    const [order] = working;
    if (order === undefined) throw new Error('one order works');
    const restarted = new Exchange({ listing, model });
    restarted.venue.restore({ ...order, type: 'market' });
    restarted.book(99_000, 102_000, 100, day + 10);
    expect(restarted.events).toEqual([]);
    expect(restarted.venue.working()).toMatchObject([{ price: 101_500, filled: 7 }]);
  });
});
