import type { DataReport } from '../../domain/market-data.ts';
import { RefusalError } from '../../domain/refusal.ts';

const MAX_PROBLEMS = 20;

/** Why a row was not used. The key goes into the report, the words into the sentence of `--strict`. */
const DROP_REASONS = {
  'blank-line': 'the line is empty',
  'repeated-header': 'the header is repeated',
  'other-symbol': 'the row is for a symbol that was not asked for',
  'unsupported-stream': 'the message is of a kind this feed does not use',
  malformed: 'the line is not in the format of the file',
  'missing-field': 'a field is missing',
  'bad-time': 'the time cannot be read',
  'not-a-number': 'a figure is not a number',
  'not-positive': 'a price or quantity is zero or negative',
  'off-grid': 'a price or quantity is finer than the instrument allows',
  'bad-ohlc': 'high and low do not enclose open and close',
  crossed: 'the bid is above the ask',
  duplicate: 'the row repeats an earlier one',
  'out-of-order': 'the time is earlier than that of the row before',
  'other-day': 'the row is dated another day than the session',
  'out-of-session': 'the time is outside the trading session',
  'not-a-market-trade': 'the trade is no market trade (insurance fund, liquidation transfer)',
  'unknown-symbol': 'the symbol does not occur where the file was sampled',
  'snapshot-without-symbol': 'the snapshot does not say its symbol and the file holds several',
} as const;
export type DropReason = keyof typeof DROP_REASONS;

/** Not the fault of the line: counted like the others, but no error under `strict` and not listed as a problem. */
const BENIGN: ReadonlySet<DropReason> = new Set([
  'blank-line',
  'repeated-header',
  'other-symbol',
  'unsupported-stream',
]);

/** Accounts for every row of one file: read = kept + dropped. */
export class RowTally {
  read = 0;
  readonly file: string;
  private readonly strict: boolean;
  private readonly dropped = new Map<DropReason, number>();
  private readonly problems: { file: string; line: number; reason: string }[] = [];
  private droppedTotal = 0;

  constructor(file: string, strict: boolean) {
    this.file = file;
    this.strict = strict;
  }

  /** Throws RefusalError DATA_LINE_BAD under strict. The caller has counted the row as read. */
  drop(reason: DropReason, line: number): void {
    this.droppedTotal += 1;
    this.dropped.set(reason, (this.dropped.get(reason) ?? 0) + 1);
    if (BENIGN.has(reason)) return;
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ file: this.file, line, reason });
    if (this.strict) {
      const sentence = `${this.file}:${line}: ${DROP_REASONS[reason]}; correct the line or leave out strict mode.`;
      throw new RefusalError({ code: 'DATA_LINE_BAD', sentence, value: reason });
    }
  }

  report(): DataReport {
    const dropped: Record<string, number> = {};
    for (const reason of [...this.dropped.keys()].toSorted()) dropped[reason] = this.dropped.get(reason) ?? 0;
    return {
      source: this.file,
      read: this.read,
      kept: this.read - this.droppedTotal,
      dropped,
      problems: [...this.problems],
    };
  }
}

/** The accounts of several sources as one. */
export function sumReports(source: string, reports: readonly DataReport[]): DataReport {
  const dropped: Record<string, number> = {};
  for (const report of reports) {
    for (const [reason, count] of Object.entries(report.dropped)) dropped[reason] = (dropped[reason] ?? 0) + count;
  }
  return {
    source,
    read: reports.reduce((sum, report) => sum + report.read, 0),
    kept: reports.reduce((sum, report) => sum + report.kept, 0),
    dropped,
    problems: reports.flatMap((report) => report.problems).slice(0, MAX_PROBLEMS),
  };
}
