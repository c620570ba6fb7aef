import { describe, expect, test } from 'vitest';
import { readAll } from '../../../renderer/chart/drawings.ts';
import { FIRST_INDICATORS, readIndicators, readParams } from '../../../renderer/chart/indicators.ts';
import { readTimeframe } from '../../../renderer/chart/timeframes.ts';
import { startsDay, tradingDay } from '../../../renderer/chart/trading-day.ts';

describe('what a layout says about a chart', () => {
  test.each([
    [undefined, FIRST_INDICATORS],
    ['MA', FIRST_INDICATORS],
    [[], []],
    [[{ kind: 'RSI', params: [7] }, { kind: 'GONE' }, null, 3], [{ kind: 'RSI', params: [7] }]],
    [[{ kind: 'MACD', params: [12, 26] }], [{ kind: 'MACD', params: [12, 26, 9] }]],
    [[{ kind: 'MA', params: [-1] }], [{ kind: 'MA', params: [10, 30] }]],
    [[{ kind: 'VOL' }, { kind: 'VOL' }], [{ kind: 'VOL', params: [] }]],
  ])('indicators %#', (stored, expected) => {
    expect(readIndicators(stored)).toEqual(expected);
  });

  test('a timeframe of another version is the first one', () => {
    expect([readTimeframe('4h'), readTimeframe('2w'), readTimeframe(null)]).toEqual(['4h', '1m', '1m']);
  });

  test.each([
    ['MA', '5, 20 50', [5, 20, 50]],
    ['MACD', '12,26,9', [12, 26, 9]],
    ['BOLL', '20, 2.5', [20, 2.5]],
    ['MA', '', null],
    ['MA', '1,2,3,4,5,6', null],
    ['MACD', '12,26', null],
    ['RSI', '0', null],
    ['RSI', '501', null],
    ['RSI', 'x', null],
  ] as const)('numbers of %s "%s"', (kind, typed, expected) => {
    const read = readParams(kind, typed);
    if (expected === null) expect(typeof read).toBe('string');
    else expect(read).toEqual(expected);
  });
});

test('stored drawings are taken one by one: a damaged one is left out alone', () => {
  const good = { id: 'a', tool: 'segment', points: [{ timestamp: 1, value: 2 }] };
  expect(
    readAll({
      symbols: {
        X: [
          good,
          { ...good, tool: 'gone' },
          { ...good, points: [] },
          { ...good, points: [{ timestamp: '1', value: 2 }] },
          5,
        ],
        Y: 'nothing',
      },
    }),
  ).toEqual({ X: [good], Y: [] });
  for (const stored of [null, 3, {}, { symbols: null }]) expect(readAll(stored)).toEqual({});
});

test('a trading day of India begins at half past six in the evening of UTC', () => {
  const at = (text: string) => ({ timestamp: Date.parse(text) });
  expect(tradingDay(Date.parse('2026-11-20T18:29:59Z')) + 1).toBe(tradingDay(Date.parse('2026-11-20T18:30:00Z')));
  const bars = [at('2026-11-19T09:59:00Z'), at('2026-11-20T03:45:00Z'), at('2026-11-20T03:46:00Z')];
  expect(bars.map((_, index) => startsDay(bars, index))).toEqual([false, true, false]);
});
