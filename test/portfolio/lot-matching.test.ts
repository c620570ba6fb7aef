import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal, ZERO } from '../../src/domain/decimal.ts';
import { notional } from '../../src/domain/instrument.ts';
import { createTradeLedger, type ClosedTrade, type TradeLedger } from '../../src/portfolio/closed-trades.ts';
import { LOT_METHODS, type LotMethod } from '../../src/portfolio/lot-method.ts';
import { createPortfolio } from '../../src/portfolio/portfolio.ts';
import { tradeFigures } from '../../src/portfolio/trade-figures.ts';
import { accountOf, BTC, fillOf, instrumentOf } from './fixtures.ts';

const EUR = instrumentOf({ symbol: 'EURUSD', venue: 'fx', kind: 'currency', quote: 'USDT', tick: '0.001', step: '1' });
const INSTRUMENTS = new Map([
  [BTC.id, BTC],
  [EUR.id, EUR],
]);
const units = (price: number): number => Math.round(price * 1_000);

type Step = readonly ['buy' | 'sell', number, number] | readonly ['seen', number];
/** entry price, quantity, exit price, profit, mae, mfe: as published for Lean's trade builder. */
type Row = readonly [number, number, number, number, number, number];

function run(method: LotMethod, steps: readonly Step[]): TradeLedger {
  const ledger = createTradeLedger(INSTRUMENTS, method);
  for (const step of steps) {
    if (step[0] === 'seen') ledger.seen(EUR.id, units(step[1]), units(step[1]));
    else ledger.applyFill(fillOf(step[0], step[1], units(step[2]), { instrument: EUR.id }), 's', 'signal');
  }
  return ledger;
}

function rows(trades: readonly ClosedTrade[]): number[][] {
  return trades.map(({ entryPrice, quantity, exitPrice, pnl, mae, mfe }) =>
    [entryPrice / 1_000, quantity, exitPrice / 1_000, pnl.toNumber(), mae, mfe].map((value) =>
      Number(value.toFixed(9)),
    ),
  );
}

const THIRD = Number((3.23 / 3).toFixed(9));
const SCALED: readonly Step[] = [
  ['buy', 1000, 1.07],
  ['seen', 1.075],
  ['buy', 1000, 1.08],
  ['seen', 1.065],
  ['seen', 1.1],
  ['sell', 1000, 1.09],
  ['buy', 1000, 1.08],
  ['sell', 2000, 1.09],
];
const SCALED_SHORT = SCALED.map((step): Step =>
  step[0] === 'seen' ? step : [step[0] === 'buy' ? 'sell' : 'buy', step[1], step[2]],
);
const TWICE: readonly Step[] = [
  ['buy', 1000, 1.07],
  ['seen', 1.075],
  ['buy', 2000, 1.08],
  ['seen', 1.065],
  ['seen', 1.1],
  ['sell', 1000, 1.09],
  ['buy', 1000, 1.08],
  ['sell', 3000, 1.09],
];

describe("Lean's tables", () => {
  it.each<readonly [string, LotMethod, readonly Step[], readonly Row[]]>([
    [
      'all in, all out, long',
      'fifo',
      [
        ['buy', 1000, 1.08],
        ['seen', 1.075],
        ['seen', 1.1],
        ['sell', 1000, 1.09],
      ],
      [[1.08, 1000, 1.09, 10, -5, 20]],
    ],
    [
      'all in, all out, short',
      'lifo',
      [
        ['sell', 1000, 1.08],
        ['seen', 1.075],
        ['seen', 1.1],
        ['buy', 1000, 1.09],
      ],
      [[1.08, 1000, 1.09, -10, -20, 5]],
    ],
    [
      'scale in, all out, long, average',
      'average',
      [
        ['buy', 1000, 1.08],
        ['seen', 1.075],
        ['buy', 1000, 1.07],
        ['seen', 1.065],
        ['seen', 1.1],
        ['sell', 2000, 1.09],
      ],
      [[1.075, 2000, 1.09, 30, -20, 50]],
    ],
    [
      'scale in, all out, short, lifo',
      'lifo',
      [
        ['sell', 1000, 1.08],
        ['seen', 1.075],
        ['sell', 1000, 1.07],
        ['seen', 1.065],
        ['seen', 1.1],
        ['buy', 2000, 1.09],
      ],
      [
        [1.07, 1000, 1.09, -20, -30, 5],
        [1.08, 1000, 1.09, -10, -20, 15],
      ],
    ],
    [
      'all in, scale out, average',
      'average',
      [
        ['buy', 2000, 1.07],
        ['seen', 1.075],
        ['sell', 1000, 1.08],
        ['seen', 1.065],
        ['seen', 1.1],
        ['sell', 1000, 1.09],
      ],
      [[1.07, 2000, 1.085, 30, -10, 60]],
    ],
    [
      'reversal short to long',
      'fifo',
      [
        ['sell', 1000, 1.07],
        ['seen', 1.075],
        ['buy', 2000, 1.08],
        ['seen', 1.065],
        ['seen', 1.1],
        ['sell', 1000, 1.09],
      ],
      [
        [1.07, 1000, 1.08, -10, -10, 0],
        [1.08, 1000, 1.09, 10, -15, 20],
      ],
    ],
    [
      'scale in and out, fifo',
      'fifo',
      SCALED,
      [
        [1.07, 1000, 1.09, 20, -5, 30],
        [1.08, 1000, 1.09, 10, -15, 20],
        [1.08, 1000, 1.09, 10, 0, 10],
      ],
    ],
    [
      'scale in and out, lifo',
      'lifo',
      SCALED,
      [
        [1.08, 1000, 1.09, 10, -15, 20],
        [1.08, 1000, 1.09, 10, 0, 10],
        [1.07, 1000, 1.09, 20, -5, 30],
      ],
    ],
    ['scale in and out, average', 'average', SCALED, [[THIRD, 3000, 1.09, 40, -35, 70]]],
    ['scale in and out, short, average', 'average', SCALED_SHORT, [[THIRD, 3000, 1.09, -40, -70, 35]]],
    [
      'twice, lifo',
      'lifo',
      TWICE,
      [
        [1.08, 1000, 1.09, 10, -15, 20],
        [1.08, 1000, 1.09, 10, 0, 10],
        [1.08, 1000, 1.09, 10, -15, 20],
        [1.07, 1000, 1.09, 20, -5, 30],
      ],
    ],
    ['twice, average', 'average', TWICE, [[1.0775, 4000, 1.09, 50, -50, 90]]],
  ])('%s (%s)', (_, method, steps, expected) => {
    expect(rows(run(method, steps).trades())).toEqual(expected.map((row) => [...row]));
  });
});

describe('figures of a closed trade', () => {
  it('R multiple, risk-reward, excursions and efficiency of a partly closed position', () => {
    const ledger = createTradeLedger(INSTRUMENTS, 'average');
    ledger.applyFill(fillOf('buy', 4_000, 10_000, { ts: 0, feeText: '0.4', orderId: 'in' }), 's', 'entry');
    ledger.planned('paper-1', BTC.id, 9_800, 10_400);
    ledger.planned('paper-1', BTC.id, 9_950, 11_000);
    ledger.quoted(BTC.id, 9_900, 9_901, 0);
    ledger.applyFill(fillOf('sell', 1_000, 10_400, { ts: 5_000, feeText: '0.1', orderId: 'tp' }), null, 'take-profit');
    ledger.quoted(BTC.id, 10_500, 10_600, 0);
    ledger.applyFill(
      fillOf('sell', 3_000, 10_200, { ts: 9_000, feeText: '0.3', orderId: 'tr' }),
      null,
      'trailing-stop',
    );
    const [trade] = ledger.trades();
    expect(trade).toBeDefined();
    if (trade === undefined) return;
    expect(trade.pnl.toFixed()).toBe('9.2');
    expect(trade.initialRisk?.toFixed()).toBe('8');
    expect(trade.exits.map(({ quantity, reason }) => [quantity, reason])).toEqual([
      [1_000, 'take-profit'],
      [3_000, 'trailing-stop'],
    ]);
    const figures = tradeFigures(trade, BTC);
    expect(figures).toMatchObject({ holdingMs: 9_000, rMultiple: 1.15, riskReward: 2 });
    expect(figures.mae).toEqual({ money: -4, price: -1, pct: -1, r: -0.5 });
    expect(figures.mfe).toEqual({ money: 20, price: 5, pct: 5, r: 2.5 });
    expect(figures.entryEfficiency).toBeCloseTo(500 / 600, 12);
    expect(figures.exitEfficiency).toBeCloseTo((10_250 - 9_900) / 600, 12);
    expect(figures.totalEfficiency).toBeCloseTo((figures.entryEfficiency ?? 0) + (figures.exitEfficiency ?? 0) - 1, 12);
    expect(figures.captured).toBeCloseTo(0.5, 12);
  });

  it('without a stop, or with one on the wrong side, there is no R', () => {
    for (const [stop, risk] of [
      [0, null],
      [10_100, null],
      [9_990, '0.1'],
    ] as const) {
      for (const method of LOT_METHODS) {
        const ledger = createTradeLedger(INSTRUMENTS, method);
        ledger.applyFill(fillOf('buy', 1_000, 10_000), null, '');
        ledger.planned('paper-1', BTC.id, stop, 0);
        ledger.applyFill(fillOf('sell', 1_000, 10_050), null, 'manual');
        expect(ledger.trades()[0]?.initialRisk?.toFixed() ?? null).toBe(risk);
      }
    }
  });

  it('what was not watched has no excursion', () => {
    for (const method of LOT_METHODS) {
      const ledger = createTradeLedger(INSTRUMENTS, method);
      ledger.applyFill(fillOf('sell', 1_000, 10_000), null, '');
      ledger.watch(false);
      ledger.watch(true);
      ledger.applyFill(fillOf('buy', 1_000, 9_900), null, 'manual');
      const [trade] = ledger.trades();
      if (trade === undefined) throw new Error('no trade');
      expect(tradeFigures(trade, BTC)).toMatchObject({ mae: null, mfe: null, entryEfficiency: null, captured: null });
    }
  });
});

const step = fc.record({
  side: fc.constantFrom('buy' as const, 'sell' as const),
  quantity: fc.integer({ min: 1, max: 5_000 }),
  price: fc.integer({ min: 1, max: 100_000 }),
  fee: fc.integer({ min: -50, max: 500 }),
  order: fc.integer({ min: 1, max: 6 }),
  restart: fc.boolean(),
});

describe('every method tells the same total', () => {
  it('closed profit + open profit = change of equity, to the last digit, across zero and restarts', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 100_000 }),
        (steps, mark) => {
          const portfolio = createPortfolio({ accounts: [accountOf()], instruments: INSTRUMENTS });
          const fills = steps.map(({ side, quantity, price, fee, order }) =>
            fillOf(side, quantity, price, { feeText: String(fee / 1_000), orderId: `${side}${order}` }),
          );
          for (const fill of fills) portfolio.applyFill(fill);
          portfolio.mark(BTC.id, mark, mark, mark, Number.MAX_SAFE_INTEGER);
          const change = portfolio.equity('paper-1')?.minus(100_000).toFixed();
          const fees = portfolio.fees('paper-1').toFixed();
          for (const method of LOT_METHODS) {
            let ledger = createTradeLedger(INSTRUMENTS, method);
            const closed: ClosedTrade[] = [];
            fills.forEach((fill, index) => {
              ledger.applyFill(fill, null, 'x');
              if (steps[index]?.restart !== true) return;
              closed.push(...ledger.take());
              const stored: unknown = JSON.parse(JSON.stringify(ledger.state()));
              ledger = createTradeLedger(INSTRUMENTS, method);
              ledger.restore(stored);
            });
            closed.push(...ledger.take());
            let total = ZERO;
            let charged = ZERO;
            let held = 0;
            for (const trade of closed) {
              total = total.plus(trade.pnl);
              charged = charged.plus(trade.fees);
              expect(trade.mae).toBeLessThanOrEqual(0);
              expect(trade.mfe).toBeGreaterThanOrEqual(0);
              expect(trade.exits.reduce((sum, exit) => sum + exit.quantity, 0)).toBe(trade.quantity);
            }
            for (const lot of ledger.open()) {
              const signed = lot.side === 'long' ? lot.quantity : -lot.quantity;
              held += signed;
              total = total
                .plus(lot.realised)
                .minus(lot.fees)
                .plus(notional(BTC, mark, signed))
                .minus(lot.cost);
              charged = charged.plus(lot.fees);
            }
            expect(held).toBe(portfolio.position('paper-1', BTC.id));
            expect(new Decimal(total).toFixed()).toBe(change);
            expect(charged.toFixed()).toBe(fees);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('a trade handed over while its exit order fills comes again whole', () => {
    const ledger = createTradeLedger(INSTRUMENTS);
    ledger.applyFill(fillOf('buy', 2_000, 10_000), null, '');
    ledger.applyFill(fillOf('sell', 500, 10_100, { orderId: 'out' }), null, 'signal');
    const [first] = ledger.take();
    expect(ledger.take()).toHaveLength(0);
    ledger.applyFill(fillOf('sell', 1_500, 10_100, { orderId: 'out' }), null, 'signal');
    expect(ledger.take()).toEqual([first]);
    expect(first?.quantity).toBe(2_000);
  });

  it('a position that is never flat keeps no dead lots', () => {
    const ledger = createTradeLedger(INSTRUMENTS);
    ledger.applyFill(fillOf('buy', 1, 10_000), null, '');
    for (let turn = 0; turn < 5_000; turn += 1) {
      ledger.applyFill(fillOf('buy', 1, 10_000), null, '');
      ledger.applyFill(fillOf('sell', 1, 10_000), null, 'x');
      ledger.take();
    }
    expect(ledger.open()).toHaveLength(1);
  });
});
