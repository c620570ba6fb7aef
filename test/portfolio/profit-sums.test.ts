import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProfitSums } from '../../src/portfolio/profit-sums.ts';
import type { TradeRecord } from '../../src/portfolio/trade-record.ts';

type Summed = Parameters<ProfitSums['add']>[0];

function trade(pnl: number, rMultiple: number | null = null, exitReason = 'signal'): Summed {
  const figures = {
    holdingMs: 1_000,
    rMultiple,
    riskReward: null,
    mae: null,
    mfe: null,
    entryEfficiency: null,
    exitEfficiency: null,
    totalEfficiency: null,
    captured: null,
  } satisfies TradeRecord['figures'];
  return { pnl: String(pnl), fees: '0.5', returnPct: pnl / 10, exitReason, figures };
}
function sumsOf(trades: readonly Summed[]): ProfitSums {
  const sums = new ProfitSums();
  for (const one of trades) sums.add(one);
  return sums;
}

describe('sums over closed trades', () => {
  it("Lean's three winners, and two losers with a winner", () => {
    const won = sumsOf([trade(20), trade(20), trade(10)]);
    expect(won.pnl.toFixed()).toBe('50');
    expect([won.winRate, won.profitFactor]).toEqual([1, null]);
    // Published: mean / deviation 2.88675 and -0.57735 of three trades.
    expect((won.sqn ?? 0) / Math.sqrt(3)).toBeCloseTo(2.88675134594813, 10);
    const lost = sumsOf([trade(-20), trade(-20), trade(10)]);
    expect(lost.profitFactor).toBe(0.25);
    expect((lost.sqn ?? 0) / Math.sqrt(3)).toBeCloseTo(-0.577350269189626, 10);
    expect([lost.expectancy?.toFixed(), lost.averageWin?.toFixed(), lost.averageLoss?.toFixed()]).toEqual([
      '-10',
      '10',
      '-20',
    ]);
  });

  it("freqtrade's eight trades: expectancy 56.25", () => {
    expect(sumsOf([100, 200, 50, -150, 300, -100, 80, -30].map((pnl) => trade(pnl))).expectancy?.toFixed()).toBe(
      '56.25',
    );
  });

  it('equal results have no spread, one result has no quality number', () => {
    expect(sumsOf([trade(0.1), trade(0.1), trade(0.1)]).sqn).toBeNull();
    expect(sumsOf([trade(1)]).sqn).toBeNull();
    expect(sumsOf([]).winRate).toBeNull();
  });

  it('merged and stored sums are the sums of all, by reason too', () => {
    const any = fc.tuple(
      fc.integer({ min: -1_000, max: 1_000 }),
      fc.option(fc.integer({ min: -5, max: 5 })),
      fc.constantFrom('signal', 'stop-loss'),
    );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 20 }), fc.array(any, { maxLength: 20 }), (left, right) => {
        const make = (list: typeof left): Summed[] => list.map(([pnl, r, reason]) => trade(pnl / 100, r, reason));
        const merged = ProfitSums.of(JSON.parse(JSON.stringify(sumsOf(make(left)).state())) as never);
        merged.merge(sumsOf(make(right)));
        const { squares, returnPct, reasons, ...exact } = merged.state();
        const whole = sumsOf(make([...left, ...right])).state();
        expect(whole).toMatchObject(exact);
        expect(squares).toBeCloseTo(whole.squares, 6);
        expect(returnPct).toBeCloseTo(whole.returnPct, 6);
        expect(Object.keys(reasons).toSorted()).toEqual(Object.keys(whole.reasons).toSorted());
        for (const [reason, inner] of Object.entries(reasons)) expect(inner.trades).toBe(whole.reasons[reason]?.trades);
      }),
      { numRuns: 100 },
    );
  });
});
