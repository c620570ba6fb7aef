import { randomBytes } from 'node:crypto';
import { RefusalError } from '../domain/refusal.ts';
import type { EpochMs } from '../domain/units.ts';
import { MemoryJournal } from '../journal/memory-journal.ts';
import { openJournal, type JournalOptions, type SqliteJournal } from '../journal/sqlite-journal.ts';
import { openJournalFile } from '../journal/journal-file.ts';
import { type PaperSessionOutcome, runPaperSession } from './paper-session.ts';
import { ResumingJournal } from './resuming-journal.ts';
import type { SessionConfig } from './session-config.ts';
import { fileDigest } from './session-feeds.ts';

export interface RecordedSessionOptions {
  readonly dataDir: string;
  /** A new session, or the id of one that a crash cut short. */
  readonly start: { readonly config: SessionConfig } | { readonly resume: string };
  readonly speed: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (events: number, at: EpochMs) => void;
  readonly onCommit?: NonNullable<JournalOptions['onCommit']>;
}

/** Runs a paper session with its journal in a data folder. Throws RefusalError or JournalFailure. */
export async function runRecordedSession(
  options: RecordedSessionOptions,
): Promise<{ config: SessionConfig; outcome: PaperSessionOutcome }> {
  const journal = openJournal(options.dataDir, options.onCommit === undefined ? {} : { onCommit: options.onCommit });
  try {
    const { speed, signal } = options;
    const progress = options.onProgress === undefined ? {} : { onProgress: options.onProgress };
    if ('config' in options.start) {
      const { config } = options.start;
      markInterrupted(journal);
      const outcome = await runPaperSession({
        id: newSessionId(),
        config,
        journal,
        speed,
        startedAt: Date.now(),
        wallClock: Date.now,
        signal,
        ...progress,
      });
      return { config, outcome };
    }
    const id = options.start.resume;
    const session = journal.read.session(id);
    if (session === null) throw unknownSession(id, options.dataDir);
    if (session.status === 'stopped') {
      throw new RefusalError({
        code: 'SESSION_COMPLETE',
        sentence: `Session ${id} ran to its end; there is nothing to resume. "session replay ${id}" runs it again.`,
      });
    }
    const config = await checkedConfig(session.config, id);
    // Tells the journal whose records follow, and takes back the mark of an interruption.
    journal.commit([{ kind: 'session', session: { ...session, status: 'running', endedAt: null } }]);
    const resuming = new ResumingJournal(journal, journal.read.recordCount(id));
    // What is recorded already passes at full speed; the market then goes on where the crash was.
    const outcome = await runPaperSession({
      id,
      config,
      journal: resuming,
      speed,
      startedAt: session.startedAt,
      wallClock: Date.now,
      signal,
      ...progress,
    });
    // Stopped by hand while catching up: nothing was written, it can be resumed again.
    if (!signal.aborted) resuming.end();
    return { config, outcome };
  } finally {
    journal.close();
  }
}

export interface ReplayOutcome {
  readonly session: string;
  readonly recorded: string;
  readonly replayed: string;
  readonly identical: boolean;
  readonly outcome: PaperSessionOutcome;
}

/** Runs a recorded session again from its journalled inputs, in memory, and compares the fingerprints. */
export async function replaySession(dataDir: string, id: string, signal: AbortSignal): Promise<ReplayOutcome> {
  const file = openJournalFile(dataDir);
  let configText: string;
  let recorded: string | null;
  try {
    const session = file.read.session(id);
    if (session === null) throw unknownSession(id, dataDir);
    configText = session.config;
    recorded = session.fingerprint;
  } finally {
    file.close();
  }
  if (recorded === null) {
    throw new RefusalError({
      code: 'SESSION_INCOMPLETE',
      sentence: `Session ${id} has no fingerprint because it did not end; resume it with "paper --resume ${id}" first.`,
    });
  }
  const config = await checkedConfig(configText, id);
  const outcome = await runPaperSession({
    id,
    config,
    journal: new MemoryJournal(),
    speed: Number.POSITIVE_INFINITY,
    startedAt: 0,
    wallClock: () => 0,
    signal,
  });
  return { session: id, recorded, replayed: outcome.fingerprint, identical: outcome.fingerprint === recorded, outcome };
}

/** Sessions that a crash left running can no longer be running: this process holds the writer's lock. */
function markInterrupted(journal: SqliteJournal): void {
  for (const session of journal.read.sessions()) {
    if (session.status === 'running')
      journal.commit([{ kind: 'session', session: { ...session, status: 'interrupted' } }]);
  }
}

async function checkedConfig(text: string, id: string): Promise<SessionConfig> {
  const config = JSON.parse(text) as SessionConfig;
  if (config.version !== 1 || !Array.isArray(config.feeds)) {
    throw new RefusalError({
      code: 'SESSION_NOT_REPLAYABLE',
      sentence: `Session ${id} was driven by the live clock and by hand; it has no recorded inputs to run again.`,
    });
  }
  for (const feed of config.feeds) {
    if (feed.kind !== 'file') continue;
    const digest = await fileDigest(feed.path).catch(() => null);
    if (digest === null)
      throw new RefusalError({
        code: 'FILE_NOT_FOUND',
        sentence: `The session read "${feed.path}", which is gone; put the file back to run it again.`,
      });
    if (digest !== feed.sha256) {
      throw new RefusalError({
        code: 'FILE_CHANGED',
        sentence: `"${feed.path}" is not the file the session read (its checksum differs); put the original back.`,
      });
    }
  }
  return config;
}

function unknownSession(id: string, dataDir: string): RefusalError {
  return new RefusalError({
    code: 'SESSION_UNKNOWN',
    sentence: `There is no session "${id}" in ${dataDir}; "journal stats --data-dir ${dataDir}" lists what is there.`,
  });
}

/** Sortable by time, unique without coordination. */
function newSessionId(): string {
  const stamp = new Date().toISOString().replaceAll(/[-:]/g, '').slice(0, 15);
  return `${stamp}-${randomBytes(3).toString('hex')}`;
}
