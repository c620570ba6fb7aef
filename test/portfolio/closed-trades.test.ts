import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../src/domain/decimal.ts';
import { createTradeLedger } from '../../src/portfolio/closed-trades.ts';
import { createPortfolio } from '../../src/portfolio/portfolio.ts';
import { accountOf, BTC, fillOf } from './fixtures.ts';

const INSTRUMENTS = new Map([[BTC.id, BTC]]);

describe('FIFO round trips', () => {
  it('two entries of different size, one exit: two trades', () => {
    const ledger = createTradeLedger(INSTRUMENTS);
    ledger.applyFill(fillOf('buy', 1_000, 10_000, { feeText: '0.1' }), 's', 'entry');
    ledger.applyFill(fillOf('buy', 3_000, 10_400, { feeText: '0.3' }), 's', 'entry');
    ledger.applyFill(fillOf('sell', 4_000, 10_500, { feeText: '0.4' }), 's', 'signal');
    const trades = ledger.trades().map(({ quantity, entryPrice, exitPrice, pnl, fees, exitReason, side }) => ({
      quantity,
      entryPrice,
      exitPrice,
      pnl: pnl.toFixed(),
      fees: fees.toFixed(),
      exitReason,
      side,
    }));
    expect(trades).toEqual([
      {
        quantity: 1_000,
        entryPrice: 10_000,
        exitPrice: 10_500,
        pnl: '4.8',
        fees: '0.2',
        exitReason: 'signal',
        side: 'long',
      },
      {
        quantity: 3_000,
        entryPrice: 10_400,
        exitPrice: 10_500,
        pnl: '2.4',
        fees: '0.6',
        exitReason: 'signal',
        side: 'long',
      },
    ]);
    expect(ledger.trades()[0]?.returnFraction).toBeCloseTo(0.048, 12);
  });

  it('one entry closed in parts: one trade per exit', () => {
    const ledger = createTradeLedger(INSTRUMENTS);
    ledger.applyFill(fillOf('sell', 3_000, 10_000, { feeText: '0.1' }), null, 'entry');
    ledger.applyFill(fillOf('buy', 1_000, 9_000), null, 'take-profit');
    ledger.applyFill(fillOf('buy', 2_000, 11_000), null, 'stop-loss');
    expect(
      ledger.trades().map((trade) => [trade.side, trade.quantity, trade.pnl.toFixed(4), trade.exitReason]),
    ).toEqual([
      ['short', 1_000, '9.9667', 'take-profit'],
      ['short', 2_000, '-20.0667', 'stop-loss'],
    ]);
    const fees = ledger.trades().reduce((sum, trade) => sum.plus(trade.fees), new Decimal(0));
    expect(fees.toFixed()).toBe('0.1');
  });

  it('partial fills of one order are one trade at the average price', () => {
    const ledger = createTradeLedger(INSTRUMENTS);
    ledger.applyFill(fillOf('buy', 1_000, 10_000, { orderId: 'in', ts: 1 }), null, '');
    ledger.applyFill(fillOf('buy', 1_000, 10_200, { orderId: 'in', ts: 2 }), null, '');
    ledger.applyFill(fillOf('sell', 500, 10_300, { orderId: 'out', ts: 3 }), null, 'signal');
    ledger.applyFill(fillOf('sell', 1_500, 10_700, { orderId: 'out', ts: 4 }), null, 'signal');
    expect(ledger.trades()).toHaveLength(1);
    expect(ledger.trades()[0]).toMatchObject({
      quantity: 2_000,
      entryPrice: 10_100,
      exitPrice: 10_600,
      entryTs: 1,
      exitTs: 4,
    });
    expect(ledger.trades()[0]?.pnl.toFixed()).toBe('10');
  });

  it('a turnaround closes one trade and opens the next at the same price', () => {
    const ledger = createTradeLedger(INSTRUMENTS);
    ledger.applyFill(fillOf('buy', 1_000, 10_000), null, '');
    ledger.applyFill(fillOf('sell', 2_000, 10_100), null, 'signal');
    ledger.applyFill(fillOf('buy', 1_000, 10_000), null, 'signal');
    expect(
      ledger.trades().map((trade) => [trade.side, trade.entryPrice, trade.exitPrice, trade.pnl.toFixed()]),
    ).toEqual([
      ['long', 10_000, 10_100, '1'],
      ['short', 10_100, 10_000, '1'],
    ]);
  });

  it('MAE and MFE of each lot count from its own entry', () => {
    const ledger = createTradeLedger(INSTRUMENTS);
    ledger.seen(BTC.id, 1, 99_999);
    ledger.applyFill(fillOf('buy', 1_000, 10_000), null, '');
    ledger.seen(BTC.id, 8_000, 10_500);
    ledger.applyFill(fillOf('buy', 1_000, 9_000), null, '');
    ledger.seen(BTC.id, 8_900, 11_000);
    ledger.applyFill(fillOf('sell', 2_000, 10_000), null, 'signal');
    expect(ledger.trades().map(({ mae, mfe }) => [mae, mfe])).toEqual([
      [-20, 10],
      [-1, 20],
    ]);
    ledger.applyFill(fillOf('sell', 1_000, 10_000), null, '');
    ledger.seen(BTC.id, 9_500, 10_800);
    ledger.applyFill(fillOf('buy', 1_000, 9_400), null, 'signal');
    // The exit price itself counts, though no bar showed it.
    expect(ledger.trades()[2]).toMatchObject({ side: 'short', mae: -8, mfe: 6 });
  });
});

describe('the ledger agrees with the portfolio', () => {
  const step = fc.record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantity: fc.integer({ min: 1, max: 5_000 }),
    price: fc.integer({ min: 1, max: 100_000 }),
    fee: fc.integer({ min: 0, max: 500 }),
  });
  it('profit of all trades equals the change of equity once flat, to the last digit', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        const ledger = createTradeLedger(INSTRUMENTS);
        const portfolio = createPortfolio({ accounts: [accountOf()], instruments: INSTRUMENTS });
        const book = (fill: ReturnType<typeof fillOf>): void => {
          portfolio.applyFill(fill);
          ledger.applyFill(fill, null, 'x');
        };
        for (const { side, quantity, price, fee } of steps)
          book(fillOf(side, quantity, price, { feeText: String(fee / 1_000) }));
        const left = portfolio.position('paper-1', BTC.id);
        if (left !== 0) book(fillOf(left > 0 ? 'sell' : 'buy', Math.abs(left), 777));
        const total = ledger.trades().reduce((sum, trade) => sum.plus(trade.pnl), new Decimal(0));
        expect(total.plus(100_000).toFixed()).toBe(portfolio.cash('paper-1')?.toFixed());
        for (const trade of ledger.trades()) {
          expect(trade.mae).toBeLessThanOrEqual(0);
          expect(trade.mfe).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});
