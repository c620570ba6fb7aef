import {
  type AlgorithmTerms,
  COMMON_DEFAULTS,
  type CommonTerms,
  peggedTerms,
  type Urgency,
} from '../../execution/algorithms/algorithm-terms.ts';
import { volumeCurve } from '../../execution/algorithms/volume-curve.ts';
import type { EpochMs, QuantityUnits } from '../../domain/units.ts';
import {
  decimalText,
  flagOf,
  isObject,
  type Json,
  type JsonObject,
  listOf,
  numberOf,
  objectOf,
  pick,
  scriptFault,
  wordOf,
} from './script-json.ts';

/** How a script wants an order worked. `terms` is told the start, the script's seed and how to read a quantity. */
export interface ScriptAlgorithm {
  readonly type: ScriptType;
  /** Quantity an iceberg shows, as written. */
  readonly display: string | null;
  /** Age of the newest price from which the parent pauses; null = never. */
  readonly staleMs: number | null;
  terms(context: {
    readonly now: EpochMs;
    readonly seed: number;
    readonly postOnly: boolean;
    quantity(text: string): QuantityUnits;
    /** Picks an algorithm by the market of the moment. */
    choose(urgency: Urgency, horizonMs: number | null): AlgorithmTerms;
  }): AlgorithmTerms;
}

type ScriptType = AlgorithmTerms['type'] | 'auto';
const TYPES: Readonly<Record<string, ScriptType>> = {
  twap: 'twap',
  vwap: 'vwap',
  pov: 'pov',
  participation: 'pov',
  iceberg: 'iceberg',
  pegged: 'pegged',
  peg: 'pegged',
  sniper: 'sniper',
  'guarded-market': 'guarded-market',
  'market-guard': 'guarded-market',
  guard: 'guarded-market',
  auto: 'auto',
};
const COMMON =
  'type seed sizeVariation timeVariation withinBook timeoutMs maxChildAgeMs maxRefusals retryMs settleMs staleMs note';
const SCHEDULE = 'horizonMs durationMs intervalMs slices remainder end style urgency catchUpLimit';
const OWN: Readonly<Record<ScriptType, string>> = {
  auto: 'urgency horizonMs durationMs',
  twap: SCHEDULE,
  vwap: `${SCHEDULE} curve buckets history`,
  pov: 'rate participation intervalMs horizonMs durationMs finish style urgency',
  iceberg: 'display displayVariation',
  pegged: 'horizonMs durationMs joinMs improveMs crosses urgency repegMs',
  sniper: '',
  'guarded-market': 'collarBps collar maxSlippageBps',
};
const DEFAULT_PEG_MS = 30_000;
const DEFAULT_COLLAR_BPS = 20;

/** Reads `"algo":{...}` or `"iceberg":{...}` of an order; null where it has neither. */
export function readAlgorithm(algo: Json | undefined, iceberg: Json | undefined, id: string): ScriptAlgorithm | null {
  if (algo === undefined && iceberg === undefined) return null;
  if (algo !== undefined && iceberg !== undefined) {
    throw scriptFault(`Order ${id} names an algo and an iceberg; give one of them.`, 'ORDER_UNSUPPORTED');
  }
  const what = `${algo === undefined ? 'iceberg' : 'algo'} of order ${id}`;
  const given =
    algo === undefined ? icebergOf(iceberg, what) : typeof algo === 'string' ? { type: algo } : objectOf(algo, what);
  const word = typeof given['type'] === 'string' ? given['type'].toLowerCase().replaceAll('_', '-') : '';
  const type = Object.hasOwn(TYPES, word) ? TYPES[word] : undefined;
  if (type === undefined) {
    throw scriptFault(
      `${what} has the type ${JSON.stringify(given['type'] ?? null)}; known are ${Object.keys(TYPES).join(', ')}.`,
      'ORDER_UNSUPPORTED',
    );
  }
  const known = new Set(`${type === 'auto' ? 'type staleMs note' : COMMON} ${OWN[type]}`.split(' '));
  for (const key of Object.keys(given)) {
    if (known.has(key)) continue;
    throw scriptFault(
      `${what} (${type}) has an unknown part "${key}"; it knows ${[...known].join(', ')}.`,
      'ORDER_UNSUPPORTED',
    );
  }
  const ms = (...names: string[]): number | null => {
    const value = pick(given, ...names);
    return value === undefined ? null : numberOf(value, `${names[0] ?? ''} of ${what}`, 0);
  };
  const own = readOwn(type, given, ms, what);
  const staleMs = ms('staleMs');
  const variation = ms('displayVariation');
  return {
    type,
    display: type === 'iceberg' ? decimalText(given['display'], `display of ${what}`) : null,
    staleMs,
    terms: (context) => ({
      ...commonOf(given, ms, what, context.seed),
      ...(variation === null ? {} : { sizeVariation: variation }),
      ...own(context),
    }),
  };
}

function icebergOf(value: Json | undefined, what: string): JsonObject {
  if (isObject(value)) return { ...value, type: 'iceberg' };
  return { type: 'iceberg', display: decimalText(value, what) };
}

function commonOf(
  given: JsonObject,
  ms: (...names: string[]) => number | null,
  what: string,
  seed: number,
): CommonTerms {
  const base = COMMON_DEFAULTS;
  return {
    sizeVariation: ms('sizeVariation') ?? base.sizeVariation,
    timeVariation: ms('timeVariation') ?? base.timeVariation,
    seed: ms('seed') ?? seed,
    withinBook: flagOf(given['withinBook'], `withinBook of ${what}`, base.withinBook),
    timeoutMs: ms('timeoutMs'),
    maxChildAgeMs: ms('maxChildAgeMs'),
    maxRefusals: ms('maxRefusals') ?? base.maxRefusals,
    retryMs: ms('retryMs') ?? base.retryMs,
    settleMs: ms('settleMs') ?? base.settleMs,
  };
}

type OwnTerms = (context: Parameters<ScriptAlgorithm['terms']>[0]) => DistributiveOmit<AlgorithmTerms>;
type DistributiveOmit<T> = T extends AlgorithmTerms ? Omit<T, keyof CommonTerms> : never;

function readOwn(
  type: ScriptType,
  given: JsonObject,
  ms: (...names: string[]) => number | null,
  what: string,
): OwnTerms {
  const need = (value: number | null, name: string): number => {
    if (value === null) throw scriptFault(`${what} (${type}) needs ${name}.`);
    return value;
  };
  const horizon = ms('horizonMs', 'durationMs');
  const urgency: Urgency =
    given['urgency'] === undefined
      ? 'normal'
      : wordOf(given['urgency'], `urgency of ${what}`, ['passive', 'low', 'normal', 'high'] as const);
  const style =
    given['style'] === undefined ? 'market' : wordOf(given['style'], `style of ${what}`, ['market', 'limit'] as const);
  switch (type) {
    case 'auto':
      return (context) => context.choose(urgency, horizon);
    case 'twap':
    case 'vwap': {
      const horizonMs = need(horizon, 'horizonMs');
      const curve = type === 'vwap' ? readCurve(given, what) : null;
      const slices = ms('slices') ?? (curve === null || curve.length === 0 ? null : curve.length);
      const intervalMs = need(ms('intervalMs') ?? (slices === null ? null : horizonMs / slices), 'intervalMs');
      const history = type === 'vwap' ? readHistory(given, what) : null;
      const schedule = {
        horizonMs,
        intervalMs,
        remainder:
          given['remainder'] === undefined
            ? 'early'
            : wordOf(given['remainder'], `remainder of ${what}`, ['early', 'last'] as const),
        end: given['end'] === undefined ? 'open' : wordOf(given['end'], `end of ${what}`, ['open', 'closed'] as const),
        style,
        urgency,
        catchUpLimit: ms('catchUpLimit'),
      } as const;
      if (type === 'twap') return () => ({ type: 'twap', ...schedule });
      if (curve === null && history === null) {
        throw scriptFault(
          `${what} (vwap) needs its volume curve: "curve":[1,2,3], or "history":[{"t":..,"volume":..}].`,
        );
      }
      const slots = Math.floor(horizonMs / intervalMs + 1e-9) + (schedule.end === 'closed' ? 1 : 0);
      return ({ now }) => ({
        type: 'vwap',
        ...schedule,
        curve: curve ?? volumeCurve(history ?? [], now, intervalMs, Math.max(1, Math.min(slots, 10_000))),
      });
    }
    case 'pov': {
      const rate = need(ms('rate', 'participation'), 'rate');
      const finish =
        given['finish'] === undefined
          ? 'leave'
          : wordOf(given['finish'], `finish of ${what}`, ['leave', 'complete'] as const);
      const intervalMs = ms('intervalMs') ?? 1_000;
      return () => ({ type: 'pov', rate, intervalMs, horizonMs: horizon, finish, style, urgency });
    }
    case 'iceberg': {
      const display = decimalText(given['display'], `display of ${what}`);
      return (context) => ({ type: 'iceberg', display: context.quantity(display), postOnly: context.postOnly });
    }
    case 'pegged': {
      const base = peggedTerms(urgency, horizon ?? DEFAULT_PEG_MS);
      return () => ({
        ...base,
        horizonMs: horizon,
        joinMs: ms('joinMs') ?? base.joinMs,
        improveMs: ms('improveMs') ?? base.improveMs,
        crosses: flagOf(given['crosses'], `crosses of ${what}`, base.crosses),
        repegMs: ms('repegMs') ?? base.repegMs,
      });
    }
    case 'sniper':
      return () => ({ type: 'sniper' });
    case 'guarded-market': {
      const collarBps = ms('collarBps', 'maxSlippageBps', 'collar') ?? DEFAULT_COLLAR_BPS;
      return () => ({ type: 'guarded-market', collarBps });
    }
  }
}

function readCurve(given: JsonObject, what: string): readonly number[] | null {
  const value = pick(given, 'curve', 'buckets');
  if (value === undefined) return null;
  return listOf(value, `curve of ${what}`).map((share) => {
    const volume = isObject(share) ? pick(share, 'volume', 'v', 'weight') : share;
    return numberOf(volume, `a share of the curve of ${what}`, 0);
  });
}

/** [{"t": start in ms, "volume": "12.5", "ms": 60000}]; without "ms" a bucket lasts until the next one begins. */
function readHistory(given: JsonObject, what: string): { start: EpochMs; lengthMs: number; volume: number }[] | null {
  if (given['history'] === undefined) return null;
  const rows = listOf(given['history'], `history of ${what}`).map((value) => {
    const row = objectOf(value, `history of ${what}`);
    return {
      start: numberOf(pick(row, 't', 'start'), `t in the history of ${what}`, 0),
      volume: numberOf(pick(row, 'volume', 'v'), `volume in the history of ${what}`, 0),
      lengthMs: numberOf(pick(row, 'ms', 'lengthMs'), `ms in the history of ${what}`, 0),
    };
  });
  return rows.map((row, index) => {
    const next = rows[index + 1];
    const before = rows[index - 1];
    const gap = next !== undefined ? next.start - row.start : before === undefined ? 60_000 : row.start - before.start;
    return { ...row, lengthMs: row.lengthMs > 0 ? row.lengthMs : gap };
  });
}
