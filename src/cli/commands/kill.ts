import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { quantityText } from '../../domain/instrument.ts';
import { replaceFile } from '../../engine/workstation/durable-file.ts';
import {
  type FlattenAnswer,
  type FlattenRequest,
  flattenRequestPath,
  readAnswer,
} from '../../engine/workstation/flatten-requests.ts';
import { isDeskSession } from '../../engine/workstation/session-opening.ts';
import { JournalFailure } from '../../journal/journal.ts';
import { JOURNAL_FILE, MARKET_FILE, openJournalFile } from '../../journal/journal-file.ts';
import { WriterLock } from '../../journal/writer-lock.ts';
import { KillLatch, LATCH_FILE } from '../../risk/kill-latch.ts';
import { type Command, type CommandIo, UsageError } from '../command.ts';
import { defaultDataDir } from '../data-dir.ts';
import { usageOf } from '../usage.ts';

const help = `tradewright kill [--flatten [--queue]] [--reason TEXT] [--data-dir D] [--wait SECONDS] [--json]

Sets the kill switch: no new orders, strategies stopped, working orders cancelled, protective exits stay.
The halt is a file in the data folder, so it works with a running engine (which obeys within half a second), with a
stopped one (which then starts halted) and with a damaged journal. Saying it twice does no harm.
A folder that holds nothing of Tradewright is left as it is, with status 1: there is nothing in it to stop.

  --flatten    also cancel everything and close every position, and wait until the engine has verified that it is
               flat; exit status 1 when it is not. Needs a running engine: with a stopped one the positions that
               stay open are listed.
  --queue      with --flatten: what cannot be closed now is closed when its market opens or the engine starts
  --reason     kept with the halt
  --data-dir   folder of the engine
  --wait       longest time to wait for the flatten, in seconds (60)
  --json       one JSON document on stdout

Trading goes on only when the halt is lifted in the window (Safety) or through the API, with a reason.`;

/** An engine that picked a request up says so at once; one that does not is not listening. */
const PICK_UP_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 100;
/** Any of them makes a folder one that an engine has traded from, or is beginning to. */
const SIGNS = [JOURNAL_FILE, MARKET_FILE, LATCH_FILE, 'writer.lock', 'limits.json', 'simulation.json'];

interface OpenPosition {
  readonly account: string;
  readonly instrument: string;
  readonly quantity: string;
}

interface KillReport {
  readonly ok: boolean;
  readonly halted: boolean;
  readonly since: number | null;
  readonly reason: string | null;
  readonly engine: 'running' | 'stopped' | 'unknown';
  readonly flatten: 'FLAT' | 'NOT_FLAT' | 'NO_ENGINE' | 'NO_ANSWER' | 'NOT_ASKED' | null;
  readonly open: readonly OpenPosition[];
  readonly problems: readonly string[];
  readonly sentence: string;
}

interface Wanted {
  readonly reason: string;
  readonly flat: boolean;
  readonly queue: boolean;
  readonly waitMs: number;
}

/** The lock is the operating system's, so a process that died holds none, whatever its pid file says. */
function engineState(dataDir: string): KillReport['engine'] {
  try {
    WriterLock.acquire(dataDir).release();
    return 'stopped';
  } catch (error) {
    return error instanceof JournalFailure && error.code === 'LOCKED' ? 'running' : 'unknown';
  }
}

/** Positions as the journal last had them; a journal that cannot be read is a problem to report, not a reason to stop. */
function openPositions(dataDir: string): { open: OpenPosition[]; problem: string | null } {
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
    if (error instanceof JournalFailure && error.code === 'MISSING') return { open: [], problem: null };
    return { open: [], problem: messageOf(error) };
  }
}

/** Null: no answer in time. */
async function answered(dataDir: string, id: string, waitMs: number, io: CommandIo): Promise<FlattenAnswer | null> {
  const began = performance.now();
  let shown = 0;
  for (;;) {
    await wait(LOOK_EVERY_MS);
    const found = readAnswer(dataDir);
    const answer = found?.id === id ? found : null;
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What stands in the way of any halt at all; the engine, if one runs, goes on. */
function notHalted(engine: KillReport['engine'], sentence: string): KillReport {
  const base = { ok: false, halted: false, since: null, reason: null, flatten: null, open: [] } as const;
  return { ...base, engine, problems: [sentence], sentence };
}

async function kill(dataDir: string, wanted: Wanted, io: CommandIo): Promise<KillReport> {
  // A mistyped folder must not leave somebody in the belief that the engine of another one stands still.
  if (!SIGNS.some((name) => existsSync(join(dataDir, name)))) {
    return notHalted(
      'stopped',
      `NOTHING WAS HALTED: no Tradewright engine has traded from ${dataDir}. One that runs in another folder goes on: name that folder with --data-dir.`,
    );
  }
  const latch = new KillLatch(dataDir);
  const before = latch.read();
  // Said twice it stays one halt; but what cannot be read is written anew, with the damaged file kept beside it.
  const written = before.halted && before.readable ? null : latch.halt('cli', wanted.reason, Date.now());
  const engine = engineState(dataDir);
  if (written !== null && !written.ok && !latch.read().halted) {
    const goesOn =
      engine === 'stopped'
        ? 'No engine runs there now, but the next one would not start halted.'
        : 'An engine that runs there goes on trading: press HALT in its window, or end its process.';
    return notHalted(engine, `NOTHING WAS HALTED: ${written.error.sentence} ${goesOn}`);
  }
  const halted = latch.read();
  const base = { halted: true, since: halted.since, reason: halted.reason, engine } as const;
  const trouble = written !== null && !written.ok ? [written.error.sentence] : [];
  if (!wanted.flat) return { ...base, ...onlyHalted(dataDir, engine, trouble) };
  const request: FlattenRequest = { id: randomUUID(), at: Date.now(), reason: wanted.reason, queue: wanted.queue };
  if (engine !== 'stopped' || wanted.queue) {
    try {
      replaceFile(flattenRequestPath(dataDir), JSON.stringify(request));
    } catch (error) {
      const { open, problem } = openPositions(dataDir);
      const sentence = `HALTED, but the request to flatten could not be written to ${flattenRequestPath(dataDir)} (${messageOf(error)}), so nothing is being closed. ${lastKnown(open)}`;
      const problems = [...trouble, sentence, ...(problem === null ? [] : [problem])];
      return { ...base, ok: false, flatten: 'NOT_ASKED', open, problems, sentence };
    }
  }
  if (engine === 'stopped') return { ...base, ...withoutEngine(dataDir, wanted.queue, trouble) };
  const answer = await answered(dataDir, request.id, wanted.waitMs, io);
  if (answer === null) {
    const { open, problem } = openPositions(dataDir);
    const problems = [...trouble, ...(problem === null ? [] : [problem])];
    const sentence = `HALTED, but the engine did not report the end of the flatten in time. ${lastKnown(open)}`;
    return { ...base, ok: false, flatten: 'NO_ANSWER', open, problems, sentence };
  }
  const isFlat = answer.outcome === 'FLAT';
  return {
    ...base,
    ok: isFlat,
    flatten: answer.outcome,
    open: answer.open,
    problems: isFlat ? trouble : [...trouble, answer.sentence],
    sentence: answer.sentence,
  };
}

function lastKnown(open: readonly OpenPosition[]): string {
  return open.length === 0 ? 'The journal shows no open position.' : `Last known positions: ${list(open)}.`;
}

type Rest = Pick<KillReport, 'ok' | 'flatten' | 'open' | 'problems' | 'sentence'>;

function onlyHalted(dataDir: string, engine: KillReport['engine'], trouble: readonly string[]): Rest {
  const { open, problem } = openPositions(dataDir);
  const obeys = engine === 'running' ? 'The running engine stops within half a second.' : 'The engine starts halted.';
  const stays = open.length === 0 ? '' : ` These positions stay open: ${list(open)}.`;
  const problems = [...trouble, ...(problem === null ? [] : [problem])];
  return { ok: true, flatten: null, open, problems, sentence: `HALTED. ${obeys}${stays}` };
}

function withoutEngine(dataDir: string, queue: boolean, trouble: readonly string[]): Rest {
  const { open, problem } = openPositions(dataDir);
  const todo = queue ? 'The next engine closes them as soon as it has prices' : 'Start it, then flatten';
  const why =
    open.length === 0
      ? 'No engine runs, and its journal shows no open position.'
      : `No engine runs that could close anything. ${todo}. These positions stay open until then: ${list(open)}.`;
  return {
    ok: open.length === 0 && problem === null,
    flatten: 'NO_ENGINE',
    open,
    problems: [...trouble, ...(problem === null ? [] : [problem])],
    sentence: `HALTED. The engine starts halted. ${why}`,
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
          queue: { type: 'boolean', default: false },
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
    if (values.queue && !values.flatten) throw new UsageError('--queue goes with --flatten.');
    const dataDir = values['data-dir'] ?? defaultDataDir(process.env, process.platform, homedir());
    const wanted: Wanted = {
      reason: values.reason,
      flat: values.flatten,
      queue: values.queue,
      waitMs: seconds * 1_000,
    };
    const report = await kill(join(dataDir), wanted, io);
    if (values.json) io.out(`${JSON.stringify(report)}\n`);
    else {
      if (report.ok) io.out(`${report.sentence}\n`);
      else io.err(`${report.sentence}\n`);
      for (const problem of report.problems) if (problem !== report.sentence) io.err(`${problem}\n`);
    }
    return report.ok ? 0 : 1;
  },
};
