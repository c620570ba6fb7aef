import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Decimal } from '../../src/domain/decimal.ts';
import { describeWithData, sharedData } from '../support/shared-data.ts';
import { tradewrightJson } from '../support/command-line.ts';

const feeds = [
  'crypto/binance_spot_BTCUSDT_2024-08-08_feed.jsonl.gz',
  'crypto/binance_spot_BTCUSDT_2024-08-09_feed.jsonl.gz',
];

describeWithData('paper over the raw recording of BTCUSDT', feeds, () => {
  let dataDir = '';
  const run = (): Promise<Record<string, unknown>> =>
    tradewrightJson(
      'paper',
      ...feeds.flatMap((name) => ['--feed', `file:${sharedData(name) ?? ''}`]),
      '--strategy',
      'sma-cross',
      '--speed',
      'max',
      '--data-dir',
      dataDir,
    );
  let first: Record<string, unknown> = {};

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'tradewright-paper-'));
    first = await run();
  });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  it('trades through the book with fees, latency and stated assumptions', () => {
    const fills = first['fills'] as {
      price: string;
      fee: string;
      model: string;
      latencyMs: number;
      liquidity: string;
    }[];
    expect(fills.length).toBeGreaterThan(5);
    expect(fills.every((fill) => Number(fill.fee) > 0 && fill.latencyMs >= 40 && fill.model !== '')).toBe(true);
    expect(Object.keys(first['assumptions'] as object)).toEqual(
      expect.arrayContaining(['models', 'matching', 'limits', 'seed']),
    );
  });

  it('accounts for every row of both files', () => {
    const data = first['data'] as { read: number; kept: number; dropped: Record<string, number> };
    expect(data.read).toBe(41_249 + 58_325);
    expect(data.kept + Object.values(data.dropped).reduce((sum, count) => sum + count, 0)).toBe(data.read);
  });

  it('adds up: cash is capital plus signed value of fills minus fees, to the last digit', () => {
    const fills = first['fills'] as { side: string; price: string; qty: string; fee: string }[];
    const account = first['account'] as Record<string, string>;
    const cash = fills.reduce((sum, fill) => {
      const value = new Decimal(fill.price).times(fill.qty).times(fill.side === 'buy' ? -1 : 1);
      return sum.plus(value).minus(fill.fee);
    }, new Decimal(100_000));
    expect(account['cash']).toBe(cash.toFixed());
    const equity = new Decimal(100_000)
      .plus(account['realisedPnl'] ?? 0)
      .plus(account['unrealisedPnl'] ?? 0)
      .minus(account['fees'] ?? 0);
    expect(account['equity']).toBe(equity.toFixed());
  });

  it('gives the same fingerprint again, replays to it, and its journal verifies', async () => {
    const second = await run();
    expect(second['fingerprint']).toBe(first['fingerprint']);
    expect(second['session']).not.toBe(first['session']);
    for (const report of [first, second]) {
      const replay = await tradewrightJson('session', 'replay', String(report['session']), '--data-dir', dataDir);
      expect(replay).toMatchObject({ identical: true, recorded: first['fingerprint'] });
    }
    expect(await tradewrightJson('journal', 'verify', '--data-dir', dataDir)).toMatchObject({ ok: true, problems: [] });
  });

  it('another seed is another session', async () => {
    const other = await tradewrightJson(
      'paper',
      '--feed',
      `file:${sharedData(feeds[0] ?? '') ?? ''}`,
      '--feed',
      `file:${sharedData(feeds[1] ?? '') ?? ''}`,
      '--strategy',
      'sma-cross',
      '--seed',
      '2',
      '--data-dir',
      dataDir,
    );
    expect(other['fingerprint']).not.toBe(first['fingerprint']);
  });
});
