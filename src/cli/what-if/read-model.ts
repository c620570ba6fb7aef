import { DEFAULT_VENUE_MODEL, type VenueModel } from '../../venue/model.ts';
import {
  decimalText,
  flagOf,
  isObject,
  type Json,
  type JsonObject,
  numberOf,
  pick,
  scriptFault,
  wordOf,
} from './script-json.ts';

const KNOWN = new Set([
  'depth',
  'queue',
  'consumeLiquidity',
  'touchFillProbability',
  'latencyMs',
  'jitterMs',
  'slippage',
  'fees',
  'barPath',
  'barVolumeShare',
  'barMarketFill',
  'passedStop',
  'queueCancels',
  'restingFill',
  'tapeLagMs',
  'commandLatencyMs',
  'seed',
]);

export interface ScriptModel {
  readonly model: VenueModel;
  readonly seed: number;
}

/**
 * The venue model of a script. Left out: as DEFAULT_VENUE_MODEL, but one bar fills no more than its volume, and without
 * a recording a display that crosses a resting order fills it and every time stamp is taken as exact.
 */
export function readModel(value: Json | undefined, recorded: boolean): ScriptModel {
  const given: JsonObject = value === undefined || value === null ? {} : isObject(value) ? value : refuseModel();
  for (const [key, setting] of Object.entries(given)) {
    if (KNOWN.has(key) || setting === null || setting === false || setting === '0' || setting === 'none') continue;
    throw scriptFault(`model.${key} is not supported; the model knows ${[...KNOWN].join(', ')}.`, 'MODEL_UNSUPPORTED');
  }
  const base = DEFAULT_VENUE_MODEL;
  const extra = pick(given, 'commandLatencyMs');
  const delays = isObject(extra) ? extra : {};
  const model: VenueModel = {
    depth: 'depth' in given ? wordOf(given['depth'], 'model.depth', ['L1', 'L2']) : base.depth,
    queue: flagOf(given['queue'], 'model.queue', base.queue),
    consumeLiquidity: flagOf(given['consumeLiquidity'], 'model.consumeLiquidity', base.consumeLiquidity),
    touchFillProbability: share(given, 'touchFillProbability', base.touchFillProbability),
    latencyMs: notNegative(given, 'latencyMs', base.latencyMs),
    jitterMs: notNegative(given, 'jitterMs', base.jitterMs),
    slippage: readSlippage(given['slippage']),
    fees: readFees(given['fees']),
    barPath: word(given, 'barPath', ['ohlc', 'olhc', 'adaptive', 'pessimistic'], base.barPath),
    barVolumeShare: share(given, 'barVolumeShare', 1),
    barMarketFill: word(given, 'barMarketFill', ['next-open', 'close'], base.barMarketFill),
    passedStop: word(given, 'passedStop', ['reject', 'trigger'], base.passedStop),
    queueCancels: word(given, 'queueCancels', ['none', 'pro-rata'], base.queueCancels),
    restingFill: word(given, 'restingFill', ['tape', 'display'], recorded ? 'tape' : 'display'),
    tapeLagMs: notNegative(given, 'tapeLagMs', recorded ? base.tapeLagMs : 0),
    commandLatencyMs: {
      submit: notNegative(delays, 'submit', 0),
      modify: notNegative(delays, 'modify', 0),
      cancel: notNegative(delays, 'cancel', 0),
    },
  };
  return { model, seed: numberOf(given['seed'], 'model.seed', 1) };
}

function refuseModel(): never {
  throw scriptFault('model must be an object { ... }.');
}

function word<T extends string>(given: JsonObject, key: string, words: readonly T[], otherwise: T): T {
  const value = given[key];
  return value === undefined || value === null ? otherwise : wordOf(value, `model.${key}`, words);
}

function notNegative(given: JsonObject, key: string, otherwise: number): number {
  const value = numberOf(given[key], `model.${key}`, otherwise);
  if (value < 0) throw scriptFault(`model.${key} must not be negative.`);
  return value;
}

function share(given: JsonObject, key: string, otherwise: number): number {
  const value = notNegative(given, key, otherwise);
  if (value > 1) throw scriptFault(`model.${key} must lie between 0 and 1.`);
  return value;
}

/** null = none; a whole number from 1 = ticks; a number below 1 = fraction of the price; or {ticks}, {fraction}, {bps}. */
function readSlippage(value: Json | undefined): VenueModel['slippage'] {
  if (value === undefined || value === null || value === false || value === 'none') return { kind: 'none' };
  if (isObject(value)) {
    const ticks = pick(value, 'ticks');
    if (ticks !== undefined) return byTicks(Number(decimalText(ticks, 'model.slippage.ticks')));
    const bps = pick(value, 'bps', 'bp', 'basisPoints');
    if (bps !== undefined) return byFraction(Number(decimalText(bps, 'model.slippage.bps')) / 1e4);
    const fraction = pick(value, 'fraction', 'pct', 'rate');
    if (fraction !== undefined) return byFraction(Number(decimalText(fraction, 'model.slippage.fraction')));
    if (pick(value, 'kind', 'type', 'model') === 'none' || Object.keys(value).length === 0) return { kind: 'none' };
    throw scriptFault('model.slippage knows {"ticks":N}, {"fraction":"0.0005"} and {"bps":5}.', 'MODEL_UNSUPPORTED');
  }
  const number = Number(decimalText(value, 'model.slippage'));
  return number < 1 ? byFraction(number) : byTicks(number);
}

function byTicks(ticks: number): VenueModel['slippage'] {
  if (!Number.isSafeInteger(ticks) || ticks < 0) throw scriptFault('Slippage in ticks must be a whole number from 0.');
  return ticks === 0 ? { kind: 'none' } : { kind: 'ticks', ticks };
}

function byFraction(fraction: number): VenueModel['slippage'] {
  if (fraction < 0 || fraction >= 1) throw scriptFault('Slippage as a fraction must lie between 0 and 1.');
  return fraction === 0 ? { kind: 'none' } : { kind: 'fraction', fraction: decimalText(String(fraction), 'slippage') };
}

function readFees(value: Json | undefined): VenueModel['fees'] {
  if (value === undefined || value === null) return DEFAULT_VENUE_MODEL.fees;
  if (!isObject(value)) {
    const rate = decimalText(value, 'model.fees');
    return { maker: rate, taker: rate, fixed: '0' };
  }
  const one = (name: string): string => decimalText(value[name] ?? '0', `model.fees.${name}`);
  for (const key of Object.keys(value)) {
    if (!['maker', 'taker', 'fixed'].includes(key)) {
      throw scriptFault(`model.fees.${key} is not supported; fees are maker, taker and fixed.`, 'MODEL_UNSUPPORTED');
    }
  }
  return { maker: one('maker'), taker: one('taker'), fixed: one('fixed') };
}
