import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../src/domain/decimal.ts';
import { notional, quantityDecimal, type InstrumentTerms } from '../../src/domain/instrument.ts';
import { parseUnits } from '../../src/domain/units.ts';
import { createSizer, type Sizer, type SizerTerms, type SizingInput } from '../../src/execution/sizing.ts';
import { readSizing, readUnits } from '../../src/execution/sizing-text.ts';
import { instrumentOf } from './support.ts';

interface Case {
  readonly sizing: string;
  readonly units?: string;
  readonly rate?: string;
  readonly fixed?: string;
  readonly leverage?: string;
  readonly terms?: Partial<InstrumentTerms>;
}

function sizerOf(of: Case): { sizer: Sizer; terms: SizerTerms } {
  const sizing = readSizing(of.sizing);
  const units = readUnits(of.units ?? 'integer');
  if (!sizing.ok || !units.ok) throw new Error('bad case');
  const terms: SizerTerms = {
    instrument: instrumentOf({ symbol: 'GOOG', venue: 'US', kind: 'equity', quote: 'USD', step: '1', ...of.terms }),
    sizing: sizing.value,
    units: units.value,
    commission: { rate: of.rate ?? '0', fixed: of.fixed ?? '0' },
    leverage: of.leverage ?? '1',
  };
  const sizer = createSizer(terms);
  if (!sizer.ok) throw new Error(sizer.error.sentence);
  return { sizer: sizer.value, terms };
}

/** Prices with two digits; `cash` doubles as equity unless given. */
function size(
  of: Case,
  cash: string,
  price: string,
  more: { stop?: string; volatility?: number; equity?: string } = {},
) {
  const { sizer, terms } = sizerOf(of);
  const input: SizingInput = {
    available: new Decimal(cash),
    equity: new Decimal(more.equity ?? cash),
    price: parseUnits(price, 2),
    stop: more.stop === undefined ? null : parseUnits(more.stop, 2),
    volatility: more.volatility ?? null,
  };
  const result = sizer.size(input);
  return result.ok ? quantityDecimal(terms.instrument, result.value).toFixed() : result.error.code;
}

const FINE = { step: '0.00001', quantityDigits: 5 };

describe('all-in', () => {
  it.each([
    // floor(10000 / 104.50)
    [{}, '10000', '104.50', '95'],
    // Exactly affordable to the cent, and a cent short of it.
    [{}, '10000', '100.00', '100'],
    [{}, '9999.99', '100.00', '99'],
    // 100 x 1.002 = 100.20: floor(10000 / 100.2) = 99; 10020 buys exactly 100.
    [{ rate: '0.002' }, '10000', '100.00', '99'],
    [{ rate: '0.002' }, '10020', '100.00', '100'],
    [{ rate: '0.002' }, '10019.99', '100.00', '99'],
    // The fixed part comes off first: (10000 - 1) / 100.
    [{ fixed: '1' }, '10000', '100.00', '99'],
    [{ rate: '0.001', fixed: '5' }, '10015', '100.00', '100'],
    // 3 x 10000 / 100.1
    [{ rate: '0.001', leverage: '3' }, '10000', '100.00', '299'],
    [{ units: 'fractional', terms: FINE }, '10000', '30000.00', '0.33333'],
    [{ units: 'step:0.1', terms: FINE }, '10000', '30000.00', '0.3'],
    [{ units: 'integer', terms: FINE }, '90000', '30000.00', '3'],
    // A lot of 50 rules over "integer".
    [{ units: 'integer', terms: { step: '50' } }, '10000', '100.00', '100'],
    [{ units: 'step:75', terms: { step: '50' } }, '40000', '100.00', '300'],
  ] as const)('%j with %s at %s buys %s', (more, cash, price, expected) => {
    expect(size({ sizing: 'all-in', ...more }, cash, price)).toBe(expected);
  });

  it('never costs more than there is, and one lot more would', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 12n }),
        // Beyond 2^53 quantity units the size is capped: not the subject here.
        fc.integer({ min: 1_000, max: 10_000_000 }),
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 0, max: 2_000 }),
        fc.integer({ min: 1, max: 20 }),
        (cents, price, basisPoints, fixed, leverage) => {
          const rate = new Decimal(basisPoints).div(10_000);
          const { sizer, terms } = sizerOf({
            sizing: 'all-in',
            units: 'step:0.001',
            rate: rate.toFixed(),
            fixed: new Decimal(fixed).div(100).toFixed(),
            leverage: String(leverage),
            terms: FINE,
          });
          const available = new Decimal(cents.toString()).div(100);
          const result = sizer.size({ available, equity: available, price, stop: null, volatility: null });
          const quantity = result.ok ? result.value : 0;
          if (!result.ok) expect(result.error.code).toBe('SIZE_ZERO');
          const cost = (units: number): Decimal =>
            notional(terms.instrument, price, units).plus(sizer.fees(price, units));
          const power = available.times(leverage);
          expect(quantity % 100).toBe(0);
          if (quantity > 0) expect(cost(quantity).lessThanOrEqualTo(power)).toBe(true);
          expect(cost(quantity + 100).greaterThan(power)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('other sizings', () => {
  it.each([
    ['fraction:0.5', {}, '10000', '100.00', {}, '50'],
    ['fraction:0.5', { rate: '0.01' }, '10000', '100.00', {}, '49'],
    ['fraction:0.5', { leverage: '4' }, '10000', '100.00', {}, '200'],
    // More than everything is everything.
    ['fraction:2', {}, '10000', '100.00', {}, '100'],
    ['units:7', {}, '100', '100.00', {}, '7'],
    ['units:7.9', {}, '10000', '100.00', {}, '7'],
    ['units:0.5', { units: 'fractional', terms: FINE }, '10', '100.00', {}, '0.5'],
    // 1 % of 10000 at 5 lost per share.
    ['risk:0.01', {}, '10000', '100.00', { stop: '95.00' }, '20'],
    ['risk:0.01', {}, '10000', '100.00', { stop: '105.00' }, '20'],
    ['risk:0.01', {}, '10000', '100.00', { stop: '97.00' }, '33'],
    // The stop is so near that it would take more than all the money: capped by it.
    ['risk:0.01', {}, '10000', '100.00', { stop: '99.90' }, '100'],
    ['risk:0.01', { leverage: '5' }, '10000', '100.00', { stop: '99.90' }, '500'],
    // Risk is of equity, the cap is what is available.
    ['risk:0.01', {}, '1000', '100.00', { stop: '95.00', equity: '10000' }, '10'],
    ['risk:0.01', {}, '10000', '100.00', {}, 'SIZE_NEEDS_STOP'],
    ['risk:0.01', {}, '10000', '100.00', { stop: '100.00' }, 'SIZE_NEEDS_STOP'],
    // 15 % of 10000 over 30 % of 100.
    ['volatility:0.15', {}, '10000', '100.00', { volatility: 0.3 }, '50'],
    ['volatility:0.15', {}, '10000', '100.00', { volatility: 0.1 }, '100'],
    ['volatility:0.15', { leverage: '2' }, '10000', '100.00', { volatility: 0.1 }, '150'],
    ['volatility:0.15', {}, '10000', '100.00', {}, 'SIZE_NEEDS_VOLATILITY'],
    ['volatility:0.15', {}, '10000', '100.00', { volatility: 0 }, 'SIZE_NEEDS_VOLATILITY'],
    ['volatility:0.15', {}, '10000', '100.00', { volatility: Number.NaN }, 'SIZE_NEEDS_VOLATILITY'],
  ] as const)('%s %j with %s at %s %j gives %s', (sizing, of, cash, price, more, expected) => {
    expect(size({ sizing, ...of }, cash, price, more)).toBe(expected);
  });
});

describe('no size', () => {
  it.each([
    ['less than one unit', {}, '99.99', '100.00', 'SIZE_ZERO'],
    ['no money', {}, '0', '100.00', 'SIZE_ZERO'],
    ['debt', {}, '-5', '100.00', 'SIZE_ZERO'],
    ['a fixed fee above the cash', { fixed: '200' }, '150', '1.00', 'SIZE_ZERO'],
    ['no price', {}, '1000', '0.00', 'SIZE_PRICE'],
    ['a value below the minimum', { terms: { minNotional: '150' } }, '149', '10.00', 'SIZE_BELOW_MINIMUM'],
    ['a quantity below the minimum', { terms: { minQuantity: '20' } }, '150', '10.00', 'SIZE_BELOW_MINIMUM'],
  ] as const)('for %s', (_, of, cash, price, code) => {
    expect(size({ sizing: 'all-in', ...of }, cash, price)).toBe(code);
  });

  it('beyond what the venue takes: capped on the grid', () => {
    expect(size({ sizing: 'all-in', units: 'step:30', terms: { maxQuantity: '100' } }, '100000', '1.00')).toBe('90');
  });

  it('from a policy that cannot work', () => {
    const sizing = { kind: 'all-in' } as const;
    const units = { kind: 'step', step: '0.5' } as const;
    const terms = { instrument: instrumentOf({ step: '1', quantityDigits: 0 }), sizing, units, leverage: '1' };
    expect(createSizer({ ...terms, commission: { rate: '0', fixed: '0' } })).toMatchObject({
      error: { code: 'UNITS_STEP' },
    });
    const fine = { ...terms, units: { kind: 'fractional' } as const };
    expect(createSizer({ ...fine, commission: { rate: '-0.1', fixed: '0' } })).toMatchObject({
      error: { code: 'SIZING_TERMS' },
    });
    expect(createSizer({ ...fine, leverage: '0', commission: { rate: '0', fixed: '0' } }).ok).toBe(false);
  });
});

describe('the words of the command line', () => {
  it('are read or refused', () => {
    expect(readSizing('all-in')).toMatchObject({ ok: true, value: { kind: 'all-in' } });
    expect(readSizing('fraction:0.5')).toMatchObject({ ok: true, value: { kind: 'fraction', fraction: '0.5' } });
    expect(readSizing('units:10')).toMatchObject({ ok: true, value: { kind: 'units', quantity: '10' } });
    expect(readSizing('volatility:0.15')).toMatchObject({ ok: true, value: { kind: 'volatility', target: '0.15' } });
    for (const bad of [
      '',
      'all',
      'all-in:1',
      'fraction',
      'fraction:',
      'fraction:0',
      'risk:-1',
      'risk:x',
      'units:1e3',
    ]) {
      expect(readSizing(bad)).toMatchObject({ ok: false, error: { code: 'SIZING_INVALID' } });
    }
    expect(readUnits('step:0.001')).toMatchObject({ ok: true, value: { kind: 'step', step: '0.001' } });
    for (const bad of ['', 'steps', 'step:', 'step:0', 'step:0.0', 'Integer']) {
      expect(readUnits(bad)).toMatchObject({ ok: false, error: { code: 'UNITS_INVALID' } });
    }
  });
});
