import { openJournal } from '../../../src/journal/sqlite-journal.ts';
import { lifeOfOrder, opening, session, T0 } from '../records.ts';

/**
 * Writes orders without end and prints the number of each commit after it returned. Ends itself with SIGKILL at the
 * phase of the commit given, or is ended from outside.
 */
const [dir = '', commit = '0', phase = ''] = process.argv.slice(2);
const journal = openJournal(dir, {
  onCommit: (n, at) => {
    if (n === Number(commit) && at === phase) process.kill(process.pid, 'SIGKILL');
  },
});
const resumed = journal.read.session('s') !== null;
journal.commit(resumed ? [{ kind: 'session', session: session('s') }] : opening('s'));
const made = journal.read.orders().length;
for (let n = 0; n < 5_000; n += 1) {
  for (const records of lifeOfOrder(`o${made + n}`, T0 + n)) {
    journal.commit(records);
    process.stdout.write(`${journal.head.commitNo}\n`);
  }
}
