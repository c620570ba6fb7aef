import { expect, it } from 'vitest';
import type { Bar, Quote, Trade } from '../../src/domain/market-data.ts';
import { SymbolValidator, TickValidator } from '../../src/market/tick-validator.ts';
import { describeWithData, sharedData } from '../support/shared-data.ts';
import { readAll, testInstrument } from './support.ts';

const instrument = testInstrument();

function trade(price: number, ts = 1000, more: Partial<Trade> = {}): Trade {
  return {
    kind: 'trade',
    instrument: instrument.id,
    ts,
    at: ts,
    price,
    quantity: 1,
    aggressor: null,
    tradeId: null,
    ...more,
  };
}
function quote(bid: number, ask: number, ts = 1000, more: Partial<Quote> = {}): Quote {
  return { kind: 'quote', instrument: instrument.id, ts, at: ts, bid, ask, bidQuantity: 1, askQuantity: 1, ...more };
}
/** A market that has moved by about 0.1 % a tick for a while around 10000. */
function warm(): SymbolValidator {
  const validator = new SymbolValidator();
  for (let i = 0; i < 40; i += 1)
    expect(validator.checkTrade(trade(i % 2 === 0 ? 10_000 : 10_010, 1000 + i))).toBeNull();
  return validator;
}

it.each([
  ['non-finite', trade(Number.NaN)],
  ['non-finite', trade(10, 1000, { quantity: Number.POSITIVE_INFINITY })],
  ['non-finite', trade(10, Number.NaN)],
  ['not-positive', trade(0)],
  ['not-positive', trade(-5)],
  ['negative-quantity', trade(10, 1000, { quantity: -1 })],
  ['from-the-future', trade(10, 200_000, { at: 1000 })],
] as const)('finds a trade %s', (fault, tick) => {
  const validator = new SymbolValidator();
  expect(validator.checkTrade(tick)).toBe(fault);
  expect(validator.faults()).toEqual({ [fault]: 1 });
  expect(validator.accepted).toBe(0);
});

it.each([
  ['non-finite', quote(Number.NaN, 10)],
  ['not-positive', quote(0, 0)],
  ['not-positive', quote(-1, 10)],
  ['negative-quantity', quote(9, 10, 1000, { askQuantity: -1 })],
  ['crossed', quote(11, 10)],
] as const)('finds a quote %s', (fault, tick) => {
  expect(new SymbolValidator().checkQuote(tick)).toBe(fault);
});

it('accepts a locked and a one-sided quote and a trade of quantity 0', () => {
  const validator = new SymbolValidator();
  expect(validator.checkQuote(quote(10, 10))).toBeNull();
  expect(validator.checkQuote(quote(0, 10, 1001, { bidQuantity: 0 }))).toBeNull();
  expect(validator.checkTrade(trade(10, 1001, { quantity: 0 }))).toBeNull();
});

it('finds duplicates: a trade id seen before, a quote repeated at the same time', () => {
  const validator = new SymbolValidator();
  expect(validator.checkTrade(trade(10, 1000, { tradeId: 'a' }))).toBeNull();
  expect(validator.checkTrade(trade(10, 1000, { tradeId: 'a' }))).toBe('duplicate');
  expect(validator.checkTrade(trade(10, 1000, { tradeId: 'b' }))).toBeNull();
  expect(validator.checkQuote(quote(9, 10))).toBeNull();
  expect(validator.checkQuote(quote(9, 10))).toBe('duplicate');
  expect(validator.checkQuote(quote(9, 10, 1001))).toBeNull();
});

it('forgives disorder of milliseconds, not more', () => {
  const validator = new SymbolValidator();
  validator.checkTrade(trade(10, 10_000));
  expect(validator.checkTrade(trade(10, 9_990))).toBeNull();
  expect(validator.checkTrade(trade(10, 8_000))).toBe('out-of-order');
});

it('refuses single outliers and believes a jump that is confirmed', () => {
  const validator = warm();
  expect(validator.checkTrade(trade(100_100, 2000))).toBe('outlier');
  expect(validator.checkTrade(trade(10_005, 2001))).toBeNull();
  expect(validator.checkTrade(trade(100, 2002))).toBe('outlier');
  expect(validator.checkTrade(trade(10_005, 2003))).toBeNull();
  // A real fall of 8 %: two prints are refused, the third that agrees is the new level.
  expect([9_200, 9_195, 9_198, 9_199].map((price, i) => validator.checkTrade(trade(price, 2010 + i)))).toEqual([
    'outlier',
    'outlier',
    null,
    null,
  ]);
  expect(validator.checkTrade(trade(10_005, 2020))).toBe('outlier');
  expect(validator.faults()).toEqual({ outlier: 5 });
});

it('does not take outliers that disagree with each other for a jump', () => {
  const validator = warm();
  const wild = [12_000, 8_000, 15_000, 5_000, 20_000, 3_000];
  expect(wild.map((price, i) => validator.checkTrade(trade(price, 2000 + i)))).toEqual(wild.map(() => 'outlier'));
});

it('lets the market gap after a pause', () => {
  const validator = warm();
  expect(validator.checkTrade(trade(10_400, 50_000_000))).toBeNull();
});

it('judges bars for themselves and counts over all instruments', () => {
  const bar: Bar = { ...trade(1), kind: 'bar', start: 0, open: 5, high: 6, low: 4, close: 5, volume: 1 };
  const validator = new TickValidator([instrument]);
  expect(validator.check(bar)).toBeNull();
  expect(validator.check({ ...bar, high: 4.5 })).toBe('bad-ohlc');
  expect(validator.check({ ...bar, low: 0 })).toBe('not-positive');
  expect(validator.check({ ...bar, instrument: 'OTHER.X' })).toBe('unknown-instrument');
  expect(validator.accept({ ...bar, close: Number.NaN })).toBe(false);
  expect(validator.report()).toEqual({ 'bad-ohlc': 1, 'not-positive': 1, 'non-finite': 1, 'unknown-instrument': 1 });
});

const FEEDS = [
  'crypto/binance_spot_BTCUSDT_2024-08-08_feed.jsonl.gz',
  'more/crypto/binance_spot_ETHUSDT_2024-08-09_feed.jsonl.gz',
  'nse/ticks/SBIN_2021-04-15.csv.gz',
];
describeWithData('real recordings', FEEDS, () => {
  it.each(FEEDS)('%s has no fault but repeated quotes', async (path) => {
    const { events, instruments } = await readAll(sharedData(path) ?? '');
    const validator = new TickValidator(instruments);
    for (const event of events) validator.check(event);
    const faults = Object.keys(validator.report()).filter((fault) => fault !== 'duplicate');
    expect(faults).toEqual([]);
  });
});
