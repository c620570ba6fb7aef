import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/clock/simulated.ts';
import type { Order, OrderIntent } from '../../src/domain/order.ts';
import { ok, refuse, type Result } from '../../src/domain/refusal.ts';
import type { ReferencePrice } from '../../src/risk/gate.ts';
import { KillSwitch } from '../../src/risk/kill-switch.ts';
import type { FlattenReport, KillSwitchPorts } from '../../src/risk/kill-switch-ports.ts';
import { BTC, instrumentOf } from '../portfolio/fixtures.ts';
import { workingOf } from './gate-fixtures.ts';

const PRICE: ReferencePrice = { bid: 10_000, ask: 10_010, last: 10_005, ts: 0, ageMs: 0, stale: false };

/** A venue by hand: each order is closed, filled or left hanging as the test says. */
class Bench {
  readonly clock = new SimulatedClock(1_000);
  readonly log: string[] = [];
  readonly orders = new Map<string, Order>();
  net = 0;
  price: ReferencePrice | null = PRICE;
  closedBecause: string | null = null;
  instrument = BTC;
  latchFails = false;
  readsFail = 0;
  /** What the venue does with a cancel; default: confirms after 10 ms. */
  onCancel: (order: Order) => void = (order) => this.later(10, () => this.end(order.id, 'CANCELED'));
  /** What it does with a closing order; default: fills it after 10 ms. */
  onSubmit: (order: Order) => Result<null> = (order) => {
    this.later(10, () => this.fill(order.id, order.quantity));
    return ok(null);
  };
  #listeners = new Set<() => void>();
  #serial = 0;

  readonly ports: KillSwitchPorts = {
    clock: this.clock,
    latch: (actor, reason) => {
      this.log.push(`latch ${actor} ${reason}`);
      return this.latchFails ? refuse('LATCH_NOT_WRITTEN', 'The disk is full.') : ok(null);
    },
    block: () => {
      this.log.push('block');
    },
    standDown: () => this.log.push('stand down'),
    venues: () => ['venue-1'],
    openOrders: () =>
      [...this.orders.values()].filter((order) => !['CANCELED', 'FILLED', 'REJECTED'].includes(order.status)),
    findOrder: (id) => this.orders.get(id) ?? null,
    cancel: (id) => {
      const order = this.orders.get(id);
      this.log.push(`cancel ${id}`);
      if (order === undefined) return refuse('NO_ORDER', 'No such order.');
      this.orders.set(id, { ...order, status: 'PENDING_CANCEL' });
      this.onCancel(order);
      return ok(null);
    },
    inquire: (id) => this.log.push(`inquire ${id}`),
    readPositions: () => {
      if (this.readsFail > 0) {
        this.readsFail -= 1;
        return Promise.reject(new Error('socket closed'));
      }
      return Promise.resolve([
        { accountId: 'paper-1', accountKind: 'paper' as const, instrument: BTC.id, quantity: this.net },
      ]);
    },
    submit: (intent) => this.submit(intent),
    instrument: () => this.instrument,
    reference: () => this.price,
    marketClosed: () => this.closedBecause,
    onOrder: (callback) => {
      this.#listeners.add(callback);
      return () => this.#listeners.delete(callback);
    },
  };

  later(ms: number, act: () => void): void {
    this.clock.setTimer(this.clock.now() + ms, act);
  }

  rest(changes: Partial<Order> = {}): Order {
    const order = workingOf(changes);
    this.orders.set(order.id, order);
    return order;
  }

  end(id: string, status: Order['status']): void {
    const order = this.orders.get(id);
    if (order !== undefined) this.orders.set(id, { ...order, status });
    for (const listener of this.#listeners) listener();
  }

  /** The venue honours reduce-only: it fills at most the position. */
  fill(id: string, quantity: number): void {
    const order = this.orders.get(id);
    if (order === undefined) return;
    const possible = order.reduceOnly ? Math.min(quantity, Math.abs(this.net)) : quantity;
    this.net += order.side === 'buy' ? possible : -possible;
    this.end(id, possible === order.quantity ? 'FILLED' : 'CANCELED');
  }

  submit(intent: OrderIntent): Result<Order> {
    this.#serial += 1;
    const order = workingOf({ ...intent, id: `f${this.#serial}` });
    this.log.push(
      `${intent.side} ${intent.type} ${intent.quantity} @ ${intent.price ?? 'market'}${intent.reduceOnly ? ' reduce-only' : ''}`,
    );
    this.orders.set(order.id, order);
    const accepted = this.onSubmit(order);
    if (!accepted.ok) {
      this.orders.delete(order.id);
      return accepted;
    }
    return ok(order);
  }

  async flatten(): Promise<FlattenReport> {
    const running = new KillSwitch(this.ports).flatten('user', 'test');
    let done = false;
    void running.finally(() => {
      done = true;
    });
    for (let step = 0; step < 4_000 && !done; step += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      this.clock.advanceTo(this.clock.now() + 50);
    }
    return running;
  }
}

describe('HALT', () => {
  it('latches first, blocks, then cancels all but the protective exits', () => {
    const bench = new Bench();
    const entry = bench.rest({ id: 'entry' });
    bench.rest({ id: 'stop', source: 'exit', reduceOnly: true, type: 'stop' });
    bench.rest({ id: 'lost', status: 'UNKNOWN' });
    bench.rest({ id: 'close', reduceOnly: true });
    const report = new KillSwitch(bench.ports).halt('user', 'enough');
    expect(bench.log).toEqual(['latch user enough', 'block', 'cancel entry', 'cancel lost', 'cancel close']);
    expect(report).toMatchObject({ latched: true, cancelled: 3 });
    expect(entry.status).toBe('ACCEPTED');
  });

  it('a disk that refuses the latch stops nothing of it, and the report says so', () => {
    const bench = new Bench();
    bench.latchFails = true;
    bench.rest({ id: 'entry' });
    const report = new KillSwitch(bench.ports).halt('user', 'enough');
    expect(bench.log).toEqual(['latch user enough', 'block', 'cancel entry']);
    expect(report.latched).toBe(false);
    expect(report.steps.find((step) => !step.ok)?.sentence).toContain('disk is full');
  });

  it('a part of the engine that throws stops nothing of it', () => {
    const bench = new Bench();
    bench.rest({ id: 'a' });
    bench.rest({ id: 'b' });
    const ports: KillSwitchPorts = {
      ...bench.ports,
      block: () => {
        throw new Error('torn');
      },
      cancel: (id, reason) => {
        if (id === 'a') throw new Error('socket');
        return bench.ports.cancel(id, reason);
      },
    };
    expect(new KillSwitch(ports).halt('user', 'x').cancelled).toBe(1);
    expect(bench.log).toContain('cancel b');
  });
});

describe('HALT and protective orders', () => {
  it.each([
    ['an exit of the engine', { source: 'exit', type: 'limit' }, true],
    ['a stop that somebody placed', { source: 'manual', type: 'stop', trigger: 9_000 }, true],
    ['a closing limit that somebody placed', { source: 'manual', type: 'limit' }, false],
  ] as const)('%s (reduce-only)', (_, terms, stays) => {
    const bench = new Bench();
    bench.rest({ id: 'one', reduceOnly: true, ...terms });
    new KillSwitch(bench.ports).halt('user', 'x');
    expect(bench.log.includes('cancel one')).toBe(!stays);
  });

  it('a stop that would open a position does not stay', () => {
    const bench = new Bench();
    bench.rest({ id: 'breakout', reduceOnly: false, type: 'stop', trigger: 11_000 });
    new KillSwitch(bench.ports).halt('user', 'x');
    expect(bench.log).toContain('cancel breakout');
  });

  it('tells what it took, from the call to the latch and to the first cancel', () => {
    const bench = new Bench();
    bench.rest({ id: 'entry' });
    const ports: KillSwitchPorts = {
      ...bench.ports,
      latch: (...said) => {
        bench.clock.advanceTo(bench.clock.now() + 7);
        return bench.ports.latch(...said);
      },
      block: () => bench.clock.advanceTo(bench.clock.now() + 5),
    };
    expect(new KillSwitch(ports).halt('user', 'x').times).toEqual({ latchMs: 7, firstCancelMs: 12 });
  });
});

describe('FLATTEN at several venues', () => {
  /** Two venues that share a clock: the second one behaves as the test says. */
  function two(change: (second: Bench) => Partial<KillSwitchPorts>) {
    const first = new Bench();
    const second = new Bench();
    const of = (venue: string): Bench => (venue === 'first' ? first : second);
    const changed = change(second);
    const ports: KillSwitchPorts = {
      ...first.ports,
      venues: () => ['first', 'second'],
      openOrders: (venue) =>
        venue === 'second' && changed.openOrders !== undefined
          ? changed.openOrders(venue)
          : of(venue).ports.openOrders(venue),
      readPositions: async (venue) => {
        if (venue === 'second' && changed.readPositions !== undefined) return changed.readPositions(venue);
        const read = await of(venue).ports.readPositions(venue);
        return read.map((one) => ({ ...one, accountId: venue }));
      },
      submit: (intent) => {
        if (intent.accountId === 'second' && changed.submit !== undefined) return changed.submit(intent);
        return of(intent.accountId).ports.submit(intent);
      },
      findOrder: (id) => first.orders.get(id) ?? second.orders.get(id) ?? null,
    };
    first.net = 5_000;
    second.net = 3_000;
    return { first, ports };
  }

  async function run(clock: SimulatedClock, ports: KillSwitchPorts): Promise<FlattenReport> {
    const running = new KillSwitch(ports).flatten('user', 'test');
    let done = false;
    void running.finally(() => {
      done = true;
    });
    for (let step = 0; step < 8_000 && !done; step += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advanceTo(clock.now() + 50);
    }
    return running;
  }

  it.each<[string, string, (second: Bench) => Partial<KillSwitchPorts>]>([
    [
      'rejects every question',
      'POSITIONS_UNREADABLE',
      () => ({ readPositions: () => Promise.reject(new Error('socket closed')) }),
    ],
    ['never answers', 'POSITIONS_UNREADABLE', () => ({ readPositions: () => new Promise(() => {}) })],
    [
      'cannot even list its orders',
      'POSITIONS_UNREADABLE',
      () => ({
        openOrders: () => {
          throw new Error('torn');
        },
      }),
    ],
    ['takes no order', 'DOWN', () => ({ submit: () => refuse('DOWN', 'The venue does not answer.') })],
  ])('one that %s is NOT FLAT with what to do; the other is flat at once', async (_, code, change) => {
    const { first, ports } = two(change);
    let firstFlatAt = 0;
    const began = first.clock.now();
    const report = await run(first.clock, {
      ...ports,
      onStep: (step) => {
        if (step.venue === 'first' && step.phase === 'verify' && step.ok) firstFlatAt = step.at;
      },
    });
    expect(first.net).toBe(0);
    expect(firstFlatAt - began).toBeLessThan(1_500);
    expect(report).toMatchObject({
      flat: false,
      verifiedAt: null,
      residuals: [{ venue: 'second', code }],
      venues: [
        { venue: 'first', flat: true, residuals: [] },
        { venue: 'second', flat: false },
      ],
    });
    expect(report.residuals[0]?.sentence).toMatch(/flatten again|check/i);
  });

  it('venues that cannot be listed are not flat', async () => {
    const bench = new Bench();
    Object.assign(bench.ports, {
      venues: () => {
        throw new Error('torn');
      },
    });
    const report = await bench.flatten();
    expect(report).toMatchObject({ flat: false, residuals: [] });
  });
});

describe('FLATTEN', () => {
  it('a position beyond the largest order is closed by several, none beyond it, and never turned around', async () => {
    const bench = new Bench();
    bench.instrument = instrumentOf({ maxQuantity: '2' });
    bench.net = -7_000;
    const report = await bench.flatten();
    expect(report).toMatchObject({ flat: true, rounds: 1 });
    expect(bench.log.filter((line) => line.startsWith('buy')).map((line) => line.split(' ')[2])).toEqual([
      '2000',
      '2000',
      '2000',
      '1000',
    ]);
  });

  it('a round spent waiting for a cancel is no failure of the collar', async () => {
    const bench = new Bench();
    bench.net = 5_000;
    bench.rest({ id: 'slow', side: 'sell', quantity: 1_000 });
    bench.onCancel = (order) => bench.later(12_000, () => bench.end(order.id, 'CANCELED'));
    const report = await bench.flatten();
    expect(report.flat).toBe(true);
    expect(bench.log.filter((line) => line.startsWith('sell'))).toEqual(['sell limit 5000 @ 9950 reduce-only']);
  });

  it('goes on as long as every round closes something', async () => {
    const bench = new Bench();
    bench.net = 5_000;
    bench.onSubmit = (order) => {
      bench.later(10, () => bench.fill(order.id, 400));
      return ok(null);
    };
    expect(await bench.flatten()).toMatchObject({ flat: true, rounds: 13 });
    expect(bench.net).toBe(0);
  });

  it('a closed market is not tried round after round', async () => {
    const bench = new Bench();
    bench.net = 5_000;
    bench.closedBecause = 'NSE opens at 09:15.';
    expect(await bench.flatten()).toMatchObject({ flat: false, rounds: 1, residuals: [{ code: 'MARKET_CLOSED' }] });
  });

  it.each([
    [7_000, 'sell limit 7000 @ 9950 reduce-only'],
    [-7_000, 'buy limit 7000 @ 10060 reduce-only'],
  ])('closes %d with a collared reduce-only limit and verifies', async (net, line) => {
    const bench = new Bench();
    bench.net = net;
    bench.rest({ id: 'entry' });
    bench.rest({ id: 'stop', source: 'exit', reduceOnly: true, type: 'stop' });
    const report = await bench.flatten();
    expect(bench.log).toEqual(['latch user test', 'block', 'cancel entry', 'stand down', 'cancel stop', line]);
    expect(report).toMatchObject({ flat: true, rounds: 1, residuals: [], latched: true });
    expect(report.verifiedAt).not.toBeNull();
    expect(bench.net).toBe(0);
  });

  it('already flat: says so without an order', async () => {
    const bench = new Bench();
    expect(await bench.flatten()).toMatchObject({ flat: true, rounds: 0 });
    expect(bench.orders.size).toBe(0);
  });

  it('a target that fills while it is cancelled ends flat and not short', async () => {
    const bench = new Bench();
    bench.net = 5_000;
    const target = bench.rest({ id: 'target', side: 'sell', quantity: 5_000, price: 10_500, source: 'exit' });
    // A plain order: were a closing order sent before its cancel is settled, both would fill.
    bench.onCancel = (order) => bench.later(400, () => bench.fill(order.id, order.quantity));
    const report = await bench.flatten();
    expect(target.reduceOnly).toBe(false);
    expect(bench.net).toBe(0);
    expect(bench.log.filter((line) => line.startsWith('sell'))).toEqual([]);
    expect(report.flat).toBe(true);
  });

  it('a target that fills in part while it is cancelled: only the rest is closed', async () => {
    const bench = new Bench();
    bench.net = 5_000;
    bench.rest({ id: 'target', side: 'sell', quantity: 5_000, price: 10_500 });
    bench.onCancel = (order) => bench.later(400, () => bench.fill(order.id, 2_000));
    const report = await bench.flatten();
    expect(bench.log.filter((line) => line.startsWith('sell'))).toEqual(['sell limit 3000 @ 9950 reduce-only']);
    expect(report.flat).toBe(true);
    expect(bench.net).toBe(0);
  });

  it('an entry that fills during the halt is closed as well', async () => {
    const bench = new Bench();
    bench.rest({ id: 'entry', side: 'buy', quantity: 4_000 });
    bench.onCancel = (order) => bench.later(300, () => bench.fill(order.id, order.quantity));
    expect(await bench.flatten()).toMatchObject({ flat: true, rounds: 1 });
    expect(bench.net).toBe(0);
  });

  it('widens the collar, then goes to the market', async () => {
    const bench = new Bench();
    bench.net = 5_000;
    bench.onSubmit = (order) => {
      bench.later(10, () =>
        order.type === 'market' ? bench.fill(order.id, order.quantity) : bench.end(order.id, 'CANCELED'),
      );
      return ok(null);
    };
    const report = await bench.flatten();
    expect(bench.log.slice(-3)).toEqual([
      'sell limit 5000 @ 9950 reduce-only',
      'sell limit 5000 @ 9800 reduce-only',
      'sell market 5000 @ market reduce-only',
    ]);
    expect(report).toMatchObject({ flat: true, rounds: 3 });
  });

  it('partial fills: every round closes what is left', async () => {
    const bench = new Bench();
    bench.net = -5_000;
    bench.onSubmit = (order) => {
      bench.later(10, () => bench.fill(order.id, 1_800));
      return ok(null);
    };
    expect(await bench.flatten()).toMatchObject({ flat: true, rounds: 3 });
    expect(bench.net).toBe(0);
  });

  const refused = (): Result<null> => refuse('VENUE_DOWN', 'The venue does not answer.');
  it.each<[string, (bench: Bench) => void]>([
    ['MARKET_CLOSED', (bench) => Object.assign(bench, { closedBecause: 'NSE opens at 09:15.' })],
    ['PRICE_UNAVAILABLE', (bench) => Object.assign(bench, { price: null })],
    ['VENUE_DOWN', (bench) => Object.assign(bench, { onSubmit: refused })],
    [
      'NOT_FILLED',
      (bench) => {
        bench.onSubmit = (order) => {
          bench.later(5, () => bench.end(order.id, 'CANCELED'));
          return ok(null);
        };
      },
    ],
    ['DUST', (bench) => Object.assign(bench, { instrument: instrumentOf({ minQuantity: '10' }) })],
  ])('NOT FLAT because of %s, with what is left', async (code, arrange) => {
    const bench = new Bench();
    bench.net = 5_000;
    arrange(bench);
    const report = await bench.flatten();
    expect(report).toMatchObject({
      flat: false,
      verifiedAt: null,
      residuals: [{ code, quantity: '5.000', instrument: BTC.id }],
    });
    expect(report.residuals[0]?.sentence).toMatch(/\.$/);
  });

  it('a cancel that is never confirmed: asks the venue, sends no closing order, says NOT FLAT', async () => {
    const bench = new Bench();
    bench.net = 5_000;
    bench.rest({ id: 'hung', side: 'sell', quantity: 5_000 });
    bench.onCancel = () => {};
    const report = await bench.flatten();
    expect(bench.log).toContain('inquire hung');
    expect(bench.log.filter((line) => line.startsWith('sell'))).toEqual([]);
    expect(report.flat).toBe(false);
    expect(report.residuals.map((one) => one.code)).toContain('CANCEL_UNCONFIRMED');
  });

  it('positions that cannot be read are not flat; once they can, it goes on', async () => {
    const bench = new Bench();
    bench.readsFail = 99;
    expect(await bench.flatten()).toMatchObject({ flat: false, residuals: [{ code: 'POSITIONS_UNREADABLE' }] });
    bench.readsFail = 2;
    bench.net = 1_000;
    expect(await bench.flatten()).toMatchObject({ flat: true });
  });

  it('orders that cannot be listed are not flat', async () => {
    const bench = new Bench();
    Object.assign(bench.ports, {
      openOrders: () => {
        throw new Error('torn');
      },
    });
    expect(await bench.flatten()).toMatchObject({ flat: false, residuals: [{ code: 'POSITIONS_UNREADABLE' }] });
  });

  it('pressed twice, it runs once', async () => {
    const bench = new Bench();
    bench.net = 1_000;
    const flatten = new KillSwitch(bench.ports);
    const first = flatten.flatten('user', 'x');
    expect(flatten.flatten('user', 'x')).toBe(first);
    for (let step = 0; step < 200; step += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      bench.clock.advanceTo(bench.clock.now() + 10);
    }
    expect(await first).toMatchObject({ flat: true, rounds: 1 });
  });
});
