import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Command, UsageError } from '../../src/cli/command.ts';
import { command as indicators } from '../../src/cli/commands/indicators.ts';
import { command as metrics } from '../../src/cli/commands/metrics.ts';
import { splitDataName } from '../../src/cli/data-name.ts';
import { RefusalError } from '../../src/domain/refusal.ts';
import { describeWithData, sharedData } from '../support/shared-data.ts';

async function run(command: Command, ...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const written = { out: '', err: '' };
  const status = await command.run(args, {
    out: (text) => (written.out += text),
    err: (text) => (written.err += text),
    isErrTty: false,
    stdin: () => Promise.resolve(''),
  });
  return { status, ...written };
}

const folder = mkdtempSync(join(tmpdir(), 'metrics-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const returns = file(
  'returns.csv',
  'date,fund,market,bill\n2020-01-31,0.02,0.01,0.001\n2020-02-29,-0.01,0,0.001\n2020-03-31,0.03,0.015,0.001\n2020-04-30,0.005,0.01,0.001\n',
);
const prices = file(
  'prices.csv',
  'symbol,date,close\nAAA,2020-01-01,100\nBBB,2020-01-01,50\nAAA,2020-01-02,110\nBBB,2020-01-02,51\nAAA,2020-01-03,99\nBBB,2020-01-03,52\n',
);

const STATS =
  'totalReturn cagr volatility sharpe sortino calmar maxDrawdown omega tailRatio skew kurtosis stability var95 cvar95 ' +
  'varGaussian95 varCornishFisher95 esGaussian95 esCornishFisher95 alpha beta informationRatio trackingError treynor ' +
  'upCapture downCapture kelly';

interface Report {
  n: number;
  periods: number;
  stats: Record<string, number | null>;
  drawdowns: Record<string, unknown>[];
  conventions: Record<string, string>;
  unavailable: Record<string, string>;
  data: { read: number; kept: number; dropped: Record<string, number> };
}

async function json(...args: string[]): Promise<Report> {
  const { status, out } = await run(metrics, ...args, '--json');
  expect(status).toBe(0);
  expect(out.endsWith('\n')).toBe(true);
  return JSON.parse(out) as Report;
}

describe('metrics', () => {
  it('prints every figure of the format, with a convention for each', async () => {
    const report = await json('--returns', returns, '--column', 'fund', '--periods', '12', '--benchmark', 'market');
    expect(report).toMatchObject({ n: 4, periods: 12 });
    for (const key of STATS.split(' ')) {
      expect(report.stats).toHaveProperty(key);
      expect(report.conventions[key], key).toMatch(/\w/);
    }
    // The same four periods as NautilusTrader's alpha example.
    expect(report.stats['beta']).toBeCloseTo(2.5789473684210527, 12);
    expect(report.drawdowns[0]).toEqual({
      depth: expect.closeTo(-0.01, 12),
      from: '2020-02-29',
      trough: '2020-02-29',
      to: '2020-03-31',
      length: 2,
      toTrough: 1,
      recovery: 1,
    });
  });

  it('nulls what a missing benchmark makes impossible, with the reason', async () => {
    const report = await json('--returns', returns, '--column', 'fund');
    expect(report.stats['alpha']).toBeNull();
    expect(report.unavailable['alpha']).toContain('--benchmark');
  });

  it('takes the only column that is left when the benchmark and risk-free columns are named', async () => {
    const report = await json('--returns', returns, '--benchmark', 'market', '--risk-free', 'bill', '--periods', '12');
    const excess = [0.019, -0.011, 0.029, 0.004];
    const average = excess.reduce((sum, value) => sum + value, 0) / 4;
    const deviation = Math.sqrt(excess.reduce((sum, value) => sum + (value - average) ** 2, 0) / 3);
    expect(report.stats['sharpe']).toBeCloseTo((average / deviation) * Math.sqrt(12), 12);
  });

  it('divides an annual risk-free rate by the periods', async () => {
    const series = await json('--returns', returns, '--column', 'fund', '--risk-free', 'bill', '--periods', '12');
    const rate = await json('--returns', returns, '--column', 'fund', '--risk-free', '0.012', '--periods', '12');
    expect(rate.stats['sharpe']).toBeCloseTo(series.stats['sharpe'] ?? 0, 12);
    expect(rate.stats['omega']).toBeCloseTo(series.stats['omega'] ?? 0, 10);
  });

  it('reads prices of a symbol against another one', async () => {
    const report = await json('--prices', `${prices}:AAA`, '--benchmark', 'bbb');
    expect(report.n).toBe(2);
    expect(report.stats['totalReturn']).toBeCloseTo(-0.01, 12);
    expect(report.stats['maxDrawdown']).toBeCloseTo(-0.1, 12);
    expect(report.stats['beta']).not.toBeNull();
  });

  it('reports bad lines on stderr and in the document, or stops at them', async () => {
    const path = file('bad.csv', 'date,close\n2020-01-01,100\n2020-01-02,oops\n2020-01-03,-5\n2020-01-04,110\n');
    const { status, out, err } = await run(metrics, '--prices', path, '--json');
    expect(status).toBe(0);
    expect(err).toContain('bad.csv:3: not-a-number');
    expect((JSON.parse(out) as Report).data).toMatchObject({
      read: 4,
      kept: 2,
      dropped: { 'not-a-number': 1, 'not-positive': 1 },
    });
    await expect(run(metrics, '--prices', path, '--strict')).rejects.toThrow(RefusalError);
  });

  it('is readable without --json', async () => {
    const { out } = await run(metrics, '--returns', returns, '--column', 'fund', '--periods', '12');
    expect(out).toMatch(/^fund: 4 periods, 2020-01-31 to 2020-04-30/);
    expect(out).toMatch(/\ncagr +0\.14/);
    expect(out).not.toMatch(/NaN|Infinity|undefined/);
  });

  it.each([
    [[]],
    [['--returns', returns, '--prices', prices]],
    [['--returns', returns, '--periods', '0']],
    [['--returns', returns, '--periods', 'x']],
    [['--returns', returns, '--nope']],
    [['--returns']],
  ])('%j is wrong usage', async (args) => {
    await expect(run(metrics, ...args)).rejects.toThrow(UsageError);
  });

  it.each([
    [['--returns', join(folder, 'absent.csv')], 'DATA_FILE_UNREADABLE'],
    [['--returns', returns], 'COLUMN_NEEDED'],
    [['--returns', returns, '--column', 'fundd'], 'COLUMN_UNKNOWN'],
    [['--returns', returns, '--column', 'fund', '--benchmark', 'x'], 'COLUMN_UNKNOWN'],
    [['--prices', prices], 'SYMBOL_NEEDED'],
    [['--prices', `${prices}:CCC`], 'SYMBOL_UNKNOWN'],
    [['--prices', `${prices}:AAA`, '--risk-free', 'bill'], 'RISK_FREE_INVALID'],
    [['--prices', file('one.csv', 'date,close\n2020-01-01,1\n')], 'SERIES_EMPTY'],
    [['--prices', file('text.csv', 'date,close\n2020-01-01,a\n')], 'COLUMN_NEEDED'],
  ])('%j is refused with %s', async (args, code) => {
    await expect(run(metrics, ...args)).rejects.toMatchObject({ refusal: { code } });
  });
});

describe('indicators', () => {
  const bars = file('bars.csv', 'date,open,high,low,close,volume\n1,1,2,1,2,10\n2,2,4,2,4,10\n3,4,6,3,6,10\n');

  it('prints columns with nulls in the warm-up', async () => {
    const { status, out } = await run(
      indicators,
      '--data',
      bars,
      '--indicator',
      'sma',
      '--param',
      'period=2',
      '--json',
    );
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      indicator: 'sma',
      params: { period: 2 },
      warmup: 1,
      columns: { sma: [null, 3, 5] },
      data: { read: 3, kept: 3 },
    });
  });

  it('prints CSV without --json, and reads another column', async () => {
    const { out } = await run(
      indicators,
      '--data',
      bars,
      '--indicator',
      'sma',
      '--param',
      'period=2',
      '--column',
      'low',
    );
    expect(out).toBe('time,sma\n1,\n2,1.5\n3,2.5\n');
  });

  it('says when there are too few bars', async () => {
    const { out, err } = await run(indicators, '--data', bars, '--indicator', 'rsi', '--json');
    expect(JSON.parse(out)).toMatchObject({ warmup: 14, columns: { rsi: [null, null, null] } });
    expect(err).toContain('needs more than 14 bars');
  });

  it.each([
    [['--indicator', 'sma']],
    [['--data', bars]],
    [['--data', bars, '--indicator', 'sma', '--param', 'period']],
    [['--data', bars, '--indicator', 'sma', '--param', 'period=x']],
    [['--data', bars, '--indicator', 'sma', '--param', '=2']],
  ])('%j is wrong usage', async (args) => {
    await expect(run(indicators, ...args)).rejects.toThrow(UsageError);
  });

  it.each([
    [['--data', bars, '--indicator', 'smaa'], 'INDICATOR_UNKNOWN'],
    [['--data', bars, '--indicator', 'sma', '--param', 'speed=2'], 'PARAMETER_UNKNOWN'],
    [['--data', bars, '--indicator', 'sma', '--param', 'period=0'], 'PARAMETER_RANGE'],
    [['--data', bars, '--indicator', 'macd', '--param', 'fast=30'], 'PARAMETER_RANGE'],
    [['--data', returns, '--indicator', 'obv'], 'COLUMN_NEEDED'],
  ])('%j is refused with %s', async (args, code) => {
    await expect(run(indicators, ...args)).rejects.toMatchObject({ refusal: { code } });
  });

  it('lists its catalogue in --help', async () => {
    const { status, out } = await run(indicators, '--help');
    expect(status).toBe(0);
    for (const name of ['sma', 'bbands', 'adx', 'obv']) expect(out).toContain(`\n  ${name} `);
  });
});

describe('FILE:SYMBOL', () => {
  const known = new Set(['C:\\data\\a.csv', '/data/a.csv', '/data/b:c.csv', 'a.csv']);
  const exists = (path: string): boolean => known.has(path);
  it.each([
    ['C:\\data\\a.csv', 'C:\\data\\a.csv', null],
    ['C:\\data\\a.csv:BTCUSDT', 'C:\\data\\a.csv', 'BTCUSDT'],
    ['C:\\missing.csv', 'C:\\missing.csv', null],
    ['C:/missing.csv:X', 'C:/missing.csv', 'X'],
    ['/data/a.csv:BTC/USDT:USDT', '/data/a.csv', 'BTC/USDT:USDT'],
    ['/data/b:c.csv', '/data/b:c.csv', null],
    ['/data/b:c.csv:X', '/data/b:c.csv', 'X'],
    ['a.csv:X', 'a.csv', 'X'],
    ['missing.csv:X', 'missing.csv', 'X'],
  ])('%s', (text, path, symbol) => {
    expect(splitDataName(text, exists)).toEqual({ path, symbol });
  });
});

describeWithData('metrics over shared data', ['nse/nifty50_daily_2020-10_2025-09.csv.gz'], () => {
  it('equals the independent figures through the command line', async () => {
    const path = sharedData('nse/nifty50_daily_2020-10_2025-09.csv.gz') ?? '';
    const report = await json('--prices', `${path}:RELIANCE`, '--benchmark', 'TCS');
    expect(report.n).toBe(1240);
    expect(report.stats['sharpe']).toBeCloseTo(0.3351783573951594, 9);
    expect(report.stats['kurtosis']).toBeCloseTo(3.18967637372759, 9);
    expect(report.data).toMatchObject({ read: 43_435, kept: 1241 });
  });
});
