import { describe, expect, it } from 'vitest';
import type { Result } from '../../src/domain/refusal.ts';
import {
  readBehindTouchTerms,
  readImpactTerms,
  readPriceProtectionTerms,
  readSlippageTerms,
  termsOfText,
} from '../../src/venue/read-terms.ts';

const valueOf = <T>(result: Result<T>): unknown => (result.ok ? result.value : result.error.code);

describe('models named in words', () => {
  it.each([
    ['none', { kind: 'none' }],
    ['ticks:2', { kind: 'ticks', ticks: 2 }],
    ['fraction:0.0005', { kind: 'fraction', fraction: '0.0005' }],
    ['bps:5', { kind: 'fraction', fraction: '0.0005' }],
    ['percent:0.1', { kind: 'fraction', fraction: '0.001' }],
    ['spread', { kind: 'spread', fraction: '0.5' }],
    ['spread:0.25', { kind: 'spread', fraction: '0.25' }],
    ['volume-share', { kind: 'volume-share', limit: '0.025', impact: '0.1' }],
    ['volume_share:0.05:0.2', { kind: 'volume-share', limit: '0.05', impact: '0.2' }],
    ['probability:0.3', { kind: 'probability', probability: 0.3, ticks: 1 }],
    ['probability:0.3,2', { kind: 'probability', probability: 0.3, ticks: 2 }],
    ['ticks', 'SLIPPAGE_TERMS'],
    ['ticks:1.5', 'SLIPPAGE_TERMS'],
    ['ticks:-1', 'SLIPPAGE_TERMS'],
    ['fraction:1', 'SLIPPAGE_TERMS'],
    ['fraction:x', 'SLIPPAGE_TERMS'],
    ['probability:1.2', 'SLIPPAGE_TERMS'],
    ['volume-share:2', 'SLIPPAGE_TERMS'],
    ['magic:1', 'SLIPPAGE_TERMS'],
    ['', 'SLIPPAGE_TERMS'],
  ])('slippage %s', (text, terms) => {
    expect(valueOf(readSlippageTerms(termsOfText(text)))).toEqual(terms);
  });

  const scale = { cap: 0.1, horizonMs: 1_800_000 };
  const paper = { gamma: 0.314, eta: 0.142, beta: 0.6, delta: 0.25 };
  it.each([
    ['none', { kind: 'none' }],
    ['square-root', { kind: 'square-root', coefficient: 1, dailyVolatility: null, dailyVolume: null, ...scale }],
    [
      'square-root:0.8,0.02,5000',
      { kind: 'square-root', coefficient: 0.8, dailyVolatility: 0.02, dailyVolume: 5000, ...scale },
    ],
    [
      'almgren:auto,6561000',
      { kind: 'almgren', dailyVolatility: null, dailyVolume: 6_561_000, sharesOutstanding: null, ...paper, ...scale },
    ],
    [
      'almgren:0.0157,6561000,1728000000',
      {
        kind: 'almgren',
        dailyVolatility: 0.0157,
        dailyVolume: 6_561_000,
        sharesOutstanding: 1_728_000_000,
        ...paper,
        ...scale,
      },
    ],
    ['almgren:0', 'IMPACT_TERMS'],
    ['almgren:-0.1', 'IMPACT_TERMS'],
    ['gravity', 'IMPACT_TERMS'],
  ])('impact %s', (text, terms) => {
    expect(valueOf(readImpactTerms(termsOfText(text)))).toEqual(terms);
  });

  it.each([
    ['one-tick', { kind: 'one-tick' }],
    ['ladder', { kind: 'ladder', decay: 0.7, spacingTicks: 1, levels: 20, barTouchShare: 0.05 }],
    ['ladder:0.5,2,3,0.1', { kind: 'ladder', decay: 0.5, spacingTicks: 2, levels: 3, barTouchShare: 0.1 }],
    ['ladder:1.1', 'BEHIND_TOUCH_TERMS'],
    ['ladder:1,0', 'BEHIND_TOUCH_TERMS'],
    ['infinite', 'BEHIND_TOUCH_TERMS'],
  ])('depth %s', (text, terms) => {
    expect(valueOf(readBehindTouchTerms(termsOfText(text)))).toEqual(terms);
  });

  it.each([
    ['none', { kind: 'none' }],
    ['points:100', { kind: 'points', points: 100 }],
    ['percent:5', { kind: 'fraction', fraction: '0.05' }],
    ['points:0.5', 'PRICE_PROTECTION_TERMS'],
    ['percent:101', 'PRICE_PROTECTION_TERMS'],
    ['always', 'PRICE_PROTECTION_TERMS'],
  ])('protection %s', (text, terms) => {
    expect(valueOf(readPriceProtectionTerms(termsOfText(text)))).toEqual(terms);
  });

  it('a refusal names the figure, the bound and what was given', () => {
    const result = readSlippageTerms(termsOfText('probability:1.2'));
    expect(result.ok ? '' : result.error.sentence).toBe(
      'probability: probability must be a number from 0 to 1, not "1.2".',
    );
  });
});
