import { OBV, VWAP } from 'trading-signals';
import type { IndicatorDefinition } from './indicator.ts';

export const obv: IndicatorDefinition = {
  name: 'obv',
  aliases: ['onbalancevolume'],
  description: 'On-balance volume, 0 on the first bar (trading-signals).',
  inputs: ['close', 'volume'],
  parameters: [],
  columns: ['obv'],
  warmup: () => 0,
  create() {
    // Two candles are all it compares; it is silent on the first, where the balance starts at 0.
    const balance = new OBV(2);
    return { update: (bar) => [balance.add(bar) ?? 0] };
  },
};

export const vwap: IndicatorDefinition = {
  name: 'vwap',
  aliases: [],
  description:
    'Average of the typical price weighted by volume since the first bar; null until something traded (trading-signals).',
  inputs: ['high', 'low', 'close', 'volume'],
  parameters: [],
  columns: ['vwap'],
  warmup: () => 0,
  create() {
    const average = new VWAP();
    return {
      update(bar) {
        // A bar without volume changes nothing; the library answers null to it.
        if (bar.volume !== 0) average.add(bar);
        return [average.getResult()];
      },
    };
  },
};
