import { describe, expect, it } from 'vitest';
import { FEE_TIERS, feeTier } from '../../src/venue/fee-tiers.ts';

describe('fee tiers by 30-day volume', () => {
  it.each([
    ['binance-spot', '0', '0.001', '0.001'],
    ['binance-spot', '999999.99', '0.001', '0.001'],
    ['binance-spot', '1000000', '0.0009', '0.001'],
    ['binance-usdm', '14999999', '0.0002', '0.0005'],
    ['binance-usdm', '15000000', '0.00016', '0.0004'],
    ['kraken-spot', '9999', '0.0025', '0.004'],
    ['Kraken-Spot', '99000000000', '0', '0.001'],
  ])('%s after %s: maker %s, taker %s', (name, volume, maker, taker) => {
    expect(feeTier(name, volume)).toMatchObject({ ok: true, value: { maker, taker } });
  });

  it('has tables that begin at zero, rise, and never ask more of more volume', () => {
    for (const { tiers } of FEE_TIERS) {
      expect(tiers[0]?.from).toBe('0');
      for (const [index, tier] of tiers.entries()) {
        const before = tiers[index - 1];
        if (before === undefined) continue;
        expect(Number(tier.from)).toBeGreaterThan(Number(before.from));
        expect(Number(tier.maker)).toBeLessThanOrEqual(Number(before.maker));
        expect(Number(tier.taker)).toBeLessThanOrEqual(Number(before.taker));
        expect(Number(tier.maker)).toBeLessThanOrEqual(Number(tier.taker));
      }
    }
  });

  it('refuses a table it does not know and a volume that is none', () => {
    expect(feeTier('nowhere', '0')).toMatchObject({ error: { code: 'FEE_TIERS_UNKNOWN' } });
    expect(feeTier('binance-spot', '-1')).toMatchObject({ error: { code: 'FEE_VOLUME_INVALID' } });
  });
});
