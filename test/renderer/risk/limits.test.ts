import { describe, expect, test } from 'vitest';
import type { RiskGauge } from '../../../src/contract/types.ts';
import {
  byImportance,
  limitChangeFigure,
  limitFigure,
  limitTitle,
  readTypedLimit,
  typedLimit,
} from '../../../renderer/risk/limit-names.ts';
import { scopeWords, sourceOf, type LimitBook } from '../../../renderer/risk/limit-source.ts';
import { LIMIT_NAMES } from '../../../src/risk/limits.ts';

describe('limits by name', () => {
  test('every limit of the engine has a title of its own', () => {
    const titles = LIMIT_NAMES.map(limitTitle);
    expect(LIMIT_NAMES.filter((name) => limitTitle(name) === name)).toEqual([]);
    expect(new Set(titles).size).toBe(LIMIT_NAMES.length);
  });

  test.each([
    ['maxDailyLoss', '0.05', '5', '5 %'],
    ['stalePriceMs', 3_000, '3', '3 s'],
    ['maxGrossExposure', '3', '3', '3 × equity'],
    ['maxOrderNotional', '150000', '150000', '150,000'],
    ['flattenAt', '1.25', '1.25', '1.25 × the loss limit'],
    ['ofTomorrow', '7', '7', '7'],
  ] as const)('%s %s is typed as %s and shown as %s', (name, value, typed, shown) => {
    expect(typedLimit(name, value)).toBe(typed);
    expect(limitFigure(name, value)).toBe(shown);
    expect(readTypedLimit(name, typed)).toEqual({ kind: 'value', value });
  });

  test('off is empty, "off" and the "null" of the history', () => {
    expect(typedLimit('maxDailyLoss', null)).toBe('');
    expect(limitFigure('maxDailyLoss', null)).toBe('off');
    expect(limitChangeFigure('maxDailyLoss', 'null')).toBe('off');
    expect(limitChangeFigure('maxDailyLoss', '0.05')).toBe('5 %');
    expect(readTypedLimit('maxDailyLoss', ' ')).toEqual({ kind: 'value', value: null });
  });

  test('zero is a mistake for a maximum and a bound for the least cash', () => {
    expect(readTypedLimit('maxDailyLoss', '0').kind).toBe('problem');
    expect(readTypedLimit('minCash', '0')).toEqual({ kind: 'value', value: '0' });
    expect(readTypedLimit('minCash', '-1').kind).toBe('problem');
    expect(readTypedLimit('ordersPerSecond', '1.5').kind).toBe('problem');
  });

  test('losses come first, what is not known last', () => {
    expect(['zz', 'staleMarketMs', 'maxDrawdown', 'maxDailyLoss', 'aa'].sort(byImportance)).toEqual([
      'maxDailyLoss',
      'maxDrawdown',
      'staleMarketMs',
      'aa',
      'zz',
    ]);
  });
});

const gauge = (change: Partial<RiskGauge>): RiskGauge => ({
  name: 'DAILY_LOSS',
  title: 'Daily loss',
  account: 'a',
  value: '0.01',
  limit: '0.05',
  unit: 'fraction',
  utilisation: 0.2,
  state: 'ok',
  ...change,
});
const book: LimitBook = {
  names: [],
  scopes: [
    {
      scope: null,
      limits: { maxDailyLoss: '0.05', maxDrawdown: '0.1' },
      changedAt: null,
      changedBy: null,
      reason: null,
    },
    {
      scope: { kind: 'account', id: 'a' },
      limits: { maxDailyLoss: '0.02' },
      changedAt: 5,
      changedBy: 'desk',
      reason: 'new',
    },
    {
      scope: { kind: 'account', id: 'b' },
      limits: { maxDailyLoss: '0.05' },
      changedAt: 6,
      changedBy: 'x',
      reason: 'y',
    },
  ],
};

describe('whose limit a meter shows', () => {
  test('is the scope of the account that has this figure', () => {
    expect(sourceOf(gauge({ limit: '0.020' }), book)).toMatchObject({
      limit: 'maxDailyLoss',
      scope: { kind: 'account', id: 'a' },
      owner: 'desk',
      reason: 'new',
    });
  });

  test('is all accounts where that one is the stricter, never the scope of another account', () => {
    const { scope } = sourceOf(gauge({}), book);
    expect(scopeWords(scope)).toBe('all accounts');
    expect(scopeWords(sourceOf(gauge({ account: 'b' }), book).scope)).toBe('account b');
  });

  test('is nobody for what the account owns', () => {
    expect(sourceOf(gauge({ name: 'NOTIONAL_EXCEEDS_FREE_BALANCE', limit: '100000' }), book).limit).toBeNull();
  });
});
