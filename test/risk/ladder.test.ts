import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RESEARCH_LIMITS, type RiskLimits } from '../../src/risk/limits.ts';
import { type DayRecord, RiskMonitor, type StateChange } from '../../src/risk/monitor.ts';

const T = Date.parse('2024-08-08T10:00:00Z');
const LIMITS: RiskLimits = { ...RESEARCH_LIMITS, maxDailyLoss: '0.05', maxDrawdown: '0.10', flattenAt: '1.25' };

function monitorOf(limits: RiskLimits = LIMITS) {
  const changes: StateChange[] = [];
  const kept: DayRecord[] = [];
  const monitor = new RiskMonitor({
    accounts: [{ id: 'a', dayZone: 'UTC' }],
    limits: () => limits,
    onChange: (_, change) => changes.push(change),
  });
  monitor.keepDays((record) => kept.push(record));
  return { monitor, changes, kept, of: () => monitor.status('a') };
}

describe('the ladder REDUCING, HALTED, flatten', () => {
  it('each rung once, at its figure, and never down again by itself once latched', () => {
    const { monitor, changes, of } = monitorOf();
    const table = [
      [100_000, 'ACTIVE', 0],
      [96_000, 'REDUCING', 0],
      [95_000, 'HALTED', 0],
      [93_751, 'HALTED', 0],
      [93_750, 'HALTED', 1],
      [92_000, 'HALTED', 1],
      [100_000, 'HALTED', 1],
      [93_000, 'HALTED', 1],
    ] as const;
    table.forEach(([equity, state, flattened], index) => {
      monitor.onEquity('a', equity, T + index);
      expect([equity, of()?.state]).toEqual([equity, state]);
      expect(changes.filter(({ kind }) => kind === 'escalated')).toHaveLength(flattened);
    });
    expect(monitor.causes).toMatchObject([{ code: 'DAILY_LOSS', latched: true, flatten: true }]);
    expect(changes.find(({ kind }) => kind === 'escalated')?.reason).toContain('6.25 %');
  });

  it('a gap through all rungs at once halts and flattens', () => {
    const { monitor, changes } = monitorOf();
    monitor.onEquity('a', 100_000, T);
    monitor.onEquity('a', 80_000, T + 1);
    expect(changes.map(({ kind, cause }) => [kind, cause.code])).toEqual([
      ['raised', 'DAILY_LOSS'],
      ['escalated', 'DAILY_LOSS'],
      ['raised', 'DRAWDOWN'],
      ['escalated', 'DRAWDOWN'],
    ]);
  });

  it('off: halts and closes nothing', () => {
    const { monitor, changes } = monitorOf({ ...LIMITS, flattenAt: null });
    monitor.onEquity('a', 100_000, T);
    monitor.onEquity('a', 50_000, T + 1);
    expect(changes.every(({ kind }) => kind === 'raised')).toBe(true);
  });

  it('cleared by a person, the same loss later climbs again', () => {
    const { monitor, changes } = monitorOf({ ...LIMITS, maxDailyLoss: null });
    monitor.onEquity('a', 100_000, T);
    monitor.onEquity('a', 87_000, T + 1);
    expect(monitor.clear('DRAWDOWN', 'a', 'smaller size', T + 2).ok).toBe(true);
    monitor.onEquity('a', 87_000, T + 3);
    expect(monitor.status('a')?.state).toBe('ACTIVE');
    monitor.onEquity('a', 87_000 * 0.87, T + 4);
    expect(changes.filter(({ kind }) => kind === 'escalated')).toHaveLength(2);
  });

  it('a storm of duplicates halts, latched', () => {
    const { monitor, of } = monitorOf();
    monitor.onDuplicateStorm('a', 'This would be identical order number 5.', T);
    expect(of()).toMatchObject({ state: 'HALTED', causes: [{ code: 'DUPLICATE_STORM', latched: true }] });
    monitor.release('DUPLICATE_STORM', 'a', T, 'no');
    expect(of()?.state).toBe('HALTED');
    expect(monitor.clear('DUPLICATE_STORM', 'a', 'the loop is fixed', T).ok).toBe(true);
  });

  it('whatever equity does, the last record kept has the true high: a restart loosens nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 }),
        fc.nat({ max: 59 }),
        (path, cut) => {
          const { monitor, kept } = monitorOf({ ...RESEARCH_LIMITS, maxDrawdown: '0.10' });
          const until = Math.min(path.length, cut + 1);
          path.slice(0, until).forEach((equity, index) => monitor.onEquity('a', equity, T + index * 3_600_000));
          const again = new RiskMonitor({
            accounts: [{ id: 'a', dayZone: 'UTC' }],
            limits: () => LIMITS,
            onChange: () => {},
          });
          again.restore([], kept.slice(-1), T);
          expect(again.day('a')?.highEquity).toBe(Math.max(...path.slice(0, until)));
          expect(again.day('a')?.startEquity).toBe(monitor.day('a')?.startEquity);
        },
      ),
      { numRuns: 100 },
    );
  });
});
