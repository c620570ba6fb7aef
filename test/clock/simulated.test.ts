import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SimulatedClock } from '../../src/clock/simulated.ts';

it('fires timers in time order, ties in setting order, each at its own instant', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 40 }), (times) => {
      const clock = new SimulatedClock(0);
      const fired: [number, number][] = [];
      times.forEach((at, index) => clock.setTimer(at, (now) => fired.push([now, index])));
      clock.advanceTo(100);
      const expected = times
        .map((at, index) => [at, index] as [number, number])
        .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      expect(fired).toEqual(expected);
    }),
  );
});

it('a timer set by a timer fires within the same advance, a cancelled one never, and time never runs back', () => {
  const clock = new SimulatedClock(1000);
  const fired: number[] = [];
  clock.setTimer(1100, () => clock.setTimer(1150, (now) => fired.push(now)));
  const cancel = clock.setTimer(1120, () => fired.push(-1));
  cancel();
  clock.advanceTo(1200);
  clock.advanceTo(900);
  expect(fired).toEqual([1150]);
  expect(clock.now()).toBe(1200);
});
