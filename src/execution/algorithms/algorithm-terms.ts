import type { EpochMs, PriceUnits, QuantityUnits } from '../../domain/units.ts';

/** How hard the parent presses: the later the stage, the dearer and the surer the fill. `passive` never crosses. */
export type Urgency = 'passive' | 'low' | 'normal' | 'high';
/** market: every child takes at once. limit: children join, improve and cross the spread as their time runs out. */
export type ChildStyle = 'market' | 'limit';

interface Scheduled {
  readonly horizonMs: number;
  /** Distance of two slices. */
  readonly intervalMs: number;
  /** Where what does not divide by the step goes: one step each to the early slices, or as one slice after the others. */
  readonly remainder: 'early' | 'last';
  /** open: floor(horizon / interval) slices, none at the horizon. closed: one more, at the horizon. */
  readonly end: 'open' | 'closed';
  readonly style: ChildStyle;
  readonly urgency: Urgency;
  /** A child that catches up is at most this many times its slice; null = all at once. */
  readonly catchUpLimit: number | null;
}

export interface TwapTerms extends Scheduled {
  readonly type: 'twap';
}
export interface VwapTerms extends Scheduled {
  readonly type: 'vwap';
  /** Expected share of the volume per slice; any positive scale. */
  readonly curve: readonly number[];
}
export interface PovTerms {
  readonly type: 'pov';
  /** Own quantity per quantity that others trade, 0 < rate <= 1. */
  readonly rate: number;
  /** Shortest pause between two children. */
  readonly intervalMs: number;
  /** Null: until it is filled or cancelled. */
  readonly horizonMs: number | null;
  /** What happens to the rest at the horizon. */
  readonly finish: 'leave' | 'complete';
  readonly style: ChildStyle;
  readonly urgency: Urgency;
}
export interface IcebergTerms {
  readonly type: 'iceberg';
  /** Shown at a time. */
  readonly display: QuantityUnits;
  readonly postOnly: boolean;
}
/** One resting child that follows the best price: join, after `joinMs` improve, after `improveMs` more cross. */
export interface PeggedTerms {
  readonly type: 'pegged';
  readonly joinMs: number;
  readonly improveMs: number;
  readonly crosses: boolean;
  /** Null: until it is filled or cancelled. */
  readonly horizonMs: number | null;
  /** Shortest pause before the child follows the price. */
  readonly repegMs: number;
}
/** Takes whatever is offered at the limit or better, never rests. */
export interface SniperTerms {
  readonly type: 'sniper';
}
/** One child that walks the book up to the collar, counted from the best opposite price; what is left is not sent. */
export interface GuardedTerms {
  readonly type: 'guarded-market';
  readonly collarBps: number;
}

export type AlgorithmTerms = (
  | TwapTerms
  | VwapTerms
  | PovTerms
  | IcebergTerms
  | PeggedTerms
  | SniperTerms
  | GuardedTerms
) &
  CommonTerms;
export type AlgorithmType = AlgorithmTerms['type'];

export interface CommonTerms {
  /** Sizes vary by up to this share (0 <= share < 1) around the plan, times by up to this share of the interval (<= 0.5). */
  readonly sizeVariation: number;
  readonly timeVariation: number;
  readonly seed: number;
  /** No child is larger than what the opposite side displays within its price. */
  readonly withinBook: boolean;
  /** Life of the parent from its start; null = by the algorithm's own horizon, if it has one. */
  readonly timeoutMs: number | null;
  /** A working child older than this is taken back and its rest is sent anew. */
  readonly maxChildAgeMs: number | null;
  /** So many refusals in a row end the parent. */
  readonly maxRefusals: number;
  /** Pause after a refusal, or after a child that found nothing. */
  readonly retryMs: number;
  /** A cancelled child's rest is not sent again before this time: a fill may still be on its way. */
  readonly settleMs: number;
}

export const COMMON_DEFAULTS: CommonTerms = {
  sizeVariation: 0,
  timeVariation: 0,
  seed: 1,
  withinBook: false,
  timeoutMs: null,
  maxChildAgeMs: null,
  maxRefusals: 3,
  retryMs: 1_000,
  settleMs: 0,
};

/** More children than this are refused: each is an order with its own record. */
export const MAX_CHILDREN = 1_000;

/** Shares of a slice's time after which a child improves and after which it crosses. */
const STAGES: Readonly<Record<Urgency, readonly [improveAt: number, crossAt: number]>> = {
  passive: [0.5, Number.POSITIVE_INFINITY],
  low: [0.6, 0.9],
  normal: [0.4, 0.7],
  high: [0, 0.4],
};
export type Stage = 'join' | 'improve' | 'cross';

/** Stage of a child whose slice has lasted `elapsed` of `lengthMs`, and when the next stage begins (null: never). */
export function stageOf(urgency: Urgency, elapsed: number, lengthMs: number): { stage: Stage; nextIn: number | null } {
  const [improveAt, crossAt] = STAGES[urgency];
  const next = (at: number): number | null => (Number.isFinite(at) ? Math.max(0, at * lengthMs - elapsed) : null);
  if (elapsed >= crossAt * lengthMs) return { stage: 'cross', nextIn: null };
  if (elapsed >= improveAt * lengthMs) return { stage: 'improve', nextIn: next(crossAt) };
  return { stage: 'join', nextIn: next(improveAt) };
}

/** Terms of a pegged order for an urgency over a horizon. */
export function peggedTerms(urgency: Urgency, horizonMs: number): PeggedTerms {
  const [improveAt, crossAt] = STAGES[urgency];
  const crosses = Number.isFinite(crossAt);
  const joinMs = Math.round(improveAt * horizonMs);
  return {
    type: 'pegged',
    joinMs,
    improveMs: Math.round((crosses ? crossAt : 1) * horizonMs) - joinMs,
    crosses,
    horizonMs,
    repegMs: 500,
  };
}

/** The parent order itself. */
export interface ParentTicket {
  readonly id: string;
  readonly accountId: string;
  readonly accountKind: 'paper' | 'live';
  readonly instrument: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: QuantityUnits;
  /** No child pays more (buy) or takes less (sell); null = any price. */
  readonly limit: PriceUnits | null;
  readonly reduceOnly: boolean;
  readonly source: 'manual' | 'strategy';
  readonly strategyId: string | null;
  readonly note: string | null;
  /** The caller's key: the same key never makes a second parent. */
  readonly idempotencyKey: string | null;
  readonly terms: AlgorithmTerms;
}

/** When the parent is taken back at the latest, from its start; null = never by itself. */
export function lifeOf(terms: AlgorithmTerms): EpochMs | null {
  if (terms.timeoutMs !== null) return terms.timeoutMs;
  switch (terms.type) {
    case 'twap':
    case 'vwap':
      return terms.horizonMs + terms.intervalMs;
    case 'pov':
      return terms.horizonMs === null
        ? null
        : terms.horizonMs + (terms.finish === 'complete' ? Math.max(terms.intervalMs, terms.retryMs) : 0);
    case 'pegged':
      return terms.horizonMs;
    default:
      return null;
  }
}
