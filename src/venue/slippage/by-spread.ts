import type { DecimalString } from '../../domain/decimal.ts';
import type { InstrumentMarket } from '../instrument-market.ts';
import type { Slippage } from './slippage.ts';
import { ratioOf, shareInTicks } from './whole-ticks.ts';

/** A fraction of the spread displayed at the fill, rounded up to the tick. */
export function slipBySpread(fraction: DecimalString): Slippage | null {
  const ratio = ratioOf(fraction);
  if (ratio.numerator === 0) return null;
  return {
    suffix: '+spread',
    shift: (market) => shareInTicks(spreadOf(market), ratio, market.instrument.tick),
  };
}

/** No market is tighter than one tick: that is the spread where none is displayed (bars, trades). */
function spreadOf(market: InstrumentMarket): number {
  const { standing, instrument } = market;
  const displayed = !market.isBarDriven && market.phase !== 'walk' && standing.source !== 'trade';
  const bid = displayed ? standing.touch(-1) : 0;
  const ask = displayed ? standing.touch(1) : 0;
  return bid > 0 && ask > bid ? ask - bid : instrument.tick;
}
