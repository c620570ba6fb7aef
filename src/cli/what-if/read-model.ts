import { readFees } from './read-fees.ts';
import { DEFAULT_VENUE_MODEL, type VenueModel } from '../../venue/model.ts';
import { readBehindTouch, readImpact, readPriceProtection, readSlippage } from './model-terms.ts';
import { flagOf, isObject, type Json, type JsonObject, numberOf, pick, scriptFault, wordOf } from './script-json.ts';

const KNOWN = new Set([
  'depth',
  'queue',
  'consumeLiquidity',
  'touchFillProbability',
  'latencyMs',
  'jitterMs',
  'withoutQueue',
  'jitterShape',
  'jitterSigma',
  'slippage',
  'impact',
  'behindTouch',
  'priceProtection',
  'fees',
  'barPath',
  'barVolumeShare',
  'barMarketFill',
  'passedStop',
  'queueCancels',
  'queuePriority',
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
 * The venue model of a script. Left out: as DEFAULT_VENUE_MODEL, but one bar fills no more than its volume; without a
 * recording a display that crosses a resting order fills it and every time stamp is taken as exact; and with queue off
 * and no touch probability named, nobody stands ahead of an order at a displayed price.
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
    withoutQueue: word(
      given,
      'withoutQueue',
      ['first', 'chance'],
      pick(given, 'touchFillProbability') === undefined ? 'first' : 'chance',
    ),
    latencyMs: notNegative(given, 'latencyMs', base.latencyMs),
    jitterMs: notNegative(given, 'jitterMs', base.jitterMs),
    jitterShape: word(given, 'jitterShape', ['uniform', 'exponential', 'log-normal'], base.jitterShape),
    jitterSigma: notNegative(given, 'jitterSigma', base.jitterSigma),
    slippage: readSlippage(given['slippage']),
    impact: readImpact(given['impact']),
    behindTouch: readBehindTouch(given['behindTouch']),
    priceProtection: readPriceProtection(given['priceProtection']),
    fees: readFees(given['fees']),
    barPath: word(given, 'barPath', ['ohlc', 'olhc', 'adaptive', 'pessimistic'], base.barPath),
    barVolumeShare: share(given, 'barVolumeShare', 1),
    barMarketFill: word(given, 'barMarketFill', ['next-open', 'close'], base.barMarketFill),
    passedStop: word(given, 'passedStop', ['reject', 'trigger'], base.passedStop),
    queuePriority: word(given, 'queuePriority', ['price-time', 'pro-rata'], base.queuePriority),
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
