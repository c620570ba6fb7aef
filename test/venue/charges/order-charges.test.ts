import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal, ZERO } from '../../../src/domain/decimal.ts';
import { brokeragePlan, type BrokeragePlan } from '../../../src/venue/charges/brokerage-plan.ts';
import { contractNote } from '../../../src/venue/charges/contract-note.ts';
import { OrderCharges } from '../../../src/venue/charges/order-charges.ts';

function planOf(name: string): BrokeragePlan {
  const plan = brokeragePlan(name);
  if (!plan.ok) throw new Error(plan.error.sentence);
  return plan.value;
}

const DATES = [
  '2021-06-01',
  '2023-03-31',
  '2023-04-01',
  '2024-09-30',
  '2024-10-01',
  '2026-02-27',
  '2026-03-02',
  '2026-08-03',
];
const value = fc.integer({ min: 1, max: 500_000_000 }).map((paise) => new Decimal(paise).div(100));
const terms = {
  date: fc.constantFrom(...DATES),
  side: fc.constantFrom('buy' as const, 'sell' as const),
  product: fc.constantFrom('delivery' as const, 'intraday' as const),
  plan: fc.constantFrom('zerodha', 'fyers', 'discount', 'none').map(planOf),
};

describe('charges of one order', () => {
  it('are the contract note of a day with that order alone', () => {
    fc.assert(
      fc.property(fc.record(terms), value, ({ date, side, product, plan }, turnover) => {
        const charges = OrderCharges.on(date, side, product, 'NSE', plan);
        const trade = {
          symbol: 'X',
          side,
          quantity: new Decimal(1),
          price: turnover,
          product,
          exchange: 'NSE' as const,
          order: null,
        };
        const note = contractNote([trade], { date, plan, billIpft: false, billDepository: false });
        if (!charges.ok || !note.ok) throw new Error('these days are covered');
        const parts = charges.value.parts(turnover);
        for (const name of ['brokerage', 'stt', 'transaction', 'sebi', 'stamp', 'gst', 'total'] as const) {
          expect(`${name} ${parts[name].toFixed(2)}`).toBe(`${name} ${note.value[name].toFixed(2)}`);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('never fall as the order fills, so no fill has a negative fee', () => {
    fc.assert(
      fc.property(
        fc.record(terms),
        fc.array(value, { minLength: 2, maxLength: 12 }),
        ({ date, side, product, plan }, fills) => {
          const charges = OrderCharges.on(date, side, product, 'NSE', plan);
          if (!charges.ok) throw new Error(charges.error.sentence);
          let traded = ZERO;
          let before = ZERO;
          for (const fill of fills) {
            traded = traded.plus(fill);
            const { total } = charges.value.parts(traded);
            expect(total.greaterThanOrEqualTo(before)).toBe(true);
            before = total;
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('are not guessed for a day without known rates', () => {
    expect(OrderCharges.on('2019-05-06', 'buy', 'intraday', 'NSE', planOf('zerodha'))).toMatchObject({
      ok: false,
      error: { code: 'CHARGE_DATE_UNKNOWN', limit: '2020-01-01' },
    });
    expect(OrderCharges.on('2020-10-01', 'buy', 'delivery', 'NSE', planOf('zerodha')).ok).toBe(false);
  });
});
