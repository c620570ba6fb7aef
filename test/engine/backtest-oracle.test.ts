import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeWithData, sharedData } from '../support/shared-data.ts';
import { tradewrightJson } from '../support/command-line.ts';

interface OracleTrade {
  Size: number;
  EntryBar: number;
  ExitBar: number;
  EntryPrice: number;
  ExitPrice: number;
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
interface Report {
  stats: Record<string, number | string>;
  trades: {
    side: string;
    qty: string;
    entryBar: number;
    exitBar: number;
    entryPrice: string;
    exitPrice: string;
    pnl: string;
    returnPct: number;
    entryTime: string;
    exitTime: string;
  }[];
}

const data = 'us/GOOG_daily_2004_2013.csv.gz';
const oraclePath = 'oracles/backtest_goog_sma_10_30_nocomm.json';

describeWithData('GOOG SMA 10/30 against an independent backtester', [data, oraclePath], () => {
  const oracle = JSON.parse(readFileSync(sharedData(oraclePath) ?? '', 'utf8')) as Oracle;
  const { expected } = oracle;
  const run = (): Promise<Report> =>
    tradewrightJson(
      'backtest',
      '--data',
      sharedData(data) ?? '',
      '--strategy',
      'sma-cross',
      '--param',
      'fast=10',
      '--param',
      'slow=30',
      '--cash',
      '10000',
      '--commission',
      '0',
      '--sizing',
      'all-in',
      '--units',
      'integer',
      '--direction',
      'both',
      '--reverse',
      '--close-at-end',
      'open',
    ) as unknown as Promise<Report>;

  it('makes the same 66 trades, bar by bar and cent by cent', async () => {
    const report = await run();
    expect(report.trades).toHaveLength(66);
    report.trades.forEach((trade, index) => {
      const other = expected.trades[index];
      expect(other).toBeDefined();
      if (other === undefined) return;
      expect({
        size: (trade.side === 'long' ? 1 : -1) * Number(trade.qty),
        bars: [trade.entryBar, trade.exitBar],
        prices: [Number(trade.entryPrice), Number(trade.exitPrice)],
        times: [trade.entryTime.slice(0, 10), trade.exitTime.slice(0, 10)],
      }).toEqual({
        size: other.Size,
        bars: [other.EntryBar, other.ExitBar],
        prices: [other.EntryPrice, other.ExitPrice],
        times: [other.EntryTime.slice(0, 10), other.ExitTime.slice(0, 10)],
      });
      expect(Number(trade.pnl)).toBeCloseTo(other.PnL, 8);
      expect(trade.returnPct / 100).toBeCloseTo(other.ReturnPct, 10);
    });
  });

  it('ends with the same equity, return, drawdown and trade statistics', async () => {
    const { stats } = await run();
    expect(stats['finalEquity']).toBe('51422.99');
    const pairs: [string, number | undefined, number][] = [
      ['returnPct', expected.stats['Return [%]'], 1],
      ['cagr', expected.stats['CAGR [%]'], 100],
      ['maxDrawdown', expected.stats['Max. Drawdown [%]'], 100],
      ['avgDrawdown', expected.stats['Avg. Drawdown [%]'], 100],
      ['maxDrawdownDays', expected.stats['Max. Drawdown Duration'], 1],
      ['exposurePct', expected.stats['Exposure Time [%]'], 1],
      ['winRate', expected.stats['Win Rate [%]'], 100],
      ['bestTradePct', expected.stats['Best Trade [%]'], 1],
      ['worstTradePct', expected.stats['Worst Trade [%]'], 1],
      ['avgTradePct', expected.stats['Avg. Trade [%]'], 1],
      ['sqn', expected.stats['SQN'], 1],
      ['kelly', expected.stats['Kelly Criterion'], 1],
      ['profitFactor', expected.derived_from_trades['profit_factor_cash'], 1],
      ['expectancy', expected.derived_from_trades['expectancy_cash'], 1],
    ];
    for (const [key, value, scale] of pairs)
      expect(Number(stats[key]) * scale, key).toBeCloseTo(value ?? Number.NaN, 6);
  });

  it('has the same equity at every sampled bar', async () => {
    const { runBacktest } = await import('../../src/engine/backtest.ts');
    const { readBacktestRequest } = await import('../../src/cli/backtest-options.ts');
    const { openData } = await import('../../src/cli/data-files.ts');
    const request = readBacktestRequest([
      '--data',
      'x',
      '--strategy',
      'sma-cross',
      '--direction',
      'both',
      '--reverse',
      '--close-at-end',
      'open',
    ]);
    if (request === null) throw new Error('no request');
    const outcome = await runBacktest(await openData([sharedData(data) ?? ''], true), request.options);
    for (const [bar, value] of Object.entries(expected.equity_samples))
      expect(outcome.equity[Number(bar)], bar).toBeCloseTo(value, 6);
  });
});
