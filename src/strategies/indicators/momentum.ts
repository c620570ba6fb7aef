import { EMA, MAD, ROC, RSI, SMA, StochasticOscillator } from 'trading-signals';
import { parameter } from '../parameters.ts';
import {
  closeIndicator,
  NO_SPREAD,
  periodParameter,
  type IndicatorDefinition,
  type IndicatorParameter,
} from './indicator.ts';

function bars(name: string, description: string, defaultBars: number, aliases: readonly string[]): IndicatorParameter {
  return { name, description, default: defaultBars, min: 1, max: 5000, integer: true, aliases };
}

export const rsi: IndicatorDefinition = {
  name: 'rsi',
  aliases: [],
  description: "Relative strength index with Wilder's smoothing; 100 while no close has fallen (trading-signals).",
  inputs: ['close'],
  parameters: [periodParameter(14, 2)],
  columns: ['rsi'],
  warmup: (values) => parameter(values, 'period'),
  create(values) {
    const index = new RSI(parameter(values, 'period'));
    return closeIndicator((close) => index.add(close));
  },
};

/** Weight of an average of the MACD; Appel's 12 and 26 bars stand for the constants 0.15 and 0.075 he gave. */
function macdWeight(period: number, textbook: boolean): number {
  if (textbook && period === 12) return 0.15;
  if (textbook && period === 26) return 0.075;
  return 2 / (period + 1);
}

/**
 * Own implementation: trading-signals takes 2 / (period + 1) for every period, whereas the textbook values (Achelis,
 * Technical Analysis from A to Z) come from the constants 0.15 and 0.075 for the classic 12 and 26.
 */
export const macd: IndicatorDefinition = {
  name: 'macd',
  aliases: [],
  description:
    'Difference of two exponential averages of closes, its signal average, and their difference. With periods 12 and 26 and textbook=1 the averages weigh 0.15 and 0.075, else 2 / (period + 1).',
  inputs: ['close'],
  parameters: [
    bars('short', 'Bars of the short average', 12, ['fast', 'shortperiod', 'fastperiod', 'fastperiods']),
    bars('long', 'Bars of the long average', 26, ['slow', 'longperiod', 'slowperiod', 'slowperiods']),
    bars('signal', 'Bars of the signal average', 9, ['signalperiod', 'signalperiods']),
    {
      name: 'textbook',
      description: '1 = weights 0.15 and 0.075 for periods 12 and 26, 0 = 2 / (period + 1) always',
      default: 1,
      min: 0,
      max: 1,
      integer: true,
      aliases: [],
    },
  ],
  columns: ['macd', 'signal', 'histogram'],
  warmup: (values) => parameter(values, 'long') - 1,
  create(values) {
    const long = parameter(values, 'long');
    const textbook = parameter(values, 'textbook') === 1;
    const shortWeight = macdWeight(parameter(values, 'short'), textbook);
    const longWeight = macdWeight(long, textbook);
    const signal = new EMA(parameter(values, 'signal'));
    let count = 0;
    let shortAverage = 0;
    let longAverage = 0;
    return {
      update({ close }) {
        shortAverage = count === 0 ? close : shortAverage + shortWeight * (close - shortAverage);
        longAverage = count === 0 ? close : longAverage + longWeight * (close - longAverage);
        count += 1;
        if (count < long) return null;
        const difference = shortAverage - longAverage;
        const smoothed = signal.add(difference) ?? difference;
        return [difference, smoothed, difference - smoothed];
      },
    };
  },
};

export const stoch: IndicatorDefinition = {
  name: 'stoch',
  aliases: ['stochastic'],
  description:
    'Stochastic oscillator: place of the close in the range of k bars, averaged over slowing bars (k) and again over d bars (d); 0 in a range without width (trading-signals).',
  inputs: ['high', 'low', 'close'],
  parameters: [
    bars('k', 'Bars of the range', 14, ['period', 'kperiod', 'lookback', 'lookbackperiods']),
    bars('slowing', 'Bars of the average that makes k', 3, ['kslowing', 'kslowingperiod', 'smooth', 'smoothperiods']),
    bars('d', 'Bars of the average of k', 3, ['dperiod', 'signal', 'signalperiods']),
  ],
  columns: ['k', 'd'],
  warmup: (values) => parameter(values, 'k') + parameter(values, 'slowing') + parameter(values, 'd') - 3,
  create(values) {
    const oscillator = new StochasticOscillator({
      kPeriod: parameter(values, 'k'),
      kSlowingPeriod: parameter(values, 'slowing'),
      dPeriod: parameter(values, 'd'),
    });
    return {
      update(bar) {
        const result = oscillator.add(bar);
        return result === null ? null : [result.stochK, result.stochD];
      },
    };
  },
};

export const roc: IndicatorDefinition = {
  name: 'roc',
  aliases: ['rateofchange'],
  description: 'Rate of change of the close over the period, in per cent (trading-signals).',
  inputs: ['close'],
  parameters: [periodParameter(10)],
  columns: ['roc'],
  warmup: (values) => parameter(values, 'period'),
  create(values) {
    const rate = new ROC(parameter(values, 'period'));
    return closeIndicator((close) => {
      const fraction = rate.add(close);
      return fraction === null ? null : fraction * 100;
    });
  },
};

/** Put together here: trading-signals' CCI divides rounding by rounding while the price does not vary. */
export const cci: IndicatorDefinition = {
  name: 'cci',
  aliases: [],
  description:
    'Commodity channel index: typical price less its average, over 0.015 mean absolute deviations; null while that price does not vary.',
  inputs: ['high', 'low', 'close'],
  parameters: [periodParameter(20, 2)],
  columns: ['cci'],
  warmup: (values) => parameter(values, 'period') - 1,
  create(values) {
    const average = new SMA(parameter(values, 'period'));
    const deviation = new MAD(parameter(values, 'period'));
    return {
      update(bar) {
        const typical = (bar.high + bar.low + bar.close) / 3;
        const mean = average.add(typical);
        const spread = deviation.add(typical);
        if (mean === null || spread === null) return null;
        return [spread <= NO_SPREAD * Math.abs(mean) ? null : (typical - mean) / (0.015 * spread)];
      },
    };
  },
};
