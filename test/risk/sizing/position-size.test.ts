import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/domain/decimal.ts';
import type { Result } from '../../../src/domain/refusal.ts';
import { commonLot, kellyBinary } from '../../../src/risk/sizing/arithmetic.ts';
import {
  fixedFractionSize,
  kellySize,
  type PositionSize,
  type SizingCase,
  volatilitySize,
} from '../../../src/risk/sizing/position-size.ts';
import { quantityGrid } from '../../../src/risk/sizing/quantity-grid.ts';
import { describeWithData, sharedData } from '../../support/shared-data.ts';

interface Terms {
  equity?: string;
  entry?: string;
  stop?: string;
  rate?: string;
  cap?: string;
  lot?: string;
  step?: string;
  min?: string;
  max?: string;
}

const d = (text: string | number): Decimal => new Decimal(text);
const or = (text: string | undefined): Decimal | null => (text === undefined ? null : d(text));

function of(terms: Terms): SizingCase {
  const grid = quantityGrid({ lot: or(terms.lot), step: or(terms.step), min: or(terms.min), max: or(terms.max) });
  if (!grid.ok) throw new Error(grid.error.sentence);
  return {
    equity: or(terms.equity),
    entry: or(terms.entry),
    stop: or(terms.stop),
    exchangeRate: d(terms.rate ?? '1'),
    cap: or(terms.cap),
    grid: grid.value,
  };
}

const answer = (result: Result<PositionSize>): string | undefined =>
  result.ok ? result.value.quantity?.toFixed() : result.error.code;

const kelly = (terms: Terms, winRate: string, payoff: string, multiple = '1') =>
  kellySize(of(terms), { kind: 'binary', winRate: d(winRate), payoff: d(payoff) }, d(multiple));

describe('fixed fraction', () => {
  const million = { equity: '1000000', entry: '1.00100', stop: '1.00000' };
  const yen = { equity: '1000000', entry: '110.010', stop: '110.000', rate: '0.00909' };
  it.each([
    ['the loss at the stop is the risk', million, '0.001', '1000000'],
    ['a hard limit', { ...million, max: '500000' }, '0.001', '500000'],
    ['in another currency, up to the largest order', { ...yen, max: '1000000' }, '0.001', '1000000'],
    ['in another currency', yen, '0.001', '11001100'],
    ['no equity', { ...million, equity: '0' }, '0.001', '0'],
    ['risk too wide for one lot', { ...million, lot: '100000' }, '0.00009', '0'],
    ['stop at the entry', { ...million, stop: '1.001' }, '0.001', 'SIZE_NEEDS_STOP'],
    ['no stop', { equity: '1000', entry: '10' }, '0.001', 'SIZE_NEEDS_STOP'],
    ['no exchange rate', { ...million, rate: '0' }, '0.001', 'SIZE_INPUT'],
    ['debt', { ...million, equity: '-1' }, '0.001', 'SIZE_INPUT'],
    ['short, stop above', { equity: '100000', entry: '245', stop: '250' }, '0.01', '200'],
    ['lots of 65', { equity: '1000000', entry: '24000', stop: '23900', lot: '65', cap: '10' }, '0.02', '195'],
    ['lot and step together', { equity: '100000', entry: '250', stop: '245', lot: '6', step: '4' }, '0.01', '192'],
    ['fine steps', { equity: '1000', entry: '60000', stop: '59000', step: '0.00001' }, '0.0123456', '0.01234'],
    ['capped by the money', { equity: '100000', entry: '250', stop: '249.5', cap: '1' }, '0.01', '400'],
    ['below the minimum', { equity: '1000', entry: '250', stop: '245', min: '5' }, '0.01', '0'],
    ['all of it', { equity: '1000', entry: '10', stop: '5' }, '1', '200'],
    ['more than all', { equity: '1000', entry: '10', stop: '5' }, '1.5', 'SIZE_RISK'],
    ['no risk', { equity: '1000', entry: '10', stop: '5' }, '0', 'SIZE_RISK'],
  ] as const)('%s', (_, terms, risk, expected) => {
    expect(answer(fixedFractionSize(of(terms), d(risk)))).toBe(expected);
  });

  it('never risks more than the budget, and one lot more would', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 ** 9 }),
        fc.integer({ min: 2, max: 10 ** 7 }),
        fc.integer({ min: 1, max: 10 ** 7 }),
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 1, max: 500 }),
        (equity, entry, stop, basisPoints, lot) => {
          fc.pre(entry !== stop);
          const risk = d(basisPoints).div(10_000);
          const made = fixedFractionSize(
            of({
              equity: String(equity),
              entry: d(entry).div(100).toFixed(),
              stop: d(stop).div(100).toFixed(),
              lot: String(lot),
            }),
            risk,
          );
          if (!made.ok || made.value.quantity === null) throw new Error('not sized');
          const budget = risk.times(equity);
          const loss = d(Math.abs(entry - stop)).div(100);
          expect(made.value.riskAmount?.lessThanOrEqualTo(budget)).toBe(true);
          expect(made.value.quantity.plus(lot).times(loss).greaterThan(budget)).toBe(true);
          expect(made.value.quantity.mod(lot).isZero()).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('volatility target', () => {
  it('weight = target / volatility', () => {
    const made = volatilitySize(of({ equity: '100000', entry: '500' }), d('0.2'), d('0.4'));
    expect(made).toMatchObject({
      ok: true,
      value: { quantity: d(100), notional: d(50000), riskAmount: d(20000), fraction: d('0.5') },
    });
    expect(made.ok && made.value.arithmetic[0]).toBe('Weight: 20 % / 40 % = 0.5 of equity.');
  });

  it('above the equity it says so, and the cap stops it', () => {
    const free = volatilitySize(of({ equity: '100000', entry: '500' }), d('0.3'), d('0.2'));
    expect(answer(free)).toBe('300');
    expect(free.ok && free.value.arithmetic.join(' ')).toContain('borrowing');
    const capped = volatilitySize(of({ equity: '100000', entry: '500', cap: '1' }), d('0.3'), d('0.2'));
    expect(capped).toMatchObject({ ok: true, value: { quantity: d(200), fraction: d(1) } });
  });

  it('a weight of one third loses no lot', () => {
    expect(answer(volatilitySize(of({ equity: '30000', entry: '100' }), d('0.1'), d('0.3')))).toBe('100');
    expect(answer(volatilitySize(of({ equity: '30000', entry: '100' }), d('0'), d('0.3')))).toBe('SIZE_VOLATILITY');
    expect(answer(volatilitySize(of({ equity: '30000', entry: '100' }), d('0.1'), d('0')))).toBe('SIZE_VOLATILITY');
  });
});

describe('Kelly', () => {
  it.each([
    ['0.5', '2', '0.25'],
    ['0.4', '2', '0.1'],
    ['0.6', '1', '0.2'],
    ['1', '3', '1'],
    ['0.3', '1', '0'],
    ['0', '5', '0'],
  ])('win rate %s, payoff %s: %s', (winRate, payoff, share) => {
    const made = kelly({}, winRate, payoff);
    expect(made.ok && made.value.fraction.toFixed()).toBe(share);
    expect(made.ok && made.value.quantity).toBeNull();
  });

  it('is invested, scaled, capped and rounded down', () => {
    const account = { equity: '100000', entry: '300' };
    expect(answer(kelly(account, '0.5', '2'))).toBe('83');
    expect(answer(kelly(account, '0.5', '2', '0.5'))).toBe('41');
    expect(answer(kelly({ ...account, cap: '0.1' }, '0.5', '2'))).toBe('33');
    expect(answer(kelly(account, '0.2', '2'))).toBe('0');
    // One third of 30,000 at 100 is 100, however the third is written.
    expect(answer(kelly({ equity: '30000', entry: '100' }, '0.5', '3'))).toBe('100');
    const stopped = kelly({ ...account, stop: '290' }, '0.5', '2');
    expect(stopped.ok && stopped.value.riskAmount?.toFixed()).toBe('830');
    const money = kelly({ equity: '100000' }, '0.5', '2');
    expect(money).toMatchObject({ ok: true, value: { quantity: null, notional: d(25000), riskAmount: d(25000) } });
  });

  it('of mean and variance', () => {
    const edge = { kind: 'continuous', mean: d('0.001'), variance: d('0.0004') } as const;
    const share = (made: Result<PositionSize>) => made.ok && made.value.fraction.toFixed();
    expect(share(kellySize(of({}), edge, d(1)))).toBe('2.5');
    expect(share(kellySize(of({ cap: '0.25' }), edge, d(1)))).toBe('0.25');
    expect(share(kellySize(of({}), { ...edge, mean: d('-0.001') }, d(1)))).toBe('0');
  });

  it.each([
    ['1.1', '2', '1'],
    ['-0.1', '2', '1'],
    ['0.5', '0', '1'],
    ['0.5', '2', '0'],
  ])('win rate %s, payoff %s, multiple %s is refused', (winRate, payoff, multiple) => {
    expect(answer(kelly({}, winRate, payoff, multiple))).toBe('SIZE_EDGE');
  });
});

describe('the grid', () => {
  it('is the common multiple, or refused', () => {
    expect(commonLot(6, 4)).toBe(12);
    expect(quantityGrid({ lot: d('0.3'), step: d('0.04'), min: null, max: null })).toMatchObject({
      ok: true,
      value: { lot: d('0.6') },
    });
    expect(quantityGrid({ lot: d(0), step: null, min: null, max: null })).toMatchObject({
      ok: false,
      error: { code: 'SIZE_GRID' },
    });
  });
});

const ORACLE = 'oracles/position_sizing.json';
type Example = Record<string, number> & { kind: string };

describeWithData('position sizing: worked examples', [ORACLE], () => {
  const { cases } = JSON.parse(readFileSync(sharedData(ORACLE) ?? '', 'utf8')) as { cases: unknown[] };
  it.each((cases as Example[]).map((one, index) => [one.kind, index, one] as const))('%s %i', (kind, _, one) => {
    const figure = (name: string): Decimal => d(one[name] ?? Number.NaN);
    const base = { equity: String(one['equity']), lot: String(one['lot'] ?? 1) };
    if (kind === 'kelly_binary')
      expect(kellyBinary(figure('p'), figure('win_loss_ratio')).toNumber()).toBeCloseTo(one['kelly'] ?? 0, 12);
    else if (kind === 'fixed_fractional')
      expect(
        answer(
          fixedFractionSize(
            of({ ...base, entry: String(one['entry']), stop: String(one['stop']) }),
            figure('risk_pct'),
          ),
        ),
      ).toBe(String(one['qty']));
    else if (kind === 'vol_target') {
      const made = volatilitySize(
        of({ ...base, entry: String(one['price']) }),
        figure('target_vol_annual'),
        figure('asset_vol_annual'),
      );
      expect([answer(made), made.ok && made.value.fraction.toNumber()]).toEqual([String(one['qty']), one['weight']]);
    } else throw new Error(`no test for ${kind}`);
  });
});
