import { describe, expect, it } from 'vitest';
import type { OrderIntent } from '../../src/domain/order.ts';
import type { RiskGate } from '../../src/risk/gate.ts';
import { allow, ALLOW_ALL, bench, fillOf, intentOf, type Bench } from './support.ts';

function place(at: Bench, changes: Partial<OrderIntent> = {}): string {
  const result = at.manager.submit(intentOf(changes));
  if (!result.ok) throw new Error(result.error.sentence);
  return result.value.id;
}

function placeAccepted(at: Bench, changes: Partial<OrderIntent> = {}): string {
  const id = place(at, changes);
  at.broker.accept(id);
  return id;
}

describe('submitting', () => {
  it('writes the intent before the broker hears of it', () => {
    const at = bench();
    let written: string[] = [];
    at.broker.onSubmit = () => {
      written = at.journal.kinds();
    };
    const result = at.manager.submit(intentOf());
    expect(result).toMatchObject({ ok: true, value: { id: 'o1', status: 'SUBMITTED' } });
    expect(written).toEqual(['order INITIALIZED', 'order SUBMITTED']);
    expect(at.journal.commits).toBe(1);
  });

  it('sends nothing when the journal fails, and works again when it does', () => {
    const at = bench();
    at.journal.failing = (commit) => commit === 1;
    expect(at.manager.submit(intentOf({ idempotencyKey: 'k' }))).toMatchObject({
      ok: false,
      error: { code: 'JOURNAL_FAILED' },
    });
    expect(at.broker.sent).toEqual([]);
    expect(at.manager.orders()).toEqual([]);
    expect(at.faults).toMatchObject([{ code: 'JOURNAL_FAILED' }]);
    expect(at.manager.submit(intentOf({ idempotencyKey: 'k' }))).toMatchObject({ ok: true, value: { id: 'o2' } });
    expect(at.broker.sent).toEqual(['submit o2']);
  });

  it('makes one order of one idempotency key', () => {
    const at = bench();
    const first = at.manager.submit(intentOf({ idempotencyKey: 'k' }));
    const again = at.manager.submit(intentOf({ idempotencyKey: 'k' }));
    expect(again).toEqual(first);
    expect(at.broker.sent).toEqual(['submit o1']);
    expect(at.manager.findByKey('k')?.id).toBe('o1');
    expect(at.manager.submit(intentOf({ idempotencyKey: 'k', side: 'sell' }))).toMatchObject({
      ok: false,
      error: { code: 'IDEMPOTENCY_CONFLICT', orderId: 'o1' },
    });
    expect(at.broker.sent).toEqual(['submit o1']);
  });

  it('finds the key of an earlier run', () => {
    const earlier = bench();
    const made = earlier.manager.submit(intentOf({ idempotencyKey: 'k' }));
    const order = made.ok ? made.value : null;
    const at = bench({ findByKey: (key) => (key === 'k' ? order : null) });
    expect(at.manager.submit(intentOf({ idempotencyKey: 'k' }))).toEqual(made);
    expect(at.broker.sent).toEqual([]);
  });

  it('journals what risk blocks as DENIED and returns the verdict', () => {
    const block: RiskGate = {
      check: (intent) => ({
        verdict: 'block',
        checks: [
          { code: 'ORDER_SIZE', severity: 'block', value: '15', limit: '10', sentence: 'Too big.' },
          { code: 'COLLAR', severity: 'info', value: '0', limit: '1', sentence: 'Fine.' },
        ],
        quantity: intent.quantity,
      }),
    };
    const at = bench({ gate: block });
    const result = at.manager.submit(intentOf({ idempotencyKey: 'k' }));
    expect(result).toMatchObject({
      ok: false,
      error: {
        code: 'ORDER_SIZE',
        value: '15',
        limit: '10',
        sentence: 'Too big.',
        orderId: 'o1',
        verdict: { checks: [{}, {}] },
      },
    });
    expect(at.journal.kinds()).toEqual(['order INITIALIZED', 'order DENIED']);
    expect(at.manager.find('o1')).toMatchObject({ status: 'DENIED', reasonCode: 'ORDER_SIZE' });
    expect(at.manager.submit(intentOf({ idempotencyKey: 'k' }))).toEqual(result);
    expect(at.manager.counters).toMatchObject({ denied: 1, submitted: 0 });
    expect(at.broker.sent).toEqual([]);
  });

  it('denies when the risk check itself fails', () => {
    const at = bench({
      gate: {
        check: () => {
          throw new TypeError('broken');
        },
      },
    });
    expect(at.manager.submit(intentOf())).toMatchObject({ ok: false, error: { code: 'RISK_CHECK_FAILED' } });
    expect(at.broker.sent).toEqual([]);
  });

  it('never sends more than risk allows, and never more than was asked', () => {
    const at = bench({ gate: { check: () => allow(4_000) } });
    expect(at.manager.submit(intentOf({ reduceOnly: true }))).toMatchObject({ ok: true, value: { quantity: 4_000 } });
    const generous = bench({ gate: { check: () => allow(99_000) } });
    expect(generous.manager.submit(intentOf())).toMatchObject({ ok: true, value: { quantity: 10_000 } });
    const nothing = bench({ gate: { check: () => allow(0) } });
    expect(nothing.manager.submit(intentOf())).toMatchObject({ ok: false, error: { code: 'RISK_BLOCKED' } });
  });

  it.each([
    ['an account without a broker', { accountId: 'B' }, 'NO_BROKER'],
    ['an unknown instrument', { instrument: 'NONE.X' }, 'INSTRUMENT_UNKNOWN'],
    ['a paper order at a live broker', { accountKind: 'paper' }, 'ACCOUNT_KIND'],
    ['a limit order without a price', { price: null }, 'ORDER_TERMS'],
    ['a market order with a price', { type: 'market' }, 'ORDER_TERMS'],
    ['a stop without a trigger', { type: 'stop', price: null }, 'ORDER_TERMS'],
    ['a GTD order without an end', { timeInForce: 'GTD' }, 'ORDER_TERMS'],
    ['a quantity of zero', { quantity: 0 }, 'ORDER_TERMS'],
    ['a quantity that is not a number', { quantity: Number.NaN }, 'ORDER_TERMS'],
    ['a price between units', { price: 1500.5 }, 'ORDER_TERMS'],
  ] as const)('refuses %s before anything is sent', (_, changes, code) => {
    const at = bench();
    expect(at.manager.submit(intentOf(changes))).toMatchObject({ ok: false, error: { code } });
    expect(at.broker.sent).toEqual([]);
    expect(at.manager.counters.denied).toBe(1);
    expect(at.journal.records.length).toBeGreaterThan(0);
    expect(at.manager.openOrders('A')).toEqual([]);
  });
});

describe('venue events', () => {
  it('commit a fill with its order, execution, position and balance in one transaction', () => {
    const at = bench();
    const id = placeAccepted(at);
    const before = at.journal.commits;
    at.clock.advanceTo(250);
    at.broker.fill(id, 4_000);
    expect(at.journal.commits).toBe(before + 1);
    expect(at.journal.kinds().slice(-4)).toEqual(['order PARTIALLY_FILLED', 'execution', 'position', 'balance']);
    expect(at.journal.records.at(-3)).toMatchObject({ execution: { ackLatencyMs: 0, fillLatencyMs: 250 } });
    at.broker.fill(id, 6_000, { tradeId: 't2' });
    expect(at.manager.find(id)).toMatchObject({ status: 'FILLED', filled: 10_000 });
    expect(at.ledger.quantity).toBe(10_000);
    expect(at.ledger.cash.toFixed()).toBe('84999');
    expect(at.manager.counters).toMatchObject({ submitted: 1, filled: 1 });
    expect(at.manager.latencies.ack.state().values).toEqual([0]);
    expect(at.manager.latencies.fill.state().values).toEqual([250, 250]);
    expect(at.manager.openOrders('A')).toEqual([]);
    expect(at.manager.history(id).map((event) => event.type)).toEqual(['submitted', 'accepted', 'filled', 'filled']);
  });

  it('are applied once however often they come', () => {
    const at = bench();
    const id = placeAccepted(at);
    at.broker.accept(id);
    at.broker.fill(id, 4_000);
    at.broker.fill(id, 4_000);
    at.broker.canceled(id);
    at.broker.canceled(id, 9);
    expect(at.manager.find(id)).toMatchObject({ status: 'CANCELED', filled: 4_000 });
    expect(at.manager.counters).toMatchObject({ repeated: 3, refused: 0, cancelled: 1 });
    expect(at.ledger.quantity).toBe(4_000);
  });

  it('that are impossible are audited and surfaced, and stop nothing', () => {
    const at = bench();
    const id = placeAccepted(at);
    at.broker.canceled(id);
    at.broker.emit({ type: 'triggered', orderId: id, ts: 3 });
    at.broker.accept('stranger');
    expect(at.faults.map((fault) => fault.code)).toEqual(['EVENT_REFUSED', 'ORDER_NOT_OURS']);
    expect(at.journal.kinds().slice(-2)).toEqual(['EVENT_REFUSED', 'ORDER_NOT_OURS']);
    expect(at.manager.find(id)?.status).toBe('CANCELED');
    placeAccepted(at);
  });

  it('ask the venue when a fill does not fit the order', () => {
    const at = bench();
    const id = placeAccepted(at);
    at.broker.fill(id, 10_001);
    expect(at.manager.find(id)).toMatchObject({ status: 'ACCEPTED', filled: 0 });
    expect(at.faults[0]?.sentence).toContain('10001 of 10000');
    expect(at.broker.sent).toEqual(['submit o1', 'inquire o1']);
    expect(at.ledger.quantity).toBe(0);
  });

  it('surface a fill that the portfolio cannot book, and keep it open for the venue to tell again', () => {
    let broken = true;
    const at = bench();
    const again = bench({
      applyFill: (fill) => {
        if (broken) throw new RangeError('no such position.');
        return at.ledger.apply(fill);
      },
    });
    const id = placeAccepted(again);
    again.broker.fill(id, 10_000);
    expect(again.faults).toMatchObject([{ code: 'FILL_NOT_BOOKED' }]);
    expect(again.manager.find(id)?.filled).toBe(0);
    broken = false;
    again.broker.fill(id, 10_000);
    expect(again.manager.find(id)?.status).toBe('FILLED');
  });

  it.each([true, false])('wait for the journal in order and block new orders until they are written', (byTimer) => {
    const at = bench();
    const id = placeAccepted(at);
    let full = true;
    at.journal.failing = () => full;
    const records = at.journal.records.length;
    at.broker.fill(id, 4_000);
    at.broker.fill(id, 6_000, { tradeId: 't2' });
    expect(at.manager.find(id)?.status).toBe('FILLED');
    expect(at.journal.records.length).toBe(records);
    expect(at.manager.unwritten).toBe(2);
    expect(at.manager.submit(intentOf())).toMatchObject({ ok: false, error: { code: 'JOURNAL_FAILED' } });
    full = false;
    // Whoever comes first, a retry or a new order: what happened is written before what is to happen.
    if (byTimer) at.clock.advanceTo(1_000);
    else at.manager.submit(intentOf());
    expect(at.manager.unwritten).toBe(0);
    expect(at.journal.kinds().slice(records, records + 8)).toEqual([
      'order PARTIALLY_FILLED',
      'execution',
      'position',
      'balance',
      'order FILLED',
      'execution',
      'position',
      'balance',
    ]);
    expect(at.manager.submit(intentOf()).ok).toBe(true);
  });

  it('that the journal refuses for good become an audit record and block nothing', () => {
    const at = bench();
    const id = placeAccepted(at);
    at.journal.code = 'INVALID_RECORD';
    const next = at.journal.commits + 1;
    at.journal.failing = (commit) => commit === next;
    at.broker.fill(id, 4_000);
    expect(at.manager.unwritten).toBe(0);
    expect(at.journal.kinds().at(-1)).toBe('RECORDS_REFUSED');
    expect(at.manager.submit(intentOf()).ok).toBe(true);
  });
});

describe('cancelling', () => {
  it('passes through PENDING_CANCEL and keeps our reason', () => {
    const at = bench();
    const id = placeAccepted(at);
    expect(at.manager.cancel(id, 'Kill switch.')).toMatchObject({ ok: true, value: { status: 'PENDING_CANCEL' } });
    expect(at.manager.cancel(id, 'Again.').ok).toBe(true);
    expect(at.broker.sent).toEqual(['submit o1', 'cancel o1']);
    at.broker.canceled(id);
    expect(at.manager.find(id)).toMatchObject({
      status: 'CANCELED',
      reasonCode: 'CANCEL_REQUESTED',
      reason: 'Kill switch.',
    });
  });

  it('keeps a late fill without opening the order again', () => {
    const at = bench();
    const id = placeAccepted(at);
    at.broker.canceled(id);
    at.broker.fill(id, 4_000);
    expect(at.manager.find(id)).toMatchObject({ status: 'CANCELED', filled: 4_000 });
    expect(at.ledger.quantity).toBe(4_000);
    expect(at.manager.openOrders('A')).toEqual([]);
    expect(at.manager.counters.cancelled).toBe(1);
  });

  it('of an order that fills meanwhile ends in the fill, and the refused cancel is no fault', () => {
    const at = bench();
    const id = placeAccepted(at);
    at.manager.cancel(id, 'No longer wanted.');
    at.broker.fill(id, 10_000);
    at.broker.emit({ type: 'cancel-rejected', orderId: id, ts: 2, code: 'FILLED', sentence: 'Filled already.' });
    expect(at.manager.find(id)?.status).toBe('FILLED');
    expect(at.faults).toEqual([]);
  });

  it('goes out even when the journal fails', () => {
    const at = bench();
    const id = placeAccepted(at);
    at.journal.failing = () => true;
    expect(at.manager.cancel(id, 'Disk is full.').ok).toBe(true);
    expect(at.broker.sent.at(-1)).toBe('cancel o1');
  });

  it('answers each of two cancels in the same millisecond', () => {
    const at = bench();
    const id = placeAccepted(at);
    const refuseCancel = (): void =>
      at.broker.emit({ type: 'cancel-rejected', orderId: id, ts: 0, code: 'BUSY', sentence: 'Busy.' });
    at.broker.onCancel = refuseCancel;
    at.manager.cancel(id, 'Once.');
    expect(at.manager.find(id)?.status).toBe('ACCEPTED');
    at.manager.cancel(id, 'Twice.');
    expect(at.manager.find(id)?.status).toBe('ACCEPTED');
    expect(at.broker.sent).toEqual(['submit o1', 'cancel o1', 'cancel o1']);
  });

  it('is refused for finished and unknown orders with a sentence', () => {
    const at = bench();
    const id = placeAccepted(at);
    at.broker.fill(id, 10_000);
    expect(at.manager.cancel(id, 'x')).toMatchObject({
      ok: false,
      error: { code: 'ORDER_FINISHED', sentence: 'Order o1 is FILLED and can no longer be cancelled.' },
    });
    expect(at.manager.modify(id, { price: 1, trigger: null, quantity: 1 })).toMatchObject({
      ok: false,
      error: { code: 'ORDER_FINISHED', sentence: 'Order o1 is FILLED and can no longer be changed.' },
    });
    expect(at.manager.cancel('o9', 'x')).toMatchObject({ ok: false, error: { code: 'ORDER_UNKNOWN' } });
    expect(at.broker.sent).toEqual(['submit o1']);
  });

  it('takes a whole selection, UNKNOWN and unacknowledged orders included', () => {
    const at = bench();
    const open = placeAccepted(at);
    const sent = place(at);
    const lost = place(at);
    at.broker.listener?.onUnknown(lost, 'Timeout.');
    const other = placeAccepted(at, { side: 'sell' });
    const done = placeAccepted(at);
    at.broker.fill(done, 10_000);
    const { sent: cancelled, refused } = at.manager.cancelAll({ side: 'buy' }, 'All buys.');
    expect(cancelled).toEqual([open, sent, lost]);
    expect(refused).toEqual([]);
    expect(at.manager.find(lost)?.status).toBe('PENDING_CANCEL');
    expect(at.manager.find(other)?.status).toBe('ACCEPTED');
  });
});

describe('changing', () => {
  it('travels as PENDING_UPDATE and takes effect when the venue says so', () => {
    const at = bench();
    const id = placeAccepted(at);
    const change = { price: 149_000, trigger: null, quantity: 12_000 };
    expect(at.manager.modify(id, change)).toMatchObject({
      ok: true,
      value: { status: 'PENDING_UPDATE', price: 150_000 },
    });
    at.broker.emit({ type: 'updated', orderId: id, ts: 2, ...change });
    expect(at.manager.find(id)).toMatchObject({ status: 'ACCEPTED', ...change });
  });

  it('asks risk about what is left under the new terms, without counting the old ones', () => {
    const asked: OrderIntent[] = [];
    let openThen: readonly unknown[] = [];
    const gate: RiskGate = {
      check: (intent) => {
        asked.push(intent);
        openThen = at.manager.openOrders('A');
        return asked.length === 1 ? allow(intent.quantity) : { ...allow(0), verdict: 'block' };
      },
    };
    const at = bench({ gate });
    const id = placeAccepted(at);
    at.broker.fill(id, 4_000);
    const result = at.manager.modify(id, { price: 150_000, trigger: null, quantity: 20_000 });
    expect(asked[1]).toMatchObject({ quantity: 16_000, price: 150_000 });
    expect(openThen).toEqual([]);
    expect(result).toMatchObject({ ok: false, error: { code: 'RISK_BLOCKED', orderId: id } });
    expect(at.broker.sent).toEqual(['submit o1']);
    expect(at.journal.kinds().at(-1)).toBe('CHANGE_DENIED');
    expect(at.manager.openOrders('A')).toHaveLength(1);
    // Less of the same asks nobody.
    expect(at.manager.modify(id, { price: 150_000, trigger: null, quantity: 5_000 }).ok).toBe(true);
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['not below what is filled', { price: 150_000, trigger: null, quantity: 4_000 }, 'UPDATE_QUANTITY'],
    ['not to terms that its type lacks', { price: null, trigger: null, quantity: 9_000 }, 'ORDER_TERMS'],
  ])('%s', (_, change, code) => {
    const at = bench();
    const id = placeAccepted(at);
    at.broker.fill(id, 4_000);
    expect(at.manager.modify(id, change)).toMatchObject({ ok: false, error: { code } });
    expect(at.broker.sent).toEqual(['submit o1']);
  });

  it('is not sent when the journal fails, nor while a cancel travels', () => {
    const at = bench();
    const id = placeAccepted(at);
    const change = { price: 149_000, trigger: null, quantity: 10_000 };
    at.journal.failing = () => true;
    expect(at.manager.modify(id, change)).toMatchObject({ ok: false, error: { code: 'JOURNAL_FAILED' } });
    expect(at.manager.find(id)?.status).toBe('ACCEPTED');
    at.journal.failing = () => false;
    at.manager.cancel(id, 'x');
    expect(at.manager.modify(id, change)).toMatchObject({ ok: false, error: { code: 'ORDER_NOT_CHANGEABLE' } });
    expect(at.broker.sent).toEqual(['submit o1', 'cancel o1']);
  });
});

describe('listeners', () => {
  it('hear everything in order even when the venue answers at once and a listener sends more', () => {
    const at = bench({ kind: 'paper' });
    at.broker.onSubmit = (order) => {
      at.broker.accept(order.id);
      at.broker.emit({
        type: 'filled',
        orderId: order.id,
        ts: 0,
        fill: fillOf(order.id, 10_000, { tradeId: order.id, side: order.side }),
      });
    };
    const heard: string[] = [];
    at.manager.onOrder((order, event) => {
      heard.push(`${order.id} ${event?.type ?? ''}`);
      if (order.id === 'o1' && event?.type === 'accepted') {
        // The broker has both orders by now: the listener never runs ahead of it.
        expect(at.broker.sent).toEqual(['submit o1']);
        const second = at.manager.submit(intentOf({ accountKind: 'paper', side: 'sell' }));
        expect(second).toMatchObject({ ok: true, value: { status: 'FILLED' } });
      }
    });
    const first = at.manager.submit(intentOf({ accountKind: 'paper' }));
    expect(first).toMatchObject({ ok: true, value: { status: 'FILLED' } });
    expect(heard).toEqual(['o1 submitted', 'o1 accepted', 'o1 filled', 'o2 submitted', 'o2 accepted', 'o2 filled']);
    expect(at.journal.kinds().filter((kind) => kind.startsWith('order'))).toEqual([
      'order INITIALIZED',
      'order SUBMITTED',
      'order ACCEPTED',
      'order FILLED',
      'order INITIALIZED',
      'order SUBMITTED',
      'order ACCEPTED',
      'order FILLED',
    ]);
  });

  it('may cancel the order they hear of without reaching the broker first', () => {
    const at = bench();
    at.manager.onOrder((order, event) => {
      if (event?.type === 'submitted') at.manager.cancel(order.id, 'Changed my mind.');
    });
    place(at);
    expect(at.broker.sent).toEqual(['submit o1', 'cancel o1']);
  });

  it('that fail are surfaced and disturb nobody', () => {
    const at = bench();
    let heard = 0;
    at.manager.onOrder(() => {
      throw new Error('bug');
    });
    const stop = at.manager.onOrder(() => {
      heard += 1;
    });
    place(at);
    expect(at.faults).toMatchObject([{ code: 'LISTENER_THREW' }]);
    expect(heard).toBe(1);
    stop();
    place(at);
    expect(heard).toBe(1);
  });
});

it('gives the same ids and records for the same calls', () => {
  const session = (): string => {
    const at = bench();
    const id = placeAccepted(at);
    at.broker.fill(id, 4_000);
    at.manager.cancel(id, 'x');
    at.broker.canceled(id);
    at.manager.submit(intentOf({ price: null }));
    return at.journal.fingerprint();
  };
  expect(session()).toBe(session());
  expect(ALLOW_ALL.check(intentOf()).verdict).toBe('allow');
});
