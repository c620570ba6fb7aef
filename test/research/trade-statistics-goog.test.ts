import { expect, it } from 'vitest';
import { backtestStatistics, exposedBars, type ClosedTrade } from '../../src/research/trade-statistics.ts';
import { describeWithData, sharedData } from '../support/shared-data.ts';
import { csvColumn, csvRows, jsonFile } from './returns-table.ts';

interface OracleTrade {
  Size: number;
  EntryBar: number;
  ExitBar: number;
  EntryPrice: number;
  PnL: number;
  ReturnPct: number;
  EntryTime: string;
  ExitTime: string;
}
interface Oracle {
  expected: {
    stats: Record<string, number>;
    trades: OracleTrade[];
    equity_samples: Record<string, number>;
    derived_from_trades: Record<string, number>;
  };
}

const oracleFile = 'oracles/backtest_goog_sma_10_30_nocomm.json';
const pricesFile = 'us/GOOG_daily_2004_2013.csv.gz';

describeWithData('statistics of the GOOG SMA 10/30 run from its own trades', [oracleFile, pricesFile], () => {
  const { expected } = jsonFile<Oracle>(sharedData(oracleFile) ?? '');
  const prices = sharedData(pricesFile) ?? '';
  const close = csvColumn(prices, 'close');
  const times = Float64Array.from(csvRows(prices).rows, ([date = '']) => Date.parse(`${date}T00:00:00Z`));
  const trades: ClosedTrade[] = expected.trades.map((trade) => ({
    entryBar: trade.EntryBar,
    exitBar: trade.ExitBar,
    entryTime: Date.parse(`${trade.EntryTime}Z`),
    exitTime: Date.parse(`${trade.ExitTime}Z`),
    pnl: trade.PnL,
    returnPct: trade.ReturnPct * 100,
  }));
  const equity = Float64Array.from(close, (price, bar) =>
    expected.trades.reduce((value, trade) => {
      if (trade.ExitBar <= bar) return value + trade.PnL;
      return trade.EntryBar <= bar ? value + trade.Size * (price - trade.EntryPrice) : value;
    }, 10_000),
  );
  const { stats, assumptions, unavailable } = backtestStatistics({
    equity,
    times,
    trades,
    periods: 252,
    initialEquity: 10_000,
    fees: 0,
    exposureBars: exposedBars(trades, equity.length),
    firstClose: close[0] ?? 0,
    lastClose: close[close.length - 1] ?? 0,
    warmupClose: close[29] ?? 0,
  });

  it('rebuilds the equity curve the oracle sampled', () => {
    for (const [bar, value] of Object.entries(expected.equity_samples)) {
      expect(equity[Number(bar)]).toBeCloseTo(value, 6);
    }
  });

  it.each([
    ['finalEquity', 'Equity Final [$]', 1],
    ['equityPeak', 'Equity Peak [$]', 1],
    ['returnPct', 'Return [%]', 1],
    ['cagr', 'CAGR [%]', 0.01],
    ['maxDrawdown', 'Max. Drawdown [%]', 0.01],
    ['avgDrawdown', 'Avg. Drawdown [%]', 0.01],
    ['maxDrawdownDays', 'Max. Drawdown Duration', 1],
    ['exposurePct', 'Exposure Time [%]', 1],
    ['trades', '# Trades', 1],
    ['winRate', 'Win Rate [%]', 0.01],
    ['bestTradePct', 'Best Trade [%]', 1],
    ['worstTradePct', 'Worst Trade [%]', 1],
    ['avgTradePct', 'Avg. Trade [%]', 1],
    ['expectancyPct', 'Expectancy [%]', 1],
    ['profitFactorPct', 'Profit Factor', 1],
    ['sqn', 'SQN', 1],
    ['kelly', 'Kelly Criterion', 1],
    ['maxTradeDays', 'Max. Trade Duration', 1],
    ['returnAnnualised', 'Return (Ann.) [%]', 0.01],
    ['volatilityGeometric', 'Volatility (Ann.) [%]', 0.01],
    ['sharpeGeometric', 'Sharpe Ratio', 1],
    ['sortinoGeometric', 'Sortino Ratio', 1],
    ['calmarGeometric', 'Calmar Ratio', 1],
    ['buyAndHoldAfterWarmupPct', 'Buy & Hold Return [%]', 1],
  ])('%s equals "%s"', (key, theirs, scale) => {
    const wanted = (expected.stats[theirs] ?? Number.NaN) * scale;
    expect(Math.abs((stats[key] ?? Number.NaN) / wanted - 1)).toBeLessThanOrEqual(1e-9);
  });

  it('rounds up to the whole days the oracle prints', () => {
    expect(Math.ceil(stats['avgDrawdownDays'] ?? 0)).toBe(expected.stats['Avg. Drawdown Duration']);
    expect(Math.ceil(stats['avgTradeDays'] ?? 0)).toBe(expected.stats['Avg. Trade Duration']);
  });

  it('gives the plain cash figures under the plain keys', () => {
    const cash = expected.derived_from_trades;
    expect(stats['profitFactor']).toBeCloseTo(cash['profit_factor_cash'] ?? 0, 10);
    expect(stats['expectancy']).toBeCloseTo(cash['expectancy_cash'] ?? 0, 8);
    expect(stats['grossProfit']).toBeCloseTo(cash['gross_profit'] ?? 0, 6);
    expect(stats['grossLoss']).toBeCloseTo(cash['gross_loss'] ?? 0, 6);
    expect(stats['avgWin']).toBeCloseTo(cash['avg_win'] ?? 0, 8);
    expect(stats['avgLoss']).toBeCloseTo(cash['avg_loss'] ?? 0, 8);
    expect(stats['maxConsecutiveLosses']).toBe(cash['max_consecutive_losses']);
  });

  it('annualises arithmetic returns for the plain volatility and Sharpe ratio', () => {
    const returns = Array.from(equity.subarray(1), (value, index) => value / (equity[index] ?? 0) - 1);
    const average = returns.reduce((sum, value) => sum + value, 0) / returns.length;
    const variance = returns.reduce((sum, value) => sum + (value - average) ** 2, 0) / (returns.length - 1);
    expect(stats['volatility']).toBeCloseTo(Math.sqrt(variance * 252), 10);
    expect(stats['sharpe']).toBeCloseTo((average / Math.sqrt(variance)) * Math.sqrt(252), 10);
  });

  it('names a convention for what has more than one, and nothing is missing', () => {
    for (const key of ['cagr', 'volatility', 'sharpe', 'profitFactor', 'avgTradePct', 'kelly']) {
      expect(assumptions[key]).toMatch(/\w/);
    }
    expect(unavailable).toEqual({});
  });
});
