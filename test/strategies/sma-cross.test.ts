import fc from 'fast-check';
import { SMA } from 'trading-signals';
import { describe, expect, it } from 'vitest';
import { findStrategy, strategyDefinitions } from '../../src/strategies/registry.ts';
import { AverageSpread } from '../../src/strategies/indicators/average-spread.ts';
import { runStrategy } from './run-strategy.ts';

function signs(closes: readonly number[], fast: number, slow: number): number[] {
  const spread = new AverageSpread(fast, slow);
  return closes.map((close) => spread.update(close));
}

/** The same comparison in rational arithmetic, by definition. */
function exactSigns(closes: readonly number[], fast: number, slow: number): number[] {
  const total = (from: number, to: number): bigint =>
    closes.slice(from, to).reduce((sum, close) => sum + BigInt(close), 0n);
  return closes.map((_, index) => {
    if (index + 1 < slow) return Number.NaN;
    const left = total(index + 1 - fast, index + 1) * BigInt(slow);
    const right = total(index + 1 - slow, index + 1) * BigInt(fast);
    return left > right ? 1 : left < right ? -1 : 0;
  });
}

const periods = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }));

describe('AverageSpread', () => {
  it('equals the exact comparison for prices of every size up to 2^53', () => {
    const prices = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.maxSafeNat());
    fc.assert(
      fc.property(fc.array(prices, { maxLength: 60 }), periods, (closes, [fast, extra]) => {
        expect(signs(closes, fast, fast + extra)).toEqual(exactSigns(closes, fast, fast + extra));
      }),
      { numRuns: 400 },
    );
  });

  it("agrees with trading-signals' SMA wherever its rounding can tell the averages apart", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1e9 }), { maxLength: 80 }), periods, (closes, [fast, extra]) => {
        const fastAverage = new SMA(fast);
        const slowAverage = new SMA(fast + extra);
        const spread = new AverageSpread(fast, fast + extra);
        for (const close of closes) {
          const left = fastAverage.add(close);
          const right = slowAverage.add(close);
          const sign = spread.update(close);
          if (left === null || right === null) {
            expect(sign).toBeNaN();
            continue;
          }
          if (Math.abs(left - right) > 1e-6) expect(sign).toBe(Math.sign(left - right));
          expect(spread.averages().fast).toBeCloseTo(left, 5);
          expect(spread.averages().slow).toBeCloseTo(right, 5);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('sma-cross', () => {
  it('signals one bar after the slow average exists at the earliest, up and down', () => {
    const { signals } = runStrategy('sma-cross', { fast: 2, slow: 3 }, [10, 9, 8, 12, 13, 5, 4]);
    expect(signals.map(({ bar, signal }) => [bar, signal.direction])).toEqual([
      [3, 'long'],
      [5, 'short'],
    ]);
  });

  it('does not take touching averages for a cross', () => {
    // fast 1, slow 2: below, equal, above. Strict on both bars means no signal.
    const { signals } = runStrategy('sma-cross', { fast: 1, slow: 2 }, [10, 9, 9, 10]);
    expect(signals).toEqual([]);
  });

  it('carries words, no invented probability, and no levels unless asked', () => {
    const { signals } = runStrategy('sma-cross', { fast: 2, slow: 3 }, [10, 9, 8, 12]);
    expect(signals[0]?.signal).toMatchObject({ probability: null, expectedReturn: null, stop: null, target: null });
    expect(signals[0]?.signal.reason).toBe('SMA(2) 0.100 crossed above SMA(3) 0.097');
  });

  it('sets ATR levels on the tick grid on both sides', () => {
    const { signals } = runStrategy(
      'sma-cross',
      { fast: 2, slow: 3, stopAtr: 2, targetAtr: 3, atrPeriod: 2 },
      [1000, 900, 800, 1200, 1300, 500],
    );
    const [up, down] = signals;
    if (up === undefined || down === undefined) throw new Error('two signals expected');
    expect(up.signal.stop).toBeLessThan(1200);
    expect(up.signal.target).toBeGreaterThan(1200);
    expect(down.signal.stop).toBeGreaterThan(500);
  });

  it('refuses unknown and impossible parameters with the allowed range', () => {
    expect(runStrategy('sma-cross', { fast: 30, slow: 30 }, []).refusal).toMatchObject({ code: 'PARAMETER_RANGE' });
    expect(runStrategy('sma-cross', { fast: 2.5 }, []).refusal).toMatchObject({ code: 'PARAMETER_RANGE' });
    expect(runStrategy('sma-cross', { fast: Number.NaN }, []).refusal).toMatchObject({ code: 'PARAMETER_RANGE' });
    const unknown = runStrategy('sma-cross', { fsat: 3 }, []).refusal;
    expect(unknown?.code).toBe('PARAMETER_UNKNOWN');
    expect(unknown?.sentence).toContain('Did you mean "fast"?');
  });
});

describe('registry', () => {
  it('names the known strategies and the nearest one', () => {
    const found = findStrategy('smacross');
    expect(found.ok).toBe(false);
    if (!found.ok) {
      expect(found.error.code).toBe('STRATEGY_UNKNOWN');
      for (const { id } of strategyDefinitions) expect(found.error.sentence).toContain(id);
      expect(found.error.sentence).toContain('Did you mean "sma-cross"?');
    }
  });

  it('has defaults inside their own ranges, and a warm-up for each strategy', () => {
    for (const definition of strategyDefinitions) {
      for (const spec of definition.parameters) {
        expect(spec.default).toBeGreaterThanOrEqual(spec.min);
        expect(spec.default).toBeLessThanOrEqual(spec.max);
        if (spec.integer) expect(Number.isInteger(spec.default)).toBe(true);
      }
      expect(definition.warmup({})).toBeGreaterThan(0);
    }
  });
});
