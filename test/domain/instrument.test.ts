import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantityText, readPrice, readQuantity } from '../../src/domain/instrument.ts';
import { instrumentOf } from '../execution/support.ts';

const ETH = instrumentOf();

test.each([
  ['0.25', 'QUANTITY', null],
  ['-1', 'QUANTITY', 'QUANTITY_NOT_POSITIVE'],
  ['0', 'QUANTITY', 'QUANTITY_NOT_POSITIVE'],
  ['1e5', 'QUANTITY', 'QUANTITY_INVALID'],
  ['1,000', 'QUANTITY', 'QUANTITY_INVALID'],
  ['', 'QUANTITY', 'QUANTITY_INVALID'],
  ['0.00000000001', 'QUANTITY', 'QUANTITY_OFF_STEP'],
  ['99999999999999999999', 'QUANTITY', 'QUANTITY_TOO_LARGE'],
  ['1500.00', 'PRICE', null],
  ['1500.001', 'PRICE', 'PRICE_OFF_TICK'],
  ['NaN', 'PRICE', 'PRICE_INVALID'],
  ['99999999999999999999.5', 'PRICE', 'PRICE_TOO_LARGE'],
] as const)('%j as a %s', (text, kind, code) => {
  const read = kind === 'PRICE' ? readPrice(ETH, text) : readQuantity(ETH, text);
  expect(read.ok ? null : read.error.code).toBe(code);
  if (!read.ok) expect(read.error.sentence).toMatch(/^.+\.$/);
});

test('every quantity on the grid reads back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e12 }), (steps) => {
      const units = steps * ETH.step;
      expect(readQuantity(ETH, quantityText(ETH, units))).toEqual({ ok: true, value: units });
    }),
  );
});
