import { describe, expect, test } from 'vitest';
import type { ClosedTrade } from '../../../renderer/performance/types.ts';
import { byDay, NO_FILTER, passes, type JournalFilter } from '../../../renderer/trade-journal/journal-filter.ts';
import { labelsOf, readTags, storedLabels } from '../../../renderer/trade-journal/labels.ts';

function trade(change: Partial<ClosedTrade>, rMultiple: number | null = null): ClosedTrade {
  return {
    id: 't1',
    method: 'fifo',
    account: 'paper-usdt',
    instrument: 'BTCUSDT.SIM',
    strategy: null,
    side: 'long',
    quantity: '1',
    entryAt: Date.parse('2026-11-20T10:00:00Z'),
    exitAt: Date.parse('2026-11-20T11:00:00Z'),
    entryPrice: '100',
    exitPrice: '110',
    entryValue: '100',
    pnl: '9.9',
    fees: '0.1',
    returnPct: 9.9,
    initialRisk: null,
    plannedReward: null,
    exitReason: 'take-profit',
    exits: [],
    entryOrder: 'o1',
    exitOrder: 'o2',
    figures: {
      holdingMs: 3_600_000,
      rMultiple,
      riskReward: null,
      mae: null,
      mfe: null,
      entryEfficiency: null,
      exitEfficiency: null,
      totalEfficiency: null,
      captured: null,
    },
    note: null,
    ...change,
  };
}

const noted = trade({
  note: { trade: 't1', at: 0, note: 'Bought the retest', tags: ['breakout', 'mistake:too large'], rating: 4 },
});

describe('filters of the journal', () => {
  test.each<[string, ClosedTrade, Partial<JournalFilter>, boolean]>([
    ['nothing asked', trade({}), {}, true],
    ['the side', trade({ side: 'short' }), { side: 'long' }, false],
    ['a profit', trade({ pnl: '0.01' }), { result: 'won' }, true],
    ['a loss', trade({ pnl: '-0.01' }), { result: 'lost' }, true],
    ['nothing won and nothing lost', trade({ pnl: '0.00' }), { result: 'won' }, false],
    ['nothing lost either', trade({ pnl: '0.00' }), { result: 'lost' }, false],
    ['an entry', noted, { note: 'noted' }, true],
    ['no entry', noted, { note: 'open' }, false],
    [
      'an emptied entry is none',
      trade({ note: { trade: 't1', at: 0, note: '', tags: [], rating: null } }),
      { note: 'open' },
      true,
    ],
    ['a tag', noted, { tag: 'breakout' }, true],
    ['another tag', noted, { tag: 'news' }, false],
    ['every word, anywhere', noted, { text: 'RETEST btc profit' }, true],
    ['a word that is nowhere', noted, { text: 'retest eth' }, false],
    ['trades by hand', trade({}), { text: 'manual' }, true],
  ])('%s', (_what, subject, filter, expected) => {
    expect(passes(subject, { ...NO_FILTER, ...filter }, 'BTC/USDT')).toBe(expected);
  });
});

describe('days of the journal', () => {
  test('are those of the zone and add up exactly', () => {
    const late = trade({ id: 't2', exitAt: Date.parse('2026-11-20T19:00:00Z'), pnl: '0.1' }, 1.5);
    const early = trade({ id: 't3', exitAt: Date.parse('2026-11-20T18:00:00Z'), pnl: '0.2' });
    expect(byDay([late, early], 'UTC').map(({ day, realised, totalR }) => [day, realised, totalR])).toEqual([
      ['2026-11-20', '0.3', 1.5],
    ]);
    expect(byDay([late, early], 'IST').map(({ day, realised }) => [day, realised])).toEqual([
      ['2026-11-21', '0.1'],
      ['2026-11-20', '0.2'],
    ]);
  });
});

describe('labels', () => {
  test('mistakes are stored as tags of their own and come back', () => {
    const stored = storedLabels({ tags: ['breakout'], mistakes: ['no stop'] });
    expect(stored).toEqual(['breakout', 'mistake:no stop']);
    expect(labelsOf(stored)).toEqual({ tags: ['breakout'], mistakes: ['no stop'] });
  });

  test('typed tags are trimmed, small and unique', () => {
    expect(readTags(' Breakout, news ,breakout,, ')).toEqual({ tags: ['breakout', 'news'], problem: null });
    expect(readTags('x'.repeat(41)).problem).toMatch(/longer than 40/);
    expect(readTags(Array.from({ length: 13 }, (_, index) => `t${index}`).join(',')).problem).toMatch(/At most 12/);
    expect(readTags('mistake:chased').problem).toMatch(/chosen below/);
  });
});
