import { expect, it } from 'vitest';
import { ILLIQUID, SymbolFreshness } from '../../src/market/staleness.ts';

/** Events each second up to `until`, received `delay` later on our clock. */
function fed(until: number, delay: number, made = new SymbolFreshness()): SymbolFreshness {
  for (let ts = 0; ts <= until; ts += 1000) made.onEvent(ts, ts + delay);
  return made;
}

it.each([
  [1000, 'live'],
  [3000, 'live'],
  [3001, 'delayed'],
  [5000, 'delayed'],
  [5001, 'stale'],
  [600_000, 'stale'],
] as const)('is %i ms after the last event: %s', (age, state) => {
  expect(fed(60_000, 0).state(60_000 + age, true)).toBe(state);
});

it.each([-1270, 0, 900])('tolerates clocks that differ by %i ms', (difference) => {
  const made = fed(60_000, difference);
  expect(made.ageMs(60_000 + difference)).toBe(0);
  expect(made.state(60_000 + difference + 3000, true)).toBe('live');
  expect(made.state(60_000 + difference + 5001, true)).toBe('stale');
});

it('calls a source stale that delivers everything ten seconds late', () => {
  expect(fed(60_000, 10_000).state(70_000, true)).toBe('stale');
});

it('judges by event time: old events that keep coming do not refresh', () => {
  const made = fed(60_000, 0);
  for (let i = 0; i < 20; i += 1) made.onEvent(60_000, 60_000 + i * 1000);
  expect(made.state(80_000, true)).toBe('stale');
});

it('gives illiquid symbols more time and never calls polled data live', () => {
  expect(fed(60_000, 0, new SymbolFreshness(ILLIQUID)).state(80_000, true)).toBe('delayed');
  expect(fed(60_000, 0, new SymbolFreshness(ILLIQUID)).state(90_001, true)).toBe('stale');
  expect(fed(60_000, 0, new SymbolFreshness({ polled: true })).state(60_000, true)).toBe('delayed');
});

it('is disconnected before the first event and after a lost connection until new data comes', () => {
  const made = new SymbolFreshness();
  expect([made.state(0, true), made.ageMs(0)]).toEqual(['disconnected', Number.POSITIVE_INFINITY]);
  fed(10_000, 0, made);
  made.onDisconnected();
  expect(made.state(10_000, true)).toBe('disconnected');
  made.onConnected();
  made.onEvent(10_000, 11_000);
  expect(made.state(11_000, true)).toBe('disconnected');
  made.onEvent(11_500, 11_600);
  expect([made.state(11_600, true), made.isTradable(11_600, true)]).toEqual(['live', true]);
});

it('is closed while the market is, whatever the age', () => {
  const made = fed(60_000, 0);
  expect([made.state(9e9, false), made.isTradable(60_000, false)]).toEqual(['closed', false]);
});
