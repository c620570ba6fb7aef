import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { JournalFailure } from '../../journal/journal.ts';
import { JOURNAL_FILE, MARKET_FILE, openJournalFile, type JournalFile } from '../../journal/journal-file.ts';
import { marketCounts } from '../../journal/market-reader.ts';
import { openMarketStore } from '../../journal/market-store.ts';
import { openJournal } from '../../journal/sqlite-journal.ts';
import { type Command, type CommandIo, UsageError } from '../command.ts';
import { usageOf } from '../usage.ts';

const help = `tradewright journal verify --data-dir D [--json]
tradewright journal stats  --data-dir D [--json]
tradewright journal export --data-dir D --format csv|json --to PATH [--json]
tradewright journal backup --data-dir D --to FILE [--json]
tradewright journal prune  --data-dir D --older-than 90d [--json]

  verify   recomputes the audit chain and checks that the tables agree; exit status 1 when they do not
  stats    row counts and sizes
  export   every table: csv = a file per table in the new folder PATH, json = one document in the new file PATH
  backup   a copy of the journal as one new file, also while an engine writes to it (market data is not in it)
  prune    removes market data and ended sessions older than 90d (12h, 30m, 4w also work); never open orders, running
           sessions or the latest state; stop the engine first

verify, stats, export and backup may run beside a running engine.`;

const OPTIONS = {
  'data-dir': { type: 'string' },
  format: { type: 'string' },
  to: { type: 'string' },
  'older-than': { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** A flat object; `ok` and `problems` come first. */
type Report = { readonly ok: boolean; readonly problems: readonly string[] } & Readonly<Record<string, unknown>>;

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** "90d" in ms. */
function readAge(text: string): number {
  const shape = /^(\d+(?:\.\d+)?)([mhdw])$/.exec(text);
  const unit = UNITS[shape?.[2] ?? ''];
  if (shape === null || unit === undefined) {
    throw new UsageError(`--older-than "${text}" is not an age; write a number and m, h, d or w, such as 90d.`);
  }
  return Number(shape[1]) * unit;
}

function required(value: string | undefined, option: string): string {
  if (value === undefined || value === '') throw new UsageError(`--${option} is required.`);
  return value;
}

async function withJournal(dataDir: string, work: (journal: JournalFile) => Report | Promise<Report>): Promise<Report> {
  const journal = openJournalFile(dataDir);
  try {
    return await work(journal);
  } finally {
    journal.close();
  }
}

/** A journal too damaged to open is what verify and stats are asked about: a finding, not a failure of theirs. */
async function damageIsAFinding(work: () => Promise<Report>): Promise<Report> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof JournalFailure && error.code === 'CORRUPT') return { ok: false, problems: [error.message] };
    throw error;
  }
}

function stats(dataDir: string, journal: JournalFile): Report {
  return { ok: true, problems: [], ...journal.stats(), ...marketCounts(dataDir) };
}

function exportTo(journal: JournalFile, format: string, to: string): Report {
  const report = format === 'csv' ? journal.exportCsv(to) : journal.exportJsonFile(to);
  return { ok: true, problems: [], format, to, ...report };
}

async function backup(journal: JournalFile, to: string): Promise<Report> {
  return { ok: true, problems: [], ...(await journal.backup(to)) };
}

/** Market data first: it is the bulk, and the journal's own removal needs room to be written down. */
function prune(dataDir: string, olderThanMs: number, now: number): Report {
  // Opening for writing would make a journal where there is none.
  openJournalFile(dataDir).close();
  const journal = openJournal(dataDir);
  const problems: string[] = [];
  try {
    let marketRows = 0;
    const compactions: (() => void)[] = [];
    const market = existsSync(join(dataDir, MARKET_FILE)) ? openMarketStore(dataDir) : null;
    try {
      marketRows = market?.prune(journal.marketCutoff(now - olderThanMs)) ?? 0;
      const report = journal.prune({ olderThanMs, now });
      if (marketRows > 0) compactions.push(() => market?.compact());
      if (report.rows > 0) compactions.push(() => journal.compact());
      let compacted = true;
      for (const compact of compactions) {
        try {
          compact();
        } catch (error) {
          if (!(error instanceof JournalFailure)) throw error;
          compacted = false;
          problems.push(`The rows are gone but the file could not be made smaller: ${error.message}`);
        }
      }
      return { ok: true, problems, ...report, marketRows, compacted };
    } finally {
      market?.close();
    }
  } finally {
    journal.close();
  }
}

function print(report: Report, json: boolean, io: CommandIo): void {
  if (json) {
    io.out(`${JSON.stringify(report)}\n`);
    return;
  }
  for (const [name, value] of Object.entries(report)) {
    if (name === 'problems') for (const problem of report.problems) io.out(`problem  ${problem}\n`);
    else io.out(`${name.padEnd(16)} ${name === 'ok' ? (report.ok ? 'yes' : 'no') : String(value)}\n`);
  }
}

export const command: Command = {
  name: 'journal',
  summary: 'verify, count, export, back up or prune the journal of a data folder',
  help,
  async run(args, io) {
    const { values, positionals } = usageOf(() =>
      parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true }),
    );
    if (values.help) {
      io.out(`${help}\n`);
      return 0;
    }
    const [action, ...rest] = positionals;
    if (action === undefined) throw new UsageError('Say what to do: verify, stats, export, backup or prune.');
    if (rest.length > 0) throw new UsageError(`"${rest.join(' ')}" is one word too many.`);
    const report = await perform(action, values);
    print(report, values.json, io);
    if (report.ok) return 0;
    const count = report.problems.length;
    const found = count === 1 ? '1 problem' : `${count} problems`;
    io.err(`${join(values['data-dir'] ?? '', JOURNAL_FILE)}: ${found} found. ${report.problems[0] ?? ''}\n`);
    return 1;
  },
};

interface Given {
  readonly 'data-dir'?: string | undefined;
  readonly format?: string | undefined;
  readonly to?: string | undefined;
  readonly 'older-than'?: string | undefined;
}

async function perform(action: string, given: Given): Promise<Report> {
  const dataDir = (): string => required(given['data-dir'], 'data-dir');
  switch (action) {
    case 'verify': {
      const dir = dataDir();
      return damageIsAFinding(() => withJournal(dir, (journal) => ({ ...journal.verify() })));
    }
    case 'stats': {
      const dir = dataDir();
      return damageIsAFinding(() => withJournal(dir, (journal) => stats(dir, journal)));
    }
    case 'export': {
      const format = required(given.format, 'format');
      if (format !== 'csv' && format !== 'json') throw new UsageError(`--format is csv or json, not "${format}".`);
      const to = required(given.to, 'to');
      return withJournal(dataDir(), (journal) => exportTo(journal, format, to));
    }
    case 'backup': {
      const to = required(given.to, 'to');
      return withJournal(dataDir(), (journal) => backup(journal, to));
    }
    case 'prune': {
      const age = readAge(required(given['older-than'], 'older-than'));
      return prune(dataDir(), age, Date.now());
    }
    default:
      throw new UsageError(`There is no "journal ${action}"; use verify, stats, export, backup or prune.`);
  }
}
