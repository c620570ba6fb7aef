import type { Chart } from 'klinecharts';
import type { PriceLine } from './price-chart.ts';

/** Working orders outside the range of the candles still have to be on the picture, within reason. */
const REACH = 0.6;
const MARGIN = 0.04;

export function followLines(chart: Chart, lines: () => readonly PriceLine[]): void {
  chart.overrideYAxis({
    paneId: 'candle_pane',
    createRange: ({ defaultRange }) => {
      let { from, to } = defaultRange;
      const reach = defaultRange.range * REACH;
      for (const { price } of lines()) {
        if (price < from && price > defaultRange.from - reach) from = price;
        if (price > to && price < defaultRange.to + reach) to = price;
      }
      if (from === defaultRange.from && to === defaultRange.to) return defaultRange;
      const margin = (to - from) * MARGIN;
      from -= margin;
      to += margin;
      const range = to - from;
      return {
        from,
        to,
        range,
        realFrom: from,
        realTo: to,
        realRange: range,
        displayFrom: from,
        displayTo: to,
        displayRange: range,
      };
    },
  });
}
