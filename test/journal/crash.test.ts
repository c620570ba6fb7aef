import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openJournalFile } from '../../src/journal/journal-file.ts';
import { openJournal } from '../../src/journal/sqlite-journal.ts';
import { MemoryJournal } from '../../src/journal/memory-journal.ts';
import { lifeOfOrder, opening, session, T0 } from './records.ts';
import { commitAll, failureOf, scratch } from './scratch.ts';

const child = (name: string): string => join(import.meta.dirname, 'child', name);

function ended(process: ChildProcess): Promise<void> {
  return new Promise((resolve) => process.once('exit', () => resolve()));
}

function firstLine(process: ChildProcess): Promise<string> {
  return new Promise((resolve) => process.stdout?.once('data', (data: Buffer) => resolve(data.toString().trim())));
}

describe('kill -9 while writing', () => {
  // 1 is the opening; an order is four commits.
  it.each([1, 2, 3, 4, 5, 6, 9].flatMap((n) => [[n, 'before'] as const, [n, 'after'] as const]))(
    'at commit %i, %s it is durable, leaves that much and not half a commit more',
    (n, phase) => {
      const dir = scratch();
      const run = spawnSync(process.execPath, [child('write.ts'), dir, String(n), phase], { encoding: 'utf8' });
      expect(run.signal).toBe('SIGKILL');
      const durable = phase === 'before' ? n - 1 : n;
      const journal = openJournal(dir);
      expect(journal.head.commitNo).toBe(durable);
      expect(journal.verify()).toMatchObject({ ok: true, problems: [], commits: durable });

      // Going on where it stopped gives the journal that a run without the accident has.
      const planned = [
        opening('s'),
        ...lifeOfOrder('o0', T0),
        ...lifeOfOrder('o1', T0 + 1),
        ...lifeOfOrder('o2', T0 + 2),
      ];
      if (durable > 0) journal.commit([{ kind: 'session', session: session('s') }]);
      commitAll(journal, planned.slice(durable));
      const undisturbed = new MemoryJournal();
      commitAll(undisturbed, planned);
      expect(journal.fingerprint()).toBe(undisturbed.fingerprint());
      expect(journal.verify()).toMatchObject({ ok: true, problems: [] });
      journal.close();
    },
  );

  it('at any instant loses nothing that was acknowledged, again and again on the same journal', async () => {
    const dir = scratch();
    let least = 0;
    for (const delay of [1, 7, 20, 45]) {
      const writer = spawn(process.execPath, [child('write.ts'), dir], { stdio: ['ignore', 'pipe', 'inherit'] });
      let printed = '';
      writer.stdout.on('data', (data: Buffer) => {
        printed += data.toString();
      });
      await firstLine(writer);
      await new Promise((resolve) => setTimeout(resolve, delay));
      writer.kill('SIGKILL');
      await ended(writer);
      const acknowledged = printed.split('\n').slice(0, -1).map(Number);
      const journal = openJournal(dir);
      expect(journal.head.commitNo).toBeGreaterThanOrEqual(acknowledged.at(-1) ?? least);
      expect(journal.head.commitNo).toBeGreaterThan(least);
      least = journal.head.commitNo;
      expect(journal.verify()).toMatchObject({ ok: true, problems: [], commits: least });
      journal.close();
    }
  });
});

describe('one writer per folder', () => {
  it('refuses a second one in this process, names the first, and readers are welcome', () => {
    const dir = scratch();
    const journal = openJournal(dir);
    journal.commit(opening('s'));
    const failure = failureOf(() => openJournal(dir));
    expect(failure.code).toBe('LOCKED');
    expect(failure.sentence).toContain(`process ${process.pid}`);
    const reader = openJournalFile(dir);
    expect(reader.verify().ok).toBe(true);
    commitAll(journal, lifeOfOrder('o'));
    expect(reader.stats()).toMatchObject({ orders: 1, executions: 2, commits: 5 });
    expect(reader.read.orders()).toHaveLength(1);
    reader.close();
    journal.close();
    openJournal(dir).close();
  });

  it('refuses a second process by the number of the first, and takes over at once after kill -9', async () => {
    const dir = scratch();
    const holder = spawn(process.execPath, [child('open.ts'), dir, 'hold'], { stdio: ['ignore', 'pipe', 'inherit'] });
    expect(await firstLine(holder)).toBe('OPEN');
    const failure = failureOf(() => openJournal(dir));
    expect(failure.code).toBe('LOCKED');
    expect(failure.sentence).toContain(`process ${holder.pid}`);
    const reader = openJournalFile(dir);
    expect(reader.verify().ok).toBe(true);
    reader.close();
    holder.kill('SIGKILL');
    await ended(holder);
    openJournal(dir).close();
  });
});
