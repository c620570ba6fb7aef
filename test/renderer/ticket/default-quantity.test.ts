import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compare, plus, times } from '../../../renderer/format/decimal-text.ts';
import { quantityWorth } from '../../../renderer/ticket/default-quantity.ts';

describe('quantity worth an amount', () => {
  test.each([
    ['1000', '61826.01', '0.00001', '0.01617'],
    ['50000', '2941.55', '1', '16'],
    ['100', '0.25', '0.1', '400'],
    ['1000', '1000', '0.001', '1'],
    ['1', '61826', '0.001', null],
    ['1000', '0', '1', null],
  ])('%s at %s in steps of %s is %s', (value, price, step, quantity) => {
    expect(quantityWorth(value, price, step)).toBe(quantity);
  });

  test('is never worth more, and one step more would be', () => {
    const amount = (least: number) =>
      fc.integer({ min: least, max: 10_000_000 }).map((cents) => (cents / 100).toFixed(2));
    fc.assert(
      fc.property(amount(100), amount(1), fc.constantFrom('1', '0.1', '0.001', '0.25'), (value, price, step) => {
        const quantity = quantityWorth(value, price, step) ?? '0';
        expect(compare(times(quantity, price) ?? '', value)).toBeLessThanOrEqual(0);
        expect(compare(times(plus(quantity, step) ?? '', price) ?? '', value)).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });
});
