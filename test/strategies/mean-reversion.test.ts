import fc from 'fast-check';
import { BollingerBands } from 'trading-signals';
import { describe, expect, it } from 'vitest';
import { RollingDeviation } from '../../src/strategies/indicators/rolling-deviation.ts';
import { runStrategy } from './run-strategy.ts';

describe('RollingDeviation', () => {
  it("agrees with trading-signals' Bollinger bands, also for prices near 2^45", () => {
    const prices = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 2 ** 44, max: 2 ** 44 + 1000 }));
    fc.assert(
      fc.property(
        prices,
        fc.array(fc.integer({ min: 0, max: 500 })),
        fc.integer({ min: 2, max: 9 }),
        (base, moves, n) => {
          const bands = new BollingerBands(n, 1);
          const deviation = new RollingDeviation(n);
          for (const move of moves) {
            // The library is given the moves alone: on the prices themselves it would round near 2^44.
            const result = bands.add(move);
            const z = deviation.update(base + move);
            if (result === null) expect(z).toBeNaN();
            else if (result.upper - result.middle < 1e-9) expect(z).toBe(0);
            else expect(z).toBeCloseTo((move - result.middle) / (result.upper - result.middle), 9);
          }
        },
      ),
    );
  });
});

describe('mean-reversion', () => {
  const around = Array.from({ length: 20 }, (_, index) => 1000 + (index % 2) * 10);
  const directions = (bars: number[], parameters: Record<string, number> = {}): [number, string][] =>
    runStrategy('mean-reversion', parameters, bars).signals.map(({ bar, signal }) => [bar, signal.direction]);

  it('buys far below the mean when oversold and is out at the mean', () => {
    expect(directions([...around, 960, 980, 1010], { period: 20, rsiPeriod: 5 })).toEqual([
      [20, 'long'],
      [22, 'flat'],
    ]);
  });

  it('sells far above the mean when overbought and is out at the mean', () => {
    expect(directions([...around, 1050, 1030, 1000], { period: 20, rsiPeriod: 5 })).toEqual([
      [20, 'short'],
      [22, 'flat'],
    ]);
  });

  it('is held back by the strength filter', () => {
    const rising = Array.from({ length: 30 }, (_, index) => 1000 + 10 * index);
    const dip = [...rising, 1150];
    expect(directions(dip, { period: 10, entryZ: 2, rsiPeriod: 0 })).toEqual([[30, 'long']]);
    expect(directions(dip, { period: 10, entryZ: 2, rsiPeriod: 14 })).toEqual([]);
  });

  it('does nothing while the price does not move', () => {
    expect(directions(Array.from({ length: 100 }, () => 1234))).toEqual([]);
  });

  it('refuses an exit beyond the entry and a one-bar filter', () => {
    expect(runStrategy('mean-reversion', { entryZ: 1, exitZ: 1 }, []).refusal?.code).toBe('PARAMETER_RANGE');
    expect(runStrategy('mean-reversion', { rsiPeriod: 1 }, []).refusal?.code).toBe('PARAMETER_RANGE');
  });
});

describe('every strategy', () => {
  it.each([
    ['sma-cross', { fast: 2, slow: 5 }],
    ['breakout', { entry: 5, exit: 3 }],
    ['mean-reversion', { period: 5, entryZ: 1, rsiPeriod: 2 }],
  ])('%s: a changed future leaves earlier decisions alone, and the warm-up is silent', (id, parameters) => {
    const closes = fc.array(fc.integer({ min: 50, max: 150 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(closes, fc.nat(), fc.integer({ min: 1, max: 300 }), (bars, pick, other) => {
        const cut = pick % bars.length;
        const changed = bars.with(cut, other);
        const before = (run: readonly { bar: number }[]): readonly { bar: number }[] =>
          run.filter(({ bar }) => bar < cut);
        const first = runStrategy(id, parameters, bars).signals;
        expect(before(runStrategy(id, parameters, changed).signals)).toEqual(before(first));
        for (const { bar } of first) expect(bar).toBeGreaterThanOrEqual(id === 'mean-reversion' ? 4 : 5);
      }),
    );
  });
});
