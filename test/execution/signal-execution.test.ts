import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../src/domain/decimal.ts';
import { notional, priceDecimal } from '../../src/domain/instrument.ts';
import type { Order, OrderIntent } from '../../src/domain/order.ts';
import type { Signal } from '../../src/domain/signal.ts';
import { parseUnits } from '../../src/domain/units.ts';
import { newOrder } from '../../src/execution/intent-terms.ts';
import {
  createSignalExecution,
  type SignalPlan,
  type SignalPolicy,
  type SignalSituation,
} from '../../src/execution/signal-execution.ts';
import { describeWithData, sharedData } from '../support/shared-data.ts';
import { instrumentOf, intentOf } from './support.ts';

const STOCK = instrumentOf({ symbol: 'GOOG', venue: 'US', kind: 'equity', quote: 'USD', step: '1' });
const SPOT = instrumentOf({ kind: 'crypto-spot', step: '1' });

function signal(direction: Signal['direction']): Signal {
  return {
    strategyId: 's',
    instrument: STOCK.id,
    direction,
    probability: null,
    expectedReturn: null,
    stop: null,
    target: null,
    horizonMs: null,
    ts: 0,
    reason: 'Because.',
  };
}

const POLICY: SignalPolicy = {
  direction: 'both',
  reverse: true,
  sizing: { kind: 'all-in' },
  units: { kind: 'integer' },
  commission: { rate: '0', fixed: '0' },
  leverage: '1',
};

function situation(changes: Partial<SignalSituation> = {}): SignalSituation {
  return {
    position: 0,
    buyPrice: 10_000,
    sellPrice: 10_000,
    cash: new Decimal(1_000),
    equity: new Decimal(1_000),
    mark: 10_000,
    volatility: null,
    working: [],
    ...changes,
  };
}

function plan(
  direction: Signal['direction'],
  policy: Partial<SignalPolicy> = {},
  at: Partial<SignalSituation> = {},
  instrument = STOCK,
): SignalPlan {
  const made = createSignalExecution({ ...POLICY, ...policy }, instrument, { id: 'A', kind: 'paper' });
  if (!made.ok) throw new Error(made.error.sentence);
  return made.value.plan(signal(direction), situation(at));
}

function words({ intents, refusals, cancel }: SignalPlan): string[] {
  return [
    ...cancel.map((id) => `cancel ${id}`),
    ...intents.map(({ side, quantity, reduceOnly }) => `${reduceOnly ? 'close' : 'open'} ${side} ${quantity}`),
    ...refusals.map(({ code }) => code),
  ];
}

function working(id: string, changes: Partial<OrderIntent>): Order {
  const intent = intentOf({ source: 'strategy', strategyId: 's', type: 'market', price: null, ...changes });
  return { ...newOrder(intent, id, intent.quantity, 0), status: 'ACCEPTED' };
}

describe('a signal becomes orders', () => {
  it.each([
    ['long', 0, {}, ['open buy 10']],
    ['short', 0, {}, ['open sell 10']],
    ['flat', 0, {}, []],
    ['long', 10, {}, []],
    ['short', -10, {}, []],
    ['flat', 10, {}, ['close sell 10']],
    ['flat', -10, {}, ['close buy 10']],
    ['short', 10, {}, ['close sell 10', 'open sell 20']],
    ['short', 10, { reverse: false }, ['close sell 10']],
    ['long', -4, { reverse: false }, ['close buy 4']],
    ['short', 0, { direction: 'long' }, []],
    ['short', 10, { direction: 'long' }, ['close sell 10']],
    ['long', 0, { direction: 'short' }, []],
    ['long', -4, { direction: 'short' }, ['close buy 4']],
    ['long', 5, { pyramiding: true }, ['open buy 10']],
  ] as const)('%s from %s under %j: %j', (direction, position, policy, expected) => {
    expect(words(plan(direction, policy, { position }))).toEqual(expected);
  });

  it('carries who asked and why, as a market order of the account', () => {
    expect(plan('long').intents[0]).toEqual({
      accountId: 'A',
      accountKind: 'paper',
      instrument: STOCK.id,
      side: 'buy',
      type: 'market',
      quantity: 10,
      price: null,
      trigger: null,
      timeInForce: 'GTC',
      expireAt: null,
      postOnly: false,
      reduceOnly: false,
      source: 'strategy',
      strategyId: 's',
      note: 'Because.',
      idempotencyKey: null,
    });
  });
});

describe('the opening after a close', () => {
  it('spends what the close leaves, its fees paid', () => {
    // 10 sold at 90: 15 + 900 - 1 % of 900 = 906; a sale at 90 with 1 % takes 90.90 each, so 10 would take 909.
    const at = { position: 10, cash: new Decimal(15), sellPrice: 9_000 };
    expect(words(plan('short', { commission: { rate: '0.01', fixed: '0' } }, at))).toEqual([
      'close sell 10',
      'open sell 9',
    ]);
    // A short of 10 opened at 100 holds 2,000 in cash and owes 10 x 120: 800 is left, at 120 that is 6.
    const short = { position: -10, cash: new Decimal(2_000), buyPrice: 12_000 };
    expect(words(plan('long', {}, short))).toEqual(['close buy 10', 'open buy 6']);
  });

  it('uses bid and ask on the side that it trades', () => {
    expect(words(plan('long', {}, { buyPrice: 10_100, sellPrice: 9_900 }))).toEqual(['open buy 9']);
    expect(words(plan('short', {}, { buyPrice: 10_100, sellPrice: 9_900 }))).toEqual(['open sell 10']);
  });

  it('counts equity at the closing price too', () => {
    // Equity 1,000 marked at 100; closing 10 at 80 leaves 800; 10 % of it at 4 lost per unit.
    const made = createSignalExecution({ ...POLICY, sizing: { kind: 'risk', fraction: '0.1' } }, STOCK, {
      id: 'A',
      kind: 'paper',
    });
    if (!made.ok) throw new Error(made.error.sentence);
    const at = situation({ position: 10, cash: new Decimal(0), sellPrice: 8_000, mark: 10_000 });
    expect(words(made.value.plan({ ...signal('short'), stop: 8_400 }, at))).toEqual(['close sell 10', 'open sell 10']);
    const wide = made.value.plan({ ...signal('short'), stop: 9_600 }, at);
    expect(words(wide)).toEqual(['close sell 10', 'open sell 5']);
  });

  it('is left out with its reason while the close still goes', () => {
    expect(words(plan('short', {}, { position: 1, cash: new Decimal(-60) }))).toEqual(['close sell 1', 'SIZE_ZERO']);
    expect(words(plan('short', {}, { position: 1 }, SPOT))).toEqual(['close sell 1', 'NOT_SHORTABLE']);
    expect(words(plan('short', {}, {}, SPOT))).toEqual(['NOT_SHORTABLE']);
    expect(words(plan('long', {}, { buyPrice: 0 }))).toEqual(['SIZE_PRICE']);
    expect(words(plan('long', {}, { buyPrice: 0, position: -1 }))).toEqual(['close buy 1', 'SIZE_PRICE']);
  });
});

describe('orders on their way', () => {
  const entry = working('e', { side: 'buy', quantity: 10 });
  const close = working('c', { side: 'sell', quantity: 10, reduceOnly: true });

  it('are not sent twice', () => {
    expect(words(plan('long', {}, { working: [entry] }))).toEqual([]);
    expect(words(plan('flat', {}, { position: 10, working: [close] }))).toEqual([]);
    const part = working('c', { side: 'sell', quantity: 4, reduceOnly: true });
    expect(words(plan('flat', {}, { position: 10, working: [part] }))).toEqual(['close sell 6']);
  });

  it('are taken back when they are no longer wanted', () => {
    expect(words(plan('flat', {}, { working: [entry] }))).toEqual(['cancel e']);
    expect(words(plan('short', {}, { working: [entry] }))).toEqual(['cancel e', 'open sell 10']);
    expect(words(plan('flat', {}, { position: 3, working: [entry] }))).toEqual(['cancel e', 'close sell 3']);
  });

  it('of others are left alone, but a protective exit counts as a close', () => {
    const manual = working('m', { side: 'buy', source: 'manual', strategyId: null });
    const rival = working('r', { side: 'buy', strategyId: 'other' });
    expect(words(plan('flat', {}, { working: [manual, rival] }))).toEqual([]);
    const exit = working('x', { side: 'sell', quantity: 10, reduceOnly: true, source: 'exit', strategyId: null });
    expect(words(plan('flat', {}, { position: 10, working: [exit] }))).toEqual([]);
    const target = { ...exit, type: 'limit' as const, price: 20_000 };
    expect(words(plan('flat', {}, { position: 10, working: [target] }))).toEqual(['close sell 10']);
    // The exit is closing the long: the opening is sized with what it will leave.
    expect(words(plan('short', {}, { position: 10, cash: new Decimal(0), working: [exit] }))).toEqual(['open sell 10']);
  });
});

const GOOG = 'us/GOOG_daily_2004_2013.csv.gz';
const ORACLE = 'oracles/backtest_goog_sma_10_30_nocomm.json';

describeWithData('signal execution on GOOG', [GOOG, ORACLE], () => {
  it('makes the 66 trades and the final equity of the published result', () => {
    const dataFile = sharedData(GOOG) ?? '';
    const oracleFile = sharedData(ORACLE) ?? '';
    const rows = gunzipSync(readFileSync(dataFile)).toString('utf8').trim().split('\n');
    const header = (rows.shift() ?? '').toLowerCase().split(',');
    const column = (name: string): number => header.findIndex((title) => title === name);
    const [openAt, closeAt] = [column('open'), column('close')];
    const bars = rows.map((row) => {
      const cells = row.split(',');
      return { open: parseUnits(cells[openAt] ?? '', 2), close: parseUnits(cells[closeAt] ?? '', 2) };
    });
    const mean = (end: number, length: number): number =>
      bars.slice(end - length + 1, end + 1).reduce((sum, bar) => sum + bar.close, 0) / length;
    const made = createSignalExecution(POLICY, STOCK, { id: 'A', kind: 'paper' });
    if (!made.ok) throw new Error(made.error.sentence);
    let cash = new Decimal(10_000);
    let position = 0;
    let trades = 0;
    const book = (price: number, signed: number): void => {
      cash = cash.minus(notional(STOCK, price, signed));
      position += signed;
    };
    for (let bar = 31; bar < bars.length; bar += 1) {
      const before = mean(bar - 2, 10) - mean(bar - 2, 30);
      const now = mean(bar - 1, 10) - mean(bar - 1, 30);
      const open = bars[bar]?.open ?? 0;
      const last = bar === bars.length - 1;
      const crossed = before < 0 && now > 0 ? 'long' : before > 0 && now < 0 ? 'short' : null;
      if (!last && crossed === null) continue;
      const equity = cash.plus(priceDecimal(STOCK, open).times(position));
      const { intents } = made.value.plan(
        signal(last ? 'flat' : (crossed ?? 'flat')),
        situation({ position, cash, equity, buyPrice: open, sellPrice: open, mark: open }),
      );
      for (const { side, quantity, reduceOnly } of intents) {
        book(open, side === 'buy' ? quantity : -quantity);
        if (reduceOnly) trades += 1;
      }
    }
    const stats = JSON.parse(readFileSync(oracleFile, 'utf8')).expected.stats as Record<string, number>;
    expect(position).toBe(0);
    expect(trades).toBe(stats['# Trades']);
    expect(cash.toNumber()).toBeCloseTo(stats['Equity Final [$]'] ?? Number.NaN, 6);
  });
});
