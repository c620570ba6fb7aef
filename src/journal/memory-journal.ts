import { createHash } from 'node:crypto';
import { encodeOrderEvent, encodeOrderIdentity, encodeOrderState, encodePlain, InstrumentBook } from './encode.ts';
import type { Journal, JournalRecord } from './journal.ts';
import { fingerprintLine, ORDER, rowText, sessionStartLine } from './tables.ts';

/**
 * A journal that forgets at the end: for backtests and replays. A commit keeps references and does nothing else, so
 * records must not be changed after they are handed over. The fingerprint equals that of SqliteJournal for the same
 * records, however they were grouped into commits.
 */
export class MemoryJournal implements Journal {
  readonly #records: JournalRecord[] = [];

  commit(records: readonly JournalRecord[]): void {
    for (const record of records) this.#records.push(record);
  }

  /** Everything committed, in order. */
  get records(): readonly JournalRecord[] {
    return this.#records;
  }

  /** Throws JournalFailure INVALID_RECORD when a record names an instrument whose record did not come before it. */
  fingerprint(): string {
    const running = createHash('sha256');
    const followed = this.#lastSession();
    const book = new InstrumentBook();
    let current: string | null = null;
    let started = false;
    for (const record of this.#records) {
      if (record.kind === 'session') {
        const { id, mode, seed, status } = record.session;
        if (id === followed && !started) {
          started = true;
          running.update(sessionStartLine(mode, seed));
        }
        current = status === 'running' ? id : null;
        continue;
      }
      if (record.kind === 'instrument') book.set(record.instrument);
      if (current !== null && current === followed) running.update(lineOf(record, book));
    }
    return running.digest('hex');
  }

  close(): void {}

  #lastSession(): string | null {
    for (let index = this.#records.length - 1; index >= 0; index -= 1) {
      const record = this.#records[index];
      if (record?.kind === 'session') return record.session.id;
    }
    return null;
  }
}

function lineOf(record: Exclude<JournalRecord, { kind: 'session' }>, book: InstrumentBook): string {
  if (record.kind !== 'order') {
    const { table, values } = encodePlain(record, book);
    return fingerprintLine(table, rowText(table, values));
  }
  const { order, event } = record;
  const instrument = book.get(order.instrument);
  const values = [
    order.id,
    ...encodeOrderIdentity(order),
    ...encodeOrderState(order, instrument),
    ...encodeOrderEvent(event, instrument),
  ];
  return fingerprintLine(ORDER, rowText(ORDER, values));
}
