import { describe, expect, test } from 'vitest';
import { readLists } from '../../../renderer/watchlist/lists.ts';
import { sparkPath } from '../../../renderer/watchlist/sparks.ts';

test('stored lists are taken as far as they are lists', () => {
  const good = { id: '1', name: 'One', symbols: ['A.B', 'C.D'] };
  expect(readLists({ lists: [good, { id: '2' }, null, { ...good, symbols: ['A.B', 7] }] })).toEqual([
    good,
    { ...good, symbols: ['A.B'] },
  ]);
  for (const stored of [undefined, null, 5, {}, { lists: 'x' }]) expect(readLists(stored)).toEqual([]);
});

describe('a sparkline', () => {
  test('fills its box from the lowest to the highest close', () => {
    expect(sparkPath([1, 3, 2], 40, 16)).toBe('M0.0 16.0L20.0 0.0L40.0 8.0');
  });
  test('of a price that stands still is a line through the middle', () => {
    expect(sparkPath([5, 5], 40, 16)).toBe('M0.0 8.0L40.0 8.0');
  });
});
