import { WSMA } from 'trading-signals';
import { parameter } from '../parameters.ts';
import { periodParameter, type IndicatorBar, type IndicatorDefinition } from './indicator.ts';

/**
 * Own implementation: trading-signals counts a movement of zero for the first bar, which has none, and counts an
 * outside bar of equal sides in both directions. Wilder starts with the second bar and counts neither side.
 */
export const adx: IndicatorDefinition = {
  name: 'adx',
  aliases: ['dmi'],
  description: "Wilder's average directional index with the directional indicators plus and minus, from 0 to 100.",
  inputs: ['high', 'low', 'close'],
  parameters: [periodParameter(14, 2)],
  columns: ['adx', 'plus', 'minus'],
  warmup: (values) => 2 * parameter(values, 'period') - 1,
  create(values) {
    const period = parameter(values, 'period');
    const range = new WSMA(period);
    const up = new WSMA(period);
    const down = new WSMA(period);
    const index = new WSMA(period);
    let previous: IndicatorBar | null = null;
    return {
      update(bar) {
        const last = previous;
        previous = bar;
        if (last === null) return null;
        const rise = bar.high - last.high;
        const fall = last.low - bar.low;
        const trueRange = Math.max(bar.high, last.close) - Math.min(bar.low, last.close);
        const averageRange = range.add(trueRange);
        const averageUp = up.add(rise > fall && rise > 0 ? rise : 0);
        const averageDown = down.add(fall > rise && fall > 0 ? fall : 0);
        if (averageRange === null || averageUp === null || averageDown === null) return null;
        const plus = averageRange === 0 ? 0 : (100 * averageUp) / averageRange;
        const minus = averageRange === 0 ? 0 : (100 * averageDown) / averageRange;
        const strength = index.add(plus + minus === 0 ? 0 : (100 * Math.abs(plus - minus)) / (plus + minus));
        return strength === null ? null : [strength, plus, minus];
      },
    };
  },
};
