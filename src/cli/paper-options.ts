import { parseArgs } from 'node:util';
import { RefusalError } from '../domain/refusal.ts';
import type { EpochMs } from '../domain/units.ts';
import { readSizing, readUnits } from '../execution/sizing-text.ts';
import { type FeedConfig, type SessionConfig } from '../engine/session-config.ts';
import { fileFeed } from '../engine/session-feeds.ts';
import { parseTimeframe } from '../market/timeframe.ts';
import { DEFAULT_LIMITS } from '../risk/limits.ts';
import { findStrategy } from '../strategies/registry.ts';
import {
  accepted,
  amount,
  oneOf,
  percent,
  positiveNumber,
  readParameters,
  usable,
  wholeNumber,
} from './backtest-options.ts';
import { ACCOUNT_OPTIONS, accountHelp, readAccountTerms } from './account-options.ts';
import { UsageError } from './command.ts';
import { splitDataName } from './data-name.ts';
import { usageOf } from './usage.ts';
import { readVenueTerms, VENUE_OPTIONS, venueHelp } from './venue-options.ts';

export const paperHelp = `tradewright paper --feed FEED [--feed ...] --strategy ID[,ID] [options]
tradewright paper --resume SESSION [--data-dir D]

  --feed FEED         sim:crypto | sim:nse | file:PATH[:SYMBOL]; repeatable
  --strategy ID,...   strategies, each on every instrument of the session
  --symbol S          only these instruments; repeatable
  --param NAME=VALUE  strategy parameter; repeatable
  --timeframe TF      bars the strategy sees (default: the bars of the data; 5s for recorded ticks, 1m for simulated)
  --capital 100000    starting cash of each paper account
  --speed max|N|1     data time per wall time (default max)
  --duration T        stop after this much data time, e.g. 90s, 15m, 6h, 2d (simulated markets: 1h when left out)
  --start ISO         first instant of a simulated market (default 2025-06-02, crypto 00:00 UTC, NSE 09:15 IST)
  --seed N            seed of simulated markets and models (default 1)
  --direction long|short|both  --reverse  --sizing RULE  --units RULE  --stop-loss PCT  --take-profit PCT  --trailing PCT
                      as in backtest; default long, fraction:0.2, fractional
${venueHelp}
${accountHelp}
  --data-dir D        folder of the journal
  --resume SESSION    go on with a session that a crash cut short; its recorded part must come out again exactly
  --json              one JSON document on stdout`;

const OPTIONS = {
  feed: { type: 'string', multiple: true },
  strategy: { type: 'string' },
  symbol: { type: 'string', multiple: true },
  param: { type: 'string', multiple: true },
  timeframe: { type: 'string' },
  capital: { type: 'string', default: '100000' },
  speed: { type: 'string', default: 'max' },
  duration: { type: 'string' },
  start: { type: 'string' },
  seed: { type: 'string', default: '1' },
  direction: { type: 'string', default: 'long' },
  reverse: { type: 'boolean', default: false },
  sizing: { type: 'string', default: 'fraction:0.2' },
  units: { type: 'string', default: 'fractional' },
  'stop-loss': { type: 'string' },
  'take-profit': { type: 'string' },
  trailing: { type: 'string' },
  ...VENUE_OPTIONS,
  ...ACCOUNT_OPTIONS,
  'data-dir': { type: 'string' },
  resume: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

export interface PaperRequest {
  readonly start: { readonly config: SessionConfig } | { readonly resume: string };
  readonly speed: number;
  readonly dataDir: string | undefined;
  readonly json: boolean;
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const SIMULATED_MS = 3_600_000;
/** Fixed, so that the same command gives the same session on any day. A Monday. */
const SIMULATED_START = { crypto: '2025-06-02T00:00:00Z', nse: '2025-06-02T09:15:00+05:30' } as const;

/** "90s", "15m", "6h", "2d" in ms; a bare number is seconds. */
function readDuration(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text);
  const ms = Number(match?.[1]) * (UNIT_MS[match?.[2] === '' ? 's' : (match?.[2] ?? '')] ?? Number.NaN);
  if (!(ms > 0)) throw new UsageError(`${option} "${text}" is not a duration such as 90s, 15m, 6h or 2d.`);
  return Math.round(ms);
}

/** Null when only help is wanted. */
export async function readPaperRequest(args: readonly string[]): Promise<PaperRequest | null> {
  const { values } = usageOf(() => parseArgs({ args: [...args], options: OPTIONS, strict: true }));
  if (values.help) return null;
  const speed = values.speed === 'max' ? Number.POSITIVE_INFINITY : positiveNumber('--speed', values.speed);
  const common = { speed, dataDir: values['data-dir'], json: values.json };
  if (values.resume !== undefined) return { ...common, start: { resume: values.resume } };
  if (values.feed === undefined || values.feed.length === 0) throw new UsageError('--feed FEED is needed.');
  if (values.strategy === undefined) throw new UsageError('--strategy ID is needed.');

  const parameters = readParameters(values.param ?? []);
  const account = readAccountTerms(values);
  const strategies = values.strategy
    .split(',')
    .map((name) => ({ id: accepted(findStrategy(name.trim())).id, parameters }));
  const durationMs = values.duration === undefined ? null : readDuration('--duration', values.duration);
  const terms = readVenueTerms(values);
  const feeds: FeedConfig[] = [];
  // Simulated markets run over the same time, from when all of them trade.
  const start = values.start ?? (values.feed.includes('sim:nse') ? SIMULATED_START.nse : SIMULATED_START.crypto);
  for (const name of values.feed) feeds.push(await readFeed(name, instant(start), durationMs));
  if (values.timeframe !== undefined) usable(parseTimeframe(values.timeframe));
  return {
    ...common,
    start: {
      config: {
        version: 1,
        feeds,
        symbols: values.symbol ?? null,
        strategies,
        timeframe: values.timeframe ?? (await defaultTimeframe(feeds)),
        capital: amount('--capital', values.capital, false),
        seed: wholeNumber('--seed', values.seed),
        durationMs,
        plan: {
          direction: oneOf('--direction', values.direction, ['long', 'short', 'both'] as const),
          reverse: values.reverse,
          sizing: usable(readSizing(values.sizing)),
          units: usable(readUnits(values.units)),
          stopLoss: percent('--stop-loss', values['stop-loss']),
          takeProfit: percent('--take-profit', values['take-profit']),
          trailing: percent('--trailing', values.trailing),
        },
        models: { crypto: { ...account.cryptoModel, ...terms }, nse: { ...account.nseModel, ...terms } },
        nse: account.nse,
        margin: account.margin,
        limits: DEFAULT_LIMITS,
        staleAfterMs: 5_000,
      },
    },
  };
}

async function readFeed(name: string, start: EpochMs, durationMs: number | null): Promise<FeedConfig> {
  const colon = name.indexOf(':');
  const kind = colon === -1 ? name : name.slice(0, colon);
  const rest = name.slice(colon + 1);
  if (kind === 'sim') {
    const market = oneOf('--feed sim', rest, ['crypto', 'nse'] as const);
    return { kind: 'sim', market, start, end: start + (durationMs ?? SIMULATED_MS) };
  }
  if (kind === 'file') {
    const { path, symbol } = splitDataName(rest);
    return fileFeed(path, symbol ?? undefined);
  }
  if (kind === 'live') {
    throw new RefusalError({
      code: 'FEED_NOT_AVAILABLE',
      sentence: 'Live exchange feeds are not part of this version; use sim:crypto, sim:nse or file:PATH.',
    });
  }
  throw new UsageError(`--feed "${name}" is sim:crypto, sim:nse or file:PATH.`);
}

function instant(text: string): EpochMs {
  const at = Date.parse(text);
  if (Number.isNaN(at))
    throw new UsageError(`--start "${text}" is not an ISO 8601 instant such as 2025-06-02T00:00:00Z.`);
  return at;
}

/** Strategies over recorded ticks see 5-second bars, over simulated markets minutes, over recorded bars the bars. */
async function defaultTimeframe(feeds: readonly FeedConfig[]): Promise<string | null> {
  const { detectFormat } = await import('../market/feeds/detect-format.ts');
  let ticks = false;
  let simulated = false;
  for (const feed of feeds) {
    if (feed.kind === 'sim') simulated = true;
    else {
      const format = await detectFormat(feed.path);
      if (format.kind === 'raw' || format.layout.format !== 'bars') ticks = true;
    }
  }
  return ticks ? '5s' : simulated ? '1m' : null;
}
