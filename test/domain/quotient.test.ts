import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Decimal } from '../../src/domain/decimal.ts';
import { nearNumber, quotientNumber, wholeQuotient } from '../../src/domain/quotient.ts';
import { unitsDecimal } from '../../src/domain/units-decimal.ts';

const amount = fc
  .tuple(
    fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -1000, max: 1000 })),
    fc.integer({ min: 0, max: 20 }),
    fc.oneof(fc.constant(0), fc.maxSafeInteger()),
    fc.integer({ min: 0, max: 20 }),
  )
  .map(([a, aDigits, b, bDigits]) => unitsDecimal(a, aDigits).plus(unitsDecimal(b, bDigits)));

function expectSame(value: Decimal, divisor: Decimal): void {
  const name = `${value.toFixed()} / ${divisor.toFixed()}`;
  expect(quotientNumber(value, divisor), name).toBe(value.div(divisor).toNumber());
  expect(wholeQuotient(value, divisor), `whole ${name}`).toBe(value.divToInt(divisor).toNumber() + 0);
}

test('any two amounts', () => {
  fc.assert(fc.property(amount, amount, expectSame), { numRuns: 20_000 });
});

test('quotients that are exact, half-way between two doubles, or a hair from it', () => {
  const half = new Decimal(2).pow(53).plus(1);
  const hair = new Decimal('1e-20');
  for (const divisor of ['1', '3', '0.0001', '62000.25', '7e-9']) {
    const by = new Decimal(divisor);
    for (const quotient of [
      half,
      half.plus(hair),
      half.minus(hair),
      half.plus(2),
      new Decimal('0.1'),
      new Decimal(8),
    ]) {
      expectSame(quotient.times(by), by);
      expectSame(quotient.times(by).neg(), by);
      expectSame(quotient.times(by), by.neg());
    }
  }
});

test('sizes far apart', () => {
  for (const [value, divisor] of [
    ['1e25', '1e-25'],
    ['1e-25', '1e25'],
    ['123456789012345678901234567890', '3'],
    ['3', '123456789012345678901234567890'],
  ] as const) {
    expectSame(new Decimal(value), new Decimal(divisor));
  }
});

test('nothing, by nothing, and what is no number', () => {
  const values = ['0', '-0', '1', '-1', 'NaN', 'Infinity', '-Infinity'].map((text) => new Decimal(text));
  for (const value of values) {
    for (const divisor of values) {
      expect(quotientNumber(value, divisor)).toBe(value.div(divisor).toNumber());
      expect(wholeQuotient(value, divisor)).toBe(value.divToInt(divisor).toNumber() + 0);
    }
  }
});

test('a decimal as a double is within two units in the last place of the nearest one', () => {
  const near = (value: Decimal): void => {
    const exact = value.toNumber();
    const got = nearNumber(value);
    if (!Number.isFinite(exact)) expect(got).toBe(exact);
    else expect(Math.abs(got - exact), value.toFixed()).toBeLessThanOrEqual(Math.abs(exact) * 2 ** -51);
    if (Number.isSafeInteger(exact) && value.eq(exact)) expect(got).toBe(exact);
  };
  fc.assert(fc.property(amount, near), { numRuns: 20_000 });
  for (const text of [
    '0',
    '-0',
    '1e-40',
    '-7e30',
    '0.1',
    '99999999.9999999',
    'NaN',
    'Infinity',
    '-Infinity',
    '1e22',
    '123456789012345678901234567.125',
  ])
    near(new Decimal(text));
});
