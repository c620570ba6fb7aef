import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { quantityText } from '../../domain/instrument.ts';
import { RefusalError, messageOf } from '../../domain/refusal.ts';
import { readIfThere, replaceFile } from '../../engine/workstation/durable-file.ts';
import {
  type FlattenAnswer,
  flattenAnswerPath,
  type FlattenRequest,
  flattenRequestPath,
} from '../../engine/workstation/flatten-requests.ts';
import { isDeskSession } from '../../engine/workstation/session-opening.ts';
import { JournalFailure } from '../../journal/journal.ts';
import { openJournalFile } from '../../journal/journal-file.ts';
import { WriterLock } from '../../journal/writer-lock.ts';
import { KillLatch } from '../../risk/kill-latch.ts';
import { type Command, type CommandIo, UsageError } from '../command.ts';
import { defaultDataDir } from '../data-dir.ts';
import { usageOf } from '../usage.ts';

const help = `tradewright kill [--flatten] [--reason TEXT] [--data-dir D] [--wait SECONDS] [--json]

Sets the kill switch: no new orders, strategies stopped, working orders cancelled, protective exits stay.
The halt is a file in the data folder, so it works with a running engine (which obeys within half a second), with a
stopped one (which then starts halted) and with a damaged journal. Saying it twice does no harm.

  --flatten    also cancel everything and close every position, and wait until the engine has verified that it is
               flat; exit status 1 when it is not. Needs a running engine: with a stopped one the positions that
               stay open are listed.
  --reason     kept with the halt
  --data-dir   folder of the engine
  --wait       longest time to wait for the flatten, in seconds (60)
  --json       one JSON document on stdout

Trading goes on only when the halt is lifted in the window (Safety) or through the API, with a reason.`;

/** An engine that picked a request up says so at once; one that does not is not listening. */
const PICK_UP_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 100;

interface OpenPosition {
  readonly account: string;
  readonly instrument: string;
  readonly quantity: string;
}

interface KillReport {
  readonly ok: boolean;
  readonly halted: true;
  readonly since: number | null;
  readonly reason: string | null;
  readonly engine: 'running' | 'stopped' | 'unknown';
  readonly flatten: 'FLAT' | 'NOT_FLAT' | 'NO_ENGINE' | 'NO_ANSWER' | null;
  readonly open: readonly OpenPosition[];
  readonly problems: readonly string[];
  readonly sentence: string;
}

/** The lock is the operating system's, so a process that died holds none, whatever its pid file says. */
function engineState(dataDir: string): KillReport['engine'] {
  if (!existsSync(dataDir)) return 'stopped';
  try {
    WriterLock.acquire(dataDir).release();
    return 'stopped';
  } catch (error) {
    return error instanceof JournalFailure && error.code === 'LOCKED' ? 'running' : 'unknown';
  }
}

/** Positions as the journal last had them; a journal that cannot be read is a problem to report, not a reason to stop. */
function openPositions(dataDir: string): { open: OpenPosition[]; problem: string | null; missing?: true } {
  try {
    const journal = openJournalFile(dataDir);
    try {
      const session = journal.read.sessions().find(isDeskSession);
      if (session === undefined) return { open: [], problem: null };
      const instruments = new Map(journal.read.instruments().map((instrument) => [instrument.id, instrument]));
      const open = journal.read.positions(session.id).flatMap(({ accountId, instrument, quantity }) => {
        const known = instruments.get(instrument);
        if (quantity === 0 || known === undefined) return [];
        return [{ account: accountId, instrument, quantity: quantityText(known, quantity) }];
      });
      return { open, problem: null };
    } finally {
      journal.close();
    }
  } catch (error) {
    if (error instanceof JournalFailure && error.code === 'MISSING') return { open: [], problem: null, missing: true };
    return { open: [], problem: messageOf(error) };
  }
}

function readAnswer(dataDir: string, id: string): FlattenAnswer | null {
  try {
    const answer = JSON.parse(readIfThere(flattenAnswerPath(dataDir)) ?? 'null') as FlattenAnswer | null;
    return answer?.id === id ? answer : null;
  } catch {
    return null;
  }
}

async function flatten(dataDir: string, reason: string, waitMs: number, io: CommandIo): Promise<FlattenAnswer | null> {
  const request: FlattenRequest = { id: randomUUID(), at: Date.now(), reason };
  replaceFile(flattenRequestPath(dataDir), JSON.stringify(request));
  const began = performance.now();
  let shown = 0;
  for (;;) {
    await wait(LOOK_EVERY_MS);
    const answer = readAnswer(dataDir, request.id);
    if (answer !== null && io.isErrTty) {
      for (const step of answer.steps.slice(shown)) io.err(`${step}\n`);
      shown = answer.steps.length;
    }
    if (answer?.state === 'done') return answer;
    const waited = performance.now() - began;
    if (waited > waitMs || (answer === null && waited > PICK_UP_WITHIN_MS)) return null;
  }
}

function list(open: readonly OpenPosition[]): string {
  return open.map(({ account, instrument, quantity }) => `${quantity} ${instrument} (${account})`).join(', ');
}

async function kill(
  dataDir: string,
  reason: string,
  wantsFlat: boolean,
  waitMs: number,
  io: CommandIo,
): Promise<KillReport> {
  const latch = new KillLatch(dataDir);
  const before = latch.read();
  // Said twice it stays one halt; but what cannot be read is written anew, with the damaged file kept beside it.
  const written = before.halted && before.readable ? null : latch.halt('cli', reason, Date.now());
  if (written !== null && !written.ok) throw new RefusalError(written.error);
  const halted = latch.read();
  const engine = engineState(dataDir);
  const base = { halted: true, since: halted.since, reason: halted.reason, engine } as const;
  const obeys = engine === 'running' ? 'The running engine stops within half a second.' : 'The engine starts halted.';
  if (!wantsFlat || engine === 'stopped') {
    const { open, problem, missing } = openPositions(dataDir);
    const problems = problem === null ? [] : [problem];
    // A mistyped folder must not leave somebody in the belief that the engine of another one stands still.
    const unused =
      missing === true
        ? ` No engine has traded from ${dataDir} yet: one that runs in another folder is NOT halted; name that folder with --data-dir.`
        : '';
    const stays = engine !== 'stopped' || open.length === 0 ? '' : ` These positions stay open: ${list(open)}.`;
    const why = wantsFlat
      ? open.length === 0
        ? ' No engine runs, and its journal shows no open position.'
        : ' No engine runs that could close anything: start it, then flatten.'
      : '';
    return {
      ...base,
      ok: !wantsFlat || (open.length === 0 && problem === null),
      flatten: wantsFlat ? 'NO_ENGINE' : null,
      open,
      problems,
      sentence: `HALTED. ${obeys}${why}${stays}${unused}`,
    };
  }
  const answer = await flatten(dataDir, reason, waitMs, io);
  if (answer === null) {
    const { open, problem } = openPositions(dataDir);
    return {
      ...base,
      ok: false,
      flatten: 'NO_ANSWER',
      open,
      problems: problem === null ? [] : [problem],
      sentence: `HALTED, but the engine did not report the end of the flatten in time. ${open.length === 0 ? 'The journal shows no open position.' : `Last known positions: ${list(open)}.`}`,
    };
  }
  return {
    ...base,
    ok: answer.outcome === 'FLAT',
    flatten: answer.outcome,
    open: answer.open,
    problems: answer.outcome === 'FLAT' ? [] : [answer.sentence],
    sentence: answer.sentence,
  };
}

export const command: Command = {
  name: 'kill',
  summary: 'kill switch of a running or stopped engine',
  help,
  async run(args, io) {
    const { values } = usageOf(() =>
      parseArgs({
        args: [...args],
        options: {
          flatten: { type: 'boolean', default: false },
          reason: { type: 'string', default: 'killed from the command line' },
          'data-dir': { type: 'string' },
          wait: { type: 'string', default: '60' },
          json: { type: 'boolean', default: false },
          help: { type: 'boolean', default: false },
        },
        strict: true,
      }),
    );
    if (values.help) {
      io.out(`${help}\n`);
      return 0;
    }
    const seconds = Number(values.wait);
    if (!(seconds > 0) || !Number.isFinite(seconds)) {
      throw new UsageError(`--wait "${values.wait}" is not a number of seconds above zero.`);
    }
    const dataDir = values['data-dir'] ?? defaultDataDir(process.env, process.platform, homedir());
    const report = await kill(join(dataDir), values.reason, values.flatten, seconds * 1_000, io);
    if (values.json) io.out(`${JSON.stringify(report)}\n`);
    else io.out(`${report.sentence}\n`);
    if (!report.ok && !values.json) for (const problem of report.problems) io.err(`${problem}\n`);
    return report.ok ? 0 : 1;
  },
};
