import { describe, expect, it } from 'vitest';
import { defineInstrument, type Instrument } from '../../../src/domain/instrument.ts';
import { LISTED_SHARE, type ListedSegment, type Listing } from '../../../src/venue/rules/listing.ts';
import type { RuledOrder } from '../../../src/venue/rules/market-rules.ts';
import { NseRules } from '../../../src/venue/rules/nse-rules.ts';
import { nseTickSize } from '../../../src/venue/rules/nse-tick-size.ts';

function share(tick = '0.01'): Instrument {
  const made = defineInstrument({
    symbol: 'SBIN',
    venue: 'nse',
    kind: 'equity',
    quote: 'INR',
    tick,
    step: '1',
    priceDigits: 2,
    calendar: 'nse',
  });
  if (!made.ok) throw new Error(made.error.sentence);
  return made.value;
}

const LIMIT: RuledOrder = { side: 'buy', type: 'limit', timeInForce: 'DAY', quantity: 10, price: 0, trigger: 0 };
const NOTHING = { base: 0, last: 0, touch: 0 };
const at = (text: string): number => Date.parse(`${text}+05:30`);

function rulesFor(listing: Partial<Listing>): NseRules {
  return new NseRules({ listing: () => ({ ...LISTED_SHARE, ...listing }) });
}

describe('tick size by price and date', () => {
  const rows: [ListedSegment, string, string, string][] = [
    ['cash', '2024-06-07', '120', '0.05'],
    ['cash', '2024-06-10', '120', '0.01'],
    ['cash', '2024-06-10', '249.99', '0.01'],
    ['cash', '2024-06-10', '250', '0.05'],
    ['cash', '2025-04-11', '3500', '0.05'],
    ['cash', '2025-04-15', '249.95', '0.01'],
    ['cash', '2025-04-15', '250', '0.05'],
    ['cash', '2025-04-15', '1000', '0.05'],
    ['cash', '2025-04-15', '1000.05', '0.1'],
    ['cash', '2025-04-15', '5000', '0.1'],
    ['cash', '2025-04-15', '5000.1', '0.5'],
    ['cash', '2025-04-15', '10000', '0.5'],
    ['cash', '2025-04-15', '10000.5', '1'],
    ['cash', '2025-04-15', '20000', '1'],
    ['cash', '2025-04-15', '20001', '5'],
    ['etf', '2024-01-05', '240', '0.01'],
    ['stock-futures', '2025-04-11', '3500', '0.05'],
    ['stock-futures', '2025-04-15', '3500', '0.1'],
    ['index-futures', '2025-04-11', '24000', '0.05'],
    ['index-futures', '2025-04-15', '15000', '0.05'],
    ['index-futures', '2025-04-15', '24000', '0.1'],
    ['index-futures', '2025-04-15', '52000', '0.2'],
    ['options', '2025-06-02', '180', '0.05'],
  ];
  it.each(rows)('%s on %s at %s is %s', (segment, date, reference, tick) => {
    const size = nseTickSize(segment, date, reference);
    expect(size.ok && size.value.tick).toBe(tick);
  });

  it.each([
    // 31 March 2025 was a holiday after a weekend.
    ['2025-04-15', '2025-03-28'],
    ['2024-06-10', '2024-05-31'],
    ['2026-02-02', '2026-01-30'],
    // A Sunday session on 1 February 2026 belongs to February; March looks at the last day of February.
    ['2026-03-02', '2026-02-27'],
    ['2025-02-03', '2025-01-31'],
  ])('on %s the close of %s counts', (date, day) => {
    const size = nseTickSize('cash', date, '500');
    expect(size.ok && size.value.referenceDay).toBe(day);
  });

  it('refuses what is no day and no price', () => {
    expect(nseTickSize('cash', '2025-02-30', '500')).toMatchObject({ error: { code: 'TICK_DATE_INVALID' } });
    expect(nseTickSize('cash', '2025-02-03', '0')).toMatchObject({ error: { code: 'TICK_REFERENCE_INVALID' } });
    expect(nseTickSize('cash', '2025-02-03', '1e3')).toMatchObject({ error: { code: 'TICK_REFERENCE_INVALID' } });
  });

  it('judges an order by the slab of its day', () => {
    const rules = rulesFor({ band: null, tickReference: '1408.3' });
    const order = { ...LIMIT, price: 140_835 };
    expect(rules.refusal(order, share(), at('2025-04-11T10:00'), NOTHING)).toBeNull();
    expect(rules.refusal(order, share(), at('2025-04-15T10:00'), NOTHING)).toEqual({
      code: 'PRICE_OFF_TICK',
      sentence:
        'The limit price 1408.35 is not a multiple of the tick size 0.10 that SBIN has this month; use 1408.30 or 1408.40.',
      value: '1408.35',
      limit: '0.10',
    });
    const stop = { ...LIMIT, type: 'stop' as const, trigger: 140_835 };
    expect(rules.refusal(stop, share(), at('2025-04-15T10:00'), NOTHING)?.code).toBe('PRICE_OFF_TICK');
  });
});

describe('price bands', () => {
  const day = at('2025-06-02T10:00');
  const cases: [string, Listing['band'], number, number, number | null][] = [
    ['20 % band, upper end', 20, 80_000, 96_000, null],
    ['20 % band, one tick above', 20, 80_000, 96_005, 96_000],
    ['20 % band, lower end', 20, 80_000, 64_000, null],
    ['20 % band, one tick below', 20, 80_000, 63_995, 64_000],
    ['5 % band', 5, 80_000, 84_005, 84_000],
    ['2 % band', 2, 80_000, 78_395, 78_400],
    ['ends are put on the tick inside', 5, 80_015, 84_015, null],
    ['just beyond', 5, 80_015, 84_020, 84_015],
    ['operating range of 10 %', 'range', 80_000, 88_000, null],
    ['operating range, beyond', 'range', 80_000, 88_005, 88_000],
    ['no band', null, 80_000, 200_000, null],
    ['no base price known', 5, 0, 200_000, null],
  ];
  it.each(cases)('%s', (_, band, base, price, limit) => {
    const refusal = rulesFor({ band }).refusal({ ...LIMIT, price }, share('0.05'), day, {
      base,
      last: base,
      touch: base,
    });
    expect(refusal === null ? null : [refusal.code, refusal.limit]).toEqual(
      limit === null ? null : ['PRICE_BAND', (limit / 100).toFixed(2)],
    );
  });

  it('widens the operating range by 5 % once the price comes near its end', () => {
    const rules = rulesFor({ band: 'range' });
    const order = { ...LIMIT, price: 91_500 };
    const market = (last: number) => ({ base: 80_000, last, touch: last });
    expect(rules.refusal(order, share('0.05'), day, market(87_900))?.code).toBe('PRICE_BAND');
    expect(rules.refusal(order, share('0.05'), day, market(87_920))).toBeNull();
  });

  it('was capped at 5 % in the session of 2024-05-18 and not the week before', () => {
    const rules = rulesFor({ band: 20 });
    const market = { base: 80_000, last: 80_000, touch: 80_000 };
    const order = { ...LIMIT, price: 90_000 };
    expect(rules.refusal(order, share('0.05'), at('2024-05-17T10:00'), market)).toBeNull();
    expect(rules.refusal(order, share('0.05'), at('2024-05-18T09:30'), market)).toMatchObject({
      code: 'PRICE_BAND',
      value: '900.00',
      limit: '840.00',
    });
  });
});

describe('freeze quantity', () => {
  const nifty = ((): Instrument => {
    const made = defineInstrument({
      symbol: 'NIFTY26AUGFUT',
      venue: 'nse',
      kind: 'index',
      quote: 'INR',
      tick: '0.1',
      step: '65',
      priceDigits: 2,
      calendar: 'nse',
    });
    if (!made.ok) throw new Error(made.error.sentence);
    return made.value;
  })();
  const rules = rulesFor({ segment: 'index-futures', band: null, freezeQuantity: 1_800 });
  const order = (quantity: number) => ({ ...LIMIT, type: 'market' as const, quantity });

  it('takes the largest whole number of lots below it', () => {
    expect(rules.refusal(order(1_755), nifty, at('2026-08-10T10:00'), NOTHING)).toBeNull();
  });
  it('says the largest order and how many are needed', () => {
    expect(rules.refusal(order(5_200), nifty, at('2026-08-10T10:00'), NOTHING)).toEqual({
      code: 'FREEZE_QUANTITY',
      sentence:
        "Quantity 5200 of NIFTY26AUGFUT is above the exchange's freeze quantity 1800; send at most 1755 in one order: 3 orders carry 5200.",
      value: '5200',
      limit: '1755',
    });
  });
});

describe('when orders may be entered', () => {
  const market = { ...LIMIT, type: 'market' as const };
  const stop = { ...LIMIT, type: 'stop' as const, trigger: 80_000 };
  const ioc = { ...LIMIT, timeInForce: 'IOC' as const };
  const limit = { ...LIMIT, price: 80_000 };
  const rows: [string, RuledOrder, Partial<Listing>, string | null][] = [
    ['2025-06-02T09:14:59', limit, {}, 'AUCTION_ENTRY_CLOSED'],
    ['2025-06-02T09:07', limit, {}, 'AUCTION_NOT_SIMULATED'],
    ['2025-06-02T09:07', stop, {}, 'AUCTION_ORDER_TYPE'],
    ['2025-06-02T09:15', limit, {}, null],
    ['2025-06-02T15:29:59', market, {}, null],
    ['2025-06-02T15:30', market, {}, 'MARKET_CLOSED'],
    ['2025-06-01T11:00', market, {}, 'MARKET_CLOSED'],
    ['2025-08-15T11:00', market, {}, 'MARKET_CLOSED'],
    // Before and after the change of the opening auction.
    ['2026-09-04T09:06', market, {}, 'AUCTION_NOT_SIMULATED'],
    ['2026-09-07T09:04', market, {}, 'AUCTION_NOT_SIMULATED'],
    ['2026-09-07T09:06', market, {}, 'AUCTION_LIMIT_ONLY'],
    ['2026-09-07T09:09', limit, {}, 'AUCTION_NOT_SIMULATED'],
    ['2026-09-04T09:09', limit, {}, 'AUCTION_ENTRY_CLOSED'],
    // Closing auction from 2026-08-03 for shares with derivatives only.
    ['2026-07-31T15:20', market, {}, null],
    ['2026-08-03T15:14:59', market, {}, null],
    ['2026-08-03T15:17', limit, {}, 'AUCTION_ENTRY_CLOSED'],
    ['2026-08-03T15:21', limit, {}, 'AUCTION_NOT_SIMULATED'],
    ['2026-08-03T15:21', stop, {}, 'AUCTION_ORDER_TYPE'],
    ['2026-08-03T15:21', ioc, {}, 'AUCTION_ORDER_TYPE'],
    ['2026-08-03T15:26', market, {}, 'AUCTION_LIMIT_ONLY'],
    ['2026-08-03T15:26', limit, {}, 'AUCTION_NOT_SIMULATED'],
    ['2026-08-03T15:26', market, { hasDerivatives: false }, null],
    ['2026-07-31T15:35', market, { segment: 'stock-futures' }, 'MARKET_CLOSED'],
    ['2026-08-03T15:35', market, { segment: 'stock-futures' }, null],
    // A pre-open of its own: the inner times of the ordinary one do not apply.
    ['2025-10-21T13:40', market, {}, 'AUCTION_NOT_SIMULATED'],
    ['2025-10-21T14:00', market, {}, null],
    ['2024-03-02T10:30', market, {}, 'MARKET_CLOSED'],
  ];
  it.each(rows)('%s %o', (time, order, listing, code) => {
    expect(rulesFor({ band: null, ...listing }).refusal(order, share(), at(time), NOTHING)?.code ?? null).toBe(code);
  });

  it('names the next opening', () => {
    expect(rulesFor({}).refusal(market, share(), at('2025-08-14T15:30'), NOTHING)).toEqual({
      code: 'MARKET_CLOSED',
      sentence:
        'SBIN is not trading: Closing price calculation. The next continuous session opens 2025-08-18T09:15:00+05:30; send the order then.',
      value: '2025-08-14T15:30:00+05:30',
      limit: '2025-08-18T09:15:00+05:30',
    });
  });
});

describe('market price protection', () => {
  const day = '2026-08-10T10:00';
  const rows: [ListedSegment, 'buy' | 'sell', string, number, number][] = [
    ['index-futures', 'buy', day, 9_000_00, 9_050_00],
    ['index-futures', 'sell', day, 9_000_00, 8_950_00],
    ['index-futures', 'buy', day, 24_000_00, 24_120_00],
    ['index-futures', 'sell', day, 24_000_10, 23_880_10],
    ['stock-futures', 'buy', day, 50_00, 50_75],
    ['stock-futures', 'buy', day, 1_000_00, 1_015_00],
    ['options', 'buy', day, 10_00, 11_50],
    ['options', 'sell', day, 20_00, 17_00],
    ['options', 'buy', day, 100_00, 110_00],
    ['options', 'buy', '2026-03-31T10:00', 100_00, 0],
    ['cash', 'buy', day, 1_000_00, 0],
  ];
  it.each(rows)('%s %s on %s at %d gets %d', (segment, side, time, touch, limit) => {
    const rules = rulesFor({ segment, band: null });
    const order = { ...LIMIT, type: 'market' as const, side };
    expect(rules.protection(order, share('0.05'), at(time), { base: 0, last: touch, touch })).toBe(limit);
  });
  it('stays within the band', () => {
    const rules = rulesFor({ segment: 'options', band: 5 });
    const order = { ...LIMIT, type: 'market' as const };
    expect(rules.protection(order, share('0.05'), at(day), { base: 100_00, last: 104_00, touch: 104_00 })).toBe(105_00);
  });
});
