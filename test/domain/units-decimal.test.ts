import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Decimal } from '../../src/domain/decimal.ts';
import { unitsDecimal } from '../../src/domain/units-decimal.ts';

function byTheLibrary(units: number, digits: number): Decimal {
  return new Decimal(units).times(new Decimal(10).pow(-digits));
}

/** The same value, and the same normalised words, so that every later operation meets what the library would make. */
function expectSame(units: number, digits: number): void {
  const made = unitsDecimal(units, digits);
  const wanted = byTheLibrary(units, digits);
  expect({ d: made.d, e: made.e, s: made.s }, `${units} x 10^-${digits}`).toEqual({
    d: wanted.d,
    e: wanted.e,
    s: wanted.s,
  });
  expect(made.toFixed()).toBe(wanted.toFixed());
  expect(made).toBeInstanceOf(Decimal);
}

const digits = fc.integer({ min: 0, max: 30 });

test('any safe integer with any number of digits is the Decimal that the library makes', () => {
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.integer({ min: -1000, max: 1000 })), digits, expectSame),
    { numRuns: 20_000 },
  );
});

test('powers of ten, their neighbours and round numbers', () => {
  for (let scale = 0; scale <= 30; scale += 1) {
    for (let power = 0; power <= 15; power += 1) {
      for (const units of [10 ** power, 10 ** power - 1, 10 ** power + 1, 7 * 10 ** power, -(10 ** power)]) {
        expectSame(units, scale);
      }
    }
    for (const units of [Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1, 0, -0]) {
      expectSame(units, scale);
    }
  }
});

test('a fraction of a unit and a number beyond 2^53 are left to the library', () => {
  for (const units of [0.5, -1234.000_25, 2 ** 53, 1e21, 1e-9]) expectSame(units, 2);
});

test('operations on the result give what they give on the library’s own', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), digits, fc.maxSafeInteger(), digits, (a, aDigits, b, bDigits) => {
      const [x, y] = [unitsDecimal(a, aDigits), unitsDecimal(b, bDigits)];
      const [u, v] = [byTheLibrary(a, aDigits), byTheLibrary(b, bDigits)];
      expect(x.plus(y).toFixed()).toBe(u.plus(v).toFixed());
      expect(x.minus(y).toFixed()).toBe(u.minus(v).toFixed());
      expect(x.times(y).toFixed()).toBe(u.times(v).toFixed());
      if (b !== 0) expect(x.div(y).toFixed()).toBe(u.div(v).toFixed());
      expect(x.toNumber()).toBe(u.toNumber());
      expect(x.comparedTo(y)).toBe(u.comparedTo(v));
    }),
  );
});
