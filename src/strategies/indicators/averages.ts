import { EMA, SMA, WMA, WSMA } from 'trading-signals';
import { parameter } from '../parameters.ts';
import { closeIndicator, periodParameter, type IndicatorDefinition } from './indicator.ts';

export const sma: IndicatorDefinition = {
  name: 'sma',
  aliases: ['movingaverage'],
  description: 'Simple moving average of closes (trading-signals).',
  inputs: ['close'],
  parameters: [periodParameter(20)],
  columns: ['sma'],
  warmup: (values) => parameter(values, 'period') - 1,
  create(values) {
    const average = new SMA(parameter(values, 'period'));
    return closeIndicator((close) => average.add(close));
  },
};

export const ema: IndicatorDefinition = {
  name: 'ema',
  aliases: [],
  description:
    'Exponential moving average of closes, weight 2 / (period + 1), started with the first close, so that it has a value from the first bar (trading-signals).',
  inputs: ['close'],
  parameters: [periodParameter(20)],
  columns: ['ema'],
  warmup: () => 0,
  create(values) {
    const average = new EMA(parameter(values, 'period'));
    return closeIndicator((close) => average.add(close));
  },
};

export const wma: IndicatorDefinition = {
  name: 'wma',
  aliases: [],
  description: 'Linearly weighted moving average of closes, the newest close weighs most (trading-signals).',
  inputs: ['close'],
  parameters: [periodParameter(20)],
  columns: ['wma'],
  warmup: (values) => parameter(values, 'period') - 1,
  create(values) {
    const average = new WMA(parameter(values, 'period'));
    return closeIndicator((close) => average.add(close));
  },
};

export const wilders: IndicatorDefinition = {
  name: 'wilders',
  aliases: ['wilder', 'wsma', 'rma', 'smma'],
  description: "Wilder's smoothing of closes: weight 1 / period, started with the simple average (trading-signals).",
  inputs: ['close'],
  parameters: [periodParameter(14)],
  columns: ['wilders'],
  warmup: (values) => parameter(values, 'period') - 1,
  create(values) {
    const average = new WSMA(parameter(values, 'period'));
    return closeIndicator((close) => average.add(close));
  },
};
