import { expect, test } from 'vitest';
import { openJournalFile } from '../../../src/journal/journal-file.ts';
import { account, openBench, placing, position, temporaryFolder } from './support.ts';

test('the stop of an order is in the journal before the order is: a crash in between cannot lose it', async () => {
  const dataDir = temporaryFolder();
  let seen: string | null = null;
  const bench = await openBench({
    dataDir,
    journal: {
      onCommit: (_n, phase) => {
        if (phase !== 'after' || seen !== null) return;
        const file = openJournalFile(dataDir);
        if (file.read.orders().length > 0) seen = file.read.lastAudit('PROTECTION')?.detail ?? 'the order came first';
        file.close();
      },
    },
  });
  await bench.pass(3_000);
  const order = placing({ stopLoss: '50000', idempotencyKey: 'protected-1', acknowledged: ['LOSS_AT_STOP'] });
  expect(bench.desk.orders.place(order)).toMatchObject({ ok: true });
  expect(seen).toContain('key:protected-1');
  await bench.pass(300);
  expect(position(bench)?.stopLoss).toBe('50000.00');
});

test('a refused order takes its protection back', async () => {
  const bench = await openBench();
  await bench.pass(3_000);
  const refused = bench.desk.orders.place(placing({ quantity: '900', stopLoss: '50000', idempotencyKey: 'too-large' }));
  expect(refused).toMatchObject({ ok: false });
  const file = openJournalFile(bench.dataDir);
  expect(JSON.parse(file.read.lastAudit('PROTECTION')?.detail ?? '[]')).toEqual([]);
  file.close();
  expect(account(bench).cash).toBe('100000');
});
