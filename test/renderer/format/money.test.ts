import { describe, expect, test } from 'vitest';
import { figures, money, percent } from '../../../renderer/format/money.ts';
import { age, bothZones, clockOf, timeOf } from '../../../renderer/format/time.ts';

describe('money', () => {
  test.each([
    ['12345678.5', 'INR', '₹1,23,45,678.50'],
    ['12345678.5', 'USD', '$12,345,678.50'],
    ['-1240.505', 'INR', '−₹1,240.51'],
    ['61826.01', 'USDT', '61,826.01 USDT'],
    ['-0.001', 'USDT', '0.00 USDT'],
  ])('%s %s is %s', (text, currency, expected) => {
    expect(money(text, currency)).toBe(expected);
  });

  test('keeps digits that a binary fraction would lose', () => {
    expect(figures('9007199254740993.000000000000000001', { currency: 'USD' })).toBe(
      '9,007,199,254,740,993.000000000000000001',
    );
    expect(figures('0.1', { currency: 'USD', digits: 20 })).toBe('0.10000000000000000000');
  });

  test('a sign is a true minus, a plus only when asked for, and never on zero', () => {
    expect(figures('5', { currency: 'USD', sign: 'always' })).toBe('+5');
    expect(figures('-5', { currency: 'USD' })).toBe('−5');
    expect(figures('-0.00', { currency: 'USD', sign: 'always' })).toBe('0.00');
    expect(percent(0.0124)).toBe('+1.24%');
    expect(percent(-0.000_001)).toBe('0.00%');
    expect(percent(0.1, { digits: 1, signed: false })).toBe('10.0%');
  });
});

describe('time', () => {
  const instant = Date.UTC(2024, 7, 8, 23, 54, 0);
  test('is shown in India and in UTC', () => {
    expect(timeOf(instant, 'IST')).toBe('05:24:00');
    expect(timeOf(instant, 'UTC')).toBe('23:54:00');
    expect(clockOf(instant, 'IST')).toBe('05:24 IST');
    expect(bothZones(instant)).toBe('09 Aug 2024, 05:24:00 IST · 08 Aug 2024, 23:54:00 UTC');
    expect(timeOf(Date.UTC(2024, 0, 1), 'UTC')).toBe('00:00:00');
  });

  test.each([
    [-5, '0 s'],
    [320, '320 ms'],
    [12_900, '12 s'],
    [240_000, '4 min'],
    [10_800_000, '3 h'],
  ])('an age of %s ms is %s', (ms, expected) => {
    expect(age(ms)).toBe(expected);
  });
});
