import type { ParentPreview } from '../../contract/types.ts';
import type { Bar } from '../../domain/market-data.ts';
import { type Instrument, type InstrumentId, quantityText } from '../../domain/instrument.ts';
import type { OrderIntent } from '../../domain/order.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { MarketSight } from '../../execution/algorithms/market-sight.ts';
import { farSide } from '../../execution/algorithms/market-sight.ts';
import { slicesOf } from '../../execution/algorithms/parent-machine.ts';
import { gridOf } from '../../execution/algorithms/parent-state.ts';
import { rankVenues, type VenueOffer } from '../../execution/algorithms/venue-choice.ts';
import type { ReadParent } from './algorithm-desk.ts';
import { termsView } from './algorithm-views.ts';
import { checkView, codeText } from './order-views.ts';
import type { Runtime } from './runtime.ts';
import { VENUE_MODELS } from './session-opening.ts';

const HOUR_MS = 3_600_000;
const SECONDS_PER_MINUTE = 60;

/** What a parent would do, at the prices of now. Sends and counts nothing. */
export function parentPreview(
  runtime: Runtime,
  parent: ReadParent,
  sightOf: (instrument: InstrumentId) => MarketSight,
  minutes: (instrument: Instrument, from: EpochMs, to: EpochMs) => readonly Bar[],
): ParentPreview {
  const { ticket, instrument, sight, read, fault } = parent;
  const { terms, choice } = read;
  const grid = gridOf(instrument);
  const price = ticket.limit ?? (farSide(sight, ticket.side) || sight.last);
  const slices: ParentPreview['slices'] = [];
  if (fault === null) {
    const plan = slicesOf(ticket, grid, price);
    for (let at = 0; at < plan.length; at += 2) {
      slices.push({ afterMs: plan[at] ?? 0, quantity: quantityText(instrument, plan[at + 1] ?? 0) });
    }
  }
  const suggestion = 'code' in choice ? null : choice;
  return {
    type: terms.type,
    terms: termsView(instrument, terms),
    reasons: suggestion === null ? [] : suggestion.reasons.map((reason) => reason.slice(0, 2000)),
    suggested: suggestion?.terms.type ?? null,
    slices,
    venues: rankVenues(
      ticket.side,
      quantityText(instrument, ticket.quantity),
      offers(runtime, instrument, sightOf, minutes),
    ),
    refusal: fault === null ? null : { ...fault, code: codeText(fault.code) },
    checks: runtime.core.gate.check(wholeOf(parent)).checks.map(checkView),
  };
}

/** The whole parent as one order, for risk's opinion on its size. */
function wholeOf({ ticket }: ReadParent): OrderIntent {
  return {
    accountId: ticket.accountId,
    accountKind: ticket.accountKind,
    instrument: ticket.instrument,
    side: ticket.side,
    type: ticket.limit === null ? 'market' : 'limit',
    quantity: ticket.quantity,
    price: ticket.limit,
    trigger: null,
    timeInForce: 'GTC',
    expireAt: null,
    postOnly: false,
    reduceOnly: ticket.reduceOnly,
    source: ticket.source,
    strategyId: ticket.strategyId,
    note: ticket.note,
    idempotencyKey: null,
  };
}

/** Every venue of the session that trades the same symbol in the same currency. */
function offers(
  runtime: Runtime,
  wanted: Instrument,
  sightOf: (instrument: InstrumentId) => MarketSight,
  minutes: (instrument: Instrument, from: EpochMs, to: EpochMs) => readonly Bar[],
): VenueOffer[] {
  const now = runtime.now();
  return [...runtime.core.instruments.values()]
    .filter(({ symbol, quote, kind }) => symbol === wanted.symbol && quote === wanted.quote && kind === wanted.kind)
    .map((instrument) => {
      const model = instrument.calendar === 'nse' ? VENUE_MODELS.nse : VENUE_MODELS.crypto;
      return {
        venue: instrument.venue,
        instrument,
        sight: sightOf(instrument.id),
        takerFee: model.fees.taker,
        latencyMs: model.latencyMs + model.jitterMs / 2 + model.commandLatencyMs.submit,
        volatility: volatilityOf(minutes(instrument, now - HOUR_MS, now)),
      };
    });
}

/** Standard deviation of the return over one second, from minute closes; null with too few of them. */
function volatilityOf(bars: readonly Bar[]): number | null {
  const returns: number[] = [];
  for (let index = 1; index < bars.length; index += 1) {
    const before = bars[index - 1]?.close ?? 0;
    const after = bars[index]?.close ?? 0;
    if (before > 0 && after > 0) returns.push(Math.log(after / before));
  }
  if (returns.length < 10) return null;
  const mean = returns.reduce((sum, one) => sum + one, 0) / returns.length;
  const variance = returns.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (returns.length - 1);
  return Math.sqrt(variance / SECONDS_PER_MINUTE);
}
