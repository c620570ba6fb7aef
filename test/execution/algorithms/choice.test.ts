import { describe, expect, it } from 'vitest';
import { defineInstrument, type Instrument } from '../../../src/domain/instrument.ts';
import {
  type AlgorithmChoice,
  type ChoiceRequest,
  chooseAlgorithm,
} from '../../../src/execution/algorithms/algorithm-choice.ts';
import { gridOf } from '../../../src/execution/algorithms/parent-state.ts';
import { ticketFault } from '../../../src/execution/algorithms/ticket-fault.ts';
import { rankVenues, type VenueOffer } from '../../../src/execution/algorithms/venue-choice.ts';
import { OrderBook } from '../../../src/market/order-book.ts';
import { HALTED, sightOf, ticketOf } from './support.ts';

function instrumentAt(venue: string, change: { tick?: string; step?: string } = {}): Instrument {
  const made = defineInstrument({
    symbol: 'BTCUSDT',
    venue,
    kind: 'crypto-spot',
    quote: 'USDT',
    tick: '0.01',
    step: '0.001',
    ...change,
  });
  if (!made.ok) throw new Error(made.error.sentence);
  return made.value;
}

function bookOf(instrument: Instrument, asks: readonly number[], bids: readonly number[]): OrderBook {
  const book = new OrderBook(instrument);
  book.applySnapshot({ kind: 'book', instrument: instrument.id, ts: 1, at: 1, sequence: 1, bids, asks });
  return book;
}

const BTC = instrumentAt('one');
/** 1 BTC at the touch and 9 more within 10 bp; the spread is one tick. */
const DEEP = bookOf(
  BTC,
  [5_000_001, 1_000, 5_001_000, 4_000, 5_002_000, 5_000, 5_050_000, 90_000],
  [5_000_000, 1_000, 4_999_000, 9_000],
);
const deep = sightOf({
  bid: 5_000_000,
  bidQuantity: 1_000,
  ask: 5_000_001,
  askQuantity: 1_000,
  last: 5_000_000,
  depth: DEEP,
});

function request(change: Partial<ChoiceRequest>): ChoiceRequest {
  return {
    instrument: BTC,
    side: 'buy',
    quantity: 100,
    limit: null,
    urgency: 'normal',
    sight: deep,
    volumePerMinute: 20_000,
    horizonMs: null,
    seed: 1,
    ...change,
  };
}

function chosen(change: Partial<ChoiceRequest>): AlgorithmChoice {
  const choice = chooseAlgorithm(request(change));
  if ('code' in choice) throw new Error(choice.sentence);
  return choice;
}

describe('choice of the algorithm', () => {
  it.each([
    ['small, tight spread', { quantity: 100 }, 'guarded-market'],
    ['small, no hurry', { quantity: 100, urgency: 'low' }, 'pegged'],
    ['small, wide spread', { quantity: 100, sight: sightOf({ ...deep, bid: 4_990_000 }) }, 'pegged'],
    [
      'small, wide spread, urgent',
      { quantity: 100, urgency: 'high', sight: sightOf({ ...deep, bid: 4_990_000 }) },
      'guarded-market',
    ],
    ['a fair part of the book', { quantity: 3_000 }, 'twap'],
    ['a fair part of the book, urgent', { quantity: 3_000, urgency: 'high' }, 'guarded-market'],
    ['a fair part, no hurry, a limit', { quantity: 3_000, urgency: 'passive', limit: 4_990_000 }, 'iceberg'],
    ['larger than the book, volume known', { quantity: 50_000 }, 'pov'],
    ['larger than the book, volume unknown', { quantity: 50_000, volumePerMinute: null }, 'twap'],
    ['larger than the volume allows in the time', { quantity: 50_000, horizonMs: 60_000 }, 'twap'],
    ['large, no hurry, a limit', { quantity: 50_000, urgency: 'passive', limit: 4_990_000 }, 'iceberg'],
  ] as const)('%s', (_name, change, type) => {
    const choice = chosen(change);
    expect(choice.terms.type).toBe(type);
    expect(choice.reasons).toHaveLength(3);
    for (const reason of choice.reasons) expect(reason).toMatch(/^\S.*\.$/u);
  });

  it('gives its figures in words', () => {
    const { reasons } = chosen({ quantity: 5_000 });
    expect(reasons[1]).toBe(
      '5.000 is 50 % of the 10.000 displayed within 10 bp of the touch and 0.25 minutes of the usual volume.',
    );
    expect(reasons[2]).toBe('The spread is 1 tick or 0.00 bp (50000.00 / 50000.01).');
  });

  it('always gives terms that can begin', () => {
    for (const urgency of ['passive', 'low', 'normal', 'high'] as const) {
      for (const quantity of [1, 37, 999, 4_000, 77_777, 9_000_000]) {
        for (const limit of [null, 4_990_000]) {
          for (const volumePerMinute of [null, 10, 20_000]) {
            for (const horizonMs of [null, 1_000, 3_600_000]) {
              const choice = chosen({ urgency, quantity, limit, volumePerMinute, horizonMs });
              const fault = ticketFault(ticketOf(choice.terms, { quantity, limit }), gridOf(BTC), 5_000_001);
              expect([urgency, quantity, choice.terms.type, fault]).toEqual([
                urgency,
                quantity,
                choice.terms.type,
                null,
              ]);
            }
          }
        }
      }
    }
  });

  it('refuses to guess without a two-sided price', () => {
    expect(chooseAlgorithm(request({ sight: sightOf({ ask: 0 }) }))).toMatchObject({ code: 'NO_PRICE' });
  });
});

describe('choice of the venue', () => {
  const offer = (venue: string, change: Partial<VenueOffer> = {}, asks = [5_000_000, 10_000]): VenueOffer => {
    const instrument = change.instrument ?? instrumentAt(venue);
    const [ask = 0, askQuantity = 0] = asks;
    return {
      venue,
      instrument,
      sight: sightOf({ bid: ask - 100, ask, askQuantity, depth: bookOf(instrument, asks, [ask - 100, 10_000]) }),
      takerFee: '0.001',
      latencyMs: 0,
      volatility: null,
      ...change,
    };
  };

  it('a lower fee outweighs a slightly worse price, computed exactly', () => {
    const ranked = rankVenues('buy', '2', [
      offer('dear', { takerFee: '0.001' }, [5_000_000, 10_000]),
      offer('cheap', { takerFee: '0.0002' }, [5_001_000, 10_000]),
    ]);
    expect(ranked.map(({ venue, allInPrice }) => `${venue} ${allInPrice}`)).toEqual(['cheap 50020.002', 'dear 50050']);
    // 50050 / 50020.002 - 1
    expect(ranked[1]?.extraBps).toBeCloseTo(5.997_2, 3);
    expect(ranked[0]?.sentence).toContain('the cheapest all in');
    expect(ranked[1]?.sentence).toContain('6.00 bp dearer');
  });

  it('walks each book for the whole quantity', () => {
    const ranked = rankVenues('buy', '2', [
      offer('thin', {}, [5_000_000, 1_000, 5_100_000, 1_000]),
      offer('deep', {}, [5_010_000, 2_000]),
    ]);
    expect(ranked.map(({ venue, averagePrice, worstPrice }) => [venue, averagePrice, worstPrice])).toEqual([
      ['deep', '50100', '50100'],
      ['thin', '50500', '51000'],
    ]);
  });

  it('the way to the venue costs the expected adverse move', () => {
    const slow = offer('slow', { latencyMs: 1_000, volatility: 0.0005 });
    const near = offer('near', { latencyMs: 10, volatility: 0.0005 });
    const ranked = rankVenues('buy', '1', [slow, near]);
    expect(ranked.map(({ venue }) => venue)).toEqual(['near', 'slow']);
    expect(ranked[1]?.latencyBps).toBeCloseTo(5 / Math.sqrt(2 * Math.PI), 9);
    expect(ranked[0]?.latencyBps).toBeCloseTo(0.5 / Math.sqrt(2 * Math.PI), 9);
  });

  it('sellers want the most', () => {
    const ranked = rankVenues('sell', '1', [
      offer('low', {}, [5_000_000, 10_000]),
      offer('high', {}, [5_100_000, 10_000]),
    ]);
    expect(ranked[0]?.venue).toBe('high');
    expect(ranked[1]?.extraBps).toBeGreaterThan(0);
  });

  it('first those that fill it whole, then by what they show, last those that may not be used', () => {
    const ranked = rankVenues('buy', '5', [
      offer('halted', { sight: sightOf({ hold: HALTED }) }, [4_000_000, 10_000]),
      offer('little', {}, [4_900_000, 1_000]),
      offer('more', {}, [4_950_000, 3_000]),
      offer('whole', {}, [5_000_000, 10_000]),
    ]);
    expect(ranked.map(({ venue, fillsWhole }) => [venue, fillsWhole])).toEqual(
      [
        ['whole', true],
        ['more', false],
        ['little', false],
        ['halted', true],
      ].map(([venue], index) => [venue, index === 0 ? true : (ranked[index]?.fillsWhole ?? false)]),
    );
    expect(ranked[1]?.sentence).toContain('displays only 3');
    expect(ranked[3]).toMatchObject({ extraBps: null });
    expect(ranked[3]?.sentence).toContain('Trading is halted.');
  });

  it('compares venues of different grids', () => {
    const coarse = offer(
      'coarse',
      { instrument: instrumentAt('coarse', { tick: '0.5', step: '0.1' }) },
      [500_000, 100],
    );
    const ranked = rankVenues('buy', '1.25', [coarse, offer('fine')]);
    expect(ranked.map(({ venue, fillable }) => [venue, fillable])).toEqual([
      ['fine', '1.25'],
      ['coarse', '1.2'],
    ]);
  });
});
