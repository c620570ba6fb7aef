import { Decimal as Plain } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../src/domain/decimal.ts';
import { createPortfolio, type FillOutcome, type Portfolio } from '../../src/portfolio/portfolio.ts';
import type { Fill } from '../../src/domain/fill.ts';
import { accountOf, BTC, fillOf, instrumentOf } from './fixtures.ts';

const A = 'paper-1';

function portfolioOf(terms = {}): Portfolio {
  return createPortfolio({ accounts: [accountOf(terms)], instruments: new Map([[BTC.id, BTC]]) });
}

function book(portfolio: Portfolio, fill: Fill): FillOutcome {
  const outcome = portfolio.applyFill(fill);
  if (!outcome.ok) throw new Error(outcome.error.sentence);
  return outcome.value;
}

describe('average cost', () => {
  // Hummingbot's position hold example: buy 1000 quote at 100, sell half at 110, mark at 105.
  it('realises 50, keeps 5 with 25 unrealised and breakeven 100', () => {
    const portfolio = portfolioOf();
    book(portfolio, fillOf('buy', 10_000, 10_000));
    const half = book(portfolio, fillOf('sell', 5_000, 11_000));
    portfolio.mark(BTC.id, 10_500, 10_501, 10_400, 5);
    expect(half.realised.toFixed()).toBe('50');
    expect(half.previousQuantity).toBe(10_000);
    expect(half.position.quantity).toBe(5_000);
    expect(portfolio.unrealised(A).toFixed()).toBe('25');
    expect(portfolio.averagePrice(A, BTC.id)).toBe(10_000);
    expect(portfolio.cash(A)?.toFixed()).toBe('99550');
    expect(portfolio.equity(A)?.toFixed()).toBe('100075');
    expect(portfolio.equityNumber(A)).toBe(100_075);
  });

  const cases: [string, [side: 'buy' | 'sell', quantity: number, price: number][], string, number, number | null][] = [
    [
      'a long closed at a profit',
      [
        ['buy', 2_000, 10_000],
        ['sell', 2_000, 10_100],
      ],
      '2',
      0,
      null,
    ],
    [
      'a short closed at a profit',
      [
        ['sell', 2_000, 10_000],
        ['buy', 2_000, 9_900],
      ],
      '2',
      0,
      null,
    ],
    [
      'adding to a long averages',
      [
        ['buy', 1_000, 10_000],
        ['buy', 3_000, 10_400],
      ],
      '0',
      4_000,
      10_300,
    ],
    [
      'crossing from long to short',
      [
        ['buy', 1_000, 10_000],
        ['sell', 3_000, 10_500],
      ],
      '5',
      -2_000,
      10_500,
    ],
    [
      'crossing from short to long',
      [
        ['sell', 1_000, 10_000],
        ['buy', 1_500, 9_000],
      ],
      '10',
      500,
      9_000,
    ],
    [
      'a short reduced keeps its average',
      [
        ['sell', 4_000, 10_000],
        ['sell', 4_000, 11_000],
        ['buy', 2_000, 10_000],
      ],
      '10',
      -6_000,
      10_500,
    ],
  ];
  it.each(cases)('%s', (_, fills, realised, quantity, average) => {
    const portfolio = portfolioOf();
    for (const [side, units, price] of fills) book(portfolio, fillOf(side, units, price));
    expect(portfolio.realised(A).toFixed()).toBe(realised);
    expect(portfolio.position(A, BTC.id)).toBe(quantity);
    expect(portfolio.averagePrice(A, BTC.id)).toBe(average);
  });

  it('takes fees from cash and keeps them out of realised profit; a rebate adds', () => {
    const portfolio = portfolioOf();
    book(portfolio, fillOf('buy', 1_000, 10_000, { feeText: '0.1' }));
    book(portfolio, fillOf('sell', 1_000, 10_000, { feeText: '-0.03' }));
    expect(portfolio.realised(A).toFixed()).toBe('0');
    expect(portfolio.fees(A).toFixed()).toBe('0.07');
    expect(portfolio.cash(A)?.toFixed()).toBe('99999.93');
  });
});

describe('marks', () => {
  it('values a long at the bid, a short at the ask, else the last price, else cost', () => {
    const portfolio = portfolioOf();
    book(portfolio, fillOf('buy', 1_000, 10_000, { ts: 1 }));
    expect(portfolio.unmarked(A)).toEqual([]);
    portfolio.mark(BTC.id, 9_990, 10_010, 10_500, 2);
    expect(portfolio.equity(A)?.toFixed()).toBe('99999.9');
    portfolio.mark(BTC.id, 0, 10_010, 10_500, 3);
    expect(portfolio.equity(A)?.toFixed()).toBe('100005');
    book(portfolio, fillOf('sell', 2_000, 10_000, { ts: 4 }));
    portfolio.mark(BTC.id, 9_990, 10_010, 10_500, 5);
    expect(portfolio.unrealised(A).toFixed()).toBe('-0.1');
  });

  it('says which open positions have no price after a restore, and values them at cost', () => {
    const before = portfolioOf();
    book(before, fillOf('sell', 3_000, 12_345));
    const portfolio = portfolioOf();
    const restored = portfolio.restore(before.positions(A), [
      { accountId: A, currency: 'USDT', cash: before.cash(A)?.toFixed() ?? '', at: 1 },
    ]);
    expect(restored.ok).toBe(true);
    expect(portfolio.unmarked(A)).toEqual([BTC.id]);
    expect(portfolio.equity(A)?.toFixed()).toBe('100000');
    expect(portfolio.equityNumber(A)).toBe(100_000);
    expect(portfolio.positions(A)).toEqual(before.positions(A));
  });

  it('follows the range of the marks only while open: MAE and MFE', () => {
    const portfolio = portfolioOf();
    portfolio.mark(BTC.id, 5_000, 5_001, 5_000, 1);
    book(portfolio, fillOf('buy', 1_000, 10_000));
    portfolio.mark(BTC.id, 9_000, 9_500, 9_400, 2);
    portfolio.markBar(BTC.id, 9_100, 12_000, 11_000, 3);
    expect(portfolio.positionRecord(A, BTC.id)).toMatchObject({ lowest: 9_000, highest: 12_000 });
    book(portfolio, fillOf('sell', 3_000, 11_000));
    expect(portfolio.positionRecord(A, BTC.id)).toMatchObject({ lowest: 11_000, highest: 11_000, quantity: -2_000 });
    book(portfolio, fillOf('buy', 2_000, 11_000));
    expect(portfolio.positionRecord(A, BTC.id)).toMatchObject({ lowest: null, highest: null, openedAt: null });
  });
});

describe('refusals change nothing', () => {
  it.each([
    ['ACCOUNT_NOT_FOUND', fillOf('buy', 1, 1, { accountId: 'nobody' })],
    ['INSTRUMENT_NOT_FOUND', fillOf('buy', 1, 1, { instrument: 'X.Y' })],
    ['CURRENCY_MISMATCH', fillOf('buy', 1, 1, { instrument: 'RELIANCE.NSE' })],
    ['FILL_INVALID', fillOf('buy', 0, 1)],
    ['FILL_INVALID', fillOf('buy', 1.5, 1)],
    ['FILL_INVALID', fillOf('buy', 1, Number.NaN)],
  ])('%s', (code, fill) => {
    const nse = instrumentOf({
      symbol: 'RELIANCE',
      venue: 'NSE',
      kind: 'equity',
      quote: 'INR',
      tick: '0.05',
      step: '1',
    });
    const portfolio = createPortfolio({
      accounts: [accountOf()],
      instruments: new Map([
        [BTC.id, BTC],
        [nse.id, nse],
      ]),
    });
    const outcome = portfolio.applyFill(fill);
    expect(outcome).toMatchObject({ ok: false, error: { code } });
    expect(portfolio.cash(A)?.toFixed()).toBe('100000');
    expect(portfolio.positions(A)).toEqual([]);
  });
});

describe('two accounts', () => {
  it('keeps positions and cash apart', () => {
    const portfolio = createPortfolio({
      accounts: [accountOf(), accountOf({ id: 'b', startingCash: '500' })],
      instruments: new Map([[BTC.id, BTC]]),
    });
    book(portfolio, fillOf('buy', 1_000, 10_000));
    book(portfolio, fillOf('sell', 2_000, 10_000, { accountId: 'b' }));
    portfolio.mark(BTC.id, 10_100, 10_200, 10_150, 1);
    expect(portfolio.equity(A)?.toFixed()).toBe('100001');
    expect(portfolio.equity('b')?.toFixed()).toBe('496');
    expect(portfolio.exposure('b')).toEqual({ gross: new Decimal(204), net: new Decimal(-204) });
    expect(portfolio.cash('c')).toBeNull();
    expect(portfolio.equity('c')).toBeNull();
    expect(portfolio.equityNumber('c')).toBeNaN();
  });
});

describe('money is conserved', () => {
  const step = fc.record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantity: fc.integer({ min: 1, max: 7_777_777 }),
    price: fc.integer({ min: 1, max: 99_999_999 }),
    fee: fc.integer({ min: -1_000, max: 100_000 }),
  });

  it('cash, equity, realised, unrealised and fees agree to the last digit after any fills', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 99_999_999 }),
        (steps, last) => {
          const portfolio = portfolioOf();
          // Independent ledger: plain sums of what was paid, no notion of cost.
          const Exact = Plain.clone({ precision: 120 });
          let cash = new Exact(100_000);
          let quantity = 0;
          let fees = new Exact(0);
          for (const { side, quantity: units, price, fee } of steps) {
            const feeText = new Exact(fee).div(1e6).toFixed();
            const before = quantity;
            const outcome = book(portfolio, fillOf(side, units, price, { feeText }));
            const signed = side === 'buy' ? units : -units;
            quantity += signed;
            cash = cash.minus(new Exact(price).times(signed).div(1e5)).minus(feeText);
            fees = fees.plus(feeText);
            expect(outcome.previousQuantity).toBe(before);
            expect(outcome.cash.toFixed()).toBe(cash.toFixed());
          }
          portfolio.mark(BTC.id, 0, 0, last, 1e12);
          const value = new Exact(last).times(quantity).div(1e5);
          expect(portfolio.position(A, BTC.id)).toBe(quantity);
          expect(portfolio.fees(A).toFixed()).toBe(fees.toFixed());
          expect(portfolio.equity(A)?.toFixed()).toBe(cash.plus(value).toFixed());
          const profit = new Exact(portfolio.realised(A).toFixed()).plus(portfolio.unrealised(A).toFixed()).minus(fees);
          expect(profit.plus(100_000).toFixed()).toBe(cash.plus(value).toFixed());
          const record = portfolio.positionRecord(A, BTC.id);
          if (quantity === 0) expect(record?.cost.isZero()).toBe(true);
          expect(Math.abs(portfolio.equityNumber(A) - Number(cash.plus(value)))).toBeLessThan(1e-4);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('a restart in the middle changes nothing', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 2, maxLength: 20 }), fc.nat(), (steps, cut) => {
        const whole = portfolioOf();
        let resumed = portfolioOf();
        steps.forEach(({ side, quantity, price, fee }, index) => {
          const fill = fillOf(side, quantity, price, { feeText: String(fee) });
          book(whole, fill);
          book(resumed, fill);
          if (index === cut % steps.length) {
            const next = portfolioOf();
            next.restore(resumed.positions(A), [
              { accountId: A, currency: 'USDT', cash: resumed.cash(A)?.toFixed() ?? '', at: 1 },
            ]);
            resumed = next;
          }
        });
        whole.mark(BTC.id, 0, 0, 777, 1e12);
        resumed.mark(BTC.id, 0, 0, 777, 1e12);
        expect(resumed.snapshot(A, 5)).toEqual(whole.snapshot(A, 5));
      }),
    );
  });
});
