import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALMGREN_2005 } from '../../src/venue/impact/almgren.ts';
import { describeModel } from '../../src/venue/describe-model.ts';
import { DEFAULT_VENUE_MODEL, type VenueModel } from '../../src/venue/model.ts';

const noteOf = (part: string, change: Partial<VenueModel> = {}): string => {
  const note = describeModel({ ...DEFAULT_VENUE_MODEL, ...change }).find((one) => one.part === part);
  return `${note?.assumes ?? ''} / ${note?.limits ?? ''}`;
};
const scale = { dailyVolatility: 0.02, dailyVolume: 5000, cap: 0.1, horizonMs: 1_800_000 };

describe('the assumptions in words', () => {
  it.each([
    ['slippage', { slippage: { kind: 'ticks', ticks: 7 } }, ['7 tick']],
    ['slippage', { slippage: { kind: 'fraction', fraction: '0.0005' } }, ['0.0005 of the price']],
    ['slippage', { slippage: { kind: 'spread', fraction: '0.25' } }, ['0.25 of the displayed spread']],
    [
      'slippage',
      { slippage: { kind: 'volume-share', limit: '0.025', impact: '0.1' } },
      ['0.025', '0.1', 'at its limit'],
    ],
    ['slippage', { slippage: { kind: 'probability', probability: 0.4, ticks: 2 } }, ['2 tick', '0.4']],
    ['impact', {}, ['no further', 'cheaper than they would be']],
    [
      'impact',
      { impact: { kind: 'square-root', coefficient: 0.9, ...scale } },
      ['0.9', 'sqrt', '0.02', '5000', '30 min'],
    ],
    [
      'impact',
      { impact: { kind: 'almgren', ...ALMGREN_2005, sharesOutstanding: 99, ...scale, dailyVolume: null } },
      ['0.314', '0.142', '99/V', 'estimated from the data', 'impact-unknown'],
    ],
    [
      'latency',
      { latencyMs: 40, jitterMs: 9, jitterShape: 'log-normal' },
      ['40 ms', 'log-normal jitter of 9 ms', 'sigma 0.5'],
    ],
    [
      'latency',
      { commandLatencyMs: { submit: 1, modify: 2, cancel: 3 } },
      ['1 submit, 2 modify, 3 cancel', 'no jitter'],
    ],
    [
      'depth',
      { behindTouch: { kind: 'ladder', decay: 0.6, spacingTicks: 2, levels: 9, barTouchShare: 0.03 } },
      ['9 levels', '2 tick', '0.6', '0.03'],
    ],
    ['depth', { depth: 'L1', consumeLiquidity: false }, ['Only the best bid and ask', 'there again at once']],
    ['price protection', { priceProtection: { kind: 'points', points: 100 } }, ['100 tick', 'remainder is cancelled']],
    ['resting orders', { queuePriority: 'pro-rata' }, ['shares a trade']],
    ['resting orders', { queue: false, withoutQueue: 'first' }, ['No queue', 'up to the size of the trade']],
    ['resting orders', { queue: false, touchFillProbability: 0.3 }, ['chance of 0.3']],
    ['fees', { fees: { maker: '-0.0001', taker: '0.0004', fixed: '2' } }, ['-0.0001', '0.0004', '2 per order']],
  ] as const)('%s %j', (part, change, words) => {
    const text = noteOf(part, change);
    for (const word of words) expect(text).toContain(word);
  });

  it('every part has a sentence and names what it leaves out', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.constantFrom('first' as const, 'chance' as const), (queue, withoutQueue) => {
        for (const note of describeModel({ ...DEFAULT_VENUE_MODEL, queue, withoutQueue })) {
          expect(note.assumes).toMatch(/\.$/);
          expect(note.limits).toMatch(/\.$/);
          expect(note.assumes + note.limits).not.toMatch(/undefined|null|NaN|\[object/);
        }
      }),
    );
  });

  it('a model recorded before a setting existed is read with its default', () => {
    const { impact: _, behindTouch: __, ...old } = DEFAULT_VENUE_MODEL;
    expect(describeModel(old as VenueModel)).toEqual(describeModel(DEFAULT_VENUE_MODEL));
  });
});
