import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, RESEARCH_LIMITS, type RiskLimits } from '../../src/risk/limits.ts';
import { riskLevel } from '../../src/risk/level.ts';
import { RiskMonitor, type StateChange } from '../../src/risk/monitor.ts';
import { dayStart, nextDayStart } from '../../src/risk/day.ts';

const T = Date.parse('2024-08-08T10:00:00Z');
const HOUR = 3_600_000;

function monitorOf(zone: 'UTC' | 'IST' = 'UTC') {
  const changes: StateChange[] = [];
  const state = { limits: DEFAULT_LIMITS as RiskLimits | null };
  const monitor = new RiskMonitor({
    accounts: [
      { id: 'a', dayZone: zone },
      { id: 'b', dayZone: 'UTC' },
    ],
    limits: () => state.limits,
    onChange: (_, change) => changes.push(change),
  });
  return { monitor, changes, state, of: () => monitor.status('a')?.state };
}

describe('daily loss', () => {
  it('80 % of the limit reduces, below 60 % releases, the limit halts and latches', () => {
    const { monitor, of, changes } = monitorOf();
    const table = [
      [100_000, 'ACTIVE'],
      [96_001, 'ACTIVE'],
      [96_000, 'REDUCING'],
      [96_500, 'REDUCING'],
      [97_000, 'REDUCING'],
      [97_001, 'ACTIVE'],
      [95_001, 'REDUCING'],
      [95_000, 'HALTED'],
      [99_999, 'HALTED'],
    ] as const;
    table.forEach(([equity, state], index) => {
      monitor.onEquity('a', equity, T + index);
      expect([equity, of()]).toEqual([equity, state]);
    });
    expect(monitor.status('b')?.state).toBe('ACTIVE');
    expect(changes.map((change) => change.kind)).toEqual(['raised', 'released', 'raised', 'raised']);
    expect(changes.at(-1)?.reason).toContain('5 %');
  });

  it('a person cannot clear it while the loss is there, and can with a changed limit', () => {
    const { monitor, state, of } = monitorOf();
    monitor.onEquity('a', 100_000, T);
    monitor.onEquity('a', 94_000, T + 1);
    expect(monitor.clear('DAILY_LOSS', 'a', 'I know', T + 2)).toMatchObject({
      ok: false,
      error: { code: 'CAUSE_STILL_TRUE' },
    });
    state.limits = { ...DEFAULT_LIMITS, maxDailyLoss: '0.08' };
    monitor.refresh();
    expect(monitor.clear('DAILY_LOSS', 'a', 'limit raised on purpose', T + 3).ok).toBe(true);
    expect(of()).toBe('ACTIVE');
    monitor.onEquity('a', 93_900, T + 4);
    expect(of()).toBe('ACTIVE');
    monitor.onEquity('a', 93_600, T + 5);
    expect(of()).toBe('REDUCING');
  });

  it('a new day resets the figures and the automatic cause but not a latched halt', () => {
    const { monitor, of } = monitorOf();
    monitor.onEquity('a', 100_000, T);
    monitor.onEquity('a', 96_000, T + 1);
    expect(of()).toBe('REDUCING');
    monitor.onEquity('a', 96_100, T + 14 * HOUR);
    expect(of()).toBe('ACTIVE');
    expect(monitor.day('a')).toMatchObject({ startEquity: 96_000, highEquity: 100_000 });
    monitor.onEquity('a', 91_200, T + 15 * HOUR);
    expect(of()).toBe('HALTED');
    monitor.onEquity('a', 91_200, T + 40 * HOUR);
    expect(of()).toBe('HALTED');
    expect(monitor.clear('DAILY_LOSS', 'a', 'new day, reviewed', T + 41 * HOUR).ok).toBe(true);
  });

  it('a loss over night belongs to the new day', () => {
    const { monitor, of } = monitorOf();
    monitor.onEquity('a', 100_000, T);
    monitor.onEquity('a', 94_000, T + 15 * HOUR);
    expect(of()).toBe('HALTED');
  });

  it('the day of an NSE account begins at midnight in India', () => {
    expect(new Date(dayStart(T, 'IST')).toISOString()).toBe('2024-08-07T18:30:00.000Z');
    expect(new Date(nextDayStart(Date.parse('2024-08-08T18:29:59.999Z'), 'IST')).toISOString()).toBe(
      '2024-08-08T18:30:00.000Z',
    );
    expect(new Date(nextDayStart(Date.parse('2024-08-08T18:30:00Z'), 'IST')).toISOString()).toBe(
      '2024-08-09T18:30:00.000Z',
    );
    const { monitor } = monitorOf('IST');
    monitor.onEquity('a', 100, Date.parse('2024-08-08T18:29:00Z'));
    monitor.onEquity('a', 99, Date.parse('2024-08-08T18:31:00Z'));
    expect(monitor.day('a')?.startEquity).toBe(100);
    expect(monitor.day('a')?.highEquity).toBe(100);
  });
});

describe('drawdown', () => {
  it('a loss spread over many quiet days trips the breaker; clearing it starts from the equity that was looked at', () => {
    const { monitor, state, of } = monitorOf();
    state.limits = { ...RESEARCH_LIMITS, maxDailyLoss: '0.05', maxDrawdown: '0.10' };
    for (let day = 0; day < 5; day += 1) monitor.onEquity('a', 100_000 * 0.98 ** day, T + day * 24 * HOUR);
    expect(of()).toBe('ACTIVE');
    monitor.onEquity('a', 89_000, T + 5 * 24 * HOUR);
    expect(of()).toBe('HALTED');
    monitor.onEquity('a', 89_000, T + 6 * 24 * HOUR);
    expect(of()).toBe('HALTED');
    expect(monitor.clear('DRAWDOWN', 'a', 'smaller size from here on', T + 6 * 24 * HOUR).ok).toBe(true);
    expect(of()).toBe('ACTIVE');
    monitor.onEquity('a', 88_000, T + 6 * 24 * HOUR + 1);
    expect(of()).toBe('ACTIVE');
  });

  it('counts from the highest equity, open profit included', () => {
    const { monitor, state, of } = monitorOf();
    state.limits = { ...RESEARCH_LIMITS, maxDrawdown: '0.10' };
    monitor.onEquity('a', 100_000, T);
    monitor.onEquity('a', 120_000, T + 1);
    monitor.onEquity('a', 110_401, T + 2);
    expect(of()).toBe('ACTIVE');
    monitor.onEquity('a', 110_400, T + 3);
    expect(of()).toBe('REDUCING');
    monitor.onEquity('a', 108_000, T + 4);
    expect(of()).toBe('HALTED');
    expect(monitor.causes).toMatchObject([{ code: 'DRAWDOWN', latched: true }]);
  });
});

describe('other triggers', () => {
  it('equity that is no number reduces until it is one again', () => {
    const { monitor, of } = monitorOf();
    monitor.onEquity('a', 100_000, T);
    monitor.onEquity('a', Number.NaN, T + 1);
    expect(of()).toBe('REDUCING');
    monitor.onEquity('a', 100_000, T + 2);
    expect(of()).toBe('ACTIVE');
  });

  it('five rejects within a minute halt, four do not, nor five over two minutes', () => {
    const { monitor, of } = monitorOf();
    for (let index = 0; index < 10; index += 1) monitor.onReject('a', T + index * 16_000);
    expect(of()).toBe('ACTIVE');
    for (let index = 0; index < 4; index += 1) monitor.onReject('a', T + HOUR + index);
    expect(of()).toBe('ACTIVE');
    monitor.onReject('a', T + HOUR + 5);
    expect(of()).toBe('HALTED');
    expect(monitor.clear('REJECT_STORM', 'a', 'symbol corrected', T + HOUR + 6).ok).toBe(true);
    monitor.onReject('a', T + HOUR + 7);
    expect(of()).toBe('ACTIVE');
  });

  it('a stale feed with open risk reduces until all feeds were fresh for a while', () => {
    const { monitor, of } = monitorOf();
    monitor.onFeeds('a', ['X', 'Y'], T);
    expect(of()).toBe('REDUCING');
    monitor.onFeeds('a', ['Y'], T + 20_000);
    expect(of()).toBe('REDUCING');
    monitor.onFeeds('a', [], T + 21_000);
    expect(of()).toBe('REDUCING');
    monitor.onFeeds('a', ['Y'], T + 22_000);
    monitor.onFeeds('a', [], T + 23_000);
    monitor.onFeeds('a', [], T + 27_999);
    expect(of()).toBe('REDUCING');
    monitor.onFeeds('a', [], T + 28_000);
    expect(of()).toBe('ACTIVE');
  });

  it('a journal that fails halts every account', () => {
    const { monitor, of } = monitorOf();
    monitor.onJournalFailure('The disk is full.', T);
    expect([of(), monitor.status('b')?.state]).toEqual(['HALTED', 'HALTED']);
    expect(monitor.status('nobody')).toBeNull();
  });

  it('survives a restart with its causes and its day', () => {
    const { monitor } = monitorOf();
    monitor.onEquity('a', 100_000, T);
    monitor.onEquity('a', 105_000, T + 1);
    monitor.onReject('a', T);
    monitor.onEquity('a', 94_000, T + 2);
    const stored = JSON.parse(JSON.stringify({ causes: monitor.causes, days: monitor.days() }));
    const next = monitorOf();
    next.monitor.restore(stored.causes, stored.days, T + 3);
    expect(next.of()).toBe('HALTED');
    expect(next.monitor.day('a')).toMatchObject({ startEquity: 100_000, highEquity: 105_000 });
    const torn = monitorOf();
    torn.monitor.restore('rubbish', [], T);
    expect(torn.of()).toBe('HALTED');
  });

  it('a million figures without news cost little and change nothing', () => {
    const { monitor, changes } = monitorOf();
    monitor.onEquity('a', 100_000, T);
    for (let index = 0; index < 1_000_000; index += 1) monitor.onEquity('a', 99_000 + (index % 900), T + index);
    expect(changes).toEqual([]);
    expect(monitor.days()[0]?.lastEquity).toBe(99_000 + (999_999 % 900));
  });
});

describe('risk level', () => {
  it.each([
    [0, 0, 'LOW'],
    [-20_000, 0.2, 'LOW'],
    [-20_001, 0, 'MEDIUM'],
    [0, 0.21, 'MEDIUM'],
    [-50_000, 0.3, 'MEDIUM'],
    [-50_001, 0, 'HIGH'],
    [0, 0.301, 'HIGH'],
    [Number.NaN, 0, 'HIGH'],
    [0, Number.NaN, 'HIGH'],
  ] as const)('P&L %d, concentration %d: %s', (pnl, concentration, level) => {
    expect(riskLevel(pnl, concentration)).toBe(level);
  });
});
