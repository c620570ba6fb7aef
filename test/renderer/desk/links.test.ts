import { describe, expect, test } from 'vitest';
import { readLink, symbolOf } from '../../../renderer/desk/links.ts';

describe('link groups', () => {
  test.each([
    ['B', 'B'],
    ['none', 'none'],
    ['Z', 'A'],
    [undefined, 'A'],
    [3, 'A'],
  ])('%s is group %s', (stored, link) => {
    expect(readLink(stored)).toBe(link);
  });

  test('a group without a symbol of its own shows that of group A', () => {
    const state = { instrument: 'BTC.X', linked: { B: 'ETH.X', C: null, D: null } };
    expect((['A', 'B', 'C'] as const).map((link) => symbolOf(state, link))).toEqual(['BTC.X', 'ETH.X', 'BTC.X']);
  });
});
