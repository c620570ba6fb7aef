import { priceText, quantityText, type Instrument } from '../../domain/instrument.ts';
import { type EpochMs, parseUnits } from '../../domain/units.ts';
import type { OrderBook } from '../../market/order-book.ts';
import type { StepAction } from './read-script.ts';
import { scriptFault, timeText, type TimeUnit } from './script-json.ts';

type Observe = Extract<StepAction, { kind: 'observe' }>;
export type Observation = Readonly<Record<string, unknown>>;

/** What the order book shows, and what orders would get from it, without touching it. */
export function observe(
  book: OrderBook,
  instrument: Instrument,
  wanted: Observe,
  t: EpochMs,
  unit: TimeUnit,
): Observation {
  const depth = book.depth(wanted.levels);
  const within = wanted.withinBp === null ? null : book.depthWithinBp(wanted.withinBp);
  return {
    t: timeText(t, unit),
    state: book.state,
    sequence: book.sequence,
    bids: levelTexts(instrument, depth.bids),
    asks: levelTexts(instrument, depth.asks),
    levels: { bids: book.bids.count, asks: book.asks.count },
    depthWithinBp:
      within === null ? null : { bid: quantityText(instrument, within.bid), ask: quantityText(instrument, within.ask) },
    sweeps: wanted.sweeps.map(({ side, quantity }) => {
      const units = parseUnits(quantity, instrument.quantityDigits);
      if (!(units > 0)) throw scriptFault(`A sweep of ${quantity} is impossible; give a quantity above zero.`);
      const sweep = book.sweep(side, units);
      return {
        side,
        qty: quantity,
        filled: quantityText(instrument, sweep.filled),
        avgPrice: sweep.average === null ? null : sweep.average.toSignificantDigits(20).toFixed(),
        worstPrice: sweep.worst === null ? null : priceText(instrument, sweep.worst),
        levels: sweep.levels,
      };
    }),
  };
}

function levelTexts(instrument: Instrument, levels: readonly number[]): [string, string][] {
  const texts: [string, string][] = [];
  for (let at = 0; at < levels.length; at += 2) {
    texts.push([priceText(instrument, levels[at] ?? 0), quantityText(instrument, levels[at + 1] ?? 0)]);
  }
  return texts;
}
