import { describe, expect, test } from 'vitest';
import { FRIDAY, granted, openBench, TCS, ticket, buy, placing, type Bench } from './support.ts';

const held = (bench: Bench, account: string): string | undefined =>
  bench.desk.portfolio.read().positions.find((one) => one.account === account && one.instrument === TCS)?.quantity;
/** 11:30 in India on a Friday. */
const ist = (hours: number, minutes: number, seconds = 0): number =>
  FRIDAY + ((hours - 11) * 60 + minutes - 30) * 60_000 + seconds * 1_000;

describe('accounts on NSE', () => {
  test('show leverage, margin and the liquidation price of a margin account; a delivery account has none', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    await buy(bench, { account: 'paper-inr', instrument: TCS, quantity: '100', side: 'sell' });
    await buy(bench, { account: 'paper-inr-delivery', instrument: TCS, quantity: '10' });
    await bench.pass(1_000);
    const { accounts, positions } = bench.desk.portfolio.read();
    const short = positions.find(({ account }) => account === 'paper-inr');
    const long = positions.find(({ account }) => account === 'paper-inr-delivery');
    const figures = accounts.find(({ account }) => account === 'paper-inr');
    const value = Math.abs(Number(short?.value));
    expect(figures?.margin?.leverage).toBe('5');
    expect(Number(figures?.margin?.used)).toBeCloseTo(value / 5, 1);
    expect(Number(figures?.margin?.maintenance)).toBeCloseTo(value * 0.005, 1);
    expect(Number(figures?.margin?.free)).toBeCloseTo(Number(figures?.equity) - value / 5, 1);
    expect(Number(figures?.buyingPower)).toBeGreaterThan(4_000_000);
    // A million stands behind a hundred shares: they would have to rise to about 13,500.
    expect(Number(short?.liquidationPrice)).toBeGreaterThan(12_000);
    expect(accounts.find(({ account }) => account === 'paper-inr-delivery')?.margin).toBeUndefined();
    expect(long?.liquidationPrice).toBeUndefined();
    // Itemised charges: a sale within the day pays brokerage, transaction tax, no stamp duty.
    expect(Number(short?.fees)).toBeGreaterThan(20);
  });

  test('intraday positions are closed at the square-off, with nothing new before it; delivery stays', async () => {
    const bench = await openBench({ start: ist(14, 59, 50) });
    await bench.pass(4_000);
    await buy(bench, { account: 'paper-inr', instrument: TCS, quantity: '5' });
    await buy(bench, { account: 'paper-inr-delivery', instrument: TCS, quantity: '5' });
    await bench.pass(8_000);
    const refused = await bench.desk.orders.place(placing({ account: 'paper-inr', instrument: TCS, quantity: '5' }));
    expect(refused.ok ? '' : refused.error.code).toBe('INTRADAY_CUTOFF');
    const preview = granted(
      bench.desk.orders.preview(ticket({ account: 'paper-inr', instrument: TCS, quantity: '5' })),
    );
    expect(JSON.stringify(preview)).toContain('squared off at 15:10');
    // The machine sleeps until a minute after the time.
    bench.clock.advanceTo(ist(15, 11));
    await bench.pass(6_000);
    expect([held(bench, 'paper-inr'), held(bench, 'paper-inr-delivery')]).toEqual([undefined, '5']);
  });

  test('a position that a crash left overnight is closed when the market opens, at times of the user', async () => {
    const options = { intraday: { entryUntil: '14:00', squareOffAt: '14:10', leverage: '3' } };
    const bench = await openBench({ start: ist(13, 0), ...options });
    await bench.pass(2_000);
    await buy(bench, { account: 'paper-inr', instrument: TCS, quantity: '5' });
    await bench.pass(1_000);
    await bench.desk.close();
    const evening = await openBench({ dataDir: bench.dataDir, start: ist(18, 0), ...options });
    await evening.pass(3_000);
    expect(held(evening, 'paper-inr')).toBe('5');
    expect(evening.desk.alerts.recent().map(({ code }) => code)).toContain('SQUARE_OFF_MISSED');
    await evening.desk.close();
    const monday = await openBench({ dataDir: bench.dataDir, start: ist(9, 14, 50) + 3 * 86_400_000, ...options });
    await monday.pass(25_000);
    expect(held(monday, 'paper-inr')).toBeUndefined();
    const orders = (await monday.desk.orders.list({ scope: 'history', limit: 9 })).items;
    expect(orders[0]).toMatchObject({
      source: 'exit',
      reduceOnly: true,
      status: 'FILLED',
      side: 'sell',
      quantity: '5',
    });
  });
});
