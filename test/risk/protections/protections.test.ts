import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExitFact } from '../../../src/risk/protections/evaluate.ts';
import { Protections } from '../../../src/risk/protections/protections.ts';
import { type ProtectionRule, readProtections } from '../../../src/risk/protections/rules.ts';
import { codes, gateOf, orderOf, worldOf } from '../gate-fixtures.ts';

const MINUTE = 60_000;
const NOW = Date.parse('2024-08-08T12:00:00Z');
const exit = (minutesAgo: number, returnFraction: number, change: Partial<ExitFact> = {}): ExitFact => ({
  accountId: 'paper-1',
  instrument: 'BTCUSDT.BINANCE',
  side: 'long',
  exitTs: NOW - minutesAgo * MINUTE,
  returnFraction,
  byStop: true,
  ...change,
});

function protectionsOf(...rules: Record<string, unknown>[]): Protections {
  const read = readProtections(rules);
  if (!read.ok) throw new Error(read.error.sentence);
  const protections = new Protections();
  protections.configure(read.value);
  return protections;
}
const guard = (change: Partial<ProtectionRule> = {}) => ({
  kind: 'stoploss-guard',
  tradeLimit: 3,
  lookbackMs: 60 * MINUTE,
  lockMs: 40 * MINUTE,
  ...change,
});

describe('stop-loss guard', () => {
  it('three stops of which one is too old: no lock; a third within the look-back locks everything for what is left of it', () => {
    const protections = protectionsOf(guard());
    for (const one of [exit(100, -0.02), exit(30, -0.02), exit(30, -0.02)]) {
      expect(protections.onExit(one, NOW)).toEqual([]);
    }
    const [lock] = protections.onExit(exit(30, -0.02, { instrument: 'ETHUSDT.BINANCE' }), NOW);
    expect(lock).toMatchObject({ instrument: null, accountId: 'paper-1', until: NOW + 10 * MINUTE });
    expect(protections.locksOn('paper-1', 'SOLUSDT.BINANCE', 'long', NOW)).toHaveLength(1);
    expect(protections.locksOn('paper-2', 'SOLUSDT.BINANCE', 'long', NOW)).toEqual([]);
    expect(protections.locksOn('paper-1', 'SOLUSDT.BINANCE', 'long', NOW + 10 * MINUTE)).toEqual([]);
  });

  it('looking again, also after it ended, neither extends it nor brings it back', () => {
    const protections = protectionsOf(guard());
    const stops = [exit(3, -0.02), exit(2, -0.02), exit(1, -0.02)];
    for (const one of stops) protections.onExit(one, NOW);
    const until = protections.active(NOW)[0]?.until ?? 0;
    for (let minute = 0; minute < 120; minute += 1) {
      // An exit that is no stop makes every rule look again.
      protections.onExit(exit(-minute, 0.5, { byStop: false }), NOW + minute * MINUTE);
      const active = protections.active(NOW + minute * MINUTE);
      expect(active.length).toBe(NOW + minute * MINUTE < until ? 1 : 0);
      for (const lock of active) expect(lock.until).toBe(until);
    }
  });

  it.each([
    ['profits by a stop do not count', {}, [exit(3, 0.01), exit(2, -0.01), exit(1, -0.01)], 0],
    [
      'exits that are no stops do not count',
      {},
      [exit(3, -0.01, { byStop: false }), exit(2, -0.01), exit(1, -0.01)],
      0,
    ],
    [
      'a required profit counts small wins too',
      { requiredProfit: 0.05 },
      [exit(3, 0.01), exit(2, 0.01), exit(1, 0.01)],
      1,
    ],
    [
      'per instrument: others do not count',
      { perInstrument: true },
      [exit(3, -1, { instrument: 'X.Y' }), exit(2, -1), exit(1, -1)],
      0,
    ],
    ['per instrument: three of one', { perInstrument: true }, [exit(3, -1), exit(2, -1), exit(1, -1)], 1],
    [
      'per side: shorts do not count for longs',
      { perSide: true },
      [exit(3, -1, { side: 'short' }), exit(2, -1), exit(1, -1)],
      0,
    ],
    ['other accounts do not count', {}, [exit(3, -1, { accountId: 'b' }), exit(2, -1), exit(1, -1)], 0],
  ] as const)('%s', (_, change, exits, locks) => {
    const protections = protectionsOf(guard(change));
    for (const one of exits) protections.onExit(one, NOW);
    expect(protections.active(NOW)).toHaveLength(locks);
  });

  it('per side locks that side only', () => {
    const protections = protectionsOf(guard({ perSide: true }));
    for (let stop = 0; stop < 3; stop += 1) protections.onExit(exit(1, -0.1), NOW);
    expect(protections.locksOn('paper-1', 'BTCUSDT.BINANCE', 'long', NOW)).toHaveLength(1);
    expect(protections.locksOn('paper-1', 'BTCUSDT.BINANCE', 'short', NOW)).toEqual([]);
  });
});

describe('cool-down and low profit', () => {
  it('any exit rests its instrument, counted from the exit', () => {
    const protections = protectionsOf({ kind: 'cooldown', lockMs: 60 * MINUTE });
    protections.onExit(exit(10, 0.3, { byStop: false }), NOW);
    expect(protections.locksOn('paper-1', 'BTCUSDT.BINANCE', 'short', NOW + 49 * MINUTE)).toHaveLength(1);
    expect(protections.locksOn('paper-1', 'BTCUSDT.BINANCE', 'short', NOW + 50 * MINUTE)).toEqual([]);
    expect(protections.locksOn('paper-1', 'ETHUSDT.BINANCE', 'short', NOW)).toEqual([]);
  });

  it.each([
    ['18:30', 1, '2024-08-08T18:30:00.000Z'],
    ['11:00', 1, '2024-08-09T11:00:00.000Z'],
    ['11:59', 1, '2024-08-09T11:59:00.000Z'],
  ])('until the next %s', (unlockAt, ago, until) => {
    const protections = protectionsOf({ kind: 'cooldown', lockMs: 1, unlockAt });
    const [lock] = protections.onExit(exit(ago, 0), NOW);
    expect(new Date(lock?.until ?? 0).toISOString()).toBe(until);
  });

  it('the sum of the returns of the instrument within the look-back', () => {
    const protections = protectionsOf({
      kind: 'low-profit',
      lockMs: 60 * MINUTE,
      lookbackMs: 60 * MINUTE,
      tradeLimit: 2,
      requiredProfit: 0,
    });
    expect(protections.onExit(exit(61, -0.5), NOW)).toEqual([]);
    expect(protections.onExit(exit(20, -0.04), NOW)).toEqual([]);
    expect(protections.onExit(exit(10, 0.04), NOW)).toEqual([]);
    expect(protections.onExit(exit(5, -0.001, { instrument: 'ETHUSDT.BINANCE' }), NOW)).toEqual([]);
    const [lock] = protections.onExit(exit(1, -0.001), NOW);
    expect(lock).toMatchObject({ rule: 'low-profit', instrument: 'BTCUSDT.BINANCE', until: NOW + 59 * MINUTE });
  });
});

describe('drawdown of equity, open profit included', () => {
  const rule = {
    kind: 'equity-drawdown',
    lookbackMs: 1_000 * MINUTE,
    lockMs: 60 * MINUTE,
    maxDrawdown: 0.15,
    tradeLimit: 0,
  };
  it('counts from the highest equity within the look-back and locks everything of the account', () => {
    const protections = protectionsOf(rule);
    // The 2.5 is 1,100 minutes old: it no longer counts.
    const path = [
      [1_100, 2.5],
      [900, 1.1],
      [890, 1.2],
      [880, 1.3],
      [410, 1.8],
      [400, 1.7],
    ] as const;
    for (const [ago, equity] of path) {
      const made = protections.onEquity('paper-1', equity, NOW - ago * MINUTE);
      if (ago > 900 || ago <= 410) expect(made).toEqual([]);
      // While 2.5 is in sight everything is a fall from it.
      if (ago === 900) expect(made).toHaveLength(1);
    }
    const fresh = protectionsOf(rule);
    for (const [ago, equity] of path.slice(1))
      expect(fresh.onEquity('paper-1', equity, NOW - ago * MINUTE)).toEqual([]);
    const [lock] = fresh.onEquity('paper-1', 1.5, NOW - 10 * MINUTE);
    expect(lock).toMatchObject({ instrument: null, until: NOW + 50 * MINUTE });
    expect(lock?.reason).toContain('16.67 %');
  });

  it('a realised profit does not hide an open loss; exactly the limit is not more than it', () => {
    const protections = protectionsOf(rule);
    protections.onEquity('a', 100_000, NOW);
    expect(protections.onEquity('a', 85_000, NOW + 1)).toEqual([]);
    expect(protections.onEquity('a', 84_999, NOW + 2)).toHaveLength(1);
  });

  it('staying down does not extend the lock; a further fall after it locks again', () => {
    const protections = protectionsOf(rule);
    protections.onEquity('a', 100_000, NOW);
    const [first] = protections.onEquity('a', 80_000, NOW + 1);
    for (let minute = 1; minute < 200; minute += 1) {
      expect(protections.onEquity('a', 80_000 - minute, NOW + minute * MINUTE)).toEqual([]);
    }
    expect(protections.active(NOW + 200 * MINUTE)).toEqual([]);
    expect(protections.onEquity('a', 67_000, NOW + 201 * MINUTE)).toHaveLength(1);
    expect(first?.until).toBe(NOW + 1 + 60 * MINUTE);
  });

  it('waits for the trades it is told to wait for', () => {
    const protections = protectionsOf({ ...rule, tradeLimit: 2 });
    protections.onEquity('paper-1', 100, NOW);
    expect(protections.onEquity('paper-1', 50, NOW + 1)).toEqual([]);
    protections.onExit(exit(1, -0.1), NOW + 2);
    protections.onExit(exit(1, -0.1), NOW + 2);
    expect(protections.onEquity('paper-1', 50, NOW + 3)).toHaveLength(1);
  });
});

describe('locks', () => {
  it('block what opens and pass what closes, with until and reason', () => {
    const world = worldOf({ now: NOW, net: 5_000 });
    const gate = gateOf(world);
    const read = readProtections([{ kind: 'cooldown', lockMs: 60 * MINUTE }]);
    if (read.ok) gate.protections.configure(read.value);
    gate.protections.onExit(exit(0, -0.1), NOW);
    const blocked = gate.check(orderOf());
    expect(codes(blocked, 'block')).toEqual(['LOCKED_COOLDOWN']);
    expect(blocked.checks[0]).toMatchObject({ value: 'BTCUSDT.BINANCE', limit: '2024-08-08T13:00:00.000Z' });
    expect(codes(gate.check(orderOf({ side: 'sell', quantity: 5_000 })), 'block')).toEqual([]);
    expect(codes(gate.check(orderOf({ side: 'sell', quantity: 5_000, reduceOnly: true })), 'block')).toEqual([]);
    expect(codes(gate.check(orderOf({ side: 'sell', quantity: 6_000 })), 'block')).toEqual(['LOCKED_COOLDOWN']);
    world.now = NOW + 60 * MINUTE;
    expect(codes(gate.check(orderOf()), 'block')).toEqual([]);
  });

  it('are lifted by a person, stay lifted, and survive being written down', () => {
    const protections = protectionsOf({ kind: 'cooldown', lockMs: 60 * MINUTE });
    const [lock] = protections.onExit(exit(0, 0), NOW);
    const again = new Protections();
    again.restore(JSON.parse(JSON.stringify(protections.state)), NOW + 1);
    expect(again.active(NOW + 1)).toEqual([lock]);
    expect(again.lift(lock?.id ?? '', NOW + 2).ok).toBe(true);
    expect(again.lift(lock?.id ?? '', NOW + 3)).toMatchObject({ ok: false, error: { code: 'LOCK_UNKNOWN' } });
    expect(again.onExit(exit(0, 0), NOW + 3)).toEqual([]);
    expect(again.active(NOW + 3)).toEqual([]);
  });

  it.each([null, 'x', {}, { rules: [] }, { rules: [{ kind: 'luck' }], locks: [] }, { rules: [], locks: [{ id: 1 }] }])(
    'stored %j cannot be read: everything is locked until a person looks',
    (stored) => {
      const protections = new Protections();
      protections.restore(stored, NOW);
      const [lock] = protections.locksOn('any', 'ANY.X', 'short', NOW + 1e12);
      expect(lock).toMatchObject({ rule: 'unreadable', until: null });
      expect(protections.lift(lock?.id ?? '', NOW + 1).ok).toBe(true);
      expect(protections.active(NOW + 2)).toEqual([]);
    },
  );

  it('no stream of exits and looks ever moves the end of a lock', () => {
    const event = fc.record({
      minutes: fc.nat({ max: 30 }),
      back: fc.constantFrom(-0.05, -0.01, 0, 0.02),
      byStop: fc.boolean(),
      instrument: fc.constantFrom('A.X', 'B.X'),
      equity: fc.integer({ min: 80, max: 120 }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const protections = protectionsOf(
          guard({ tradeLimit: 2 }),
          { kind: 'cooldown', lockMs: 5 * MINUTE },
          { kind: 'low-profit', lockMs: 20 * MINUTE, lookbackMs: 60 * MINUTE, tradeLimit: 2 },
          { kind: 'equity-drawdown', lockMs: 15 * MINUTE, lookbackMs: 60 * MINUTE, maxDrawdown: 0.1, tradeLimit: 0 },
        );
        const ends = new Map<string, number | null>();
        let now = NOW;
        for (const { minutes, back, byStop, instrument, equity } of events) {
          now += minutes * MINUTE;
          protections.onExit({ ...exit(0, back), exitTs: now, byStop, instrument }, now);
          protections.onEquity('paper-1', equity, now);
          for (const lock of protections.state.locks) {
            expect(ends.get(lock.id) ?? lock.until).toBe(lock.until);
            ends.set(lock.id, lock.until);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});

it.each([
  [{ kind: 'luck' }, 'must be one of'],
  [{ kind: 'cooldown' }, 'lockMs'],
  [{ kind: 'cooldown', lockMs: 1, wait: 3 }, 'wait'],
  [{ kind: 'cooldown', lockMs: 1, unlockAt: '25:00' }, 'unlockAt'],
  [{ kind: 'equity-drawdown', lockMs: 1, lookbackMs: 1, maxDrawdown: 5 }, 'maxDrawdown'],
  [{ kind: 'stoploss-guard', lockMs: 1, lookbackMs: 1.5 }, 'lookbackMs'],
])('rule %j is refused', (rule, word) => {
  expect(readProtections([rule])).toMatchObject({ ok: false, error: { code: 'PROTECTION_INVALID' } });
  const read = readProtections([rule]);
  expect(read.ok ? '' : read.error.sentence).toContain(word);
});
