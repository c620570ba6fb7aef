import type { Random } from '../../domain/random.ts';
import type { PriceUnits } from '../../domain/units.ts';
import type { InstrumentMarket } from '../instrument-market.ts';
import type { SlippageTerms } from '../model.ts';
import type { WorkingOrder } from '../working-order.ts';
import { slipByChance } from './by-chance.ts';
import { slipByFraction } from './by-fraction.ts';
import { slipBySpread } from './by-spread.ts';
import { slipByTicks } from './by-ticks.ts';
import { slipByVolumeShare } from './by-volume-share.ts';

/** What a taker fill at `price` pays on top of what the market shows. */
export interface Slippage {
  /** Appended to the model name of the fill; empty for a plain constant. */
  readonly suffix: string;
  /** Adverse distance in price units, a whole number of ticks from 0. */
  shift(market: InstrumentMarket, order: WorkingOrder, price: PriceUnits): PriceUnits;
}

/** Null when the model has none, so that nothing is asked per fill. */
export function createSlippage(terms: SlippageTerms, random: Random): Slippage | null {
  switch (terms.kind) {
    case 'none':
      return null;
    case 'ticks':
      return slipByTicks(terms.ticks);
    case 'fraction':
      return slipByFraction(terms.fraction);
    case 'spread':
      return slipBySpread(terms.fraction);
    case 'volume-share':
      return slipByVolumeShare(terms.limit, terms.impact);
    case 'probability':
      return slipByChance(terms.probability, terms.ticks, random);
  }
}
