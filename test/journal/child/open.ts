import { JournalFailure } from '../../../src/journal/journal.ts';
import { openJournal } from '../../../src/journal/sqlite-journal.ts';

/** Opens the journal of the folder given and says how it went; with "hold" it keeps it open until it is ended. */
const [dir = '', hold] = process.argv.slice(2);
try {
  const journal = openJournal(dir);
  console.log('OPEN');
  if (hold === 'hold') setInterval(() => {}, 60_000);
  else journal.close();
} catch (error) {
  console.log(error instanceof JournalFailure ? `${error.code} ${error.message}` : String(error));
}
