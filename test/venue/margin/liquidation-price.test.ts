import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal, ZERO } from '../../../src/domain/decimal.ts';
import {
  bufferedLiquidation,
  liquidationPrice,
  type LiquidationRule,
} from '../../../src/venue/margin/liquidation-price.ts';
import {
  LARGE_PERPETUAL_MARGIN,
  MarginTable,
  PLAIN_MARGIN,
  type MarginTier,
} from '../../../src/venue/margin/margin-tier.ts';

function tableOf(tiers: readonly MarginTier[], amount?: string): MarginTable {
  const made = MarginTable.of(tiers, amount);
  if (!made.ok) throw new Error(made.error.sentence);
  return made.value;
}

/** The exchanges' own figures, maintenance 1 % and an amount of 0.01, taker fee 0.06 %, one contract from 10. */
describe('isolated liquidation price', () => {
  const tier = { upTo: null, initialRate: '0.01', maintenanceRate: '0.01' };
  const table = tableOf([tier], '0.01');
  const rows: [string, LiquidationRule, number, string, string, string, string][] = [
    ['binance', 'maintenance', 1, '5', '10', '1', '8.0707070707'],
    ['binance', 'maintenance', 1, '3', '10', '1', '6.7239057239'],
    ['binance', 'maintenance', 1, '5', '8', '1', '6.4545454545'],
    ['binance', 'maintenance', 1, '5', '10', '0.6', '8.0639730640'],
    ['binance', 'maintenance', -1, '5', '10', '1', '11.8910891089'],
    ['binance', 'maintenance', -1, '3', '10', '1', '13.2112211221'],
    ['gate and okx', 'maintenance-and-fee', -1, '5', '10', '1', '11.8741341777'],
    ['gate and okx', 'maintenance-and-fee', -1, '3', '10', '1', '13.1934824197'],
    ['gate and okx', 'maintenance-and-fee', 1, '5', '10', '1', '8.0857085102'],
    ['bybit', 'entry', 1, '10', '10', '1', '9.1'],
    ['bybit', 'entry', 1, '5', '10', '1', '8.1'],
    ['bybit', 'entry', -1, '10', '10', '1', '10.9'],
    ['bybit', 'entry', -1, '5', '10', '1', '11.9'],
  ];
  it.each(rows)(
    '%s, %s, side %d, %sx from %s, %s contracts: %s8',
    (_, rule, sign, leverage, open, amount, expected) => {
      const quantity = new Decimal(amount).times(sign);
      const entry = new Decimal(open);
      const margin = entry.times(amount).div(leverage);
      const price = liquidationPrice({ quantity, entry, margin }, table, rule, new Decimal('0.0006'));
      expect(price?.toDecimalPlaces(10).toFixed()).toBe(new Decimal(expected).toFixed());
    },
  );

  it('warns earlier by a buffer of the distance', () => {
    const price = bufferedLiquidation(new Decimal('17.47'), new Decimal('18.884'), new Decimal('0.05'));
    expect(price.toFixed()).toBe('17.5407');
  });

  it('has none where a long is fully paid, or nothing is held', () => {
    const entry = new Decimal(10);
    expect(liquidationPrice({ quantity: new Decimal(1), entry, margin: new Decimal(11) }, table)).toBeNull();
    expect(liquidationPrice({ quantity: ZERO, entry, margin: ZERO }, table)).toBeNull();
  });
});

describe('margin table', () => {
  const table = tableOf(LARGE_PERPETUAL_MARGIN);

  it('asks for the margin of each tier, continuous at its end', () => {
    // The amounts that the exchange publishes beside its rates.
    expect(table.brackets.map(({ amount }) => amount.toNumber())).toEqual([
      0, 50, 950, 11_450, 131_450, 481_450, 2_981_450, 14_481_450, 26_481_450, 41_481_450, 121_481_450, 421_481_450,
    ]);
    expect(table.maintenance(new Decimal(600_000)).toFixed()).toBe('2950');
    for (const { upTo } of table.brackets) {
      if (upTo === null) continue;
      const step = table.maintenance(upTo.plus('0.01')).minus(table.maintenance(upTo));
      expect(step.greaterThan(0) && step.lessThanOrEqualTo('0.01')).toBe(true);
    }
    expect(table.maintenanceNumber(600_000)).toBeCloseTo(2_950, 9);
  });

  it('never lends more than the tier allows', () => {
    expect(table.initial(new Decimal(1_000), '5').toFixed()).toBe('200');
    expect(table.initial(new Decimal(1_000_000), '125').toFixed()).toBe('13333.3333');
  });

  it('refuses tiers that do not rise or have no end', () => {
    const [first, second] = LARGE_PERPETUAL_MARGIN;
    if (first === undefined || second === undefined) throw new Error('two tiers');
    for (const tiers of [[], [first], [second, first], [{ ...first, upTo: null, maintenanceRate: '1' }]]) {
      expect(MarginTable.of(tiers)).toMatchObject({ ok: false, error: { code: 'MARGIN_TIERS' } });
    }
  });

  it('at the liquidation price margin and loss are exactly the maintenance margin, whatever the tier', () => {
    const tables = [table, tableOf(PLAIN_MARGIN)];
    fc.assert(
      fc.property(
        fc.constantFrom(...tables),
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: 10_000_000 }),
        fc.integer({ min: 1, max: 50 }),
        fc.boolean(),
        (of, lots, cents, leverage, isShort) => {
          const quantity = new Decimal(lots).div(isShort ? -10 : 10);
          const entry = new Decimal(cents).div(100);
          const margin = of.initial(entry.times(quantity.abs()), String(leverage));
          const price = liquidationPrice({ quantity, entry, margin }, of);
          if (price === null) {
            // Only a long whose margin covers everything has none.
            expect(isShort).toBe(false);
            expect(margin.greaterThanOrEqualTo(entry.times(quantity))).toBe(true);
            return;
          }
          const left = margin.plus(price.minus(entry).times(quantity));
          const asked = of.maintenance(price.times(quantity.abs()));
          expect(left.minus(asked).abs().lessThan('1e-25')).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});
