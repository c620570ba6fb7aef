import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Decimal } from '../../src/domain/decimal.ts';
import { tradewright, tradewrightJson } from '../support/command-line.ts';

const SESSION =
  'paper --feed sim:nse --strategy sma-cross --param fast=3 --param slow=8 --direction both --units integer --seed 3 --start 2025-06-02T14:40:00+05:30 --duration 40m --symbol SBIN --symbol TCS'.split(
    ' ',
  );

interface Report {
  fingerprint: string;
  assumptions: Record<string, unknown>;
  account: Record<string, string>;
  orders: { filled: number };
  fills: { time: string; side: string; qty: string; price: string; fee: string; charges: Record<string, string> }[];
  positions: unknown[];
  risk: { breaches: { code: string }[] };
}

async function run(...more: string[]): Promise<Report> {
  return (await tradewrightJson(...SESSION, ...more)) as unknown as Report;
}

describe('a paper session on NSE', () => {
  it('trades intraday: five times, nothing new after the cut-off, flat before the close, charged by the schedule', async () => {
    const report = await run();
    expect(report.account).toMatchObject({ type: 'margin', leverage: '5' });
    expect(report.orders.filled).toBeGreaterThan(1);
    expect(report.positions).toEqual([]);
    expect(report.risk.breaches.map(({ code }) => code)).toContain('INTRADAY_CUTOFF');
    const last = report.fills
      .map(({ time }) => time)
      .sort()
      .at(-1);
    expect(last !== undefined && last < '2025-06-02T09:41:00Z').toBe(true);
    let fees = new Decimal(0);
    for (const fill of report.fills) {
      const parts = Object.values(fill.charges).reduce((sum, part) => sum.plus(part), new Decimal(0));
      expect(parts.toFixed()).toBe(fill.fee);
      fees = fees.plus(parts);
      // Stamp duty is owed by buys, transaction tax of intraday trades by sales.
      expect(Number(fill.charges['stamp']) > 0 && fill.side === 'sell').toBe(false);
      expect(Number(fill.charges['stt']) > 0 && fill.side === 'buy').toBe(false);
    }
    expect(report.account['fees']).toBe(fees.toFixed());
    expect(String(report.assumptions['charges'])).toContain("the day's contract note");
    expect((await run()).fingerprint).toBe(report.fingerprint);
  });

  it('squares off earlier when it is told to', async () => {
    const report = await run('--entry-until', '15:02', '--square-off', '15:03', '--leverage', '2');
    const last = report.fills
      .map(({ time }) => time)
      .sort()
      .at(-1);
    expect(last !== undefined && last < '2025-06-02T09:34:00Z').toBe(true);
    expect(report.account['leverage']).toBe('2');
    expect(report.positions).toEqual([]);
  });

  it('holds for delivery: paid in full, never short, transaction tax on both sides', async () => {
    const report = await run('--product', 'delivery', '--direction', 'long', '--charges', 'fyers');
    expect(report.account).toMatchObject({ type: 'cash', leverage: '1' });
    expect(report.risk.breaches.map(({ code }) => code)).not.toContain('INTRADAY_CUTOFF');
    const buys = report.fills.filter(({ side }) => side === 'buy');
    expect(buys.length).toBeGreaterThan(0);
    for (const { charges } of buys) expect(Number(charges['stt'])).toBeGreaterThan(0);
    expect(Number(report.account['cash'])).toBeGreaterThanOrEqual(0);
  });

  it.each([
    [['--square-off', '15:15'], 'the square-off before 15:15'],
    [['--product', 'mtf'], '--product is intraday, delivery'],
    [['--charges', 'nobody'], 'no brokerage plan "nobody"'],
    [['--funding', '5'], 'not a rate per 8 hours'],
    [['--maintenance', '2'], 'not a fraction below 1'],
  ])('%j is wrong usage', async (options, words) => {
    const result = await tradewright(...SESSION, ...options);
    expect(result.status).toBe(2);
    expect(result.err).toContain(words);
  });
});

describe('days of NSE as bars', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewright-nse-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  /** Trading days from a Monday on, up and down in turns of five days. */
  const days = (start: string): string => {
    const rows = ['date,symbol,open,high,low,close,volume'];
    let at = Date.parse(start);
    let price = 1000;
    for (let day = 0; day < 40; at += 86_400_000) {
      const date = new Date(at);
      if (date.getUTCDay() === 0 || date.getUTCDay() === 6) continue;
      const close = price + (Math.floor(day / 5) % 2 === 0 ? 10 : -10);
      rows.push(
        `${date.toISOString().slice(0, 10)},RELIANCE,${price},${Math.max(price, close)},${Math.min(price, close)},${close},100000`,
      );
      price = close;
      day += 1;
    }
    const path = join(folder, `${start}.csv`);
    writeFileSync(path, `${rows.join('\n')}\n`);
    return path;
  };
  const args = (start: string): string[] => [
    'paper',
    '--feed',
    `file:${days(start)}`,
    '--strategy',
    'sma-cross',
    '--param',
    'fast=2',
    '--param',
    'slow=4',
  ];

  it('are held as delivery: there is no time in them to close before the session ends', async () => {
    const report = (await tradewrightJson(...args('2024-06-03'))) as unknown as Report;
    expect(report.account).toMatchObject({ type: 'cash', leverage: '1' });
    expect(report.assumptions['nse']).toMatchObject({ product: 'delivery' });
    expect(report.orders.filled).toBeGreaterThan(2);
    // Transaction tax of delivery is owed by purchases, too.
    expect(report.fills.every(({ charges }) => Number(charges['stt']) > 0)).toBe(true);
    const intraday = (await tradewrightJson(...args('2024-06-03'), '--product', 'intraday')) as unknown as Report;
    expect(intraday.account).toMatchObject({ type: 'margin', leverage: '5' });
  });

  it('before the first known charges pay flat rates, unless a plan is asked for', async () => {
    const report = (await tradewrightJson(...args('2018-06-04'))) as unknown as Report;
    expect(report.orders.filled).toBeGreaterThan(2);
    expect(report.fills.every((fill) => fill.charges === undefined && Number(fill.fee) > 0)).toBe(true);
    const asked = (await tradewrightJson(...args('2018-06-04'), '--charges', 'zerodha')) as unknown as Report;
    expect(asked.orders.filled).toBe(0);
    expect(asked.risk.breaches.map(({ code }) => code)).toContain('CHARGE_DATE_UNKNOWN');
  });
});
