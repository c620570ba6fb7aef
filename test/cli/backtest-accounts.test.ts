import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, describe } from 'vitest';
import { Decimal } from '../../src/domain/decimal.ts';
import { brokeragePlan } from '../../src/venue/charges/brokerage-plan.ts';
import { contractNote } from '../../src/venue/charges/contract-note.ts';
import { tradewright, tradewrightJson } from '../support/command-line.ts';
import { describeWithData, sharedData } from '../support/shared-data.ts';

interface Report {
  stats: { finalEquity: string; fees: string };
  assumptions: Record<string, unknown>;
  trades: {
    side: string;
    qty: string;
    entryTime: string;
    exitTime: string;
    entryPrice: string;
    exitPrice: string;
    fees: string;
    pnl: string;
    exitReason: string;
  }[];
  refusals: Record<string, number>;
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'backtest-accounts-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]): Promise<Report> {
  return (await tradewrightJson('backtest', ...args)) as unknown as Report;
}

/** Rises after a fall, so that the averages cross; bar 8 dips to 70 and comes back. */
function dip(name: string): string {
  const path = join(folder, name);
  const closes = [100, 99, 98, 97, 99, 101, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115];
  const rows = closes.map((close, index) => {
    const open = closes[index - 1] ?? close;
    const at = Date.parse('2025-03-01T00:00:00Z') + index * 3_600_000;
    const low = index === 8 ? 70 : Math.min(open, close);
    return [at, open.toFixed(2), Math.max(open, close), low, close, 1_000].join(',');
  });
  writeFileSync(path, ['open_time,open,high,low,close,volume', ...rows].join('\n'));
  return path;
}

const CROSS = ['--strategy', 'sma-cross', '--param', 'fast=2', '--param', 'slow=4', '--cash', '1000'];

describe('a leveraged backtest', () => {
  const hold = (file: string): string[] => [
    '--data',
    dip(file),
    ...CROSS,
    '--sizing',
    'units:40',
    '--units',
    'fractional',
  ];

  it('is liquidated inside a bar at the maintenance margin', async () => {
    const report = await run(...hold('ETHUSD_1h.csv'), '--margin', '5', '--maintenance', '0.01');
    // (40 x 101 - 1000) / (40 x 0.99) = 76.76767..., rounded towards the entry.
    expect(report.trades).toMatchObject([
      { side: 'long', qty: '40', entryPrice: '101', exitPrice: '76.7677', exitReason: 'liquidation', exitBar: 8 },
    ]);
    // 1000 - 969.292, and the fee of 0.5 % on 3070.708.
    expect(report.stats.finalEquity).toBe('15.35446');
    expect(report.assumptions['margin']).toMatchObject({ leverage: '5', mode: 'cross', maintenanceRate: '0.01' });
  });

  it('is not where nothing is borrowed', async () => {
    const report = await run(...hold('ETHUSD_1h.csv').slice(0, -4), '--sizing', 'all-in');
    expect(report.trades).toEqual([]);
    expect(Number(report.stats.finalEquity)).toBeGreaterThan(1_000);
  });

  it('pays funding on perpetuals at its times', async () => {
    const args = ['--data', dip('binance_usdm_BTCUSDT_1h_2025.csv'), ...CROSS, '--sizing', 'units:1'];
    const free = await run(...args);
    const funded = await run(...args, '--funding', '0.001');
    expect(new Decimal(funded.stats.finalEquity).lessThan(free.stats.finalEquity)).toBe(true);
    const received = await run(...args, '--funding=-0.001');
    const [paid, got] = [funded, received].map(({ stats }) =>
      new Decimal(stats.finalEquity).minus(free.stats.finalEquity),
    );
    expect(paid?.plus(got ?? 0).toFixed()).toBe('0');
  });

  it.each([
    [['--charges', 'zerodha', '--commission', '0.001'], 'exclude each other'],
    [['--charges', 'zerodha:margin'], 'intraday, delivery'],
    [['--charges', 'nobody'], 'no brokerage plan'],
    [['--fee-tier', 'nowhere'], 'no fee table'],
    [['--margin-mode', 'both'], 'cross, isolated'],
  ])('%j is wrong usage', async (options, words) => {
    const { status, err } = await tradewright('backtest', '--data', dip('x.csv'), ...CROSS, ...options);
    expect([status, err.includes(words)]).toEqual([2, true]);
  });
});

const RELIANCE = 'nse/nifty50_daily_2020-10_2025-09.csv.gz';
describeWithData('charges of a backtest over NSE shares', [RELIANCE, 'nse/lean_india_1m_2019.csv'], () => {
  it('are those of each order by its day and product', async () => {
    const file = `${sharedData(RELIANCE) ?? ''}:SBIN`;
    const plan = brokeragePlan('zerodha');
    if (!plan.ok) throw new Error(plan.error.sentence);
    const args = ['--data', file, '--strategy', 'sma-cross', '--cash', '100000', '--sizing', 'units:100'];
    const report = await run(...args, '--charges', 'zerodha:delivery').catch((error: unknown) => error);
    // The file begins before the first known rates.
    expect(String(report)).toContain('is known from');
    const path = join(folder, 'SBIN_nse_daily.csv');
    const { gunzipSync } = await import('node:zlib');
    const { readFileSync } = await import('node:fs');
    const rows = gunzipSync(readFileSync(sharedData(RELIANCE) ?? ''))
      .toString()
      .split('\n');
    const kept = rows.filter((row) => row.startsWith('SBIN,') && row.slice(5, 15) >= '2023-01-01');
    writeFileSync(path, [rows[0], ...kept].join('\n'));
    const known = await run('--data', path, ...args.slice(2), '--charges', 'zerodha:delivery');
    expect(known.trades.length).toBeGreaterThan(3);
    let all = new Decimal(0);
    for (const trade of known.trades) {
      const [entry, exit] = [
        { side: 'buy', price: trade.entryPrice, date: trade.entryTime },
        { side: 'sell', price: trade.exitPrice, date: trade.exitTime },
      ].map(({ side, price, date }) => {
        const note = contractNote(
          [
            {
              symbol: 'SBIN',
              side: side === 'buy' ? 'buy' : 'sell',
              quantity: new Decimal(trade.qty),
              price: new Decimal(price),
              product: 'delivery',
              exchange: 'NSE',
              order: null,
            },
          ],
          { date: date.slice(0, 10), plan: plan.value, billIpft: false, billDepository: false },
        );
        if (!note.ok) throw new Error(note.error.sentence);
        return note.value.total;
      });
      const sum = (entry ?? all).plus(exit ?? 0);
      expect(trade.fees).toBe(sum.toFixed());
      all = all.plus(sum);
    }
    expect(JSON.stringify(known.assumptions['charges'])).toContain("the day's contract note");
  });

  it('are refused for days without known rates', async () => {
    const file = `${sharedData('nse/lean_india_1m_2019.csv') ?? ''}:YESBANK`;
    const { status, err } = await tradewright('backtest', '--data', file, ...CROSS, '--charges', 'zerodha');
    expect([status, err.includes('known from')]).toEqual([1, true]);
  });
});
