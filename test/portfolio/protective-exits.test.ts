import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barLegs } from '../../src/portfolio/bar-legs.ts';
import { NO_EXITS, type ExitRules } from '../../src/portfolio/exit-levels.ts';
import { Desk, OWNER } from './desk.ts';

const pct = (fraction: string) => ({ kind: 'fraction', fraction }) as const;

function deskWith(rules: Partial<ExitRules>, options = {}): Desk {
  const desk = new Desk(options);
  const set = desk.exits.protect(OWNER, { ...NO_EXITS, ...rules });
  if (!set.ok) throw new Error(set.error.sentence);
  desk.quote(10_000, 10_000);
  return desk;
}

describe('stop-loss and take-profit on ticks', () => {
  it('a long has its stop below and its target above as soon as it is filled', () => {
    const desk = deskWith({ stopLoss: pct('0.05'), takeProfit: pct('0.1') });
    desk.send('buy', 1_000);
    expect(desk.working()).toEqual(['sell stop 9500 x 1000', 'sell limit 11000 x 1000']);
  });

  it.each([
    ['long stop holds one tick above', 'buy', 9_501, 1_000],
    ['long stop fires at its level', 'buy', 9_500, 0],
    ['long target holds one tick below', 'buy', 10_999, 1_000],
    ['long target fires at its level', 'buy', 11_000, 0],
    ['short stop holds one tick below', 'sell', 10_499, -1_000],
    ['short stop fires at its level', 'sell', 10_500, 0],
    ['short target holds one tick above', 'sell', 9_001, -1_000],
    ['short target fires at its level', 'sell', 9_000, 0],
  ] as const)('%s', (_, side, price, left) => {
    const desk = deskWith({ stopLoss: pct('0.05'), takeProfit: pct('0.1') });
    desk.send(side, 1_000);
    // A touch at the limit price fills only when the other side crosses it: bid = ask here.
    desk.quote(price, price);
    expect(desk.net).toBe(left);
    if (left === 0) expect(desk.open()).toEqual([]);
  });

  it('a gap fills at the market, not at the stop, and the trade says why it ended', () => {
    const desk = deskWith({ stopLoss: pct('0.05') });
    desk.send('buy', 1_000);
    desk.quote(9_000, 9_010);
    expect(desk.net).toBe(0);
    expect(desk.ledger.trades()).toMatchObject([{ exitPrice: 9_000, exitReason: 'stop-loss', side: 'long' }]);
  });

  it('a fixed price level is kept whatever the entry', () => {
    const desk = deskWith({ stopLoss: { kind: 'price', price: 9_333 }, takeProfit: { kind: 'offset', units: 250 } });
    desk.send('buy', 1_000);
    expect(desk.working()).toEqual(['sell stop 9333 x 1000', 'sell limit 10250 x 1000']);
  });

  it('rules changed on an open position move its orders', () => {
    const desk = deskWith({ stopLoss: pct('0.05'), takeProfit: pct('0.1') });
    desk.send('buy', 1_000);
    desk.exits.protect(OWNER, { ...NO_EXITS, stopLoss: pct('0.02') });
    expect(desk.working()).toEqual(['sell stop 9800 x 1000']);
  });
});

describe('following the position', () => {
  it('each partial fill is protected at once, at the new average', () => {
    const desk = deskWith({ stopLoss: pct('0.05') }, { model: { depth: 'L2', consumeLiquidity: true } });
    desk.send('buy', 1_000, { type: 'limit', price: 10_100 });
    expect(desk.working()).toEqual(['sell stop 9500 x 1000']);
    desk.send('buy', 1_000, { type: 'limit', price: 9_900 });
    expect(desk.working()).toEqual(['sell stop 9500 x 1000']);
    desk.quote(9_900, 9_900);
    // Average of 10,000 and 9,900 is 9,950; 5 % below is 9,452.5, rounded towards the entry.
    expect(desk.working()).toEqual(['sell stop 9453 x 2000']);
  });

  it('a partly filled entry has a stop for what it has', () => {
    const desk = deskWith({ stopLoss: pct('0.05') }, { model: { depth: 'L2', consumeLiquidity: true } });
    desk.quote(9_990, 10_000, 300);
    desk.send('buy', 1_000, { type: 'limit', price: 10_000 });
    expect(desk.net).toBe(300);
    expect(desk.working()).toEqual(['sell stop 9500 x 300']);
    desk.quote(9_990, 10_000, 250);
    expect(desk.net).toBe(550);
    expect(desk.working()).toEqual(['sell stop 9500 x 550']);
  });

  it('a partly filled target shrinks the stop, and the stop then closes only the rest', () => {
    const desk = deskWith(
      { stopLoss: pct('0.05'), takeProfit: pct('0.1') },
      { model: { depth: 'L2', consumeLiquidity: true } },
    );
    desk.send('buy', 1_000);
    desk.quote(11_000, 11_010, 400);
    expect(desk.net).toBe(600);
    expect(desk.working().toSorted()).toEqual(['sell limit 11000 x 600', 'sell stop 9500 x 600']);
    // The touch shows 200; the rest of a stop on a top-of-book feed pays one tick more.
    desk.quote(9_500, 9_510, 200);
    expect(desk.net).toBe(0);
    expect(desk.open()).toEqual([]);
  });

  it('closed by a signal: nothing stays behind; turned around: the exits change sides', () => {
    const desk = deskWith({ stopLoss: pct('0.05') });
    desk.send('buy', 1_000);
    desk.send('sell', 1_000);
    expect(desk.open()).toEqual([]);
    desk.send('buy', 1_000);
    desk.send('sell', 3_000);
    expect(desk.net).toBe(-2_000);
    expect(desk.working()).toEqual(['buy stop 10500 x 2000']);
  });

  it('closed by hand: the exit of the strategy goes too', () => {
    const desk = deskWith({ stopLoss: pct('0.05') });
    desk.send('buy', 1_000);
    desk.send('sell', 1_000, { source: 'manual', strategyId: null, reduceOnly: true });
    expect(desk.net).toBe(0);
    expect(desk.open()).toEqual([]);
  });
});

describe('trailing stop', () => {
  it('follows the best bid of a long and never loosens', () => {
    const desk = deskWith({ trailing: pct('0.05') });
    desk.send('buy', 1_000);
    expect(desk.working()).toEqual(['sell stop 9500 x 1000']);
    desk.quote(12_000, 12_010);
    expect(desk.working()).toEqual(['sell stop 11400 x 1000']);
    desk.quote(11_500, 11_510);
    expect(desk.working()).toEqual(['sell stop 11400 x 1000']);
    desk.quote(11_400, 11_410);
    expect(desk.net).toBe(0);
    expect(desk.reasons.at(-1)).toBe('trailing-stop');
  });

  it('follows the best ask of a short', () => {
    const desk = deskWith({ trailing: { kind: 'offset', units: 500 } });
    desk.send('sell', 1_000);
    desk.quote(7_990, 8_000);
    expect(desk.working()).toEqual(['buy stop 8500 x 1000']);
    desk.quote(8_600, 8_610);
    expect(desk.net).toBe(0);
  });

  it('the tighter of stop-loss and trailing stop holds', () => {
    const desk = deskWith({ stopLoss: pct('0.02'), trailing: pct('0.05') });
    desk.send('buy', 1_000);
    expect(desk.working()).toEqual(['sell stop 9800 x 1000']);
    desk.quote(10_400, 10_400);
    expect(desk.working()).toEqual(['sell stop 9880 x 1000']);
  });

  it('inside a bar, over the pieces of its path, fires at the exact price', () => {
    const desk = new Desk();
    desk.exits.protect(OWNER, { ...NO_EXITS, trailing: { kind: 'offset', units: 500 } });
    desk.bar(10_000, 10_000, 10_000, 10_000);
    desk.send('buy', 1_000);
    desk.bar(10_000, 11_000, 10_000, 10_200, (bar) => barLegs(bar, false));
    const [trade] = desk.ledger.trades();
    expect(desk.net).toBe(0);
    // High 11,000, so the stop stands at 10,500 and the way to the low meets it there.
    expect(trade).toMatchObject({ exitPrice: 10_500, exitReason: 'trailing-stop' });
  });
});

describe('bars', () => {
  it('the stop fills at its level inside a bar and at the open on a gap', () => {
    for (const [bar, expected] of [
      [[10_000, 10_100, 9_400, 9_900], 9_500],
      [[9_300, 9_900, 9_200, 9_800], 9_300],
    ] as const) {
      const desk = new Desk();
      desk.exits.protect(OWNER, { ...NO_EXITS, stopLoss: pct('0.05'), takeProfit: pct('0.1') });
      desk.bar(10_000, 10_000, 10_000, 10_000);
      desk.send('buy', 1_000);
      desk.bar(10_000, 10_000, 10_000, 10_000);
      const [open, high, low, close] = bar;
      desk.bar(open, high, low, close);
      expect(desk.ledger.trades()).toMatchObject([{ exitPrice: expected, exitReason: 'stop-loss' }]);
      expect(desk.open()).toEqual([]);
    }
  });

  it('an entry at the open is protected within the same bar', () => {
    const desk = new Desk();
    desk.exits.protect(OWNER, { ...NO_EXITS, stopLoss: pct('0.05') });
    desk.bar(10_000, 10_000, 10_000, 10_000);
    desk.send('buy', 1_000);
    desk.bar(10_000, 10_050, 9_000, 9_100);
    expect(desk.ledger.trades()).toMatchObject([{ entryPrice: 10_000, exitPrice: 9_500 }]);
  });
});

describe('time exit', () => {
  it('cancels the other exits, then closes at the market once', () => {
    const desk = deskWith({ stopLoss: pct('0.05'), holdMs: 10_000 });
    desk.send('buy', 1_000);
    expect(desk.exits.nextDeadline()).toBe(desk.clock.now() + 10_000);
    desk.quote(10_010, 10_020, 1_000_000, 9_999);
    expect(desk.net).toBe(1_000);
    desk.quote(10_010, 10_020, 1_000_000, 1);
    expect(desk.net).toBe(0);
    expect(desk.open()).toEqual([]);
    expect(desk.ledger.trades()).toMatchObject([{ exitPrice: 10_010, exitReason: 'time-exit' }]);
  });

  it('with a slow venue, sends the market order only after stop and target are closed for good', () => {
    const desk = deskWith(
      { stopLoss: pct('0.05'), takeProfit: pct('0.05'), holdMs: 10_000 },
      { model: { latencyMs: 300 } },
    );
    desk.send('buy', 1_000);
    desk.quote(10_000, 10_010);
    desk.quote(10_000, 10_010);
    expect(desk.working()).toHaveLength(2);
    let others = -1;
    desk.orders.onOrder((order, event) => {
      if (order.type === 'market' && event?.type === 'submitted') {
        others = desk.open().filter((one) => one.id !== order.id).length;
      }
    });
    desk.quote(10_000, 10_010, 1_000_000, 10_000);
    expect(desk.net).toBe(1_000);
    for (let step = 0; step < 5; step += 1) desk.quote(10_000, 10_010, 1_000_000, 200);
    expect(others).toBe(0);
    expect(desk.net).toBe(0);
    expect(desk.open()).toEqual([]);
  });

  it('works without a price event', () => {
    const desk = deskWith({ holdMs: 5_000 });
    desk.send('buy', 1_000);
    desk.clock.advanceTo(desk.clock.now() + 5_000);
    desk.exits.onTime(desk.clock.now());
    expect(desk.net).toBe(0);
  });
});

describe('faults', () => {
  it('an exit that is refused is tried again, and the position is listed as unprotected meanwhile', () => {
    const desk = deskWith({ stopLoss: pct('0.05') });
    const submit = desk.orders.submit.bind(desk.orders);
    let broken = true;
    desk.orders.submit = (intent) =>
      broken && intent.source === 'exit'
        ? { ok: false, error: { code: 'VENUE_DOWN', sentence: 'down', orderId: null, verdict: null } }
        : submit(intent);
    desk.send('buy', 1_000);
    expect(desk.exits.unprotected()).toHaveLength(1);
    desk.quote(10_000, 10_000, 1_000, 100);
    expect(desk.working()).toEqual([]);
    broken = false;
    desk.quote(10_000, 10_000, 1_000, 500);
    expect(desk.working()).toEqual(['sell stop 9500 x 1000']);
    expect(desk.exits.unprotected()).toEqual([]);
  });

  it('an exit that somebody cancels comes back', () => {
    const desk = deskWith({ stopLoss: pct('0.05') });
    desk.send('buy', 1_000);
    const [stop] = desk.open();
    desk.orders.cancel(stop?.id ?? '', 'by hand');
    desk.quote(10_001, 10_001);
    expect(desk.working()).toEqual(['sell stop 9500 x 1000']);
  });

  it('a stop that cannot be placed because the market is beyond it closes at the market', () => {
    const desk = deskWith({});
    desk.send('buy', 1_000);
    desk.quote(9_400, 9_410);
    desk.exits.protect(OWNER, { ...NO_EXITS, stopLoss: pct('0.05') });
    desk.quote(9_400, 9_410);
    expect(desk.net).toBe(0);
    expect(desk.reasons.at(-1)).toBe('stop-loss');
  });

  it('stood down, it sends nothing and withdraws nothing twice; given back, it protects again', () => {
    const desk = deskWith({ stopLoss: pct('0.05') });
    desk.send('buy', 1_000);
    desk.exits.standDown(true);
    expect(desk.working()).toEqual([]);
    desk.quote(10_001, 10_001);
    expect(desk.working()).toEqual([]);
    desk.exits.standDown(false);
    expect(desk.working()).toEqual(['sell stop 9500 x 1000']);
  });

  it('a restart continues: same orders, nothing doubled, a lost leg sent again', () => {
    const desk = deskWith({ stopLoss: pct('0.05'), takeProfit: pct('0.1') });
    desk.send('buy', 1_000);
    const stored = JSON.parse(JSON.stringify(desk.exits.plans()));
    const [stop, target] = desk.open();
    const next = desk.newExits();
    const strangers = next.restore(stored, target === undefined ? [] : [target], () => desk.net);
    expect(strangers).toEqual([]);
    const working = () => next.plans().map((plan) => [plan.stop.status, plan.target.status]);
    expect(working()).toEqual([['sent', 'working']]);
    const unknown = desk.newExits().restore([], desk.open(), () => desk.net);
    expect(unknown).toContainEqual(stop);
  });
});

describe('whatever the market does', () => {
  const action = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('quote' as const),
        price: fc.integer({ min: 8_000, max: 12_000 }),
        size: fc.integer({ min: 1, max: 800 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('trade' as const),
        side: fc.constantFrom('buy' as const, 'sell' as const),
        quantity: fc.integer({ min: 1, max: 1_000 }),
        source: fc.constantFrom('strategy' as const, 'manual' as const),
      }),
    },
  );

  it('exits never exceed the position, never turn it around, and every open position has its stop', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), fc.boolean(), (actions, latency) => {
        const model = { depth: 'L2' as const, consumeLiquidity: true, latencyMs: latency ? 30 : 0 };
        const desk = deskWith({ stopLoss: pct('0.03'), takeProfit: pct('0.04'), trailing: pct('0.05') }, { model });
        let before = 0;
        desk.orders.onOrder((order, event) => {
          if (event?.type !== 'filled') return;
          const { fill } = event;
          const after = before + (fill.side === 'buy' ? fill.quantity : -fill.quantity);
          if (order.source === 'exit') {
            expect(Math.abs(after)).toBeLessThan(Math.abs(before));
            expect(after * before).toBeGreaterThanOrEqual(0);
          }
          before = after;
        });
        for (const one of actions) {
          if (one.do === 'quote') desk.quote(one.price, one.price + 1, one.size);
          else {
            const manual = one.source === 'manual';
            try {
              desk.send(one.side, one.quantity, {
                timeInForce: 'IOC',
                source: one.source,
                strategyId: manual ? null : 's1',
                reduceOnly: manual,
              });
            } catch {
              continue;
            }
          }
        }
        for (let settle = 0; settle < 12; settle += 1) desk.quote(10_000 + settle, 10_001 + settle, 5_000, 20_000);
        const own = desk.exits.plans()[0]?.own ?? Number.NaN;
        expect(own).toBe(desk.net);
        const stops = desk.open().filter((order) => order.source === 'exit' && order.type === 'stop');
        const protectedUnits = stops.reduce((sum, order) => sum + order.quantity - order.filled, 0);
        expect(protectedUnits).toBe(Math.abs(desk.net));
        if (desk.net === 0) expect(desk.open().filter((order) => order.source === 'exit')).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
