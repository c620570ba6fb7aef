import { describe, expect, it } from 'vitest';
import { calendarOf } from '../../src/clock/calendars.ts';
import { SimulatedClock } from '../../src/clock/simulated.ts';
import type { Account } from '../../src/domain/account.ts';
import { defineInstrument } from '../../src/domain/instrument.ts';
import type { OrderIntent } from '../../src/domain/order.ts';
import { checkedIntraday, DEFAULT_INTRADAY, intradayDay, type IntradayTerms } from '../../src/engine/intraday.ts';
import { PAPER_NSE_MODEL } from '../../src/engine/session-config.ts';
import { SquareOff } from '../../src/engine/square-off.ts';
import { TradingCore } from '../../src/engine/trading-core.ts';
import { MemoryJournal } from '../../src/journal/memory-journal.ts';
import { DEFAULT_LIMITS } from '../../src/risk/limits.ts';

const made = defineInstrument({
  symbol: 'SBIN',
  venue: 'nse',
  kind: 'equity',
  quote: 'INR',
  tick: '0.05',
  step: '1',
  calendar: 'nse',
});
if (!made.ok) throw new Error(made.error.sentence);
const SBIN = made.value;
const ist = (text: string): number => Date.parse(`${text}+05:30`);

function account(id: string, type: Account['type']): Account {
  return {
    id,
    name: id,
    kind: 'paper',
    broker: 'nse',
    currency: 'INR',
    type,
    leverage: type === 'margin' ? '5' : '1',
    startingCash: '100000',
  };
}

class Day {
  readonly clock: SimulatedClock;
  readonly core: TradingCore;
  readonly squareOff: SquareOff;
  readonly alerts: string[] = [];
  readonly audits: string[] = [];

  constructor(start: string, terms: IntradayTerms = DEFAULT_INTRADAY) {
    this.clock = new SimulatedClock(ist(start));
    this.core = new TradingCore({
      clock: this.clock,
      journal: new MemoryJournal(),
      accounts: [account('mis', 'margin'), account('cnc', 'cash')],
      instruments: [SBIN],
      venues: [
        { id: 'nse', model: { ...PAPER_NSE_MODEL, latencyMs: 0, jitterMs: 0, queue: false }, serves: () => true },
      ],
      seed: 1,
      limits: () => DEFAULT_LIMITS,
      sessions: true,
      staleAfterMs: 10_000,
      orderPrefix: 'o',
      barFill: 'next-open',
      intraday: terms,
    });
    this.core.listen({ onAudit: ({ action }) => this.audits.push(action) });
    this.squareOff = new SquareOff(this.core, { terms, onAlert: ({ code }) => this.alerts.push(code) });
  }

  price(time: string, bid = 80_000): void {
    const ts = ist(time);
    this.core.onEvent({
      kind: 'quote',
      instrument: SBIN.id,
      ts,
      at: ts,
      bid,
      bidQuantity: 10_000,
      ask: bid + 5,
      askQuantity: 10_000,
    });
  }

  /** The code of the refusal, or the status of the order. */
  send(terms: Partial<OrderIntent>): string {
    const sent = this.core.submit({
      accountId: 'mis',
      accountKind: 'paper',
      instrument: SBIN.id,
      side: 'buy',
      type: 'market',
      quantity: 10,
      price: null,
      trigger: null,
      timeInForce: 'DAY',
      expireAt: null,
      postOnly: false,
      reduceOnly: false,
      source: 'manual',
      strategyId: null,
      note: null,
      idempotencyKey: null,
      ...terms,
    });
    return sent.ok ? (this.core.orders.find(sent.value.id)?.status ?? 'gone') : sent.error.code;
  }

  held(accountId = 'mis'): number {
    return this.core.portfolio.position(accountId, SBIN.id);
  }
}

describe('intraday accounts', () => {
  it('open nothing after the cut-off, close at any time, and delivery accounts go on', () => {
    const day = new Day('2025-06-02T14:59:59');
    day.price('2025-06-02T14:59:59');
    expect(day.send({})).toBe('FILLED');
    day.price('2025-06-02T15:00');
    expect(day.send({})).toBe('INTRADAY_CUTOFF');
    expect(day.send({ side: 'sell', quantity: 11 })).toBe('INTRADAY_CUTOFF');
    expect(day.send({ side: 'sell', quantity: 4 })).toBe('FILLED');
    expect(day.send({ accountId: 'cnc' })).toBe('FILLED');
    expect(day.held()).toBe(6);
    const last = day.core.orders.orders().at(-1);
    if (last === undefined) throw new Error('orders were sent');
    expect(day.core.gate.check({ ...last, accountId: 'mis' }).checks).toContainEqual(
      expect.objectContaining({ code: 'INTRADAY_CUTOFF', severity: 'block', value: '15:00', limit: '15:00' }),
    );
  });

  it('have five times their equity, delivery accounts their cash and no short sale', () => {
    const day = new Day('2025-06-02T10:00');
    day.price('2025-06-02T10:00', 10_000);
    const limits = { quantity: 4_500 };
    expect(day.send({ ...limits, accountId: 'cnc' })).toBe('NOTIONAL_EXCEEDS_FREE_BALANCE');
    expect(day.send({ accountId: 'cnc', side: 'sell', quantity: 1 })).toBe('INSUFFICIENT_POSITION');
    const verdict = day.core.gate.check({
      accountId: 'mis',
      accountKind: 'paper',
      instrument: SBIN.id,
      side: 'sell',
      type: 'market',
      quantity: 4_900,
      price: null,
      trigger: null,
      timeInForce: 'DAY',
      expireAt: null,
      postOnly: false,
      reduceOnly: false,
      source: 'manual',
      strategyId: null,
      note: null,
      idempotencyKey: null,
    });
    expect(verdict.checks.find(({ code }) => code === 'MARGIN_EXCEEDS_FREE_BALANCE')?.severity).toBe('info');
  });

  it('are squared off at the configured time: entries cancelled first, then flat, written down', () => {
    const day = new Day('2025-06-02T10:00', { entryUntil: '14:30', squareOffAt: '14:45', leverage: '5' });
    day.squareOff.arm();
    day.price('2025-06-02T10:00');
    expect(day.send({})).toBe('FILLED');
    expect(day.send({ type: 'limit', price: 78_000, quantity: 5 })).toBe('ACCEPTED');
    expect(day.send({ accountId: 'cnc' })).toBe('FILLED');
    day.price('2025-06-02T14:44:59');
    expect(day.held()).toBe(10);
    day.price('2025-06-02T14:45:01');
    expect([day.held(), day.held('cnc')]).toEqual([0, 10]);
    expect(day.core.orders.openOrders('mis')).toEqual([]);
    expect(day.audits).toContain('SQUARE_OFF');
    expect(day.core.ledger.trades().map(({ exitReason }) => exitReason)).toEqual(['square-off']);
    // Nothing more happens, on this day or the next.
    day.price('2025-06-02T15:29');
    day.price('2025-06-03T09:20');
    expect(day.audits.filter((action) => action === 'SQUARE_OFF')).toHaveLength(1);
    expect(day.alerts).toEqual([]);
  });

  it('closes a short with a buy and tries again when nothing is on offer', () => {
    const opened = new Day('2025-06-02T14:00');
    opened.price('2025-06-02T14:00');
    opened.squareOff.arm();
    expect(opened.send({ side: 'sell' })).toBe('FILLED');
    // Both sides are gone at 15:10.
    const ts = ist('2025-06-02T15:09:59');
    const stamp = { kind: 'quote' as const, instrument: SBIN.id, ts, at: ts };
    opened.core.onEvent({ ...stamp, bid: 80_000, bidQuantity: 10, ask: 0, askQuantity: 0 });
    opened.core.advanceTo(ist('2025-06-02T15:10:02'));
    expect(opened.held()).toBe(-10);
    opened.price('2025-06-02T15:10:04');
    opened.core.advanceTo(ist('2025-06-02T15:10:06'));
    expect(opened.held()).toBe(0);
  });

  it('catches up on a machine that slept through the time, still within the session', () => {
    const day = new Day('2025-06-02T10:00');
    day.price('2025-06-02T10:00');
    expect(day.send({})).toBe('FILLED');
    day.price('2025-06-02T15:21');
    expect(day.held()).toBe(10);
    day.squareOff.check(ist('2025-06-02T15:21'));
    expect(day.held()).toBe(0);
    expect(day.alerts).toEqual([]);
  });

  it('says so when the session ended meanwhile, once, and closes at the next opening', () => {
    const day = new Day('2025-06-02T10:00');
    day.price('2025-06-02T10:00');
    day.send({});
    // Asleep from 10:00 until the evening.
    day.clock.advanceTo(ist('2025-06-02T20:00'));
    day.squareOff.check(day.clock.now());
    day.squareOff.check(day.clock.now() + 1_000);
    expect([day.held(), day.alerts]).toEqual([10, ['SQUARE_OFF_MISSED']]);
    day.clock.advanceTo(ist('2025-06-03T09:05'));
    day.squareOff.check(day.clock.now());
    expect(day.held()).toBe(10);
    day.price('2025-06-03T09:15');
    day.squareOff.check(day.clock.now());
    expect(day.held()).toBe(0);
  });

  it('catches up after a restart: a position of yesterday goes at the first look', () => {
    const before = new Day('2025-06-02T10:00');
    before.price('2025-06-02T10:00');
    before.send({});
    const record = before.core.portfolio.positionRecord('mis', SBIN.id);
    const cash = before.core.portfolio.cash('mis')?.toFixed() ?? '';
    if (record === null) throw new Error('a position');

    const after = new Day('2025-06-04T10:30');
    after.core.portfolio.restore([record], [{ accountId: 'mis', currency: 'INR', cash, at: record.openedAt ?? 0 }]);
    after.price('2025-06-04T10:30');
    expect(after.held()).toBe(10);
    after.squareOff.check(after.clock.now());
    expect(after.held()).toBe(0);
    // A position of today stays.
    after.send({});
    after.squareOff.check(after.clock.now() + 10_000);
    expect(after.held()).toBe(10);
  });

  it('still closes while trading is halted', () => {
    const day = new Day('2025-06-02T10:00');
    day.price('2025-06-02T10:00');
    day.send({});
    day.core.monitor.raise(
      {
        code: 'KILL_SWITCH',
        scope: null,
        level: 'HALTED',
        latched: true,
        at: day.clock.now(),
        sentence: 'Halted by a test.',
      },
      'risk',
    );
    day.price('2025-06-02T15:11');
    expect(day.send({ side: 'sell', quantity: 10, reduceOnly: true })).toBe('TRADING_HALTED');
    day.squareOff.check(day.clock.now());
    expect(day.held()).toBe(0);
  });
});

describe('the times of a day', () => {
  const times = (date: string): string[] | null => {
    const day = intradayDay(calendarOf(SBIN), ist(`${date}T12:00`), DEFAULT_INTRADAY);
    const text = (at: number): string => new Date(at + 330 * 60_000).toISOString().slice(11, 16);
    return day === null ? null : [day.entryUntil, day.squareOffAt].map(text);
  };
  it.each([
    ['an ordinary day', '2025-06-02', ['15:00', '15:10']],
    ['the first day of the closing auction', '2026-08-03', ['15:00', '15:10']],
    ['an evening session', '2024-11-01', ['18:45', '18:55']],
    ['a session before the time', '2025-10-21', ['14:30', '14:40']],
    ['two short sessions', '2024-03-02', ['12:15', '12:25']],
    ['a Sunday', '2025-06-01', null],
  ])('%s', (_, date, expected) => {
    expect(times(date)).toEqual(expected);
  });

  it.each([
    ['15:00', '15:15', '5', 'INTRADAY_TIMES'],
    ['15:11', '15:10', '5', 'INTRADAY_TIMES'],
    ['3pm', '15:10', '5', 'INTRADAY_TIMES'],
    ['15:00', '15:10', '0.5', 'INTRADAY_LEVERAGE'],
  ])('%s, %s and %sx are refused', (entryUntil, squareOffAt, leverage, code) => {
    expect(checkedIntraday({ entryUntil, squareOffAt, leverage })).toMatchObject({ ok: false, error: { code } });
  });
});
