import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IndicatorBar } from '../../src/strategies/indicators/indicator.ts';
import {
  findIndicator,
  indicatorDefinitions,
  readIndicatorParameters,
} from '../../src/strategies/indicators/registry.ts';
import { describeWithData, sharedData } from '../support/shared-data.ts';

/** Columns of an indicator over bars, null in the warm-up; checks the promised warm-up on the way. */
function columnsOf(
  name: string,
  parameters: Record<string, number>,
  bars: readonly IndicatorBar[],
): Record<string, (number | null)[]> {
  const definition = findIndicator(name);
  if (!definition.ok) throw new Error(definition.error.sentence);
  const values = readIndicatorParameters(definition.value, parameters);
  if (!values.ok) throw new Error(values.error.sentence);
  const indicator = definition.value.create(values.value);
  const rows = bars.map((bar) => indicator.update(bar));
  const firstRow = rows.findIndex((row) => row !== null);
  expect(firstRow === -1 ? Math.min(bars.length, definition.value.warmup(values.value)) : firstRow).toBe(
    Math.min(definition.value.warmup(values.value), firstRow === -1 ? bars.length : Number.MAX_SAFE_INTEGER),
  );
  return Object.fromEntries(
    definition.value.columns.map((column, index) => [column, rows.map((row) => row?.[index] ?? null)]),
  );
}

function barsOf(inputs: Record<string, number[]>): IndicatorBar[] {
  const closes = inputs['close'] ?? inputs['real'] ?? [];
  return closes.map((close, index) => ({
    open: close,
    high: inputs['high']?.[index] ?? close,
    low: inputs['low']?.[index] ?? close,
    close,
    volume: inputs['volume']?.[index] ?? Number.NaN,
  }));
}

describeWithData('textbook cases (Achelis, by way of Tulip)', ['oracles/indicators_tulip.json'], () => {
  interface Case {
    name: string;
    options: Record<string, number>;
    inputs: Record<string, number[]>;
    outputs: Record<string, number[]>;
  }
  const { cases } = JSON.parse(readFileSync(sharedData('oracles/indicators_tulip.json') ?? '', 'utf8')) as {
    cases: Case[];
  };
  const column: Record<string, string> = {
    bbands_lower: 'lower',
    bbands_middle: 'middle',
    bbands_upper: 'upper',
    macd_signal: 'signal',
    macd_histogram: 'histogram',
    stoch_k: 'k',
    stoch_d: 'd',
  };

  it('has all eleven', () => {
    expect(cases).toHaveLength(11);
  });

  it.each(cases.map((testCase) => [testCase.name, testCase] as const))('%s', (name, { options, inputs, outputs }) => {
    const columns = columnsOf(name, options, barsOf(inputs));
    for (const [output, expected] of Object.entries(outputs)) {
      const actual = columns[column[output] ?? output] ?? [];
      const values = actual.filter((value) => value !== null);
      expect(values, output).toHaveLength(expected.length);
      // MACD is printed to nine decimals, the rest to three or four with rounded inputs.
      const tolerance = name === 'macd' ? 1e-8 : 1e-3;
      expected.forEach((value, index) => {
        expect(Math.abs((values[index] ?? Number.NaN) - value), `${output} ${index}`).toBeLessThanOrEqual(tolerance);
      });
    }
  });
});

const spyFile = 'us/SPY_daily_2017_2018.csv';

describeWithData('SPY 2017-2018', [spyFile, 'oracles/indicators_spy502.json'], () => {
  const [, ...lines] = readFileSync(sharedData(spyFile) ?? '', 'utf8')
    .trim()
    .split('\n');
  const bars = lines.map((line): IndicatorBar => {
    const [, open = 0, high = 0, low = 0, close = 0, volume = 0] = line.split(',').map(Number);
    return { open, high, low, close, volume };
  });
  const oracle = JSON.parse(readFileSync(sharedData('oracles/indicators_spy502.json') ?? '', 'utf8')) as {
    results: Record<string, { params: Record<string, unknown>; columns: string[]; rows: (number | string | null)[][] }>;
  };

  it.each([
    ['sma', 'sma', { sma: 'sma' }],
    ['rsi', 'rsi', { rsi: 'rsi' }],
    [
      'bb',
      'bbands',
      {
        sma: 'middle',
        upperBand: 'upper',
        lowerBand: 'lower',
        percentB: 'percentB',
        zScore: 'zScore',
        width: 'width',
      },
    ],
  ] as const)('%s to 1e-8 on every row', (key, name, names: Record<string, string>) => {
    const result = oracle.results[key];
    if (result === undefined) throw new Error(`${key} is not in the oracle`);
    const numeric = Object.entries(result.params).filter((entry): entry is [string, number] =>
      Number.isFinite(entry[1]),
    );
    const columns = columnsOf(name, Object.fromEntries(numeric), bars);
    expect(result.rows).toHaveLength(502);
    result.columns.forEach((theirs, index) => {
      const actual = columns[names[theirs] ?? ''] ?? [];
      result.rows.forEach((row, bar) => {
        const expected = row[index + 1] ?? null;
        if (typeof expected !== 'number') expect(actual[bar], `${theirs} ${bar}`).toBeNull();
        else expect(Math.abs((actual[bar] ?? Number.NaN) - expected), `${theirs} ${bar}`).toBeLessThanOrEqual(1e-8);
      });
    });
  });

  // Sample values published with Skender's Stock.Indicators for the same 502 bars, to four decimals.
  it.each([
    [
      'atr',
      { period: 14 },
      'atr',
      [
        [249, 1.3381],
        [501, 6.1497],
      ],
    ],
    [
      'adx',
      { period: 14 },
      'adx',
      [
        [29, 19.7949],
        [248, 30.5903],
        [501, 34.2987],
      ],
    ],
    [
      'adx',
      { period: 14 },
      'plus',
      [
        [29, 37.9719],
        [248, 32.3167],
        [501, 17.7565],
      ],
    ],
    [
      'adx',
      { period: 14 },
      'minus',
      [
        [29, 14.1658],
        [248, 18.2471],
        [501, 31.151],
      ],
    ],
    ['cci', { period: 20 }, 'cci', [[501, -52.9946]]],
    [
      'roc',
      { period: 20 },
      'roc',
      [
        [249, 2.4827],
        [501, -8.2482],
      ],
    ],
    [
      'keltner',
      { period: 20, multiplier: 2, atrPeriod: 10 },
      'upper',
      [
        [485, 275.426],
        [501, 262.1873],
      ],
    ],
    [
      'keltner',
      { period: 20, multiplier: 2, atrPeriod: 10 },
      'middle',
      [
        [485, 265.4599],
        [501, 249.3519],
      ],
    ],
  ] as const)('%s(%j) %s', (name, parameters, column, samples) => {
    const values = columnsOf(name, parameters, bars)[column] ?? [];
    for (const [bar, expected] of samples) expect(values[bar]).toBeCloseTo(expected, 4);
  });

  it('cumulative average price and channel equal their definitions', () => {
    const average = columnsOf('vwap', {}, bars)['vwap'] ?? [];
    let value = 0;
    let volume = 0;
    bars.forEach((bar, index) => {
      value += ((bar.high + bar.low + bar.close) / 3) * bar.volume;
      volume += bar.volume;
      expect(average[index]).toBeCloseTo(value / volume, 8);
    });
    const upper = columnsOf('donchian', { period: 20 }, bars)['upper'] ?? [];
    expect(upper[100]).toBe(Math.max(...bars.slice(81, 101).map((bar) => bar.high)));
  });
});

describe('every indicator', () => {
  const price = fc.integer({ min: 1, max: 1000 });
  const anyBar = fc
    .tuple(price, price, price, fc.integer({ min: 0, max: 9 }))
    .map(([a, b, c, volume]): IndicatorBar => {
      const [low = 0, close = 0, high = 0] = [a, b, c].sort((left, right) => left - right);
      return { open: close, high, low, close, volume };
    });

  it.each(indicatorDefinitions.map((definition) => [definition.name]))(
    '%s gives numbers or null, keeps its warm-up, and never looks ahead',
    (name) => {
      const small = name === 'macd' ? { short: 3, long: 5, signal: 2 } : name === 'stoch' ? { k: 4 } : { period: 4 };
      const withPeriod = findIndicator(name);
      if (!withPeriod.ok) throw new Error(name);
      const parameters = withPeriod.value.parameters.length === 0 ? {} : small;
      fc.assert(
        fc.property(fc.array(anyBar, { minLength: 1, maxLength: 40 }), fc.nat(), (bars, cut) => {
          const columns = columnsOf(name, parameters, bars);
          const keep = cut % bars.length;
          const shorter = columnsOf(name, parameters, bars.slice(0, keep));
          for (const [column, values] of Object.entries(columns)) {
            for (const value of values) expect(value === null || Number.isFinite(value)).toBe(true);
            expect(values.slice(0, keep)).toEqual(shorter[column]);
          }
        }),
        { numRuns: 60 },
      );
    },
  );

  it('is silent or neutral over constant closes instead of dividing by zero', () => {
    const flat = Array.from({ length: 60 }, () => ({ open: 0.1, high: 0.1, low: 0.1, close: 0.1, volume: 0 }));
    expect(columnsOf('zscore', {}, flat)['zscore']?.at(-1)).toBe(0);
    expect(columnsOf('bbands', {}, flat)['percentB']?.at(-1)).toBeNull();
    expect(columnsOf('cci', {}, flat)['cci']?.at(-1)).toBeNull();
    expect(columnsOf('adx', {}, flat)['adx']?.at(-1)).toBe(0);
    expect(columnsOf('vwap', {}, flat)['vwap']?.at(-1)).toBeNull();
  });

  it('accepts other spellings and refuses unknown names and ranges', () => {
    const stoch = findIndicator('Stochastic');
    if (!stoch.ok) throw new Error('stochastic');
    const read = readIndicatorParameters(stoch.value, { '%k period': 5, '%k slowing period': 3, '%d period': 3 });
    expect(read).toMatchObject({ ok: true, value: { k: 5, slowing: 3, d: 3 } });
    expect(readIndicatorParameters(stoch.value, { speed: 1 })).toMatchObject({ error: { code: 'PARAMETER_UNKNOWN' } });
    expect(readIndicatorParameters(stoch.value, { k: 0 })).toMatchObject({ error: { code: 'PARAMETER_RANGE' } });
    const unknown = findIndicator('smaa');
    expect(unknown).toMatchObject({ ok: false, error: { code: 'INDICATOR_UNKNOWN' } });
    if (!unknown.ok) expect(unknown.error.sentence).toContain('Did you mean "sma"?');
  });
});
