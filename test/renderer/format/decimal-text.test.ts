import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compare,
  isDecimalText,
  negate,
  plus,
  readTyped,
  signOf,
  snapToTick,
  times,
  trimZeros,
} from '../../../renderer/format/decimal-text.ts';
import { shareOf } from '../../../renderer/format/grid-steps.ts';

const Exact = Decimal.clone({ precision: 200, toExpNeg: -200, toExpPos: 200 });
const decimals = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 24n }), fc.integer({ min: 0, max: 18 }))
  .map(
    ([negative, units, digits]) =>
      `${negative ? '-' : ''}${new Exact(units.toString()).div(new Exact(10).pow(digits)).toFixed(digits)}`,
  );

describe('decimal text', () => {
  test('sums, products and comparisons are those of exact decimals', () => {
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        expect(new Exact(times(a, b) ?? 'NaN').eq(new Exact(a).times(b))).toBe(true);
        expect(new Exact(plus(a, b) ?? 'NaN').eq(new Exact(a).plus(b))).toBe(true);
        expect(compare(a, b)).toBe(new Exact(a).comparedTo(b));
        expect(signOf(a)).toBe(new Exact(a).isZero() ? 0 : new Exact(a).isNegative() ? -1 : 1);
        expect(new Exact(negate(a)).eq(new Exact(a).neg())).toBe(true);
        expect(new Exact(trimZeros(a)).eq(a)).toBe(true);
      }),
    );
  });

  test('what is no plain decimal has no result', () => {
    for (const text of ['', '1e5', 'NaN', '1,000', '0x10', '--1', '.']) {
      expect(isDecimalText(text), text).toBe(false);
      expect(times(text, '1'), text).toBeNull();
      expect(compare('1', text), text).toBeNull();
    }
  });

  test.each([
    ['1,00,000', '100000'],
    ['1.5k', '1500'],
    ['2 cr', '20000000'],
    ['3.25 lakh', '325000'],
    ['−5', '-5'],
    [' 0.250 ', '0.250'],
    ['1 234.5', '1234.5'],
    ['abc', null],
    ['1.2.3', null],
    ['k', null],
    ['', null],
  ])('reads "%s" as %s', (typed, expected) => {
    expect(readTyped(typed)).toBe(expected);
  });

  test('a dragged price falls on the nearest tick and is printed with the digits of the tick', () => {
    expect(snapToTick(61_826.014_9, '0.01')).toBe('61826.01');
    expect(snapToTick(2_942.37, '0.05')).toBe('2942.35');
    expect(snapToTick(0.1, '0')).toBeNull();
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000_000 }),
        fc.constantFrom('0.01', '0.05', '0.5', '1', '0.00001'),
        (steps, tick) => {
          const text = snapToTick(Number(new Exact(tick).times(steps).toString()), tick) ?? 'NaN';
          expect(new Exact(text).eq(new Exact(tick).times(steps))).toBe(true);
        },
      ),
    );
  });

  test('a share of a position is a whole number of steps and never more than asked', () => {
    expect(shareOf('-0.25', 50, '0.00001')).toBe('0.12500');
    expect(shareOf('7', 50, '1')).toBe('3');
    expect(shareOf('1', 25, '1')).toBe('0');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 9 }), fc.constantFrom(25, 50, 75, 100), (units, percent) => {
        const quantity = new Exact(units).div(1000).toFixed(3);
        const share = new Exact(shareOf(quantity, percent, '0.005') ?? 'NaN');
        expect(share.mod('0.005').isZero()).toBe(true);
        expect(share.lte(new Exact(quantity).times(percent).div(100))).toBe(true);
        expect(share.plus('0.005').gt(new Exact(quantity).times(percent).div(100))).toBe(true);
      }),
    );
  });
});
