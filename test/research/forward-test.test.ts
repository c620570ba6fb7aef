import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal, ZERO } from '../../src/domain/decimal.ts';
import {
  compareForward,
  type ForwardReport,
  type ForwardTrade,
  type LostOrder,
} from '../../src/research/forward-test.ts';

const d = (value: number | string): Decimal => new Decimal(value);
const MINUTE = 60_000;

function trade(entryAt: number, entry: string, exit: string, change: Partial<ForwardTrade> = {}): ForwardTrade {
  const quantity = change.quantity ?? d(2);
  const fees = change.fees ?? ZERO;
  const sign = change.side === 'short' ? -1 : 1;
  return {
    symbol: 'BTCUSDT',
    side: 'long',
    quantity,
    entryAt,
    exitAt: entryAt + 10 * MINUTE,
    entryPrice: d(entry),
    exitPrice: d(exit),
    pnl: d(exit).minus(entry).times(quantity).times(sign).minus(fees),
    fees,
    exitReason: 'signal',
    ...change,
  };
}

function compare(
  forward: readonly ForwardTrade[],
  backtest: readonly ForwardTrade[],
  change: { lost?: readonly LostOrder[]; to?: number } = {},
): ForwardReport {
  return compareForward({
    from: 0,
    to: change.to ?? 1_000 * MINUTE,
    withinMs: 2 * MINUTE,
    capital: { forward: d(1_000), backtest: d(1_000) },
    forward,
    backtest,
    lost: change.lost ?? [],
  });
}

describe('forward test against backtest', () => {
  it('a pair by hand: prices, quantity, fees, reasons', () => {
    const report = compare(
      [trade(MINUTE, '101', '109', { quantity: d(1), fees: d('0.2'), exitReason: 'stop-loss' })],
      [trade(0, '100', '110', { fees: d('0.1') })],
    );
    const [pair] = report.pairs;
    expect(pair?.entryDelayMs).toBe(MINUTE);
    expect(pair?.entryBps).toBeCloseTo(100, 9);
    expect(pair?.exitBps).toBeCloseTo((1 / 110) * 1e4, 9);
    // (100 - 101) x 1, (109 - 110) x 1, 10 x (1 - 2), 0.1 - 0.2
    expect(Object.values(pair?.difference ?? {}).map(String)).toEqual(['-1', '-1', '-10', '-0.1', '0', '-12.1']);
    expect(pair?.reasons).toEqual([
      'entry 100.0 bp worse',
      'exit 90.9 bp worse',
      'quantity 1 instead of 2',
      'left by stop-loss instead of signal',
    ]);
    expect(report.matchRate).toBe(1);
    expect(report.equity.finalPct).toBeCloseTo(-1.21, 12);
  });

  it('shorts: a higher entry is better', () => {
    const [pair] = compare(
      [trade(0, '101', '90', { side: 'short' })],
      [trade(0, '100', '90', { side: 'short' })],
    ).pairs;
    expect(pair?.entryBps).toBeCloseTo(-100, 9);
    expect(pair?.difference.entry.toFixed()).toBe('2');
  });

  it('says why a trade is missing', () => {
    const report = compare(
      [trade(0, '1', '2')],
      [trade(10 * MINUTE, '1', '2'), trade(90 * MINUTE, '1', '2'), trade(99 * MINUTE, '1', '2')],
      {
        to: 105 * MINUTE,
        lost: [{ symbol: 'BTCUSDT', at: 11 * MINUTE, code: 'MAX_POSITION' }],
      },
    );
    expect(report.missed.map(({ reason }) => reason)).toEqual([
      'the order was not taken: MAX_POSITION',
      'the forward run had no entry at that time',
      'the backtest closed it after the end of the forward run, where it may still be open',
    ]);
    expect(report).toMatchObject({ matchRate: 0, extra: [{ entryAt: 0 }], entryBps: null });
  });

  it('an entry closed in two parts pairs part by part, and nothing is used twice', () => {
    const parts = (at: number): ForwardTrade[] => [
      trade(at, '100', '110', { exitAt: 5 * MINUTE + at }),
      trade(at, '100', '120', { exitAt: 9 * MINUTE + at }),
    ];
    const report = compare(parts(1_000).toReversed(), [...parts(0), trade(3_000, '100', '100')]);
    expect(report.pairs.map(({ exitDelayMs }) => Math.abs(exitDelayMs) <= 1_000)).toEqual([true, true]);
    expect(report.missed).toHaveLength(1);
  });

  it('the same run twice differs in nothing', () => {
    const list = [trade(0, '100', '110'), trade(30 * MINUTE, '100', '90', { side: 'short' })];
    const report = compare(list, list);
    expect(report).toMatchObject({
      matchRate: 1,
      missed: [],
      extra: [],
      equity: { finalPct: 0, widestPct: 0, widestAt: null },
    });
    expect(report.pairs.every(({ reasons }) => reasons.length === 0)).toBe(true);
  });

  it('the parts add up to the difference of the profits, to the last digit', () => {
    const any = fc
      .record({
        at: fc.integer({ min: 0, max: 400 }),
        length: fc.integer({ min: 1, max: 60 }),
        entry: fc.integer({ min: 1, max: 100_000 }),
        exit: fc.integer({ min: 1, max: 100_000 }),
        quantity: fc.integer({ min: 1, max: 1_000 }),
        fees: fc.integer({ min: -10, max: 100 }),
        side: fc.constantFrom('long' as const, 'short' as const),
        symbol: fc.constantFrom('A', 'B'),
      })
      .map(({ at, length, entry, exit, quantity, fees, side, symbol }) =>
        trade(at * 20_000, String(entry / 100), String(exit / 100), {
          exitAt: (at + length) * 20_000,
          quantity: d(quantity).div(1_000),
          fees: d(fees).div(100),
          side,
          symbol,
        }),
      );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 20 }), fc.array(any, { maxLength: 20 }), (forward, backtest) => {
        const { pairs, missed, extra, parts, pnl, equity } = compare(forward, backtest);
        const sum = Object.values(parts).reduce((total, part) => total.plus(part), ZERO);
        expect(sum.toFixed()).toBe(pnl.difference.toFixed());
        expect(pairs.length + missed.length).toBe(backtest.length);
        expect(pairs.length + extra.length).toBe(forward.length);
        expect(equity.finalPct).toBeCloseTo(pnl.difference.div(10).toNumber(), 6);
        expect(parts.rounding.isZero()).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});
