import { expect, test } from 'vitest';
import { openJournalFile } from '../../../src/journal/journal-file.ts';
import { type AnalyticsStore, openAnalyticsStore } from '../../../src/journal/analytics-store.ts';
import { TradeBook } from '../../../src/engine/workstation/trade-book.ts';
import { fillOf } from '../../portfolio/fixtures.ts';
import { BTC, buy, openBench, temporaryFolder } from './support.ts';

const all = (store: AnalyticsStore) => store.trades({ method: 'fifo' }, 100);

test('a disk that refuses is asked again: no trade is lost, none counted twice', async () => {
  const bench = await openBench();
  await bench.pass(2_000);
  for (const side of ['buy', 'sell', 'buy'] as const) {
    await buy(bench, { side });
    await bench.pass(1_000);
  }
  const instrument = bench.desk.market.instruments().find(({ id }) => id === BTC);
  expect(instrument).toBeDefined();
  await bench.desk.close();
  const journal = openJournalFile(bench.dataDir);
  const store = openAnalyticsStore(temporaryFolder());
  const transaction = store.transaction.bind(store);
  const book = new TradeBook(store, journal.read);
  const ledgers = book.open([]);
  expect(all(store)).toHaveLength(1);
  const [entry] = ledgers[0].open();
  expect(entry?.side).toBe('long');
  const sell = fillOf('sell', entry?.quantity ?? 0, 6_000_000, {
    instrument: BTC,
    accountId: 'paper-usdt',
    ts: bench.clock.now(),
  });
  for (const ledger of ledgers) ledger.applyFill(sell, null, 'manual');
  store.transaction = () => {
    throw new Error('disk full');
  };
  expect(() => book.flush(false)).toThrow('disk full');
  book.flush(true);
  store.transaction = transaction;
  book.flush(true);
  expect(all(store)).toHaveLength(1);
  book.flush(false);
  book.flush(false);
  expect(all(store)).toHaveLength(2);
  const cells = store.profits('fifo', {}).map(({ figures }) => (JSON.parse(figures) as { trades: number }).trades);
  expect(cells).toEqual([2]);
  store.close();
  journal.close();
});

test('a trade that grows after it was written is counted once, on the day of its last fill', async () => {
  const bench = await openBench();
  await bench.pass(2_000);
  await buy(bench);
  await bench.pass(1_000);
  await bench.desk.close();
  const journal = openJournalFile(bench.dataDir);
  const store = openAnalyticsStore(temporaryFolder());
  const book = new TradeBook(store, journal.read);
  const ledgers = book.open([]);
  for (const ts of [Date.parse('2026-11-20T23:59:59Z'), Date.parse('2026-11-21T00:00:01Z')]) {
    const fill = fillOf('sell', 1_000, 6_000_000, {
      instrument: BTC,
      accountId: 'paper-usdt',
      ts,
      orderId: 'out',
      feeText: '0.5',
    });
    for (const ledger of ledgers) ledger.applyFill(fill, null, 'manual');
    book.flush(false);
  }
  const sums = store
    .profits('fifo', {})
    .map(({ day, figures }) => [day, (JSON.parse(figures) as { trades: number }).trades]);
  expect(sums).toEqual([['2026-11-21', 1]]);
  expect(all(store)).toHaveLength(1);
  store.close();
  journal.close();
});
