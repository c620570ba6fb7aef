import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Broker, BrokerListener, OrderChange, OrderInquiry } from '../../src/brokers/broker.ts';
import { createPaperBroker, type PaperBroker } from '../../src/brokers/paper-broker.ts';
import { SimulatedClock } from '../../src/clock/simulated.ts';
import { notional } from '../../src/domain/instrument.ts';
import type { Order, OrderId } from '../../src/domain/order.ts';
import { createRandom, type Random } from '../../src/domain/random.ts';
import { sequentialIds } from '../../src/execution/order-ids.ts';
import { createOrderManager } from '../../src/execution/order-manager.ts';
import { createVenue } from '../../src/venue/create-venue.ts';
import { DEFAULT_VENUE_MODEL } from '../../src/venue/model.ts';
import { ALLOW_ALL, ETH, FakeJournal, INSTRUMENTS, intentOf, Ledger, settle, sourceOf, START_CASH } from './support.ts';

/** The matching simulator behind a bad line: commands and news are lost or late, news also comes twice. */
class BadLine implements Broker {
  readonly id = 'bad-line';
  readonly kind = 'live';
  readonly venue: PaperBroker;
  readonly #clock: SimulatedClock;
  readonly #random: Random;
  readonly #loss: number;
  readonly arrived: string[] = [];
  submits = 0;

  constructor(clock: SimulatedClock, random: Random, loss: number) {
    this.#clock = clock;
    this.#random = random;
    this.#loss = loss;
    this.venue = createPaperBroker({
      id: 'venue',
      clock,
      createVenue,
      instruments: INSTRUMENTS,
      model: {
        ...DEFAULT_VENUE_MODEL,
        queue: false,
        touchFillProbability: 1,
        passedStop: 'trigger',
        fees: { maker: '0.0001', taker: '0.0003', fixed: '0' },
      },
      seed: 1,
      position: () => 0,
      dayEnd: () => Number.POSITIVE_INFINITY,
    });
  }

  #send(longest: number, deliver: () => void): void {
    if (this.#random.next() < this.#loss) return;
    this.#clock.setTimer(this.#clock.now() + Math.floor(this.#random.next() * longest), deliver);
  }

  submit(order: Order): void {
    this.submits += 1;
    this.#send(3_000, () => {
      this.arrived.push(order.id);
      this.venue.submit({ ...order, accountKind: 'paper' });
    });
  }
  cancel(orderId: OrderId): void {
    this.#send(3_000, () => this.venue.cancel(orderId));
  }
  modify(orderId: OrderId, change: OrderChange): void {
    this.#send(3_000, () => this.venue.modify(orderId, change));
  }
  inquire(orderId: OrderId): Promise<OrderInquiry> {
    if (this.#random.next() < this.#loss) return Promise.reject(new Error('timeout'));
    return this.venue.inquire(orderId);
  }
  listen(listener: BrokerListener): void {
    this.venue.listen({
      onUnknown: () => {},
      onEvent: (event) => {
        const copies = this.#random.next() < 0.3 ? 2 : 1;
        for (let copy = 0; copy < copies; copy += 1) this.#send(9_000, () => listener.onEvent(event));
      },
    });
  }
}

async function pass(clock: SimulatedClock, line: BadLine, ms: number): Promise<void> {
  const until = clock.now() + ms;
  while (clock.now() < until) {
    clock.advanceTo(Math.min(until, clock.now() + 250));
    line.venue.advanceTo(clock.now());
    await settle();
  }
}

async function session(seed: number, loss: number, actions: readonly number[]): Promise<void> {
  const random = createRandom(seed);
  const pick = (below: number): number => Math.floor(random.next() * below);
  const clock = new SimulatedClock(0);
  const journal = new FakeJournal();
  const ledger = new Ledger();
  const line = new BadLine(clock, random, loss);
  const manager = createOrderManager({
    clock,
    journal,
    brokers: new Map([['A', line]]),
    gate: ALLOW_ALL,
    applyFill: ledger.apply,
    idSource: sequentialIds('o'),
    instruments: INSTRUMENTS,
  });
  const quote = (): void => {
    const bid = 149_000 + pick(2_000);
    const quantities = { bidQuantity: 1_000 + pick(5_000), askQuantity: 1_000 + pick(5_000) };
    const ts = clock.now();
    line.venue.onMarket({ kind: 'quote', instrument: ETH.id, ts, at: ts, bid, ask: bid + 10, ...quantities });
  };
  quote();
  for (const action of actions) {
    const side = pick(2) === 0 ? 'buy' : 'sell';
    const price = 149_000 + pick(2_000);
    const quantity = 1_000 + pick(9_000);
    const open = manager.openOrders('A');
    const one = open[pick(Math.max(1, open.length))];
    if (action === 0) manager.submit(intentOf({ side, quantity, price }));
    else if (action === 1) manager.submit(intentOf({ side, quantity, type: 'market', price: null }));
    else if (action === 2) manager.submit(intentOf({ side, quantity, type: 'stop', price: null, trigger: price }));
    else if (action === 3 && one !== undefined) manager.cancel(one.id, 'x');
    else if (action === 4 && one !== undefined && one.price !== null) {
      manager.modify(one.id, { price, trigger: one.trigger, quantity });
    } else quote();
    await pass(clock, line, pick(4_000));
  }
  // The market stands still; whatever is unresolved must resolve itself, and what was missed is asked for.
  await pass(clock, line, 300_000);
  for (let round = 0; round < 3; round += 1) {
    manager.reconcile('all');
    await pass(clock, line, 200_000);
  }

  expect(line.submits).toBe(manager.counters.submitted);
  expect(new Set(line.arrived).size).toBe(line.arrived.length);
  let cash = START_CASH;
  let quantity = 0;
  for (const order of manager.orders()) {
    const answer = await line.venue.inquire(order.id);
    if (!answer.known) {
      expect(order).toMatchObject({ status: 'CANCELED', filled: 0, reasonCode: 'NOT_AT_VENUE' });
      continue;
    }
    const truth = answer.order;
    const terms = ({ filled, quantity: size, price, trigger }: Order): object => ({ filled, size, price, trigger });
    expect({ id: order.id, ...terms(order) }).toEqual({ id: order.id, ...terms(truth) });
    expect(order.status).toBe(truth.status);
    expect(order.filledNotional.eq(truth.filledNotional)).toBe(true);
    expect(order.fees.eq(truth.fees)).toBe(true);
    const sign = order.side === 'buy' ? 1 : -1;
    quantity += sign * truth.filled;
    cash = cash.minus(truth.filledNotional.times(sign)).minus(truth.fees);
  }
  expect(ledger.quantity).toBe(quantity);
  expect(ledger.cash.eq(cash)).toBe(true);
  const fills = sourceOf(journal.records).fills();
  const booked = fills.reduce(
    (left, fill) =>
      left.minus(notional(ETH, fill.price, fill.side === 'buy' ? fill.quantity : -fill.quantity)).minus(fill.fee),
    START_CASH,
  );
  expect(booked.eq(cash)).toBe(true);
}

describe('a venue behind a bad line', () => {
  it.each([0, 0.1, 0.35])(
    'loses %f of all messages: books and venue agree in the end, and nothing is sent twice',
    async (loss) => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer(),
          fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 3, maxLength: 20 }),
          (seed, actions) => session(seed, loss, actions),
        ),
        { numRuns: 60 },
      );
    },
  );
});
