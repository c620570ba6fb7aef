import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/clock/simulated.ts';
import type { Account } from '../../src/domain/account.ts';
import { ZERO } from '../../src/domain/decimal.ts';
import type { Fill } from '../../src/domain/fill.ts';
import { defineInstrument } from '../../src/domain/instrument.ts';
import type { Quote } from '../../src/domain/market-data.ts';
import type { OrderIntent } from '../../src/domain/order.ts';
import { TradingCore } from '../../src/engine/trading-core.ts';
import { MemoryJournal } from '../../src/journal/memory-journal.ts';
import { DEFAULT_LIMITS } from '../../src/risk/limits.ts';
import { DEFAULT_VENUE_MODEL } from '../../src/venue/model.ts';

const START = Date.parse('2024-08-08T10:00:00Z');
const defined = defineInstrument({
  symbol: 'BTCUSDT',
  venue: 'SIM',
  kind: 'crypto-spot',
  quote: 'USDT',
  tick: '0.01',
  step: '0.00001',
});
if (!defined.ok) throw new Error(defined.error.sentence);
const BTC = defined.value;
const account = (id: string): Account => ({
  id,
  name: id,
  kind: 'paper',
  broker: 'sim',
  currency: 'USDT',
  type: 'cash',
  leverage: '1',
  startingCash: '100000',
});

function intent(accountId: string): OrderIntent {
  return {
    accountId,
    accountKind: 'paper',
    instrument: BTC.id,
    side: 'buy',
    type: 'limit',
    quantity: 10_000,
    price: 5_000_000,
    trigger: null,
    timeInForce: 'GTC',
    expireAt: null,
    postOnly: false,
    reduceOnly: false,
    source: 'manual',
    strategyId: null,
    note: null,
    idempotencyKey: null,
  };
}

function open() {
  const clock = new SimulatedClock(START);
  const core = new TradingCore({
    clock,
    journal: new MemoryJournal(),
    accounts: [account('a'), account('b')],
    instruments: [BTC],
    venues: [{ id: 'sim', model: DEFAULT_VENUE_MODEL, serves: () => true }],
    seed: 1,
    limits: () => DEFAULT_LIMITS,
    sessions: true,
    staleAfterMs: 10_000,
    orderPrefix: 'o',
    barFill: 'next-open',
  });
  const quote: Quote = {
    kind: 'quote',
    instrument: BTC.id,
    ts: START,
    at: START,
    bid: 5_000_100,
    bidQuantity: 100_000,
    ask: 5_000_200,
    askQuantity: 100_000,
  };
  core.onEvent(quote);
  const sent = core.submit(intent('a'));
  if (!sent.ok) throw new Error(sent.error.sentence);
  core.advanceTo(START + 200);
  return { core, id: sent.value.id };
}

function fill(orderId: string, tradeId: string, quantity: number): Fill {
  return {
    tradeId,
    orderId,
    accountId: 'a',
    instrument: BTC.id,
    side: 'buy',
    price: 5_000_000,
    quantity,
    liquidity: 'maker',
    fee: ZERO,
    ts: START + 300,
    modelled: { model: 'test', seed: null, latencyMs: 0, reference: 5_000_000, slippage: 0, impact: 0 },
  };
}

describe('a fill that our books do not take', () => {
  it.each([
    ['more than the order asked for', (id: string) => fill(id, 'T1', 20_000)],
    ['of an order that this engine does not know', () => fill('elsewhere', 'T2', 10_000)],
  ])('%s halts that account and no other', (_, of) => {
    const { core, id } = open();
    const one = of(id);
    core.orders.resolve({ type: 'filled', orderId: one.orderId, ts: one.ts, fill: one });
    expect(core.portfolio.position('a', BTC.id)).toBe(0);
    expect(core.monitor.causes).toMatchObject([
      { code: 'POSITION_MISMATCH', scope: 'a', level: 'HALTED', latched: true },
    ]);
    expect(core.submit(intent('a'))).toMatchObject({ ok: false, error: { code: 'TRADING_HALTED' } });
    expect(core.submit(intent('b')).ok).toBe(true);
  });

  it('an impossible event that is no fill halts nothing', () => {
    const { core, id } = open();
    core.orders.cancel(id, 'enough');
    core.advanceTo(START + 400);
    core.orders.resolve({ type: 'accepted', orderId: id, ts: START + 500, venueOrderId: 'V-9' });
    expect(core.monitor.causes).toEqual([]);
  });

  it('a fill that the venue counts and does not list halts too', async () => {
    const { core, id } = open();
    const [broker] = core.brokers;
    const order = core.orders.find(id);
    if (broker === undefined || order === null) throw new Error('no broker');
    Object.assign(broker, {
      inquire: () =>
        Promise.resolve({ known: true, order: { ...order, filled: 4_000, status: 'PARTIALLY_FILLED' }, events: [] }),
    });
    core.orders.inquire(id);
    await new Promise((resolve) => setImmediate(resolve));
    expect(core.monitor.causes).toMatchObject([{ code: 'POSITION_MISMATCH', scope: 'a' }]);
  });
});
