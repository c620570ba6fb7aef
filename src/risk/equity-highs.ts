import { closeSync, fdatasync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { DayRecord } from './monitor.ts';

export const HIGHS_FILE = 'equity-highs.txt';
/** One line of each account, so that a line never crosses a sector and is written whole or not at all. */
const LINE_BYTES = 256;

export interface StoredHighs {
  readonly records: readonly DayRecord[];
  /** False when some line cannot be understood: a drawdown could then count from too low a high. */
  readonly readable: boolean;
}

/**
 * The highest equity of each account, on disk with every new high. One write of 256 bytes into the system's cache, some
 * microseconds: it survives the end of the process at any moment; `flush`, about once a second, makes it survive the end
 * of the machine.
 */
export class EquityHighs {
  readonly path: string;
  /** Why the last write failed; null when it did not. */
  failure: string | null = null;
  readonly #lines = new Map<string, number>();
  #file: number | null = null;
  #isDirty = false;

  constructor(dataDirectory: string) {
    this.path = join(dataDirectory, HIGHS_FILE);
  }

  load(): StoredHighs {
    this.#lines.clear();
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      return { records: [], readable: isMissing };
    }
    const records: DayRecord[] = [];
    let readable = text.length % LINE_BYTES === 0;
    for (let at = 0; at + LINE_BYTES <= text.length; at += LINE_BYTES) {
      const record = readLine(text.slice(at, at + LINE_BYTES));
      if (record === null) readable = false;
      else {
        records.push(record);
        this.#lines.set(record.accountId, at / LINE_BYTES);
      }
    }
    if (!readable) this.#lines.clear();
    return { records, readable };
  }

  /** Never throws: a full disk shows in `failure`, and trading goes on with the high in memory. */
  write(record: DayRecord): void {
    try {
      const line = lineOf(record);
      if (line === null) throw new Error(`the line of ${record.accountId} is too long`);
      this.#file ??= this.#open();
      let place = this.#lines.get(record.accountId);
      if (place === undefined) {
        place = this.#lines.size;
        this.#lines.set(record.accountId, place);
      }
      writeSync(this.#file, line, place * LINE_BYTES, 'utf8');
      this.#isDirty = true;
      this.failure = null;
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
    }
  }

  /** Does not wait for the disk. */
  flush(): void {
    if (!this.#isDirty || this.#file === null) return;
    this.#isDirty = false;
    fdatasync(this.#file, (error) => {
      if (error !== null) this.failure = error.message;
    });
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  /** A file that could not be read is begun anew: what is known now is written by the caller. */
  #open(): number {
    return openSync(this.path, this.#lines.size > 0 ? 'r+' : 'w', 0o600);
  }
}

function lineOf({ accountId, nextDay, startEquity, highEquity, lastEquity }: DayRecord): string | null {
  const body = JSON.stringify([accountId, nextDay, startEquity, highEquity, lastEquity]);
  const text = `${checksum(body)} ${body}`;
  // Account ids are plain ASCII; a longer line would overwrite its neighbour.
  return Buffer.byteLength(text) < LINE_BYTES ? `${text.padEnd(LINE_BYTES - 1)}\n` : null;
}

function readLine(line: string): DayRecord | null {
  const body = line.slice(9).trimEnd();
  if (line.slice(0, 8) !== checksum(body)) return null;
  let fields: unknown;
  try {
    fields = JSON.parse(body);
  } catch {
    return null;
  }
  if (!Array.isArray(fields)) return null;
  const [accountId, nextDay, startEquity, highEquity, lastEquity] = fields as unknown[];
  if (typeof accountId !== 'string') return null;
  const figures = [nextDay, startEquity, highEquity, lastEquity].map(Number);
  if (!figures.every(Number.isFinite)) return null;
  const [next = 0, start = 0, high = 0, last = 0] = figures;
  return { accountId, nextDay: next, startEquity: start, highEquity: high, lastEquity: last };
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
