import { ATR, BollingerBands, DonchianChannels, KeltnerChannels, TR } from 'trading-signals';
import { parameter } from '../parameters.ts';
import { NO_SPREAD, periodParameter, type IndicatorDefinition } from './indicator.ts';

export const tr: IndicatorDefinition = {
  name: 'tr',
  aliases: ['truerange'],
  description: 'True range; high - low on the first bar (trading-signals).',
  inputs: ['high', 'low', 'close'],
  parameters: [],
  columns: ['tr'],
  warmup: () => 0,
  create() {
    const range = new TR();
    return { update: (bar) => [range.add(bar)] };
  },
};

export const atr: IndicatorDefinition = {
  name: 'atr',
  aliases: ['averagetruerange'],
  description: "Average true range with Wilder's smoothing (trading-signals).",
  inputs: ['high', 'low', 'close'],
  parameters: [periodParameter(14)],
  columns: ['atr'],
  warmup: (values) => parameter(values, 'period') - 1,
  create(values) {
    const range = new ATR(parameter(values, 'period'));
    return {
      update(bar) {
        const value = range.add(bar);
        return value === null ? null : [value];
      },
    };
  },
};

export const bbands: IndicatorDefinition = {
  name: 'bbands',
  aliases: ['bb', 'bollinger', 'bollingerbands'],
  description:
    'Bollinger bands of closes, population deviation (trading-signals); percentB = (close - lower) / (upper - lower), zScore = (close - middle) / deviation, width = (upper - lower) / middle.',
  inputs: ['close'],
  parameters: [
    periodParameter(20, 2),
    {
      name: 'stddev',
      description: 'Standard deviations from the middle to a band',
      default: 2,
      min: 0.01,
      max: 100,
      integer: false,
      aliases: ['stdev', 'std', 'sd', 'deviations', 'standarddeviations', 'multiplier', 'mult'],
    },
  ],
  columns: ['lower', 'middle', 'upper', 'percentB', 'zScore', 'width'],
  warmup: (values) => parameter(values, 'period') - 1,
  create(values) {
    const deviations = parameter(values, 'stddev');
    const bands = new BollingerBands(parameter(values, 'period'), deviations);
    return {
      update({ close }) {
        const result = bands.add(close);
        if (result === null) return null;
        const { lower, middle, upper } = result;
        const spread = upper - lower;
        const flat = spread <= NO_SPREAD * Math.abs(middle);
        return [
          lower,
          middle,
          upper,
          flat ? null : (close - lower) / spread,
          flat ? null : ((close - middle) * 2 * deviations) / spread,
          middle === 0 ? null : spread / middle,
        ];
      },
    };
  },
};

/** trading-signals' own z-score throws on a window without variance; here that is 0, the close is at the mean. */
export const zscore: IndicatorDefinition = {
  name: 'zscore',
  aliases: ['z'],
  description: 'Population deviations of the close from its simple average; 0 while closes do not vary.',
  inputs: ['close'],
  parameters: [periodParameter(20, 2)],
  columns: ['zscore'],
  warmup: (values) => parameter(values, 'period') - 1,
  create(values) {
    const bands = new BollingerBands(parameter(values, 'period'), 1);
    return {
      update({ close }) {
        const result = bands.add(close);
        if (result === null) return null;
        const deviation = result.upper - result.middle;
        return [deviation <= NO_SPREAD * Math.abs(result.middle) ? 0 : (close - result.middle) / deviation];
      },
    };
  },
};

export const donchian: IndicatorDefinition = {
  name: 'donchian',
  aliases: ['donchianchannels', 'dc'],
  description: 'Highest high and lowest low of the period, this bar included, and their middle (trading-signals).',
  inputs: ['high', 'low'],
  parameters: [periodParameter(20)],
  columns: ['lower', 'middle', 'upper'],
  warmup: (values) => parameter(values, 'period') - 1,
  create(values) {
    const channel = new DonchianChannels(parameter(values, 'period'));
    return {
      update(bar) {
        const result = channel.add(bar);
        return result === null ? null : [result.lower, result.middle, result.upper];
      },
    };
  },
};

export const keltner: IndicatorDefinition = {
  name: 'keltner',
  aliases: ['keltnerchannels', 'kc'],
  description: 'Exponential average of closes and bands at a multiple of the average true range (trading-signals).',
  inputs: ['high', 'low', 'close'],
  parameters: [
    { ...periodParameter(20), aliases: [...periodParameter(20).aliases, 'ema', 'emaperiod', 'emaperiods'] },
    {
      name: 'multiplier',
      description: 'Average true ranges from the middle to a band',
      default: 2,
      min: 0.01,
      max: 100,
      integer: false,
      aliases: ['mult'],
    },
    {
      name: 'atrPeriod',
      description: 'Bars of the average true range',
      default: 10,
      min: 1,
      max: 5000,
      integer: true,
      aliases: ['atr', 'atrperiods'],
    },
  ],
  columns: ['lower', 'middle', 'upper'],
  warmup: (values) => Math.max(parameter(values, 'period'), parameter(values, 'atrPeriod')) - 1,
  create(values) {
    const channel = new KeltnerChannels({
      emaInterval: parameter(values, 'period'),
      atrInterval: parameter(values, 'atrPeriod'),
      multiplier: parameter(values, 'multiplier'),
    });
    return {
      update(bar) {
        const result = channel.add(bar);
        return result === null ? null : [result.lower, result.middle, result.upper];
      },
    };
  },
};
