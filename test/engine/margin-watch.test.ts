import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { SimulatedClock } from '../../src/clock/simulated.ts';
import { Decimal } from '../../src/domain/decimal.ts';
import { defineInstrument, notional, type Instrument } from '../../src/domain/instrument.ts';
import type { OrderIntent } from '../../src/domain/order.ts';
import { DEFAULT_MARGIN, type MarginConfig } from '../../src/engine/margin-config.ts';
import { MarginWatch } from '../../src/engine/margin-watch.ts';
import { TradingCore } from '../../src/engine/trading-core.ts';
import type { JournalRecord } from '../../src/journal/journal.ts';
import { MemoryJournal } from '../../src/journal/memory-journal.ts';
import { RESEARCH_LIMITS } from '../../src/risk/limits.ts';
import { DEFAULT_VENUE_MODEL } from '../../src/venue/model.ts';

function perpetual(symbol: string): Instrument {
  const made = defineInstrument({
    symbol,
    venue: 'sim',
    kind: 'crypto-perpetual',
    quote: 'USDT',
    tick: '0.01',
    step: '0.001',
  });
  if (!made.ok) throw new Error(made.error.sentence);
  return made.value;
}
const ETH = perpetual('ETHUSDT');
const SOL = perpetual('SOLUSDT');
const START = Date.parse('2025-03-01T07:00:00Z');

class Desk {
  readonly records: JournalRecord[] = [];
  readonly core: TradingCore;
  readonly watch: MarginWatch;
  readonly alerts: string[] = [];
  now = START;

  constructor(cash: string, config: Partial<MarginConfig> = {}, taker = '0') {
    const journal = new MemoryJournal();
    const commit = journal.commit.bind(journal);
    journal.commit = (records) => {
      this.records.push(...records);
      commit(records);
    };
    this.core = new TradingCore({
      clock: new SimulatedClock(START),
      journal,
      accounts: [
        {
          id: 'a',
          name: 'A',
          kind: 'paper',
          broker: 'sim',
          currency: 'USDT',
          type: 'margin',
          leverage: '10',
          startingCash: cash,
        },
      ],
      instruments: [ETH, SOL],
      venues: [
        { id: 'sim', model: { ...DEFAULT_VENUE_MODEL, fees: { maker: '0', taker, fixed: '0' } }, serves: () => true },
      ],
      seed: 1,
      limits: () => RESEARCH_LIMITS,
      sessions: true,
      staleAfterMs: Number.POSITIVE_INFINITY,
      orderPrefix: 'o',
      barFill: 'next-open',
    });
    this.watch = new MarginWatch(this.core, { ...DEFAULT_MARGIN, ...config }, ({ code }) => this.alerts.push(code));
  }

  price(instrument: Instrument, price: number): void {
    this.now += 1_000;
    const stamp = { instrument: instrument.id, ts: this.now, at: this.now };
    const size = 1_000_000_000;
    this.core.onEvent({ kind: 'quote', ...stamp, bid: price, bidQuantity: size, ask: price + 1, askQuantity: size });
    this.watch.check(this.now);
  }

  trade(instrument: Instrument, signed: number, more: Partial<OrderIntent> = {}): void {
    const sent = this.core.submit({
      accountId: 'a',
      accountKind: 'paper',
      instrument: instrument.id,
      side: signed > 0 ? 'buy' : 'sell',
      type: 'market',
      quantity: Math.abs(signed),
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
      ...more,
    });
    if (!sent.ok) throw new Error(sent.error.sentence);
  }

  held(instrument: Instrument): number {
    return this.core.portfolio.position('a', instrument.id);
  }

  flows(): Decimal {
    let sum = new Decimal(0);
    for (const record of this.records) {
      if (record.kind !== 'audit' || record.audit.action !== 'CASH_FLOW') continue;
      sum = sum.plus((JSON.parse(record.audit.detail) as { amount: string }).amount);
    }
    return sum;
  }
}

describe('liquidation', () => {
  it('closes the position at its price with a fee, cancels entries, writes and says it', () => {
    const desk = new Desk('1100');
    desk.price(ETH, 99_999);
    desk.trade(ETH, 10_000);
    desk.trade(ETH, 1_000, { type: 'limit', price: 50_000 });
    // (1100 - 10000) / (10 x 0.005 - 10) = 894.472...
    desk.price(ETH, 89_448);
    expect(desk.held(ETH)).toBe(10_000);
    desk.price(ETH, 89_447);
    expect(desk.held(ETH)).toBe(0);
    expect(desk.core.orders.openOrders('a')).toEqual([]);
    expect(desk.alerts).toEqual(['LIQUIDATION']);
    const order = desk.core.orders.orders().find(({ note }) => note === 'liquidation');
    expect(order).toMatchObject({ side: 'sell', reduceOnly: true, status: 'FILLED', quantity: 10_000 });
    expect(desk.core.ledger.trades().map(({ exitReason }) => exitReason)).toEqual(['liquidation']);
    // 1100 - 1055.30 = 44.70 is left; the fee of 0.5 % of 8944.70 takes 44.70 of 44.7235.
    expect(desk.flows().toFixed()).toBe('-44.7');
    expect(desk.core.portfolio.equity('a')?.toFixed()).toBe('0');
    expect(desk.records.some((record) => record.kind === 'audit' && record.audit.action === 'LIQUIDATION')).toBe(true);
    const balances = desk.records.flatMap((record) => (record.kind === 'balance' ? [record.balance.cash] : []));
    expect(balances.at(-1)).toBe('0');
  });

  it('an order that is refused is tried again once a second, not at every tick', () => {
    const desk = new Desk('1100');
    desk.price(ETH, 99_999);
    desk.trade(ETH, 10_000);
    const refused = vi.spyOn(desk.core.orders, 'submit').mockReturnValue({
      ok: false,
      error: { code: 'JOURNAL_FAILED', sentence: 'The disk is full.', orderId: null, verdict: null },
    });
    desk.price(ETH, 85_000);
    for (let tick = 0; tick < 150; tick += 1) {
      desk.now += 10;
      desk.watch.check(desk.now);
    }
    expect(desk.held(ETH)).toBe(10_000);
    expect(desk.alerts).toHaveLength(2);
    refused.mockRestore();
    desk.price(ETH, 85_000);
    expect(desk.held(ETH)).toBe(0);
  });

  it('cross: the loser goes first and the other stays when that is enough', () => {
    const desk = new Desk('2300', { liquidationFee: '0' });
    desk.price(ETH, 99_999);
    desk.price(SOL, 9_999);
    desk.trade(ETH, 10_000);
    desk.trade(SOL, 10_000);
    desk.price(ETH, 77_400);
    expect([desk.held(ETH), desk.held(SOL)]).toEqual([0, 10_000]);
    expect(desk.alerts).toHaveLength(1);
  });

  it('isolated: a position that is used up leaves the others and the rest of the wallet alone', () => {
    const desk = new Desk('50000', { mode: 'isolated', liquidationFee: '0' });
    desk.price(ETH, 99_999);
    desk.price(SOL, 9_999);
    desk.trade(ETH, 10_000);
    desk.trade(SOL, 10_000);
    // 1000 x 0.9 / 0.995 = 904.52
    desk.price(ETH, 90_453);
    expect(desk.held(ETH)).toBe(10_000);
    desk.price(ETH, 90_452);
    expect([desk.held(ETH), desk.held(SOL)]).toEqual([0, 10_000]);
  });

  it('sees the price inside a bar that closes above it, and the open of one that gaps beyond', () => {
    for (const [open, low, close, exit] of [
      [99_000, 85_000, 98_000, '894.48'],
      [88_000, 85_000, 98_000, '880.00'],
    ] as const) {
      const desk = new Desk('1100', { liquidationFee: '0' });
      const bar = { kind: 'bar' as const, instrument: ETH.id, high: 100_000, volume: 1e9 };
      const first = { ...bar, start: START, ts: START + 60_000, at: START + 60_000 };
      desk.core.onEvent({ ...first, open: 100_000, low: 99_000, close: 100_000 });
      desk.trade(ETH, 10_000);
      const second = { ...bar, start: START + 60_000, ts: START + 120_000, at: START + 120_000 };
      // Entry at the open of the second bar, trouble in the third.
      desk.core.onEvent({ ...second, open: 100_000, low: 99_000, close: 99_000 });
      desk.watch.onBar({ ...second, open: 100_000, low: 99_000, close: 99_000 });
      expect(desk.held(ETH)).toBe(10_000);
      const third = { ...bar, start: START + 120_000, ts: START + 180_000, at: START + 180_000, open, low, close };
      desk.core.onEvent(third);
      desk.watch.onBar(third);
      expect(desk.held(ETH)).toBe(0);
      const trade = desk.core.ledger.trades()[0];
      expect(trade === undefined ? null : (trade.exitPrice / 100).toFixed(2)).toBe(exit);
    }
  });

  it('is not looked for where nothing is borrowed', () => {
    const journal = new MemoryJournal();
    const core = new TradingCore({
      clock: new SimulatedClock(START),
      journal,
      accounts: [
        {
          id: 'a',
          name: 'A',
          kind: 'paper',
          broker: 'sim',
          currency: 'USD',
          type: 'margin',
          leverage: '1',
          startingCash: '1',
        },
      ],
      instruments: [],
      venues: [],
      seed: 1,
      limits: () => RESEARCH_LIMITS,
      sessions: true,
      staleAfterMs: 1,
      orderPrefix: 'o',
      barFill: 'next-open',
    });
    expect(new MarginWatch(core, DEFAULT_MARGIN).isNeeded).toBe(false);
  });
});

describe('funding', () => {
  it('is paid by longs at its times, at the middle of the market, into cash and journal', () => {
    const desk = new Desk('100000', { funding: { intervalMs: 8 * 3_600_000, rate: '0.0001' } });
    desk.watch.armFunding();
    desk.price(ETH, 199_999);
    desk.trade(ETH, 5_000);
    desk.core.advanceTo(Date.parse('2025-03-01T07:59:59Z'));
    expect(desk.flows().toFixed()).toBe('0');
    desk.core.advanceTo(Date.parse('2025-03-01T16:00:00Z'));
    // 5 x 2000.00 x 0.0001, twice.
    expect(desk.flows().toFixed()).toBe('-2');
    const balances = desk.records.flatMap((record) => (record.kind === 'balance' ? [record.balance.cash] : []));
    expect(balances.at(-1)).toBe('89998');
    expect(desk.core.portfolio.cash('a')?.toFixed()).toBe('89998');
  });
});

describe('money', () => {
  it('is conserved over random trades, prices, funding and liquidations, to the last digit', () => {
    const step = fc.record({
      instrument: fc.constantFrom(ETH, SOL),
      price: fc.integer({ min: 5_000, max: 40_000 }),
      signed: fc.integer({ min: -30_000, max: 30_000 }),
      rate: fc.integer({ min: -50, max: 50 }),
    });
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 25 }),
        fc.constantFrom('cross' as const, 'isolated' as const),
        (steps, mode) => {
          const desk = new Desk('20000', { mode }, '0.0005');
          desk.price(ETH, 20_000);
          desk.price(SOL, 20_000);
          for (const { instrument, price, signed, rate } of steps) {
            desk.price(instrument, price);
            if (signed !== 0) {
              try {
                desk.trade(instrument, signed);
              } catch {
                // Refused for want of margin.
              }
            }
            desk.watch.settleFunding(desk.now, new Decimal(rate).div(1e5));
          }
          let expected = new Decimal('20000').plus(desk.flows());
          for (const record of desk.records) {
            if (record.kind !== 'execution') continue;
            const { fill } = record.execution;
            const instrument = fill.instrument === ETH.id ? ETH : SOL;
            expected = expected
              .minus(notional(instrument, fill.price, fill.side === 'buy' ? fill.quantity : -fill.quantity))
              .minus(fill.fee);
          }
          expect(desk.core.portfolio.cash('a')?.toFixed()).toBe(expected.toFixed());
          let equity = expected;
          for (const holding of desk.core.portfolio.holdings('a')) equity = equity.plus(holding.value());
          expect(desk.core.portfolio.equity('a')?.toFixed()).toBe(equity.toFixed());
        },
      ),
      { numRuns: 60 },
    );
  });
});
