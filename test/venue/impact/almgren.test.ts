import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ALMGREN_2005, permanentImpact, realisedImpact, temporaryImpact } from '../../../src/venue/impact/almgren.ts';
import { describeWithData, sharedData } from '../../support/shared-data.ts';
import { Bench } from '../harness.ts';
import { defineInstrument } from '../../../src/domain/instrument.ts';

interface Oracle {
  readonly case: {
    readonly adv: number;
    readonly shares_outstanding: number;
    readonly daily_vol: number;
    readonly X: number;
    readonly inverse_turnover: number;
    readonly rows: readonly {
      readonly T_days: number;
      readonly published: Record<'perm_bps' | 'temp_bps' | 'realised_bps', number>;
      readonly computed: Record<'I_over_sigma' | 'perm_bps' | 'K_over_sigma' | 'temp_bps' | 'realised_bps', number>;
    }[];
  };
}

const FILE = 'oracles/market_impact_athl.json';

describeWithData('the worked example of Almgren et al. 2005', [FILE], () => {
  const path = sharedData(FILE);
  const oracle = JSON.parse(path === null ? '{"case":{"rows":[]}}' : readFileSync(path, 'utf8')) as Oracle;
  const { adv, shares_outstanding: sharesOutstanding, daily_vol: sigma, X, rows } = oracle.case;
  const market = { dailyVolatility: sigma, dailyVolume: adv, sharesOutstanding };

  it.each(rows.map((row) => [row.T_days, row] as const))('over %s of a day', (days, { published, computed }) => {
    const permanent = permanentImpact(X, market, ALMGREN_2005);
    const temporary = temporaryImpact(X, days, market, ALMGREN_2005);
    const realised = realisedImpact(X, days, market, ALMGREN_2005);
    expect(permanent / sigma).toBeCloseTo(computed.I_over_sigma, 12);
    expect(temporary / sigma).toBeCloseTo(computed.K_over_sigma, 12);
    expect(permanent * 1e4).toBeCloseTo(computed.perm_bps, 9);
    expect(temporary * 1e4).toBeCloseTo(computed.temp_bps, 9);
    expect(realised * 1e4).toBeCloseTo(computed.realised_bps, 9);
    expect(Math.round(permanent * 1e4)).toBe(published.perm_bps);
    expect(Math.abs(temporary * 1e4 - published.temp_bps)).toBeLessThan(0.5);
    expect(Math.abs(realised * 1e4 - published.realised_bps)).toBeLessThan(0.5);
  });

  it('states the turnover it used', () => {
    expect(sharesOutstanding / adv).toBeCloseTo(oracle.case.inverse_turnover, 9);
  });

  it.each(rows.map((row) => [row.T_days, row.computed.realised_bps] as const))(
    'a market order of that size pays it in the simulator, horizon %s of a day',
    (days, realisedBps) => {
      const made = defineInstrument({
        symbol: 'IBM',
        venue: 'test',
        kind: 'equity',
        quote: 'USD',
        tick: '0.0001',
        step: '1',
      });
      if (!made.ok) throw new Error(made.error.sentence);
      const impact = {
        kind: 'almgren' as const,
        ...ALMGREN_2005,
        sharesOutstanding,
        dailyVolatility: sigma,
        dailyVolume: adv,
        cap: 0.1,
        horizonMs: days * 86_400_000,
      };
      const bench = new Bench({ impact }, { instrument: made.value });
      bench.quote(100, 9_999_999, 100.02, 9_999_999, 0);
      const [fill] = bench.fills(bench.submit({ side: 'buy', qty: X }, 1));
      const paid = ((fill?.modelled.impact ?? 0) / (fill?.modelled.reference ?? 1)) * 1e4;
      // The price is whole ticks of 0.0001 on 100.02.
      expect(Math.abs(paid - realisedBps)).toBeLessThan(0.006);
      expect(fill?.modelled.model).toBe('l1-touch+impact');
    },
  );
});
