import { describe, expect, it } from 'vitest';
import { sampleReturns } from '../../src/research/equity-sampling.ts';
import { backtestStatistics, exposedBars, type BacktestResult } from '../../src/research/trade-statistics.ts';

const DAY = 86_400_000;

function run(
  equity: number[],
  pnl: number[] = [],
  changes: Partial<BacktestResult> = {},
): ReturnType<typeof backtestStatistics> {
  return backtestStatistics({
    equity: Float64Array.from(equity),
    times: Float64Array.from(equity, (_, bar) => bar * DAY),
    trades: pnl.map((profit, index) => ({
      entryBar: index,
      exitBar: index + 1,
      entryTime: index * DAY,
      exitTime: (index + 1) * DAY,
      pnl: profit,
      returnPct: profit / 10,
    })),
    periods: 252,
    initialEquity: 1000,
    fees: 0,
    exposureBars: 0,
    firstClose: 100,
    lastClose: 110,
    ...changes,
  });
}

describe('published trade figures', () => {
  it('expectancy and its ratio, freqtrade', () => {
    const { stats } = run([1000, 1450], [100, 200, 50, -150, 300, -100, 80, -30]);
    expect(stats['expectancy']).toBeCloseTo(56.25, 12);
    expect(stats['expectancyRatio']).toBeCloseTo(0.60267857, 8);
  });

  it('per-trade Sharpe and profit factor, LEAN', () => {
    // 3 winners of 50 in total with deviation 5.7735; two losers and a winner of -30 in total.
    const winners = run([1000, 1050], [10, 20, 20]).stats;
    expect((winners['sqn'] ?? 0) / Math.sqrt(3)).toBeCloseTo(2.88675, 5);
    const losers = run([1000, 970], [-20, -20, 10]).stats;
    expect(losers['profitFactor']).toBeCloseTo(0.25, 12);
    expect((losers['sqn'] ?? 0) / Math.sqrt(3)).toBeCloseTo(-0.57735, 5);
  });

  it('drawdown is measured against the running peak, the starting equity included', () => {
    // freqtrade's series of profits 0, -500, 500, 10000, -1000 on 1000.
    expect(run([1000, 500, 1000, 11_000, 10_000]).stats['maxDrawdown']).toBeCloseTo(-0.5, 12);
    expect(run([900, 950]).stats['maxDrawdown']).toBeCloseTo(-0.1, 12);
  });
});

describe('degenerate runs', () => {
  it.each<[string, number[], number[]]>([
    ['no bar', [], []],
    ['one bar', [1000], []],
    ['no trade', [1000, 1000, 1000], []],
    ['only winners', [1000, 1010, 1030], [10, 20]],
    ['only losers', [1000, 990, 970], [-10, -20]],
    ['break-even trades', [1000, 1000], [0, 0]],
    ['a lost account', [1000, 500, 0, 0], [-1000]],
    ['a debt', [1000, -200, -300], [-1300]],
  ])('%s: every figure is a number or null with a reason', (_name, equity, pnl) => {
    const { stats, unavailable } = run(equity, pnl);
    for (const [key, value] of Object.entries(stats)) {
      if (value === null) expect(unavailable[key], key).toMatch(/\w/);
      else expect(Number.isFinite(value), key).toBe(true);
    }
  });

  it('says that there is no closed trade', () => {
    const { stats, unavailable } = run([1000, 1000, 1000]);
    expect(stats['trades']).toBe(0);
    expect(stats['winRate']).toBeNull();
    expect(unavailable['winRate']).toBe('there is no closed trade');
    expect(stats['maxDrawdown']).toBe(0);
    expect(stats['buyAndHoldPct']).toBeCloseTo(10, 12);
  });

  it('has every key of the report', () => {
    const keys =
      'finalEquity returnPct cagr volatility sharpe sortino calmar maxDrawdown avgDrawdown maxDrawdownDays exposurePct ' +
      'trades winRate bestTradePct worstTradePct avgTradePct profitFactor expectancy sqn kelly fees buyAndHoldPct';
    for (const key of keys.split(' ')) expect(run([1000, 1010], [10]).stats).toHaveProperty(key);
  });
});

describe('exposure', () => {
  it('counts overlapping and adjoining bars once, and an open position to the end', () => {
    const trades = [
      { entryBar: 1, exitBar: 3 },
      { entryBar: 3, exitBar: 4 },
    ];
    expect(exposedBars(trades, 10)).toBe(4);
    expect(exposedBars(trades, 10, 8)).toBe(6);
    expect(exposedBars([], 10)).toBe(0);
  });
});

describe('sampling of intraday equity', () => {
  const hour = 3_600_000;
  const hourly = Float64Array.from({ length: 72 }, (_, index) => (index + 1) * hour);
  const equity = Float64Array.from({ length: 72 }, (_, index) => 1000 + index);

  it('takes the last value of each UTC day for a yearly count of days; midnight closes the day before', () => {
    const { returns, daily } = sampleReturns(equity, hourly, 365);
    expect(daily).toBe(true);
    expect(Array.from(returns)).toEqual([1047 / 1023 - 1, 1071 / 1047 - 1]);
  });

  it('keeps bar returns when periods counts bars, and for daily bars', () => {
    expect(sampleReturns(equity, hourly, 8760)).toMatchObject({ daily: false });
    expect(sampleReturns(equity, hourly, 8760).returns).toHaveLength(71);
    const days = Float64Array.from({ length: 72 }, (_, index) => index * DAY);
    expect(sampleReturns(equity, days, 252)).toMatchObject({ daily: false });
  });
});
