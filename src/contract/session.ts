import * as z from 'zod';
import { sessionState } from './app.ts';
import { command, query } from './procedure.ts';
import {
  count,
  cursor,
  decimal,
  epochMs,
  identifier,
  instrumentId,
  pageLimit,
  positiveDecimal,
  reasonCode,
  sentence,
} from './scalars.ts';

export const strategyRun = z.object({
  /** Of this run: strategy and instrument. */
  id: identifier,
  strategy: identifier,
  title: z.string(),
  instrument: instrumentId,
  account: identifier,
  state: z.enum(['stopped', 'warming-up', 'running', 'paused', 'failed']),
  parameters: z.record(z.string(), z.number()),
  signals: count,
  orders: count,
  realised: decimal,
  lastSignal: z.object({ at: epochMs, direction: z.enum(['long', 'short', 'flat']), reason: z.string() }).nullable(),
  /** Why it failed or waits, with a reference to the log. */
  sentence: sentence.nullable(),
});

export const strategyDefinition = z.object({
  id: identifier,
  title: z.string(),
  description: z.string(),
  parameters: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      default: z.number(),
      min: z.number(),
      max: z.number(),
      integer: z.boolean(),
    }),
  ),
});

const strategyChoice = z.strictObject({
  strategy: identifier,
  /** Every instrument of the session when left out. */
  instrument: instrumentId.optional(),
  parameters: z.record(z.string().max(40), z.number()).default({}),
});

export const sessionStatus = z.object({
  state: sessionState,
  id: z.string().nullable(),
  mode: z.enum(['paper', 'live', 'simulation', 'backtest']).nullable(),
  startedAt: epochMs.nullable(),
  endedAt: epochMs.nullable(),
  seed: z.number().nullable(),
  feeds: z.array(z.string()),
  strategies: z.array(strategyRun),
  /** Why it paused, stopped or failed. */
  sentence: sentence.nullable(),
});

const nothing = z.strictObject({});

export const session = {
  status: query({
    path: '/session',
    summary: 'The session that runs, or the last one',
    input: nothing,
    output: sessionStatus,
  }),
  start: command({
    path: '/session/start',
    summary: 'Start a trading session',
    effect: 'write',
    input: z.strictObject({
      mode: z.enum(['paper', 'simulation']).default('paper'),
      /** sim:crypto, sim:nse, ... The engine's own when left out. */
      feeds: z.array(z.string().min(1).max(300)).max(20).optional(),
      strategies: z.array(strategyChoice).max(200).default([]),
      /** Starting capital of a new paper account. */
      capital: positiveDecimal.optional(),
      seed: z.int().min(0).optional(),
    }),
    output: sessionStatus,
  }),
  pause: command({
    path: '/session/pause',
    summary: 'Stop strategies from opening; exits and orders in the market go on',
    effect: 'write',
    input: nothing,
    output: sessionStatus,
  }),
  resume: command({
    path: '/session/resume',
    summary: 'Let strategies open again',
    effect: 'write',
    input: nothing,
    output: sessionStatus,
  }),
  stop: command({
    path: '/session/stop',
    summary: 'End the session in order: strategies, orders, journal',
    effect: 'write',
    input: nothing,
    output: sessionStatus,
  }),
  list: query({
    path: '/sessions',
    summary: 'Sessions of the past, newest first',
    input: z.strictObject({ limit: pageLimit, cursor: cursor.optional() }),
    output: z.object({
      sessions: z.array(
        z.object({
          id: z.string(),
          mode: z.enum(['paper', 'live', 'simulation', 'backtest']),
          status: z.enum(['running', 'stopped', 'interrupted', 'failed']),
          startedAt: epochMs,
          endedAt: epochMs.nullable(),
          seed: z.number(),
          fingerprint: z.string().nullable(),
        }),
      ),
      next: cursor.nullable(),
    }),
  }),
};

const ofRun = z.strictObject({ id: identifier });

export const strategies = {
  list: query({
    path: '/strategies',
    summary: 'Strategies there are and runs of this session',
    input: nothing,
    output: z.object({ available: z.array(strategyDefinition), runs: z.array(strategyRun) }),
  }),
  start: command({
    path: '/strategies/start',
    summary: 'Start a strategy on an instrument, or a stopped run again',
    effect: 'write',
    input: z.strictObject({
      strategy: identifier,
      instrument: instrumentId,
      account: identifier,
      parameters: z.record(z.string().max(40), z.number()).default({}),
    }),
    output: strategyRun,
  }),
  pause: command({
    path: '/strategies/pause',
    summary: 'Keep its position and exits, open nothing new',
    effect: 'write',
    input: ofRun,
    output: strategyRun,
  }),
  stop: command({
    path: '/strategies/stop',
    summary: 'Stop a run and cancel its opening orders; its position stays protected',
    effect: 'write',
    input: ofRun,
    output: strategyRun,
  }),
};

export const auditEntry = z.object({
  sequence: count,
  at: epochMs,
  actor: z.enum(['user', 'engine', 'risk', 'strategy', 'broker']),
  action: z.string(),
  reason: z.string(),
  detail: z.string(),
  hash: z.string(),
});

export const journal = {
  stats: query({
    path: '/journal/stats',
    summary: 'Rows, size and health of the journal',
    input: nothing,
    output: z.object({
      ok: z.boolean(),
      problems: z.array(z.string()),
      rows: z.record(z.string(), count),
      bytes: count,
      schemaVersion: count,
    }),
  }),
  audit: query({
    path: '/journal/audit',
    summary: 'The audit log, newest first',
    input: z.strictObject({ limit: pageLimit, cursor: cursor.optional() }),
    output: z.object({ entries: z.array(auditEntry), next: cursor.nullable() }),
  }),
  verify: query({
    path: '/journal/verify',
    summary: 'Check the hash chain of the audit log',
    input: nothing,
    output: z.object({
      ok: z.boolean(),
      entries: count,
      problems: z.array(z.object({ sequence: count.nullable(), code: reasonCode, sentence })),
    }),
  }),
};
