import type { ParentTicketView } from '../../contract/types.ts';
import { type Instrument, readQuantity } from '../../domain/instrument.ts';
import { ok, type Refusal, type Result } from '../../domain/refusal.ts';
import type { EpochMs } from '../../domain/units.ts';
import { type AlgorithmChoice, chooseAlgorithm } from '../../execution/algorithms/algorithm-choice.ts';
import { type AlgorithmTerms, type CommonTerms, peggedTerms } from '../../execution/algorithms/algorithm-terms.ts';
import type { MarketSight } from '../../execution/algorithms/market-sight.ts';
import { type VolumeBucket, volumeCurve } from '../../execution/algorithms/volume-curve.ts';
import { slotCount } from '../../execution/algorithms/slice-plan.ts';

type AskedTerms = ParentTicketView['algorithm'];

export interface TermsContext {
  readonly instrument: Instrument;
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
  readonly limit: number | null;
  readonly sight: MarketSight;
  readonly now: EpochMs;
  readonly seed: number;
  readonly isLive: boolean;
  readonly volumePerMinute: number | null;
  history(): readonly VolumeBucket[];
}

/** A live venue may tell of a fill after it confirmed a cancel; a simulated one in this process cannot. */
const LIVE_SETTLE_MS = 3_000;

export interface ReadTerms {
  readonly terms: AlgorithmTerms;
  /** What the figures say, also where the user has chosen; a refusal where they say nothing. */
  readonly choice: AlgorithmChoice | Refusal;
}

/** The user's terms as the engine runs them: decimals in units, defaults filled in, "auto" decided. */
export function readTerms(asked: AskedTerms, context: TermsContext): Result<ReadTerms> {
  const { instrument, side, quantity, limit, sight, seed } = context;
  const choice = chooseAlgorithm({
    instrument,
    side,
    quantity,
    limit,
    sight,
    seed,
    urgency: 'urgency' in asked ? asked.urgency : 'normal',
    volumePerMinute: context.volumePerMinute,
    horizonMs: 'horizonMs' in asked ? asked.horizonMs : null,
  });
  const settleMs = context.isLive ? LIVE_SETTLE_MS : 0;
  if (asked.type === 'auto') {
    if ('code' in choice) return { ok: false, error: choice };
    return ok({ terms: { ...choice.terms, settleMs }, choice });
  }
  const common: CommonTerms = {
    sizeVariation: asked.sizeVariation,
    timeVariation: asked.timeVariation,
    seed: asked.seed ?? seed,
    withinBook: asked.withinBook,
    timeoutMs: asked.timeoutMs,
    maxChildAgeMs: asked.maxChildAgeMs,
    maxRefusals: asked.maxRefusals,
    retryMs: asked.retryMs,
    settleMs,
  };
  switch (asked.type) {
    case 'twap':
      return ok({ terms: { ...scheduleOf(asked), type: 'twap', ...common }, choice });
    case 'vwap': {
      const schedule = scheduleOf(asked);
      const slots = Math.max(1, Math.min(slotCount(schedule), 10_000));
      const curve = asked.curve ?? volumeCurve(context.history(), context.now, schedule.intervalMs, slots);
      return ok({ terms: { ...schedule, type: 'vwap', curve, ...common }, choice });
    }
    case 'pov': {
      const { rate, intervalMs, horizonMs, finish, style, urgency } = asked;
      return ok({ terms: { type: 'pov', rate, intervalMs, horizonMs, finish, style, urgency, ...common }, choice });
    }
    case 'iceberg': {
      const display = readQuantity(instrument, asked.display);
      if (!display.ok) return display;
      return ok({ terms: { type: 'iceberg', display: display.value, postOnly: asked.postOnly, ...common }, choice });
    }
    case 'pegged':
      return ok({ terms: { ...peggedTerms(asked.urgency, asked.horizonMs), ...common }, choice });
    case 'sniper':
      return ok({ terms: { type: 'sniper', ...common }, choice });
    case 'guarded-market':
      return ok({ terms: { type: 'guarded-market', collarBps: asked.collarBps, ...common }, choice });
  }
}

function scheduleOf(asked: Extract<AskedTerms, { type: 'twap' | 'vwap' }>) {
  const { horizonMs, intervalMs, remainder, end, style, urgency, catchUpLimit } = asked;
  return { horizonMs, intervalMs, remainder, end, style, urgency, catchUpLimit };
}
