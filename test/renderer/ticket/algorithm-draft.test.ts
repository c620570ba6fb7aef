import { describe, expect, test } from 'vitest';
import { emptyAlgorithm, readParent, type AlgorithmDraft } from '../../../renderer/ticket/algorithm-draft.ts';
import { sliceText } from '../../../renderer/ticket/algorithm-words.ts';
import { emptyDraft } from '../../../renderer/ticket/draft.ts';
import { parentTicket } from '../../../src/contract/algorithms.ts';
import { BTC, instrumentView } from '../../fakes/workstation-values.ts';

const instrument = instrumentView(BTC);
const read = (change: Partial<AlgorithmDraft>, ticket: Partial<typeof emptyDraft> = {}) =>
  readParent({ ...emptyDraft, quantity: '1', ...ticket }, { ...emptyAlgorithm, ...change }, 'paper', instrument);

describe('an algorithm of the ticket', () => {
  test.each([
    [{ kind: 'auto' }, {}, { type: 'auto', urgency: 'normal', horizonMs: null }],
    [
      { kind: 'twap', horizon: '10', interval: '30', urgency: 'high' },
      {},
      { type: 'twap', horizonMs: 600_000, intervalMs: 30_000, urgency: 'high', style: 'limit' },
    ],
    [
      { kind: 'pov', rate: '12.5', finish: 'complete' },
      {},
      { type: 'pov', rate: 0.125, horizonMs: null, finish: 'complete', urgency: 'normal', style: 'limit' },
    ],
    [{ kind: 'iceberg', display: '0.1' }, { price: '5' }, { type: 'iceberg', display: '0.1' }],
    [{ kind: 'pegged' }, {}, { type: 'pegged', urgency: 'normal' }],
    [{ kind: 'sniper' }, { price: '5' }, { type: 'sniper' }],
    [{ kind: 'guarded-market', collar: '35' }, {}, { type: 'guarded-market', collarBps: 35 }],
  ] as const)('%j becomes terms that the contract takes', (draft, ticket, terms) => {
    const result = read(draft, ticket);
    if (!('parent' in result)) throw new Error(JSON.stringify(result));
    expect(result.parent.algorithm).toEqual(terms);
    expect(parentTicket.safeParse(result.parent).success).toBe(true);
  });

  test.each([
    [{ kind: 'twap', horizon: '', interval: '30' }, {}, ['horizon']],
    [{ kind: 'vwap', horizon: '1', interval: '61' }, {}, ['interval']],
    [{ kind: 'pov', rate: '101' }, {}, ['rate']],
    [{ kind: 'iceberg', display: '2' }, { price: '5' }, ['display']],
    [{ kind: 'iceberg', display: '0.1' }, {}, ['price']],
    [{ kind: 'sniper' }, {}, ['price']],
    [{ kind: 'guarded-market', collar: '0' }, {}, ['collar']],
    [{ kind: 'auto', horizon: 'soon' }, {}, ['horizon']],
    [{ kind: 'auto' }, { quantity: '' }, ['quantity']],
  ] as const)('%j names what is wrong', (draft, ticket, fields) => {
    const result = read(draft, ticket);
    expect('problems' in result && Object.keys(result.problems)).toEqual(fields);
  });

  test('figures of another kind of algorithm are not judged', () => {
    expect('parent' in read({ kind: 'auto', rate: 'x', display: 'y', collar: 'z', interval: 'w' })).toBe(true);
  });

  test('a plan in words', () => {
    expect(sliceText([])).toBeNull();
    const slices = ['0.5', '0.4', '0.5'].map((quantity, n) => ({ quantity, afterMs: n * 45_000 }));
    expect(sliceText(slices)).toBe('3 orders over 1.5 min, 0.4 to 0.5 each');
  });
});
