import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryJournal } from '../../src/journal/memory-journal.ts';
import { openJournal } from '../../src/journal/sqlite-journal.ts';
import { lifeOfOrder, opening, otherRecords, session } from './records.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'journal-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('a journal on disk', () => {
  it('verifies and has the fingerprint of the same records in memory', () => {
    const journal = openJournal(dir);
    const memory = new MemoryJournal();
    for (const commit of [opening('s1'), ...lifeOfOrder('o1'), otherRecords(), ...lifeOfOrder('o2')]) {
      journal.commit(commit);
      memory.commit(commit);
    }
    expect(journal.verify()).toMatchObject({ ok: true, problems: [] });
    expect(journal.fingerprint()).toBe(memory.fingerprint());
    journal.close();
    const again = openJournal(dir);
    again.commit([{ kind: 'session', session: session('s1') }]);
    expect(again.fingerprint()).toBe(memory.fingerprint());
    again.close();
  });
});
