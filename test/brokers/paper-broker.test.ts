import { describe, expect, it } from 'vitest';
import { createPaperBroker, type PaperBroker } from '../../src/brokers/paper-broker.ts';
import { SimulatedClock } from '../../src/clock/simulated.ts';
import { ZERO } from '../../src/domain/decimal.ts';
import { defineInstrument } from '../../src/domain/instrument.ts';
import type { Order } from '../../src/domain/order.ts';
import type { VenueEvent } from '../../src/domain/order-event.ts';
import { createVenue } from '../../src/venue/create-venue.ts';
import { DEFAULT_VENUE_MODEL } from '../../src/venue/model.ts';

const defined = defineInstrument({
  symbol: 'ETHUSDT',
  venue: 'BINANCE',
  kind: 'crypto-perpetual',
  quote: 'USDT',
  tick: '0.01',
  step: '0.001',
});
if (!defined.ok) throw new Error(defined.error.sentence);
const ETH = defined.value;

function order(changes: Partial<Order> = {}): Order {
  return {
    accountId: 'A',
    accountKind: 'paper',
    instrument: ETH.id,
    side: 'buy',
    type: 'limit',
    quantity: 1_000,
    price: 150_000,
    trigger: null,
    timeInForce: 'GTC',
    expireAt: null,
    postOnly: false,
    reduceOnly: false,
    source: 'manual',
    strategyId: null,
    note: null,
    idempotencyKey: null,
    id: 'o1',
    status: 'SUBMITTED',
    previousStatus: 'INITIALIZED',
    filled: 0,
    filledNotional: ZERO,
    fees: ZERO,
    venueOrderId: null,
    createdAt: 0,
    updatedAt: 0,
    reasonCode: null,
    reason: null,
    ...changes,
  };
}

function open(latencyMs = 0): { broker: PaperBroker; clock: SimulatedClock; events: VenueEvent[] } {
  const clock = new SimulatedClock(0);
  const events: VenueEvent[] = [];
  const broker = createPaperBroker({
    id: 'paper',
    clock,
    createVenue,
    instruments: new Map([[ETH.id, ETH]]),
    model: { ...DEFAULT_VENUE_MODEL, latencyMs, queue: false },
    seed: 1,
    position: () => 0,
    dayEnd: () => 86_400_000,
  });
  broker.listen({ onEvent: (event) => events.push(event), onUnknown: () => expect.unreachable() });
  return { broker, clock, events };
}

function quote(broker: PaperBroker, ts: number, bid: number, ask: number): void {
  broker.onMarket({ kind: 'quote', instrument: ETH.id, ts, at: ts, bid, bidQuantity: 600, ask, askQuantity: 600 });
}

const types = (events: readonly VenueEvent[]): string[] => events.map((event) => event.type);

describe('the paper broker', () => {
  it('hands orders and market data to the venue and reports every outcome', () => {
    const { broker, events } = open();
    quote(broker, 0, 150_100, 150_110);
    broker.submit(order());
    expect(types(events)).toEqual(['accepted']);
    expect(broker.working().map((working) => working.id)).toEqual(['o1']);
    quote(broker, 5, 149_980, 149_990);
    expect(types(events)).toEqual(['accepted', 'filled']);
    broker.modify('o1', { price: 149_000, trigger: null, quantity: 1_000 });
    broker.cancel('o1');
    expect(types(events)).toEqual(['accepted', 'filled', 'updated', 'canceled']);
    expect(broker.working()).toEqual([]);
  });

  it('delays commands by the latency of the model, on the clock it was given', () => {
    const { broker, clock, events } = open(50);
    quote(broker, 0, 150_100, 150_110);
    broker.submit(order());
    clock.advanceTo(49);
    broker.advanceTo(49);
    expect(events).toEqual([]);
    clock.advanceTo(50);
    broker.advanceTo(50);
    expect(events).toMatchObject([{ type: 'accepted', ts: 50 }]);
  });

  it('answers inquiries from its own table', async () => {
    const { broker } = open();
    quote(broker, 0, 150_100, 150_110);
    broker.submit(order());
    quote(broker, 5, 149_980, 149_990);
    const answer = await broker.inquire('o1');
    expect(answer).toMatchObject({ known: true, order: { status: 'PARTIALLY_FILLED', filled: 600 } });
    expect(answer.known && types(answer.events)).toEqual(['accepted', 'filled']);
    broker.cancel('o1');
    expect(await broker.inquire('o1')).toMatchObject({ known: true, order: { status: 'CANCELED', filled: 600 } });
    expect(await broker.inquire('o2')).toEqual({ known: false });
  });

  it('turns live orders away', () => {
    const { broker, events } = open();
    quote(broker, 0, 150_100, 150_110);
    broker.submit(order({ accountKind: 'live' }));
    expect(events).toMatchObject([{ type: 'rejected', code: 'ACCOUNT_KIND' }]);
    expect(broker.working()).toEqual([]);
  });

  it('puts an order of an earlier run back in silence, and fills only what it had left', () => {
    const { broker, events } = open();
    broker.restore(order({ status: 'PARTIALLY_FILLED', filled: 700 }));
    expect(events).toEqual([]);
    expect(broker.working()).toMatchObject([{ id: 'o1', filled: 700, status: 'PARTIALLY_FILLED' }]);
    quote(broker, 5, 149_980, 149_990);
    expect(events).toMatchObject([
      { type: 'filled', fill: { quantity: 300, tradeId: expect.not.stringMatching(/^$/) } },
    ]);
  });

  it('knows that a partly filled stop has triggered', () => {
    const { broker, events } = open();
    const stop = { type: 'stop-limit', trigger: 150_500, price: 150_600 } as const;
    broker.restore(order({ ...stop, id: 'begun', status: 'PARTIALLY_FILLED', filled: 700 }));
    broker.restore(order({ ...stop, id: 'waiting', status: 'ACCEPTED' }));
    quote(broker, 5, 149_980, 149_990);
    expect(events.map((event) => `${event.orderId} ${event.type}`)).toEqual(['begun filled']);
  });
});
