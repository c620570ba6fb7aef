import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RollingExtreme } from '../../src/strategies/indicators/rolling-extreme.ts';
import { runStrategy } from './run-strategy.ts';

describe('RollingExtreme', () => {
  it('equals the extreme of the window for any values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 })), fc.integer({ min: 1, max: 9 }), (values, period) => {
        const highest = new RollingExtreme(period, 1);
        const lowest = new RollingExtreme(period, -1);
        values.forEach((value, index) => {
          highest.update(value);
          lowest.update(value);
          const window = values.slice(Math.max(0, index + 1 - period), index + 1);
          if (window.length < period) expect(highest.value()).toBeNaN();
          else {
            expect(highest.value()).toBe(Math.max(...window));
            expect(lowest.value() + 0).toBe(Math.min(...window) + 0);
          }
        });
      }),
    );
  });
});

describe('breakout', () => {
  const directions = (bars: number[], parameters = { entry: 3, exit: 2 }): [number, string][] =>
    runStrategy('breakout', parameters, bars).signals.map(({ bar, signal }) => [bar, signal.direction]);

  it('opens beyond the channel of earlier bars, closes at the exit channel, on both sides', () => {
    expect(directions([100, 101, 102, 103, 105, 104, 103, 102, 99, 98, 100, 101])).toEqual([
      [3, 'long'],
      // 103 is below the low 104 of the two bars before it: out; 102 is the low of three bars: not below it.
      [6, 'flat'],
      [7, 'short'],
      [10, 'flat'],
      [11, 'long'],
    ]);
  });

  it('needs a close strictly beyond, and does not repeat itself while in the trade', () => {
    expect(directions([100, 100, 100, 100, 100])).toEqual([]);
    expect(directions([100, 100, 100, 101, 102, 103, 104])).toEqual([[3, 'long']]);
  });

  it('reverses at once when the entry channel breaks the other way', () => {
    expect(directions([100, 101, 102, 103, 90])).toEqual([
      [3, 'long'],
      [4, 'short'],
    ]);
  });

  it('measures the channel by highs and lows, not closes', () => {
    const spike = { open: 100, high: 120, low: 100, close: 100 };
    expect(directions([100, 100, 100]).length).toBe(0);
    expect(runStrategy('breakout', { entry: 3, exit: 2 }, [100, spike, 100, 110]).signals).toEqual([]);
    expect(runStrategy('breakout', { entry: 3, exit: 2 }, [100, spike, 100, 121]).signals).toHaveLength(1);
  });

  it('says why', () => {
    const { signals } = runStrategy('breakout', { entry: 3, exit: 2 }, [100, 101, 102, 103]);
    expect(signals[0]?.signal.reason).toBe('Close 1.030 broke above the 3-bar high 1.020');
  });
});
