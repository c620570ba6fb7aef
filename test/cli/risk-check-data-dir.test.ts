import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { OrderPreview, OrderTicket } from '../../src/contract/types.ts';
import { KillLatch } from '../../src/risk/kill-latch.ts';
import { BTC, buy, ETH, granted, openBench, ticket, type Bench } from '../engine/workstation/support.ts';
import { tradewright, tradewrightJson } from '../support/command-line.ts';

type Check = { readonly code: string; readonly severity: string; readonly value: string; readonly limit: string };

let files = 0;
function orderFile(bench: Bench, order: object): string {
  files += 1;
  const path = join(bench.dataDir, `order-${files}.json`);
  writeFileSync(path, JSON.stringify(order));
  return path;
}

/** The engine's own quote and time, so that both judge the same moment. */
async function checkAt(
  bench: Bench,
  order: object,
): Promise<{ verdict: string; checks: readonly Check[]; preview: OrderPreview }> {
  const path = orderFile(bench, order);
  return (await tradewrightJson('risk', 'check', path, '--data-dir', bench.dataDir)) as never;
}

function stated(bench: Bench, order: Partial<OrderTicket>): object {
  const { instrument, side, type, quantity, price, stopLoss, account } = ticket(order);
  const quote = bench.desk.market.quotes.read(instrument);
  const book = bench.desk.market.book(instrument, 1_000);
  return {
    instrument,
    side,
    type,
    qty: quantity,
    ...(price === null ? {} : { price }),
    ...(stopLoss === null ? {} : { stopLoss }),
    account,
    at: bench.clock.now(),
    quote: {
      bid: quote?.bid,
      ask: quote?.ask,
      last: quote?.last,
      ageMs: Math.max(0, bench.clock.now() - (quote?.ts ?? 0)),
    },
    ...(book === null
      ? {}
      : {
          book: {
            bids: book.bids.map(({ price: one, size }) => [one, size]),
            asks: book.asks.map(({ price: one, size }) => [one, size]),
          },
        }),
  };
}

const terms = (checks: readonly Check[]): string[] =>
  checks
    // Equity moves with the marks of other holdings, which the folder knows by their last recorded bar.
    .filter(({ code }) => !/DAILY_LOSS|DRAWDOWN|STALE_PRICE/.test(code))
    .map(({ code, severity }) => `${severity} ${code}`);

describe('risk check --data-dir', () => {
  test('says what the ticket of the running engine says', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    await buy(bench, { quantity: '0.2' });
    await bench.pass(500);
    granted(
      bench.desk.riskControls.setLimits({
        scope: { kind: 'symbol', id: BTC },
        limits: { maxPosition: '0.5' },
        reason: 'compare',
      }),
    );
    const bid = Number(bench.desk.market.quotes.read(BTC)?.bid);
    for (const order of [
      { quantity: '0.1' },
      { quantity: '0.31' },
      { quantity: '0.2' },
      { side: 'sell' as const, quantity: '0.2' },
      { side: 'sell' as const, quantity: '0.9' },
      { type: 'limit' as const, price: (bid * 0.97).toFixed(2), quantity: '0.1' },
      { type: 'limit' as const, price: (bid * 1.2).toFixed(2), quantity: '0.1' },
      { quantity: '0.1', stopLoss: (bid * 0.8).toFixed(2) },
      { instrument: ETH, quantity: '1' },
    ]) {
      const preview = granted(bench.desk.orders.preview(ticket(order)));
      const cli = await checkAt(bench, stated(bench, order));
      expect([order, cli.verdict, terms(cli.checks)]).toEqual([order, preview.verdict, terms(preview.checks)]);
      expect(Number(cli.preview.notional)).toBeCloseTo(Number(preview.notional), 6);
      expect(Number(cli.preview.fee)).toBeCloseTo(Number(preview.fee), 6);
    }
  });

  test('knows the halt, the limits and the locks of a stopped engine', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    granted(bench.desk.risk.setLimits({ maxOrderNotional: '1000' }, 'small steps'));
    const order = stated(bench, {});
    await bench.desk.close();
    const codes = (answer: { checks: readonly Check[] }): string[] =>
      answer.checks.filter(({ severity }) => severity === 'block').map(({ code }) => code);
    expect(codes(await checkAt(bench, order))).toEqual(['NOTIONAL_EXCEEDS_MAX_PER_ORDER']);
    new KillLatch(bench.dataDir).halt('cli', 'a test', bench.clock.now());
    expect(codes(await checkAt(bench, order))).toEqual(['TRADING_HALTED', 'NOTIONAL_EXCEEDS_MAX_PER_ORDER']);
    // Without a quote the last recorded price counts, with its age: too old for a market order.
    const { quote: _quote, book: _book, at: _at, ...bare } = order as Record<string, unknown>;
    expect(codes(await checkAt(bench, bare)).some((code) => /STALE_PRICE|PRICE_UNAVAILABLE/.test(code))).toBe(true);
    writeFileSync(join(bench.dataDir, 'limits.json'), 'no json');
    expect(codes(await checkAt(bench, order))).toContain('LIMITS_MISSING');
    writeFileSync(join(bench.dataDir, 'protections.json'), 'no json');
    expect(codes(await checkAt(bench, order))).toContain('LOCKED_UNREADABLE');
  });

  test('refuses what comes from the folder, unknown names, and folders without an engine', async () => {
    const bench = await openBench();
    await bench.pass(1_500);
    const order = stated(bench, {});
    const refused = async (change: object): Promise<string> => {
      const answer = await tradewright(
        'risk',
        'check',
        orderFile(bench, { ...order, ...change }),
        '--data-dir',
        bench.dataDir,
      );
      expect(answer.status).toBe(1);
      expect(answer.out).toBe('');
      return answer.err;
    };
    expect(await refused({ account: { cash: '1' } })).toContain('"account"');
    expect(await refused({ limits: {} })).toContain('"limits"');
    expect(await refused({ state: 'ACTIVE' })).toContain('"state"');
    expect(await refused({ instrument: 'LUCKUSDT' })).toContain('LUCKUSDT');
    const nobody = await checkAt(bench, { ...order, account: 'nobody' });
    expect(nobody.checks[0]?.code).toBe('ACCOUNT_NOT_FOUND');
    const path = orderFile(bench, order);
    expect((await tradewright('risk', 'check', path, '--data-dir', join(bench.dataDir, 'none'))).status).toBe(1);
  });
});
