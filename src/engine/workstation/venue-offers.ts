import type { Bar } from '../../domain/market-data.ts';
import type { Instrument, InstrumentId } from '../../domain/instrument.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { MarketSight } from '../../execution/algorithms/market-sight.ts';
import type { VenueOffer } from '../../execution/algorithms/venue-choice.ts';
import type { Runtime } from './runtime.ts';
import { VENUE_MODELS } from './session-opening.ts';

/** Minute bars of an instrument, oldest first. */
export type MinuteBars = (instrument: Instrument, from: EpochMs, to: EpochMs) => readonly Bar[];

const HOUR_MS = 3_600_000;
const SECONDS_PER_MINUTE = 60;

/** Every venue of the session that trades the same symbol in the same currency. */
export function venueOffers(
  runtime: Runtime,
  wanted: Instrument,
  sightOf: (instrument: InstrumentId) => MarketSight,
  minutes: MinuteBars,
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
