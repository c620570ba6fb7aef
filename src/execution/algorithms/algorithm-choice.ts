import { type Instrument, priceText, quantityText } from '../../domain/instrument.ts';
import type { Side } from '../../domain/order.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { PriceUnits, QuantityUnits } from '../../domain/units.ts';
import { type AlgorithmTerms, COMMON_DEFAULTS, peggedTerms, type Urgency } from './algorithm-terms.ts';
import { farSide, type MarketSight, midOf, offeredWithin, ownSide } from './market-sight.ts';
import { minimumAt, gridOf } from './parent-state.ts';

export interface ChoiceRequest {
  readonly instrument: Instrument;
  readonly side: Side;
  readonly quantity: QuantityUnits;
  readonly limit: PriceUnits | null;
  readonly urgency: Urgency;
  readonly sight: MarketSight;
  /** Quantity traded in a usual minute of late; null = not known. */
  readonly volumePerMinute: number | null;
  /** Time the user gives; null = the choice finds one. */
  readonly horizonMs: number | null;
  readonly seed: number;
}

export interface AlgorithmChoice {
  readonly terms: AlgorithmTerms;
  /** Sentences with the figures that decided, most important first. */
  readonly reasons: readonly string[];
  readonly figures: {
    readonly shareOfDepth: number | null;
    readonly minutesOfVolume: number | null;
    readonly spreadBps: number | null;
    readonly spreadTicks: number | null;
  };
}

/** Depth counts as near up to this far behind the touch. */
const NEAR_BPS = 10;
/** Below this share of the near depth an order moves the price hardly at all; above the other it walks the book. */
const SMALL = 0.1;
const LARGE = 0.5;
/** A spread up to this much is cheaper to pay than to wait for. */
const TIGHT_BPS = 2;
const TIGHT_TICKS = 2;
/** Share of the market's volume that a parent takes by urgency, the usual range of participation. */
const RATE: Readonly<Record<Urgency, number>> = { passive: 0.05, low: 0.1, normal: 0.15, high: 0.25 };
const DEFAULT_HORIZON_MS: Readonly<Record<Urgency, number>> = {
  passive: 1_800_000,
  low: 900_000,
  normal: 300_000,
  high: 60_000,
};
const MINUTE_MS = 60_000;
const LONGEST_HORIZON_MS = 4 * 3_600_000;

/** Picks an algorithm by size against depth and volume, spread and urgency. Refuses NO_PRICE without a two-sided price. */
export function chooseAlgorithm(request: ChoiceRequest): AlgorithmChoice | Refusal {
  const { instrument, side, quantity, sight } = request;
  const far = farSide(sight, side);
  const own = ownSide(sight, side);
  const mid = midOf(sight);
  if (!(far > 0) || !(own > 0) || mid === null) {
    return refuse(
      'NO_PRICE',
      `No bid and ask of ${instrument.symbol} are known, so no algorithm can be judged; wait for the feed.`,
    ).error;
  }
  const spreadBps = (Math.abs(far - own) / mid) * 10_000;
  const spreadTicks = Math.round(Math.abs(far - own) / instrument.tick);
  const sign = side === 'buy' ? 1 : -1;
  const near = offeredWithin(sight, side, far * (1 + (sign * NEAR_BPS) / 10_000), Number.MAX_SAFE_INTEGER).quantity;
  const shareOfDepth = near > 0 ? quantity / near : null;
  const volume = request.volumePerMinute;
  const minutesOfVolume = volume !== null && volume > 0 ? quantity / volume : null;
  const figures = { shareOfDepth, minutesOfVolume, spreadBps, spreadTicks };
  const size = sizeSentence(request, near, shareOfDepth, minutesOfVolume);
  const spread = `The spread is ${spreadTicks} tick${spreadTicks === 1 ? '' : 's'} or ${spreadBps.toFixed(2)} bp (${priceText(instrument, own)} / ${priceText(instrument, far)}).`;
  const isTight = spreadTicks <= TIGHT_TICKS || spreadBps <= TIGHT_BPS;
  const isLarge = shareOfDepth === null || shareOfDepth > LARGE || (minutesOfVolume !== null && minutesOfVolume > 1);
  const isSmall =
    shareOfDepth !== null && shareOfDepth <= SMALL && (minutesOfVolume === null || minutesOfVolume <= 0.2);
  const [own_, why] = isLarge
    ? large(request, near)
    : isSmall
      ? small(request, isTight, spreadBps)
      : medium(request, spreadBps);
  return {
    terms: { ...COMMON_DEFAULTS, ...own_, seed: request.seed } as AlgorithmTerms,
    reasons: [why, size, spread],
    figures,
  };
}

type Own = Partial<AlgorithmTerms> & { readonly type: AlgorithmTerms['type'] };

function small({ urgency, limit, horizonMs }: ChoiceRequest, isTight: boolean, spreadBps: number): [Own, string] {
  if (urgency === 'high' || (urgency === 'normal' && isTight))
    return guarded(spreadBps, 'it is small and the offers near the touch hold it many times over');
  if (urgency === 'passive' && limit !== null) {
    return [
      peggedTerms('passive', horizonMs ?? DEFAULT_HORIZON_MS.passive),
      'Pegged without crossing: there is no hurry, so the spread is earned instead of paid.',
    ];
  }
  return [
    peggedTerms(urgency, horizonMs ?? Math.min(DEFAULT_HORIZON_MS[urgency], MINUTE_MS)),
    isTight
      ? 'Pegged: it is small and there is time to wait for the other side before crossing.'
      : 'Pegged: the spread is wide, so it joins and improves before it pays it.',
  ];
}

function medium(request: ChoiceRequest, spreadBps: number): [Own, string] {
  const { urgency, horizonMs } = request;
  if (urgency === 'high')
    return guarded(spreadBps, 'it is urgent, and the collar bounds what walking the book may cost');
  if (urgency === 'passive' && request.limit !== null) return iceberg(request);
  const horizon = horizonMs ?? Math.min(DEFAULT_HORIZON_MS[urgency], 2 * MINUTE_MS);
  return [
    twap(horizon, Math.max(5_000, Math.round(horizon / 6)), urgency),
    'TWAP in limit slices: it is a fair part of the book near the touch, so it is spread over time and crosses only at the end of each slice.',
  ];
}

function large(request: ChoiceRequest, near: QuantityUnits): [Own, string] {
  const { urgency, limit, horizonMs, volumePerMinute, quantity, instrument } = request;
  if (urgency === 'passive' && limit !== null) return iceberg(request);
  const rate = RATE[urgency];
  if (volumePerMinute !== null && volumePerMinute > 0) {
    const needed = (quantity / (rate * volumePerMinute)) * MINUTE_MS;
    if (horizonMs === null || needed <= horizonMs) {
      return [
        {
          type: 'pov',
          rate,
          intervalMs: 2_000,
          horizonMs,
          finish: horizonMs === null ? 'leave' : 'complete',
          style: urgency === 'high' ? 'market' : 'limit',
          urgency,
          withinBook: true,
        },
        `Participation at ${percent(rate)} of the volume: it is too large for the book and its size should follow what trades, about ${minutes(needed)} at the present pace.`,
      ];
    }
    const share = quantity / ((horizonMs / MINUTE_MS) * volumePerMinute);
    return [
      { ...twap(horizonMs, sliceInterval(horizonMs, quantity, near), urgency), withinBook: true },
      `TWAP over ${minutes(horizonMs)}: the time given is shorter than ${percent(rate)} of the volume would need; it will be about ${percent(share)} of what trades in ${instrument.symbol}.`,
    ];
  }
  const horizon = Math.min(LONGEST_HORIZON_MS, horizonMs ?? DEFAULT_HORIZON_MS[urgency]);
  return [
    { ...twap(horizon, sliceInterval(horizon, quantity, near), urgency), withinBook: true },
    `TWAP over ${minutes(horizon)}: it is too large for the book, and without a known volume equal slices over time are the neutral choice.`,
  ];
}

/** Slices of about a quarter of the near depth, at least five seconds and at most a sixth of the horizon apart. */
function sliceInterval(horizonMs: number, quantity: QuantityUnits, near: QuantityUnits): number {
  const slices = near > 0 ? Math.ceil(quantity / (near / 4)) : 10;
  const wanted = horizonMs / Math.min(200, Math.max(6, slices));
  return Math.min(horizonMs, Math.max(1_000, Math.round(Math.max(wanted, Math.min(5_000, horizonMs / 6)))));
}

function twap(horizonMs: number, intervalMs: number, urgency: Urgency): Own {
  return {
    type: 'twap',
    horizonMs,
    intervalMs: Math.min(horizonMs, intervalMs),
    remainder: 'early',
    end: 'open',
    style: urgency === 'high' ? 'market' : 'limit',
    urgency,
    catchUpLimit: 2,
  };
}

function guarded(spreadBps: number, why: string): [Own, string] {
  const collarBps = Math.max(NEAR_BPS, Math.ceil(2 * spreadBps));
  return [{ type: 'guarded-market', collarBps }, `Market with a slippage guard of ${collarBps} bp: ${why}.`];
}

function iceberg({ instrument, quantity, sight, side, limit }: ChoiceRequest): [Own, string] {
  // About what others show at the best price, so that the part shown does not stand out.
  const shown = side === 'buy' ? sight.bidQuantity : sight.askQuantity;
  const least = minimumAt(gridOf(instrument), limit ?? 0);
  const wanted = Math.max(least, Math.min(shown, quantity / 5), quantity / 500);
  const display = Math.min(quantity, Math.ceil(wanted / instrument.step) * instrument.step);
  return [
    { type: 'iceberg', display, postOnly: false, sizeVariation: 0.2 },
    `Iceberg showing ${quantityText(instrument, display)} at a time: there is no hurry and the limit stands, so the size is hidden instead of paid for.`,
  ];
}

function sizeSentence(
  { instrument, quantity }: ChoiceRequest,
  near: QuantityUnits,
  share: number | null,
  minutesOfVolume: number | null,
): string {
  const book =
    share === null
      ? `Nothing is displayed within ${NEAR_BPS} bp of the touch`
      : `${quantityText(instrument, quantity)} is ${percent(share)} of the ${quantityText(instrument, near)} displayed within ${NEAR_BPS} bp of the touch`;
  const volume =
    minutesOfVolume === null
      ? 'the usual volume is not known'
      : `and ${minutesOfVolume.toPrecision(2)} minutes of the usual volume`;
  return share === null || minutesOfVolume === null
    ? `${book}; ${volume.replace(/^and /u, '')}.`
    : `${book} ${volume}.`;
}

function percent(share: number): string {
  const figure = share * 100;
  return `${figure >= 10 ? Math.round(figure) : Number(figure.toPrecision(2))} %`;
}

function minutes(ms: number): string {
  return ms < 90_000 ? `${Math.round(ms / 1_000)} s` : `${Number((ms / MINUTE_MS).toPrecision(2))} min`;
}
