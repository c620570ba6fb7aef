import { describe, expect, it } from 'vitest';
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
