import { expect, onTestFinished, test, vi } from 'vitest';
import { MarketDesk } from '../../../src/engine/workstation/market-desk.ts';
import { PerformanceDesk } from '../../../src/engine/workstation/performance-desk.ts';
import { ProtectionDesk } from '../../../src/engine/workstation/protection-desk.ts';
import { openBench } from './support.ts';

test('figures and recordings that fail every second keep nothing from what protects positions', async () => {
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  const fail = (): never => {
    throw new Error('the disk is full');
  };
  vi.spyOn(MarketDesk.prototype, 'onSecond').mockImplementation(fail);
  vi.spyOn(PerformanceDesk.prototype, 'onSecond').mockImplementation(fail);
  const protection = vi.spyOn(ProtectionDesk.prototype, 'onSecond');
  const bench = await openBench();
  await bench.pass(3_000);
  expect(protection.mock.calls.length).toBeGreaterThan(1);
  const faults = bench.desk.alerts.recent().filter(({ code }) => code === 'ENGINE_FAULT');
  const named = new Set(faults.map(({ sentence }) => sentence.split(' failed')[0]));
  expect(named).toEqual(new Set(['Market data', 'Performance']));
});
