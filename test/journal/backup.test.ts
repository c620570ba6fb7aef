import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RefusalError } from '../../src/domain/refusal.ts';
import { JOURNAL_FILE, openJournalFile } from '../../src/journal/journal-file.ts';
import { openJournal } from '../../src/journal/sqlite-journal.ts';
import { lifeOfOrder, opening } from './records.ts';
import { commitAll, scratch, scratchJournal, smallSession } from './scratch.ts';

/** Puts a backup where an engine would find its journal. */
function restored(file: string): string {
  const dir = join(scratch(), 'data');
  mkdirSync(dir);
  renameSync(file, join(dir, JOURNAL_FILE));
  return dir;
}

describe('a backup', () => {
  it('taken while the engine writes is a whole journal at one commit, and opens as one', async () => {
    const to = join(scratch(), 'backup.sqlite');
    const journal = scratchJournal(scratch());
    journal.commit(opening('s'));
    for (let n = 0; n < 300; n += 1) commitAll(journal, lifeOfOrder(`o${n}`));
    const atStart = journal.head.commitNo;
    let done = false;
    const backup = journal.backup(to).finally(() => {
      done = true;
    });
    let n = 300;
    while (!done) {
      commitAll(journal, lifeOfOrder(`o${n}`));
      n += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    const report = await backup;
    expect(report.headCommit).toBeGreaterThanOrEqual(atStart);
    expect(report.headCommit).toBeLessThanOrEqual(journal.head.commitNo);
    const copy = openJournal(restored(to));
    expect(copy.head).toMatchObject({ commitNo: report.headCommit, hash: report.headHash });
    expect(copy.verify()).toMatchObject({ ok: true, problems: [] });
    copy.close();
    expect(journal.verify()).toMatchObject({ ok: true, problems: [] });
  });

  it('can be taken by a reader beside the engine', async () => {
    const dir = scratch();
    const journal = scratchJournal(dir);
    commitAll(journal, smallSession('s'));
    const to = join(scratch(), 'backup.sqlite');
    const reader = openJournalFile(dir);
    await reader.backup(to);
    reader.close();
    expect(readdirSync(join(to, '..'))).toEqual(['backup.sqlite']);
    const copy = openJournalFile(restored(to));
    expect(copy.read.orders()).toEqual(journal.read.orders());
    copy.close();
  });

  it('never overwrites a file and leaves nothing half made', async () => {
    const journal = scratchJournal(scratch());
    commitAll(journal, smallSession('s'));
    const dir = scratch();
    const taken = join(dir, 'taken');
    writeFileSync(taken, 'mine');
    await expect(journal.backup(taken)).rejects.toThrow(RefusalError);
    expect(readFileSync(taken, 'utf8')).toBe('mine');
    await expect(journal.backup(join(taken, 'b.sqlite'))).rejects.toMatchObject({ code: 'IO' });
    expect(readdirSync(dir)).toEqual(['taken']);
  });
});

describe('an export', () => {
  it('holds every row of every table, as CSV and as JSON', () => {
    const journal = scratchJournal(scratch());
    commitAll(journal, smallSession('s'));
    journal.commit([
      { kind: 'audit', audit: { at: 1, actor: 'user', action: 'note', reason: 'say "a, b"\nand more', detail: '' } },
    ]);
    const dir = scratch();
    const csv = journal.exportCsv(join(dir, 'csv'));
    const json = journal.exportJsonFile(join(dir, 'all.json'));
    expect(json).toEqual(csv);
    const document = JSON.parse(readFileSync(join(dir, 'all.json'), 'utf8')) as Record<
      string,
      Record<string, unknown>[]
    >;
    expect(readdirSync(join(dir, 'csv')).toSorted()).toEqual(
      Object.keys(document)
        .map((name) => `${name}.csv`)
        .toSorted(),
    );
    expect(Object.values(document).reduce((sum, rows) => sum + rows.length, 0)).toBe(json.rows);
    const executions = readFileSync(join(dir, 'csv/execution.csv'), 'utf8').trimEnd().split('\n');
    expect(executions).toHaveLength(5);
    expect(executions[0]?.split(',').slice(0, 4)).toEqual(['seq', 'session_id', 'trade_id', 'order_id']);
    expect(executions[1]).toContain(',61826.00,0.20000,taker,12.3652,');
    expect(document['execution']?.[0]).toMatchObject({ price: '61826.00', quantity: '0.20000', ml_confidence: 0.625 });
    expect(readFileSync(join(dir, 'csv/audit.csv'), 'utf8')).toContain('note,"say ""a, b""\nand more",""\n');
  });

  it('never overwrites', () => {
    const journal = scratchJournal(scratch());
    const dir = scratch();
    writeFileSync(join(dir, 'mine'), '');
    expect(() => journal.exportCsv(dir)).toThrow(RefusalError);
    expect(() => journal.exportJsonFile(join(dir, 'mine'))).toThrow(RefusalError);
    expect(existsSync(join(dir, 'orders.csv'))).toBe(false);
  });
});
