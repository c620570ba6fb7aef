import { expect, it } from 'vitest';
import { growthOfOne } from '../../src/research/drawdown.ts';
import { quantile, sorted } from '../../src/research/moments.ts';
import { performanceReport } from '../../src/research/performance.ts';
import { describeWithData, sharedData } from '../support/shared-data.ts';
import { csvColumn, csvRows, jsonFile } from './returns-table.ts';

function path(relative: string): string {
  const found = sharedData(relative);
  if (found === null) throw new Error(`${relative} is absent`);
  return found;
}

type Series = { series: string };
interface EmpyricalCase {
  fn: string;
  returns: Series;
  risk_free?: string | Series;
  starting_value?: number;
  period?: 'daily' | 'weekly' | 'monthly';
  expected: number | string | number[];
}
interface EmpyricalOracle {
  series: Record<string, (number | null)[]>;
  cases: EmpyricalCase[];
  var: { returns: number[]; cutoff: number; expected: number }[];
}

describeWithData('empyrical tables', ['oracles/performance_empyrical.json'], () => {
  const oracle = jsonFile<EmpyricalOracle>(path('oracles/performance_empyrical.json'));
  const series = (name: string): number[] => (oracle.series[name] ?? []).map((value) => value ?? Number.NaN);

  function computed(testCase: EmpyricalCase): number | null | number[] {
    const returns = series(testCase.returns.series);
    if (testCase.fn === 'cum_returns') {
      // The table starts with the missing first period, in which nothing is earned.
      const growth = growthOfOne(returns.map((value) => (Number.isNaN(value) ? 0 : value)));
      const start = testCase.starting_value ?? 0;
      return Array.from(growth, (wealth) => (start === 0 ? wealth - 1 : wealth * start));
    }
    const periods = { daily: 252, weekly: 52, monthly: 12 }[testCase.period ?? 'daily'];
    const riskFree = typeof testCase.risk_free === 'object' ? series(testCase.risk_free.series) : 0;
    const { stats } = performanceReport({ returns, periods, riskFree });
    switch (testCase.fn) {
      case 'max_drawdown':
        return stats['maxDrawdown'] ?? null;
      case 'sharpe_ratio':
        return stats['sharpe'] ?? null;
      case 'annual_volatility':
        return stats['volatility'] ?? null;
      case 'cum_returns_final': {
        const earned = stats['totalReturn'] ?? null;
        const start = testCase.starting_value ?? 0;
        return earned === null || start === 0 ? earned : (1 + earned) * start;
      }
      default:
        throw new Error(`unknown case ${testCase.fn}`);
    }
  }

  it.each(oracle.cases.map((testCase, index) => [index, testCase.fn, testCase.returns.series, testCase] as const))(
    'case %i: %s of %s',
    (_index, _fn, _series, testCase) => {
      const actual = computed(testCase);
      // What is not a number there (NaN, Infinity) is null with a reason here.
      if (typeof testCase.expected === 'string') expect(actual).toBeNull();
      else if (typeof testCase.expected === 'number') {
        expect(Math.abs((actual as number) - testCase.expected)).toBeLessThanOrEqual(1e-4);
      } else {
        const values = actual as number[];
        expect(values).toHaveLength(testCase.expected.length);
        testCase.expected.forEach((value, index) => {
          expect(Math.abs((values[index] ?? Number.NaN) - value)).toBeLessThanOrEqual(1e-4);
        });
      }
    },
  );

  it('value at risk interpolates between order statistics', () => {
    for (const { returns, cutoff, expected } of oracle.var) {
      expect(quantile(sorted(returns), cutoff)).toBeCloseTo(expected, 12);
    }
  });
});

const managersFile = 'returns/managers_monthly_1996_2006.csv';

describeWithData('PerformanceAnalytics on managers', ['oracles/performance_managers.json', managersFile], () => {
  const oracle = jsonFile<{ expected_full: Record<string, Record<string, number>> }>(
    path('oracles/performance_managers.json'),
  );
  const statistic: Record<string, (column: string) => number | null | undefined> = {
    maxDrawdown: (column) => -(report(column).stats['maxDrawdown'] ?? Number.NaN),
    StdDev_annualized: (column) => report(column).stats['volatility'],
    Sharpe_monthly_rf_3: (column) => report(column).stats['sharpePerPeriod'],
    Return_annualized_geometric: (column) => report(column).stats['cagr'],
  };
  const report = (column: string): ReturnType<typeof performanceReport> =>
    performanceReport({ returns: csvColumn(path(managersFile), column), periods: 12, riskFree: 0.035 });

  for (const [name, columns] of Object.entries(oracle.expected_full)) {
    it.each(Object.entries(columns))(`${name} of %s`, (column, expected) => {
      const actual = statistic[name.replace(/\..*$/, '')]?.(column) ?? Number.NaN;
      expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 * Math.max(Math.abs(expected), 1e-3));
    });
  }

  it('reproduces the published single-factor, distribution and capture tables', () => {
    const column = (name: string): number[] => csvColumn(path(managersFile), name);
    // table.SFM with Rf = US 3m TR; table.Distributions; table.CaptureRatios. Printed to 4 decimals.
    const published = [
      ['HAM1', { a: 0.0058, b: 0.3901, te: 0.1132, premium: 0.0408, ir: 0.3604 }],
      ['HAM2', { a: 0.0091, b: 0.3384, te: 0.1534, premium: 0.0776, ir: 0.506 }],
      ['HAM3', { a: 0.0062, b: 0.5523, te: 0.1159, premium: 0.0545, ir: 0.4701 }],
    ] as const;
    for (const [name, expected] of published) {
      const { stats } = performanceReport({
        returns: column(name),
        periods: 12,
        riskFree: column('US 3m TR'),
        benchmark: { returns: column(name), benchmark: column('SP500 TR') },
      });
      expect(stats['alphaPerPeriod']).toBeCloseTo(expected.a, 4);
      expect(stats['beta']).toBeCloseTo(expected.b, 4);
      expect(stats['trackingError']).toBeCloseTo(expected.te, 4);
      expect(stats['activePremium']).toBeCloseTo(expected.premium, 4);
      expect(stats['informationRatioGeometric']).toBeCloseTo(expected.ir, 4);
    }
    const ham1 = report('HAM1').stats;
    expect(ham1['skewMoment']).toBeCloseTo(-0.6588, 4);
    expect(ham1['kurtosisMoment']).toBeCloseTo(2.3616, 4);
    const captures = [
      ['HAM1', 1.0068, 0.632],
      ['HAM4', 1.4855, 2.3796],
      ['HAM6', 1.3205, 0.8327],
    ] as const;
    for (const [name, up, down] of captures) {
      const { stats } = performanceReport({
        returns: column(name),
        periods: 12,
        benchmark: { returns: column(name), benchmark: column('EDHEC LS EQ') },
      });
      expect(stats['upCaptureSum']).toBeCloseTo(up, 4);
      expect(stats['downCaptureSum']).toBeCloseTo(down, 4);
    }
  });
});

const edhecFile = 'more/returns/edhec_monthly_1997_2021.csv';

describeWithData('PerformanceAnalytics tail risk on edhec', [edhecFile], () => {
  it('modified and historical VaR and ES of every index, as printed by table.DownsideRisk', () => {
    const published: [string, number, number, number, number, number][] = [
      ['Convertible Arbitrage', 0.2927, -0.0151, -0.0388, -0.0257, -0.0894],
      ['CTA Global', 0.1256, -0.0315, -0.0406, -0.032, -0.0404],
      ['Distressed Securities', 0.2292, -0.0198, -0.0413, -0.028, -0.0673],
      ['Emerging Markets', 0.3598, -0.0423, -0.0754, -0.0534, -0.1157],
      ['Equity Market Neutral', 0.1108, -0.0084, -0.0175, -0.011, -0.0367],
      ['Event Driven', 0.2008, -0.0255, -0.0445, -0.0296, -0.0811],
      ['Fixed Income Arbitrage', 0.1788, -0.0072, -0.0291, -0.0177, -0.0531],
      ['Global Macro', 0.0792, -0.0149, -0.0211, -0.0138, -0.017],
      ['Long/Short Equity', 0.2182, -0.0262, -0.0448, -0.0295, -0.0486],
      ['Merger Arbitrage', 0.085, -0.0107, -0.0233, -0.015, -0.0513],
      ['Relative Value', 0.1594, -0.0114, -0.0271, -0.0174, -0.0475],
    ];
    for (const [name, drawdown, ...tail] of published) {
      const { stats } = performanceReport({ returns: csvColumn(path(edhecFile), name), periods: 12 });
      const actual = ['var95', 'cvar95', 'varCornishFisher95', 'esCornishFisher95'].map((key) => stats[key]);
      tail.forEach((expected, index) => expect(actual[index], name).toBeCloseTo(expected, 4));
      expect(stats['maxDrawdown']).toBeCloseTo(-drawdown, 4);
    }
  });

  it('gaussian and modified figures of its baseline test to 6 decimals', () => {
    const returns = csvColumn(path(edhecFile), 'Convertible Arbitrage').slice(0, 100);
    const { stats } = performanceReport({ returns, periods: 12 });
    expect(stats['varGaussian95']).toBeCloseTo(-0.012133, 6);
    expect(stats['varCornishFisher95']).toBeCloseTo(-0.014674, 6);
    expect(stats['var95']).toBeCloseTo(-0.014095, 6);
    expect(stats['esGaussian95']).toBeCloseTo(-0.017133, 6);
    expect(stats['cvar95']).toBeCloseTo(-0.02408, 6);
  });
});

const niftyFile = 'nse/nifty50_daily_2020-10_2025-09.csv.gz';
const cryptoFile = 'crypto/daily_usd_5y.csv.gz';

describeWithData('empyrical on real prices', ['oracles/performance_realdata.json', niftyFile, cryptoFile], () => {
  type Row = Record<string, number> & { series: string };
  const { results } = jsonFile<{ results: Row[] }>(path('oracles/performance_realdata.json'));
  const keys: [string, string][] = [
    ['total_return', 'totalReturn'],
    ['annual_volatility', 'volatility'],
    ['sharpe_rf0', 'sharpe'],
    ['sortino_req0', 'sortino'],
    ['max_drawdown', 'maxDrawdown'],
    ['cagr', 'cagr'],
    ['calmar', 'calmar'],
    ['omega_0', 'omega'],
    ['tail_ratio', 'tailRatio'],
    ['stability', 'stability'],
    ['var_95', 'var95'],
    ['var_99', 'var99'],
    ['cvar_95', 'cvar95'],
    ['cvar_99', 'cvar99'],
    ['downside_risk', 'downsideRisk'],
    ['skew', 'skew'],
    ['kurt_excess', 'kurtosis'],
  ];
  it.each(results.map((row) => [row.series, row] as const))('%s', (symbol, row) => {
    const { header, rows } = csvRows(path(symbol === 'BTCUSD' ? cryptoFile : niftyFile));
    const close = header.indexOf('close');
    const prices = rows.filter((cells) => cells[0] === symbol).map((cells) => Number(cells[close]));
    expect(prices).toHaveLength(row['n_prices'] ?? 0);
    const returns = prices.slice(1).map((price, index) => price / (prices[index] ?? Number.NaN) - 1);
    const { stats } = performanceReport({ returns, periods: row['periods_per_year'] ?? 0 });
    for (const [theirs, ours] of keys) {
      const expected = row[theirs] ?? Number.NaN;
      expect(Math.abs((stats[ours] ?? Number.NaN) / expected - 1), theirs).toBeLessThanOrEqual(1e-6);
    }
  });
});
