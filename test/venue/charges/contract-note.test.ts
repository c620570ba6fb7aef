import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal, ZERO } from '../../../src/domain/decimal.ts';
import { brokeragePlan, DEFAULT_PLAN } from '../../../src/venue/charges/brokerage-plan.ts';
import type { ChargedTrade, Product } from '../../../src/venue/charges/charge-terms.ts';
import { contractNote, type ContractNote, type NoteTerms } from '../../../src/venue/charges/contract-note.ts';

type Row = readonly [
  side: 'buy' | 'sell',
  quantity: string,
  price: string,
  product?: Product,
  symbol?: string,
  order?: string,
];

function tradeOf([side, quantity, price, product, symbol, order]: Row): ChargedTrade {
  return {
    symbol: symbol ?? 'RELIANCE',
    side,
    quantity: new Decimal(quantity),
    price: new Decimal(price),
    product: product ?? 'intraday',
    exchange: 'NSE',
    order: order ?? null,
  };
}

function terms(date: string, more: Partial<NoteTerms> = {}): NoteTerms {
  return { date, plan: DEFAULT_PLAN, billIpft: false, billDepository: false, ...more };
}

function note(rows: readonly Row[], of: NoteTerms): ContractNote {
  const made = contractNote(rows.map(tradeOf), of);
  if (!made.ok) throw new Error(made.error.sentence);
  return made.value;
}

function code(rows: readonly Row[], of: NoteTerms): string {
  const made = contractNote(rows.map(tradeOf), of);
  return made.ok ? 'charged' : made.error.code;
}

const KINDS = ['brokerage', 'stt', 'transaction', 'sebi', 'gst', 'stamp', 'other', 'total'] as const;
const figures = (of: ContractNote): Record<string, string> =>
  Object.fromEntries(KINDS.map((kind) => [kind, of[kind].toFixed(2)]));

describe('the rate of the day', () => {
  it.each([
    // The last day before and the first day of each change, on 10,00,000 sold.
    ['futures', '2024-10-01', '200.00', '17.30'],
    ['futures', '2026-02-28', '200.00', '17.30'],
    ['futures', '2026-03-01', '200.00', '18.30'],
    ['futures', '2026-03-31', '200.00', '18.30'],
    ['futures', '2026-04-01', '500.00', '18.30'],
    ['options', '2024-10-01', '1000.00', '350.30'],
    ['options', '2026-02-28', '1000.00', '350.30'],
    ['options', '2026-03-01', '1000.00', '355.30'],
    ['options', '2026-04-01', '1500.00', '355.30'],
    ['delivery', '2021-04-01', '1000.00', '34.50'],
    ['delivery', '2023-03-31', '1000.00', '34.50'],
    ['delivery', '2023-04-01', '1000.00', '32.20'],
    ['delivery', '2024-09-30', '1000.00', '32.20'],
    ['delivery', '2024-10-01', '1000.00', '29.70'],
    ['delivery', '2026-03-01', '1000.00', '30.70'],
    ['intraday', '2026-11-20', '250.00', '30.70'],
  ] as const)('%s on %s: STT %s, exchange %s', (product, date, stt, transaction) => {
    const made = note([['sell', '1000', '1000', product]], terms(date));
    expect(made.stt.toFixed(2)).toBe(stt);
    expect(made.transaction.toFixed(2)).toBe(transaction);
    expect(made.sebi.toFixed(2)).toBe('1.00');
    expect(made.stamp.isZero()).toBe(true);
  });

  it.each([
    ['delivery', '150.00', '1000.00'],
    ['intraday', '30.00', '0.00'],
    ['futures', '20.00', '0.00'],
    ['options', '30.00', '0.00'],
  ] as const)('stamp duty and STT of a %s buy: %s and %s', (product, stamp, stt) => {
    const made = note([['buy', '1000', '1000', product]], terms('2025-06-02'));
    expect([made.stamp.toFixed(2), made.stt.toFixed(2)]).toEqual([stamp, stt]);
  });

  it.each([
    ['intraday', '2021-03-31', 'SEBI turnover fee'],
    ['delivery', '2020-12-31', 'transaction charge'],
    ['intraday', '2019-12-31', 'securities transaction tax'],
    // STT is known from 2023-04-01, the exchange charge only from 2024-10-01.
    ['futures', '2024-09-30', 'transaction charge'],
    ['options', '2023-03-31', 'securities transaction tax'],
  ] as const)('%s on %s is refused: %s', (product, date, what) => {
    const made = contractNote([tradeOf(['sell', '1', '100', product])], terms(date));
    expect(made).toMatchObject({ ok: false, error: { code: 'CHARGE_DATE_UNKNOWN' } });
    if (!made.ok) expect(made.error.sentence).toContain(what);
  });

  it('exercised options owe STT of the buyer on intrinsic value and nothing else', () => {
    const row: Row = ['buy', '75', '200', 'exercise'];
    expect(figures(note([row], terms('2026-03-31')))).toMatchObject({ stt: '19.00', total: '19.00', gst: '0.00' });
    expect(note([row], terms('2026-04-01')).stt.toFixed(2)).toBe('23.00');
    expect(code([['sell', '75', '200', 'exercise']], terms('2026-04-01'))).toBe('EXERCISE_SIDE');
  });

  it('BSE has its own exchange charge, and none for futures', () => {
    const bse = (product: Product, date: string) =>
      contractNote([{ ...tradeOf(['sell', '1000', '1000', product]), exchange: 'BSE' }], terms(date));
    const charged = (product: Product): string => {
      const made = bse(product, '2025-06-02');
      return made.ok ? made.value.transaction.toFixed(2) : made.error.code;
    };
    expect([charged('delivery'), charged('futures'), charged('options')]).toEqual(['37.50', '0.00', '325.00']);
    expect(bse('delivery', '2024-09-30')).toMatchObject({ ok: false, error: { code: 'CHARGE_DATE_UNKNOWN' } });
  });
});

describe('published examples', () => {
  it('1,00,000 intraday by the tariff of 2021: buy 20 + 3.45 + 0.10 + 3, sell 20 + 25 + 3.45 + 0.10, GST on all but tax', () => {
    const buy = note([['buy', '100', '1000']], terms('2021-06-01'));
    expect(figures(buy)).toEqual({
      brokerage: '20.00',
      stt: '0.00',
      transaction: '3.45',
      sebi: '0.10',
      gst: '4.24',
      stamp: '3.00',
      other: '0.00',
      total: '30.79',
    });
    expect(note([['sell', '100', '1000']], terms('2021-06-01')).total.toFixed(2)).toBe('52.79');
  });

  it('5,000 bought and sold at 1,000 for delivery at the rates of 2026: 11,124.06', () => {
    const day = terms('2026-06-01');
    const buy = note([['buy', '5000', '1000', 'delivery']], day);
    const sell = note([['sell', '5000', '1000', 'delivery']], day);
    expect(buy.stt.plus(sell.stt).toFixed()).toBe('10000');
    expect(buy.gst.plus(sell.gst).toFixed()).toBe('57.06');
    expect(buy.total.plus(sell.total).toFixed()).toBe('11124.06');
  });

  it('STT at the average price: 500 bought at 100 and sold at 105, 200 bought at 110 and kept', () => {
    const rows: Row[] = [
      ['buy', '500', '100'],
      ['sell', '500', '105'],
      ['buy', '200', '110', 'delivery'],
    ];
    const made = note(rows, terms('2024-07-01'));
    const stt = made.lines.filter((line) => line.name === 'stt');
    // Average 124,500 / 1,200 = 103.75: 12.96875 intraday and 20.75 delivery, 33.71875 together.
    expect(stt.map((line) => [line.product, line.basis.toFixed()])).toEqual([
      ['intraday', '51875'],
      ['delivery', '20750'],
      [null, '72625'],
    ]);
    expect(made.stt.toFixed()).toBe('34');
    // On the trades' own values it would have been 13.125 + 22 = 35.
    expect(made.stamp.toFixed()).toBe('4.8');
    expect(made.warnings).toEqual([]);
  });

  it('bought and sold for delivery on one day nets to intraday, with a warning', () => {
    const made = note(
      [
        ['buy', '10', '100', 'delivery'],
        ['sell', '4', '110', 'delivery'],
      ],
      terms('2025-06-02'),
    );
    // Average 1,440 / 14; 4 intraday and 6 delivered.
    const expected = new Decimal(1440)
      .div(14)
      .times(new Decimal('4').times('0.00025').plus(new Decimal('6').times('0.001')));
    expect(made.stt.toFixed()).toBe(expected.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toFixed());
    expect(made.warnings).toHaveLength(1);
  });

  it('securities are averaged apart', () => {
    const apart = note(
      [
        ['buy', '100', '100', 'intraday', 'A'],
        ['sell', '100', '300', 'intraday', 'A'],
        ['sell', '1000', '50', 'intraday', 'B'],
        ['buy', '1000', '50', 'intraday', 'B'],
      ],
      terms('2025-06-02'),
    );
    // (100 x 200 + 1000 x 50) x 0.025 %
    expect(apart.lines.find((line) => line.name === 'stt')?.basis.toFixed()).toBe('70000');
    expect(apart.stt.toFixed()).toBe('18');
  });

  it.each([
    ['9940', '2'],
    ['9999.99', '2'],
    ['10000', '3'],
    ['10040', '3'],
  ])('50 paise of STT round up: intraday sale of %s owes %s', (price, stt) => {
    expect(note([['sell', '1', price]], terms('2025-06-02')).stt.toFixed()).toBe(stt);
  });

  it('an exact half rupee survives an average price that does not end', () => {
    const rows: Row[] = [
      ['buy', '1', '5000'],
      ['buy', '2', '1500'],
      ['sell', '3', '4000'],
    ];
    // 20,000 / 6 does not end; 3 of them are 10,000 and owe 2.50.
    expect(note(rows, terms('2025-06-02')).stt.toFixed()).toBe('3');
  });
});

describe('brokerage', () => {
  const plan = (name: string) => {
    const found = brokeragePlan(name);
    if (!found.ok) throw new Error(found.error.sentence);
    return found.value;
  };

  it.each([
    ['zerodha', 'delivery', '0.00'],
    ['zerodha_delivery', 'delivery', '0.00'],
    ['fyers_delivery_current', 'delivery', '20.00'],
    ['fyers', 'delivery', '20.00'],
    ['discount_intraday', 'intraday', '15.00'],
    ['fyers_intraday', 'intraday', '15.00'],
    ['zerodha_delivery', 'intraday', '15.00'],
    ['futures', 'futures', '15.00'],
    ['options', 'options', '20.00'],
    ['none', 'options', '0.00'],
    ['min(10, 0.01%)', 'intraday', '5.00'],
    ['flat 12.5', 'delivery', '12.50'],
    ['0.02%', 'futures', '10.00'],
  ] as const)('plan %s, %s of 50,000: %s', (name, product, expected) => {
    const made = note([['buy', '500', '100', product]], terms('2025-06-02', { plan: plan(name) }));
    expect(made.brokerage.toFixed(2)).toBe(expected);
  });

  it('is capped per order, and executions of one order share it', () => {
    const apart = note(
      [
        ['buy', '1000', '100'],
        ['buy', '1000', '100'],
      ],
      terms('2025-06-02'),
    );
    const together = note(
      [
        ['buy', '1000', '100', 'intraday', 'X', '7'],
        ['buy', '3000', '100', 'intraday', 'X', '7'],
      ],
      terms('2025-06-02'),
    );
    expect(apart.brokerage.toFixed()).toBe('40');
    expect(together.brokerage.toFixed()).toBe('20');
    expect(together.perTrade.map((part) => part.brokerage.toFixed())).toEqual(['5', '15']);
  });

  it('of an unknown plan is refused', () => {
    expect(brokeragePlan('toString')).toMatchObject({ ok: false, error: { code: 'PLAN_UNKNOWN' } });
    expect(brokeragePlan('min(20)')).toMatchObject({ ok: false, error: { code: 'PLAN_UNKNOWN' } });
  });
});

describe('billed on request', () => {
  it('the investor protection fund, while it is apart from the exchange charge, with GST', () => {
    const row: Row = ['sell', '1000', '1000', 'options'];
    const made = note([row], terms('2025-06-02', { billIpft: true }));
    expect(made.other.toFixed(2)).toBe('5.00');
    // 18 % of 20 + 350.30 + 5 + 1
    expect(made.gst.toFixed(2)).toBe('67.73');
    expect(note([row], terms('2026-06-01', { billIpft: true })).other.isZero()).toBe(true);
  });

  it('the depository charge per security sold for delivery', () => {
    const rows: Row[] = [
      ['sell', '10', '100', 'delivery', 'A'],
      ['sell', '5', '100', 'delivery', 'A'],
      ['sell', '5', '100', 'delivery', 'B'],
      ['buy', '5', '100', 'delivery', 'C'],
    ];
    expect(note(rows, terms('2025-06-02', { billDepository: true })).other.toFixed(2)).toBe('30.68');
    const fyers = brokeragePlan('fyers');
    expect(fyers.ok && code(rows, terms('2025-06-02', { billDepository: true, plan: fyers.value }))).toBe(
      'DEPOSITORY_UNKNOWN',
    );
  });
});

describe('refused', () => {
  it.each([
    ['no trades', [], '2025-06-02', 'NOTE_EMPTY'],
    ['zero quantity', [['buy', '0', '100']], '2025-06-02', 'TRADE_NOT_POSITIVE'],
    ['negative price', [['buy', '1', '-1']], '2025-06-02', 'TRADE_NOT_POSITIVE'],
    ['no such day', [['buy', '1', '1']], '2025-02-30', 'CHARGE_DATE_INVALID'],
    [
      'mixed order',
      [
        ['buy', '1', '1', 'intraday', 'A', '1'],
        ['sell', '1', '1', 'intraday', 'A', '1'],
      ],
      '2025-06-02',
      'ORDER_MIXED',
    ],
  ] as const)('%s', (_, rows, date, expected) => {
    expect(code(rows as readonly Row[], terms(date))).toBe(expected);
  });
});

describe('any day', () => {
  const anyRow = fc.record({
    symbol: fc.constantFrom('A', 'B'),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantity: fc.integer({ min: 1, max: 5000 }).map((units) => new Decimal(units)),
    price: fc.integer({ min: 1, max: 1_000_000 }).map((ticks) => new Decimal(ticks).times('0.05')),
    product: fc.constantFrom<Product>('delivery', 'intraday', 'futures', 'options'),
    exchange: fc.constantFrom('NSE' as const, 'BSE' as const),
    order: fc.constant(null),
  });

  it('lines add up to the kinds, kinds to the total, trades to the note, to the paisa', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 12 }), (trades) => {
        const made = contractNote(trades, terms('2025-12-01', { billIpft: true, billDepository: true }));
        if (!made.ok) throw new Error(made.error.sentence);
        const { lines, perTrade } = made.value;
        const sum = (list: readonly Decimal[]): Decimal => list.reduce((all, one) => all.plus(one), ZERO);
        expect(sum(lines.map((line) => line.amount)).toFixed()).toBe(made.value.total.toFixed());
        expect(made.value.stt.isInteger()).toBe(true);
        for (const kind of ['turnover', ...KINDS] as const) {
          expect(sum(perTrade.map((part) => part[kind])).toFixed()).toBe(made.value[kind].toFixed());
          if (kind !== 'turnover') expect(made.value[kind].decimalPlaces()).toBeLessThanOrEqual(2);
        }
        for (const part of perTrade)
          for (const kind of KINDS) expect(part[kind].isNegative() && !part[kind].isZero()).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});
