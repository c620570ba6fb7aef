import { describe, expect, it } from 'vitest';
import { Decimal } from '../../src/domain/decimal.ts';
import { DEFAULT_LIMITS, RESEARCH_LIMITS, type RiskLimits } from '../../src/risk/limits.ts';
import type { OrderIntent } from '../../src/domain/order.ts';
import { accountOf, BTC, instrumentOf } from '../portfolio/fixtures.ts';
import { codes, gateOf, orderOf, workingOf, worldOf, type World } from './gate-fixtures.ts';

const limitsOf = (changes: Partial<RiskLimits>): RiskLimits => ({ ...DEFAULT_LIMITS, ...changes });

describe('a sound order', () => {
  it('passes with every check, its figure and its limit', () => {
    const verdict = gateOf(worldOf()).check(orderOf());
    expect(verdict.verdict).toBe('allow');
    expect(verdict.quantity).toBe(10_000);
    for (const check of verdict.checks) {
      expect(check.sentence).toMatch(/^[A-Z].*\.$/);
      expect(check.value).not.toBe('');
      expect(check.limit).not.toBe('');
    }
    expect(JSON.parse(JSON.stringify(verdict))).toMatchObject({ verdict: 'allow', quantity: 10_000 });
    expect({ ...verdict }.checks).toEqual(verdict.checks);
  });
});

interface Case {
  readonly name: string;
  readonly code: string;
  readonly severity?: 'block' | 'warn';
  readonly world?: Partial<World>;
  readonly order?: Partial<OrderIntent>;
  readonly value?: string;
  readonly limit?: string;
  /** The neighbouring order or world that must not trip the same check. */
  readonly passes?: { readonly world?: Partial<World>; readonly order?: Partial<OrderIntent> };
}

const CASES: readonly Case[] = [
  { name: 'unknown account', code: 'ACCOUNT_NOT_FOUND', world: { account: null } },
  {
    name: 'live order on a paper account',
    code: 'ACCOUNT_KIND_MISMATCH',
    order: { accountKind: 'live' },
    value: 'live',
    limit: 'paper',
  },
  { name: 'unknown instrument', code: 'INSTRUMENT_NOT_FOUND', world: { instrument: null } },
  { name: 'other currency', code: 'CURRENCY_MISMATCH', world: { account: accountOf({ currency: 'INR' }) } },
  { name: 'market closed', code: 'MARKET_CLOSED', world: { closed: 'It opens tomorrow.' } },
  { name: 'no limit price', code: 'PRICE_MISSING', order: { price: null } },
  { name: 'no trigger', code: 'TRIGGER_MISSING', order: { type: 'stop', trigger: null, price: null } },
  {
    name: 'off tick',
    code: 'PRICE_OFF_TICK',
    world: { instrument: instrumentOf({ tick: '0.05', priceDigits: 2 }) },
    order: { price: 10_002 },
    passes: { order: { price: 10_005 }, world: { instrument: instrumentOf({ tick: '0.05', priceDigits: 2 }) } },
  },
  {
    name: 'off step',
    code: 'QUANTITY_OFF_STEP',
    world: { instrument: instrumentOf({ step: '0.010', quantityDigits: 3 }) },
    order: { quantity: 1_005 },
  },
  {
    name: 'below minimum',
    code: 'QUANTITY_BELOW_MINIMUM',
    world: { instrument: instrumentOf({ minQuantity: '0.5' }) },
    order: { quantity: 499 },
    value: '0.499',
    limit: '0.500',
    passes: { world: { instrument: instrumentOf({ minQuantity: '0.5' }) }, order: { quantity: 500 } },
  },
  {
    name: 'above maximum',
    code: 'QUANTITY_EXCEEDS_MAXIMUM',
    world: { instrument: instrumentOf({ maxQuantity: '5' }) },
    order: { quantity: 5_001 },
    passes: { world: { instrument: instrumentOf({ maxQuantity: '5' }) }, order: { quantity: 5_000 } },
  },
  { name: 'zero quantity', code: 'QUANTITY_NOT_POSITIVE', order: { quantity: 0 } },
  { name: 'fractional units', code: 'QUANTITY_NOT_POSITIVE', order: { quantity: 1.5 } },
  {
    name: 'min notional',
    code: 'NOTIONAL_BELOW_MINIMUM',
    world: { instrument: instrumentOf({ minNotional: '5' }) },
    order: { quantity: 49 },
    value: '4.9',
    limit: '5',
    passes: { world: { instrument: instrumentOf({ minNotional: '5' }) }, order: { quantity: 50 } },
  },
  {
    name: 'order quantity',
    code: 'QUANTITY_EXCEEDS_MAX_PER_ORDER',
    world: { limits: limitsOf({ maxOrderQuantity: '9.999' }) },
    value: '10',
    limit: '9.999',
    passes: { world: { limits: limitsOf({ maxOrderQuantity: '10' }) } },
  },
  {
    name: 'order notional',
    code: 'NOTIONAL_EXCEEDS_MAX_PER_ORDER',
    world: { limits: limitsOf({ maxOrderNotional: '999.99' }) },
    value: '1000',
    limit: '999.99',
    passes: { world: { limits: limitsOf({ maxOrderNotional: '1000' }) } },
  },
  {
    name: 'order share of equity',
    code: 'ORDER_SHARE_OF_EQUITY',
    severity: 'warn',
    order: { quantity: 250_001 },
    value: '0.250001',
    limit: '0.25',
    passes: { order: { quantity: 250_000 } },
  },
  {
    name: 'position',
    code: 'MAX_POSITION',
    world: { net: 90_000, limits: limitsOf({ maxPosition: '99.999' }) },
    value: '100',
    passes: { world: { net: 90_000, limits: limitsOf({ maxPosition: '100' }) } },
  },
  {
    name: 'position with open orders',
    code: 'MAX_POSITION',
    world: { net: 80_000, open: [workingOf()], limits: limitsOf({ maxPosition: '99' }) },
  },
  {
    name: 'position value',
    code: 'MAX_POSITION_NOTIONAL',
    world: { limits: limitsOf({ maxPositionNotional: '999' }) },
    passes: { world: { limits: limitsOf({ maxPositionNotional: '1000' }) } },
  },
  {
    name: 'concentration, soft',
    code: 'CONCENTRATION',
    severity: 'warn',
    order: { quantity: 300_001 },
    passes: { order: { quantity: 300_000 } },
  },
  {
    name: 'concentration, hard',
    code: 'CONCENTRATION',
    world: { limits: limitsOf({ maxConcentration: '0.4' }) },
    order: { quantity: 400_001 },
    passes: { world: { limits: limitsOf({ maxConcentration: '0.4' }) }, order: { quantity: 400_000 } },
  },
  {
    name: 'gross exposure',
    code: 'GROSS_EXPOSURE',
    world: { limits: limitsOf({ maxGrossExposure: '0.5' }), account: accountOf({ leverage: '10' }) },
    order: { quantity: 500_001 },
    passes: {
      world: { limits: limitsOf({ maxGrossExposure: '0.5' }), account: accountOf({ leverage: '10' }) },
      order: { quantity: 500_000 },
    },
  },
  {
    name: 'collar, soft',
    code: 'PRICE_COLLAR',
    severity: 'warn',
    world: { reference: { bid: 10_000, ask: 10_000, last: 0, ts: 0, ageMs: 0, stale: false } },
    order: { price: 10_201 },
    value: '0.0201',
    limit: '0.02',
    passes: {
      order: { price: 10_200 },
      world: { reference: { bid: 10_000, ask: 10_000, last: 0, ts: 0, ageMs: 0, stale: false } },
    },
  },
  {
    name: 'collar, hard, above',
    code: 'PRICE_COLLAR',
    world: { reference: { bid: 10_000, ask: 10_000, last: 0, ts: 0, ageMs: 0, stale: false } },
    order: { price: 11_001 },
  },
  {
    name: 'collar, hard, below',
    code: 'PRICE_COLLAR',
    world: { reference: { bid: 10_000, ask: 10_000, last: 0, ts: 0, ageMs: 0, stale: false } },
    order: { price: 8_999 },
  },
  {
    name: 'collar judges a stop by its trigger',
    code: 'PRICE_COLLAR',
    order: { type: 'stop', trigger: 11_100, price: null },
    passes: { order: { type: 'stop', trigger: 10_100, price: null } },
  },
  {
    name: 'collar of a stop-limit from its trigger',
    code: 'PRICE_COLLAR',
    order: { type: 'stop-limit', trigger: 10_100, price: 11_300 },
  },
  {
    name: 'stale, soft',
    code: 'STALE_PRICE',
    severity: 'warn',
    world: { reference: { bid: 10_000, ask: 10_002, last: 0, ts: 0, ageMs: 3_001, stale: false } },
    passes: { world: { reference: { bid: 10_000, ask: 10_002, last: 0, ts: 0, ageMs: 3_000, stale: false } } },
  },
  {
    name: 'stale market order',
    code: 'STALE_PRICE',
    world: { reference: { bid: 10_000, ask: 10_002, last: 0, ts: 0, ageMs: 10_001, stale: false } },
    order: { type: 'market' },
    value: '10001',
    limit: '10000',
    passes: {
      order: { type: 'market' },
      world: { reference: { bid: 10_000, ask: 10_002, last: 0, ts: 0, ageMs: 10_000, stale: false } },
    },
  },
  {
    name: 'stale by the market',
    code: 'STALE_PRICE',
    world: { reference: { bid: 10_000, ask: 10_002, last: 0, ts: 0, ageMs: 1, stale: true } },
  },
  {
    name: 'crossed quote',
    code: 'PRICE_CROSSED',
    world: { reference: { bid: 10_003, ask: 10_002, last: 0, ts: 0, ageMs: 0, stale: false } },
  },
  {
    name: 'cash account: cost with fee',
    code: 'NOTIONAL_EXCEEDS_FREE_BALANCE',
    world: { account: accountOf({ type: 'cash' }), cash: new Decimal('1000.99') },
    value: '1001',
    limit: '1000.99',
    passes: { world: { account: accountOf({ type: 'cash' }), cash: new Decimal('1001') } },
  },
  {
    name: 'cash account: open buys count',
    code: 'NOTIONAL_EXCEEDS_FREE_BALANCE',
    world: { account: accountOf({ type: 'cash' }), cash: new Decimal('2001.99'), open: [workingOf()] },
    passes: { world: { account: accountOf({ type: 'cash' }), cash: new Decimal('2002'), open: [workingOf()] } },
  },
  {
    name: 'cash account: a partly filled buy counts its rest',
    code: 'NOTIONAL_EXCEEDS_FREE_BALANCE',
    world: {
      account: accountOf({ type: 'cash' }),
      cash: new Decimal('1501.49'),
      open: [workingOf({ filled: 5_000, status: 'PARTIALLY_FILLED' })],
    },
    passes: {
      world: {
        account: accountOf({ type: 'cash' }),
        cash: new Decimal('1501.5'),
        open: [workingOf({ filled: 5_000 })],
      },
    },
  },
  {
    name: 'cash reserve',
    code: 'MIN_CASH',
    world: { account: accountOf({ type: 'cash' }), cash: new Decimal('1500.99'), limits: limitsOf({ minCash: '500' }) },
    passes: {
      world: { account: accountOf({ type: 'cash' }), cash: new Decimal('1501'), limits: limitsOf({ minCash: '500' }) },
    },
  },
  {
    name: 'cash account: nothing to sell',
    code: 'INSUFFICIENT_POSITION',
    world: { account: accountOf({ type: 'cash' }) },
    order: { side: 'sell' },
  },
  {
    name: 'cash account: more than held',
    code: 'INSUFFICIENT_POSITION',
    world: { account: accountOf({ type: 'cash' }), net: 9_999 },
    order: { side: 'sell' },
    value: '10.000',
    limit: '9.999',
    passes: { world: { account: accountOf({ type: 'cash' }), net: 10_000 }, order: { side: 'sell' } },
  },
  {
    name: 'cash account: open sells count',
    code: 'INSUFFICIENT_POSITION',
    world: { account: accountOf({ type: 'cash' }), net: 15_000, open: [workingOf({ side: 'sell' })] },
    order: { side: 'sell' },
    limit: '5.000',
  },
  {
    name: 'spot on a margin account cannot be shorted',
    code: 'INSUFFICIENT_POSITION',
    world: { instrument: instrumentOf({ kind: 'crypto-spot' }) },
    order: { side: 'sell' },
  },
  {
    name: 'margin',
    code: 'MARGIN_EXCEEDS_FREE_BALANCE',
    world: { equity: new Decimal('1000.99'), limits: RESEARCH_LIMITS },
    value: '1001',
    limit: '1000.99',
    passes: { world: { equity: new Decimal('1001'), limits: RESEARCH_LIMITS } },
  },
  {
    name: 'margin with leverage 5',
    code: 'MARGIN_EXCEEDS_FREE_BALANCE',
    world: { account: accountOf({ leverage: '5' }), equity: new Decimal('200.99'), limits: RESEARCH_LIMITS },
    passes: { world: { account: accountOf({ leverage: '5' }), equity: new Decimal('201'), limits: RESEARCH_LIMITS } },
  },
  {
    name: 'margin: a turnaround needs margin for what it opens',
    code: 'MARGIN_EXCEEDS_FREE_BALANCE',
    world: { net: -10_000, equity: new Decimal('1100'), limits: RESEARCH_LIMITS },
    order: { quantity: 30_000 },
    passes: {
      world: { net: -10_000, equity: new Decimal('1100'), limits: RESEARCH_LIMITS },
      order: { quantity: 20_000 },
    },
  },
  {
    name: 'open orders',
    code: 'MAX_OPEN_ORDERS',
    world: { limits: limitsOf({ maxOpenOrders: 2 }), open: [workingOf(), workingOf({ status: 'UNKNOWN' })] },
    value: '3',
    limit: '2',
    passes: { world: { limits: limitsOf({ maxOpenOrders: 2 }), open: [workingOf()] } },
  },
  {
    name: 'daily loss',
    code: 'DAILY_LOSS',
    world: { equity: new Decimal(95_000) },
    value: '0.05',
    limit: '0.05',
    passes: { world: { equity: new Decimal(95_001) } },
  },
  {
    name: 'fall from the highest equity',
    code: 'DRAWDOWN',
    world: { day: { startEquity: 95_000, highEquity: 110_000 }, equity: new Decimal(99_000) },
    value: '0.1',
    limit: '0.1',
    passes: { world: { day: { startEquity: 95_000, highEquity: 110_000 }, equity: new Decimal(99_001) } },
  },
  { name: 'post-only market', code: 'POST_ONLY_IMPOSSIBLE', order: { type: 'market', postOnly: true } },
  { name: 'good till date without a date', code: 'MISSING_EXPIRE_TIME', order: { timeInForce: 'GTD' } },
  {
    name: 'expired already',
    code: 'EXPIRE_TIME_IN_PAST',
    order: { timeInForce: 'GTD', expireAt: 1_000_000 },
    passes: { order: { timeInForce: 'GTD', expireAt: 1_000_001 } },
  },
];

describe('each check', () => {
  it.each(CASES)('$name: $code', ({ code, severity = 'block', world, order, value, limit, passes }) => {
    const verdict = gateOf(worldOf(world)).check(orderOf(order));
    const check = verdict.checks.find((one) => one.code === code && one.severity === severity);
    expect(check, JSON.stringify(verdict.checks.filter((one) => one.severity !== 'info'))).toBeDefined();
    expect(verdict.verdict).toBe(severity === 'block' ? 'block' : 'warn');
    if (value !== undefined) expect(check?.value).toBe(value);
    if (limit !== undefined) expect(check?.limit).toBe(limit);
    expect(check?.sentence).toMatch(/^[A-Z"].{20,}$/);
    if (passes === undefined) return;
    const neighbour = gateOf(worldOf(passes.world)).check(orderOf(passes.order));
    expect(codes(neighbour, severity)).not.toContain(code);
  });

  it('all failures are listed, blocks before warnings before passed checks', () => {
    const verdict = gateOf(worldOf({ account: accountOf({ type: 'cash' }), cash: new Decimal(10) })).check(
      orderOf({ price: 13_000, quantity: 400_000 }),
    );
    expect(codes(verdict, 'block')).toEqual(['NOTIONAL_EXCEEDS_FREE_BALANCE', 'PRICE_COLLAR']);
    expect(codes(verdict, 'warn')).toEqual(['ORDER_SHARE_OF_EQUITY', 'CONCENTRATION']);
    const order = verdict.checks.map((check) => ({ block: 0, warn: 1, info: 2 })[check.severity]);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });
});

describe('rate and duplicates', () => {
  it('counts what was sent, not what was only asked', () => {
    const gate = gateOf(worldOf());
    for (let preview = 0; preview < 50; preview += 1) gate.check(orderOf());
    expect(gate.check(orderOf()).verdict).toBe('allow');
  });

  it('blocks order 11 within one second and order 201 within one minute', () => {
    const world = worldOf({ limits: limitsOf({ duplicateWindowMs: null, duplicateHardCount: null }) });
    const gate = gateOf(world);
    for (let sent = 0; sent < 10; sent += 1) gate.noteSubmitted(orderOf(), world.now);
    expect(codes(gate.check(orderOf()), 'block')).toEqual(['RATE_LIMIT_EXCEEDED']);
    world.now += 1_000;
    expect(gate.check(orderOf()).verdict).toBe('allow');
    for (let sent = 10; sent < 200; sent += 1) {
      world.now += 250;
      gate.noteSubmitted(orderOf(), world.now);
    }
    expect(codes(gate.check(orderOf()), 'block')).toEqual(['RATE_LIMIT_EXCEEDED']);
    expect(gate.sentWithin('paper-1', 60_000)).toBe(200);
  });

  it('warns about an identical order within 10 s, blocks the fifth within 60 s, and not another one', () => {
    const world = worldOf();
    const gate = gateOf(world);
    gate.noteSubmitted(orderOf(), world.now);
    expect(codes(gate.check(orderOf()), 'warn')).toEqual(['DUPLICATE_ORDER']);
    expect(codes(gate.check(orderOf({ quantity: 10_001 })), 'warn')).toEqual([]);
    world.now += 10_001;
    expect(codes(gate.check(orderOf()), 'warn')).toEqual([]);
    for (let sent = 1; sent < 4; sent += 1) gate.noteSubmitted(orderOf(), world.now);
    world.now += 20_000;
    expect(codes(gate.check(orderOf()), 'block')).toEqual(['DUPLICATE_STORM']);
    world.now += 30_000;
    expect(codes(gate.check(orderOf()), 'block')).toEqual([]);
  });
});

describe('reduce-only', () => {
  const reduce = { reduceOnly: true, side: 'sell', type: 'market' } as const;
  it('is clamped to the position less the closing orders already working', () => {
    const world = worldOf({ net: 7_142, open: [workingOf({ side: 'sell', quantity: 2_382, reduceOnly: true })] });
    const verdict = gateOf(world).check(orderOf({ ...reduce, quantity: 7_142 }));
    expect(verdict).toMatchObject({ verdict: 'allow', quantity: 4_760 });
    expect(codes(verdict, 'info')).toContain('QUANTITY_CLAMPED');
  });

  it('a protective exit that rests does not stand in the way of a close', () => {
    const world = worldOf({
      net: 5_000,
      open: [workingOf({ side: 'sell', quantity: 5_000, reduceOnly: true, source: 'exit', type: 'stop' })],
    });
    expect(gateOf(world).check(orderOf({ ...reduce, quantity: 5_000 })).quantity).toBe(5_000);
  });

  it('stop and target of one strategy may both be for the whole position; those of two strategies share it', () => {
    const exit = {
      side: 'sell',
      quantity: 5_000,
      reduceOnly: true,
      source: 'exit',
      type: 'stop',
      trigger: 9_000,
      price: null,
    } as const;
    const world = worldOf({ net: 5_000, open: [workingOf({ ...exit, strategyId: 'a' })] });
    expect(gateOf(world).check(orderOf({ ...exit, strategyId: 'a' })).quantity).toBe(5_000);
    expect(codes(gateOf(world).check(orderOf({ ...exit, strategyId: 'b' })), 'block')).toEqual(['NOTHING_TO_REDUCE']);
  });

  it.each([
    ['flat', 0, [], 'NOTHING_TO_REDUCE'],
    ['already closing', 100, [workingOf({ side: 'sell', quantity: 100 })], 'NOTHING_TO_REDUCE'],
    ['wrong side', -500, [], 'REDUCE_ONLY_WOULD_INCREASE_POSITION'],
    ['dust', 3, [], 'QUANTITY_BELOW_MINIMUM'],
  ] as const)('%s is blocked', (_, net, open, code) => {
    const world = worldOf({ net, open: [...open], instrument: instrumentOf({ minQuantity: '0.01' }) });
    expect(codes(gateOf(world).check(orderOf(reduce)), 'block')).toEqual([code]);
  });

  it('passes beyond every limit on risk: it is the way back', () => {
    const world = worldOf({
      net: 10_000_000,
      equity: new Decimal(10),
      day: { startEquity: 100_000, highEquity: 100_000 },
      limits: limitsOf({ maxOrderQuantity: '1', maxPosition: '1', maxOrderNotional: '1' }),
    });
    expect(gateOf(world).check(orderOf({ ...reduce, quantity: 10_000_000 })).verdict).toBe('allow');
    // The same sale without the mark shrinks the position just as well.
    expect(gateOf(world).check(orderOf({ side: 'sell', type: 'market', quantity: 9_000_000 })).verdict).toBe('allow');
  });
});

describe('trading states', () => {
  const halted = {
    state: 'HALTED',
    causes: [{ code: 'USER', scope: null, level: 'HALTED', latched: true, at: 0, sentence: 'Because.' }],
  } as const;
  const reducing = { state: 'REDUCING', causes: [] } as const;

  it('HALTED stops everything but reduce-only exits and the flatten', () => {
    const world = worldOf({ state: halted, net: 5_000 });
    const gate = gateOf(world);
    const close = { side: 'sell', type: 'market', quantity: 5_000 } as const;
    const block = (order: Partial<OrderIntent>) => codes(gate.check(orderOf(order)), 'block');
    expect(block({})).toEqual(['TRADING_HALTED']);
    expect(block(close)).toEqual(['TRADING_HALTED']);
    expect(block({ ...close, reduceOnly: true })).toEqual(['TRADING_HALTED']);
    expect(block({ ...close, source: 'exit' })).toEqual(['TRADING_HALTED']);
    expect(block({ ...close, source: 'exit', reduceOnly: true })).toEqual([]);
    expect(block({ ...close, source: 'flatten', reduceOnly: true })).toEqual([]);
    expect(gate.check(orderOf({})).checks[0]?.sentence).toContain('Because.');
  });

  it('REDUCING lets through only what shrinks the position, never what turns it around', () => {
    const gate = gateOf(worldOf({ state: reducing, net: 5_000, open: [workingOf({ side: 'sell', quantity: 2_000 })] }));
    const block = (order: Partial<OrderIntent>) => codes(gate.check(orderOf(order)), 'block');
    expect(block({ side: 'buy' })).toEqual(['TRADING_STATE_REDUCING']);
    expect(block({ side: 'sell', quantity: 3_001 })).toEqual(['TRADING_STATE_REDUCING']);
    expect(block({ side: 'sell', quantity: 3_000 })).toEqual([]);
    expect(gate.check(orderOf({ side: 'sell', quantity: 9_000, reduceOnly: true })).quantity).toBe(3_000);
    const flat = gateOf(worldOf({ state: reducing }));
    expect(codes(flat.check(orderOf({ side: 'sell' })), 'block')).toEqual(['TRADING_STATE_REDUCING']);
    expect(BTC.step).toBe(1);
  });
});
