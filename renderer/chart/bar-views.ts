import type { BarView, InstrumentView } from '../../src/contract/types.ts';
import { displayName } from '../desk/instruments.ts';
import { figures } from '../format/money.ts';
import { clockOf, type Zone } from '../format/time.ts';
import type { ChartBar, ChartInstrument } from './price-chart.ts';

export function toChartBar(bar: BarView): ChartBar {
  return {
    start: bar.start,
    open: Number(bar.open),
    high: Number(bar.high),
    low: Number(bar.low),
    close: Number(bar.close),
    volume: Number(bar.volume),
  };
}

export function toChartInstrument(instrument: InstrumentView): ChartInstrument {
  const { id, symbol, tick, priceDigits, quantityDigits, calendar } = instrument;
  return { id, symbol, tick, priceDigits, quantityDigits, sessions: calendar === 'nse' };
}

interface Ohlc {
  readonly start: number;
  readonly open: string | number;
  readonly high: string | number;
  readonly low: string | number;
  readonly close: string | number;
  readonly volume: string | number;
}

/** One candle as a sentence. */
export function barWords(bar: Ohlc, instrument: InstrumentView, zone: Zone): string {
  const price = (value: string | number) =>
    figures(typeof value === 'number' ? value.toFixed(instrument.priceDigits) : value, {
      currency: instrument.quote,
      digits: instrument.priceDigits,
    });
  return `${clockOf(bar.start, zone)}: open ${price(bar.open)}, high ${price(bar.high)}, low ${price(bar.low)}, close ${price(bar.close)}, volume ${bar.volume}`;
}

export function chartWords(newest: BarView, instrument: InstrumentView, timeframe: string, zone: Zone): string {
  return `${displayName(instrument)} ${timeframe} candles. Newest at ${barWords(newest, instrument, zone)}.`;
}
