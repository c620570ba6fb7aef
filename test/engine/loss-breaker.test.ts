import { describe, expect, it, vi } from 'vitest';
import { SimulatedClock } from '../../src/clock/simulated.ts';
import type { Account } from '../../src/domain/account.ts';
import { defineInstrument } from '../../src/domain/instrument.ts';
import type { OrderIntent } from '../../src/domain/order.ts';
import { LossBreaker } from '../../src/engine/loss-breaker.ts';
import { TradingCore } from '../../src/engine/trading-core.ts';
import { MemoryJournal } from '../../src/journal/memory-journal.ts';
import { RESEARCH_LIMITS } from '../../src/risk/limits.ts';
import { DEFAULT_VENUE_MODEL } from '../../src/venue/model.ts';

const START = Date.parse('2024-08-08T10:00:00Z');
const defined = defineInstrument({
  symbol: 'BTCUSDT',
  venue: 'SIM',
  kind: 'crypto-perpetual',
  quote: 'USDT',
  tick: '0.01',
  step: '0.001',
});
if (!defined.ok) throw new Error(defined.error.sentence);
const BTC = defined.value;
const ACCOUNT: Account = {
  id: 'a',
  name: 'A',
  kind: 'paper',
  broker: 'sim',
  currency: 'USDT',
  type: 'margin',
  leverage: '5',
  startingCash: '1000',
};

function session(latencyMs: number) {
  const core = new TradingCore({
    clock: new SimulatedClock(START),
    journal: new MemoryJournal(),
    accounts: [ACCOUNT],
    instruments: [BTC],
    venues: [
      {
        id: 'sim',
        model: { ...DEFAULT_VENUE_MODEL, latencyMs, fees: { maker: '0', taker: '0', fixed: '0' } },
        serves: () => true,
      },
    ],
    seed: 1,
    limits: () => ({ ...RESEARCH_LIMITS, maxDailyLoss: '0.05', flattenAt: '1.25' }),
    sessions: true,
    staleAfterMs: 10_000,
    orderPrefix: 'o',
    barFill: 'next-open',
  });
  const breaker = new LossBreaker(core);
  core.listen({ onCauses: (_, change) => breaker.onChange(change) });
  let seconds = 0;
  const quote = (bid: number, quantity = 1_000_000): void => {
    seconds += 1;
    const ts = START + seconds * 1_000;
    core.advanceTo(ts);
    core.onEvent({
      kind: 'quote',
      instrument: BTC.id,
      ts,
      at: ts,
      bid,
      bidQuantity: quantity,
      ask: bid + 2,
      askQuantity: quantity,
    });
  };
  const order = (change: Partial<OrderIntent>): void => {
    const sent = core.submit({
      accountId: 'a',
      accountKind: 'paper',
      instrument: BTC.id,
      side: 'buy',
      type: 'market',
      quantity: 10_000,
      price: null,
      trigger: null,
      timeInForce: 'GTC',
      expireAt: null,
      postOnly: false,
      reduceOnly: false,
      source: 'manual',
      strategyId: null,
      note: null,
      idempotencyKey: null,
      ...change,
    });
    if (!sent.ok) throw new Error(sent.error.sentence);
  };
  const states = (): string[] => core.orders.orders().map(({ type, source, status }) => `${source} ${type} ${status}`);
  quote(9_998);
  // 10 BTC at 100.00: a cent of price is 0.1 of a thousand, a dollar 1 % of equity.
  order({});
  quote(9_998);
  order({ type: 'limit', price: 9_000 });
  order({ side: 'sell', type: 'stop', trigger: 9_000, reduceOnly: true, source: 'exit' });
  quote(9_998);
  return { core, quote, states, held: () => core.portfolio.position('a', BTC.id) };
}

describe.each([0, 40])('a session without a person, latency %i ms', (latencyMs) => {
  it('reducing takes entries back and keeps exits; the halt keeps the position; beyond the last rung it is closed', () => {
    const { core, quote, states, held } = session(latencyMs);
    expect(held()).toBe(10_000);
    quote(9_600);
    expect(core.monitor.status('a')?.state).toBe('REDUCING');
    quote(9_600);
    expect(states()).toEqual(['manual market FILLED', 'manual limit CANCELED', 'exit stop ACCEPTED']);
    quote(9_499);
    quote(9_499);
    expect(core.monitor.status('a')?.state).toBe('HALTED');
    expect(held()).toBe(10_000);
    expect(states()).toContain('exit stop ACCEPTED');
    quote(9_374);
    for (let tick = 0; tick < 5; tick += 1) quote(9_370);
    expect(held()).toBe(0);
    expect(states()).toContain('exit stop CANCELED');
    expect(states().filter((one) => one.startsWith('flatten'))).toEqual(['flatten market FILLED']);
    expect(core.orders.openOrders('a')).toEqual([]);
    // Nothing comes back, and nothing is turned around.
    for (let tick = 0; tick < 5; tick += 1) quote(8_000);
    expect(held()).toBe(0);
  });

  it('what cannot be closed gets its stops back', () => {
    const { core, quote, held } = session(latencyMs);
    vi.spyOn(core.view, 'marketClosed').mockReturnValue('the exchange is closed');
    for (let tick = 0; tick < 4; tick += 1) quote(9_300);
    expect(core.contingent.state.stoodDown).toEqual(['a']);
    core.advanceTo(core.options.clock.now() + 120_000);
    expect(held()).toBe(10_000);
    expect(core.contingent.state.stoodDown).toEqual([]);
  });

  it('little liquidity: goes on until it is flat', () => {
    const { quote, held } = session(latencyMs);
    for (let tick = 0; tick < 12; tick += 1) quote(9_300, 2_000);
    expect(held()).toBe(0);
  });
});
