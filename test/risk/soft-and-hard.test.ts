import { describe, expect, it } from 'vitest';
import { Decimal } from '../../src/domain/decimal.ts';
import type { OrderIntent } from '../../src/domain/order.ts';
import { depthSide, type MarketDepth } from '../../src/risk/depth.ts';
import type { OrderPlan, RiskVerdict } from '../../src/risk/gate.ts';
import { DEFAULT_LIMITS } from '../../src/risk/limits.ts';
import { accountOf } from '../portfolio/fixtures.ts';
import { codes, gateOf, orderOf, workingOf, worldOf, type World } from './gate-fixtures.ts';

const book = (asks: [number, number][], whole = true): MarketDepth => ({
  bids: depthSide([[10_000, 1_000_000]]),
  asks: depthSide(asks),
  whole,
});
const buy = (quantity: number, change: Partial<OrderIntent> = {}): OrderIntent =>
  orderOf({ type: 'market', quantity, ...change });

interface Row {
  readonly name: string;
  readonly world?: Partial<World>;
  readonly order: OrderIntent;
  readonly plan?: OrderPlan;
  readonly code: string;
  readonly severity: 'block' | 'warn' | 'info' | null;
  readonly value?: string;
  readonly limit?: string;
}

/** Bid 100.00, ask 100.02, middle 100.01; equity 100,000; fee 0.1 %. Each bound once met exactly and once passed. */
const ROWS: readonly Row[] = [
  { name: '2 % above the ask', order: orderOf({ price: 10_202 }), code: 'PRICE_COLLAR', severity: 'info' },
  { name: 'more than 2 %', order: orderOf({ price: 10_203 }), code: 'PRICE_COLLAR', severity: 'warn', limit: '0.02' },
  { name: 'more than 10 %', order: orderOf({ price: 11_003 }), code: 'PRICE_COLLAR', severity: 'block', limit: '0.1' },
  {
    name: 'all at the ask',
    world: { depth: book([[10_002, 10_000]]) },
    order: buy(10_000),
    code: 'SLIPPAGE',
    severity: 'info',
    value: '0.0001',
  },
  {
    name: 'half of it 1.2 % away',
    world: {
      depth: book([
        [10_002, 5_000],
        [10_122, 5_000],
      ]),
    },
    order: buy(10_000),
    code: 'SLIPPAGE',
    severity: 'warn',
    value: '0.006099',
    limit: '0.005',
  },
  {
    name: 'more than 2 % on average',
    world: {
      depth: book([
        [10_002, 1_000],
        [10_300, 9_000],
      ]),
    },
    order: buy(10_000),
    code: 'SLIPPAGE',
    severity: 'block',
    limit: '0.02',
  },
  {
    name: 'a limit order that rests takes nothing',
    world: {
      depth: book([
        [10_002, 1_000],
        [10_300, 9_000],
      ]),
    },
    order: orderOf({ price: 10_001, quantity: 10_000 }),
    code: 'SLIPPAGE',
    severity: null,
  },
  {
    name: 'a limit order through the book takes up to its limit',
    world: {
      depth: book([
        [10_002, 1_000],
        [10_300, 9_000],
      ]),
    },
    order: orderOf({ price: 10_100, quantity: 10_000 }),
    code: 'SLIPPAGE',
    severity: 'info',
  },
  {
    name: 'less in the book than asked for',
    world: { depth: book([[10_002, 9_999]]) },
    order: buy(10_000),
    code: 'DEPTH_EXCEEDED',
    severity: 'block',
    value: '10.000',
    limit: '9.999',
  },
  {
    name: 'exactly as much',
    world: { depth: book([[10_002, 10_000]]) },
    order: buy(10_000),
    code: 'DEPTH_EXCEEDED',
    severity: null,
  },
  {
    name: 'only the touch is known and it is smaller',
    world: { depth: book([[10_002, 9_999]], false) },
    order: buy(10_000),
    code: 'DEPTH_UNKNOWN',
    severity: 'warn',
  },
  {
    name: 'a close is warned and not held up',
    world: {
      net: -10_000,
      depth: { bids: depthSide([[10_000, 1]]), asks: depthSide([[10_300, 10_000]]), whole: true },
    },
    order: buy(10_000),
    code: 'SLIPPAGE',
    severity: 'warn',
  },
  {
    name: 'a quarter of equity',
    order: orderOf({ quantity: 250_000 }),
    code: 'ORDER_SHARE_OF_EQUITY',
    severity: 'info',
  },
  {
    name: 'more',
    order: orderOf({ quantity: 250_001 }),
    code: 'ORDER_SHARE_OF_EQUITY',
    severity: 'warn',
    limit: '0.25',
  },
  {
    name: 'a stop that costs 1 % with fees',
    order: orderOf({ quantity: 95_000 }),
    // 95 x (100 - 90) = 950, fees 0.1 % of 95 x 190 = 18.05.
    plan: { stop: 9_000 },
    code: 'LOSS_AT_STOP',
    severity: 'info',
    value: '0.00968',
  },
  {
    name: 'a stop that costs more than 1 %',
    order: orderOf({ quantity: 99_000 }),
    plan: { stop: 9_000 },
    code: 'LOSS_AT_STOP',
    severity: 'warn',
    limit: '0.01',
  },
  {
    name: 'a stop beyond what the day leaves',
    world: { equity: new Decimal(95_500) },
    // 5 % of 100,000 less the 4,500 lost: 500 left.
    order: orderOf({ quantity: 62_000 }),
    plan: { stop: 9_200 },
    code: 'STOP_LOSS_BEYOND_DAY',
    severity: 'block',
    value: '507.904',
    limit: '500',
  },
  {
    name: 'no stop on paper',
    order: orderOf(),
    plan: { stop: null },
    code: 'NO_STOP',
    severity: null,
  },
  {
    name: 'no stop with real money',
    world: { account: accountOf({ kind: 'live' }) },
    order: orderOf({ accountKind: 'live' }),
    plan: { stop: null },
    code: 'NO_STOP',
    severity: 'warn',
  },
  {
    name: '60 % of equity as margin',
    world: { account: accountOf({ leverage: '5' }), fees: { taker: '0', fixed: '0' }, limits: wide() },
    order: orderOf({ quantity: 3_000_000 }),
    code: 'MARGIN_USED',
    severity: 'info',
    value: '0.6',
  },
  {
    name: 'more than 60 %',
    world: { account: accountOf({ leverage: '5' }), fees: { taker: '0', fixed: '0' }, limits: wide() },
    order: orderOf({ quantity: 3_000_010 }),
    code: 'MARGIN_USED',
    severity: 'warn',
  },
  {
    name: 'more than 90 %',
    world: { account: accountOf({ leverage: '5' }), fees: { taker: '0', fixed: '0' }, limits: wide() },
    order: orderOf({ quantity: 4_500_010 }),
    code: 'MARGIN_USED',
    severity: 'block',
    limit: '0.9',
  },
  {
    name: 'without leverage nothing is borrowed',
    world: { limits: wide(), fees: { taker: '0', fixed: '0' } },
    order: orderOf({ quantity: 950_000 }),
    code: 'MARGIN_USED',
    severity: null,
  },
  {
    name: 'quote of 3 s',
    world: { reference: { bid: 10_000, ask: 10_002, last: 10_001, ts: 0, ageMs: 3_000, stale: false } },
    order: orderOf(),
    code: 'STALE_PRICE',
    severity: 'info',
  },
  {
    name: 'older than 3 s',
    world: { reference: { bid: 10_000, ask: 10_002, last: 10_001, ts: 0, ageMs: 3_001, stale: false } },
    order: orderOf(),
    code: 'STALE_PRICE',
    severity: 'warn',
  },
  {
    name: 'market order at more than 10 s',
    world: { reference: { bid: 10_000, ask: 10_002, last: 10_001, ts: 0, ageMs: 10_001, stale: false } },
    order: buy(1_000),
    code: 'STALE_PRICE',
    severity: 'block',
  },
];

function wide() {
  return { ...DEFAULT_LIMITS, maxGrossExposure: null, maxConcentration: null, warnConcentration: null };
}

const find = (verdict: RiskVerdict, code: string) => verdict.checks.find((check) => check.code === code);

describe('soft and hard bounds', () => {
  it.each(ROWS)('$name: $code $severity', ({ world, order, plan, code, severity, value, limit }) => {
    const verdict = gateOf(worldOf(world)).check(order, plan);
    const check = find(verdict, code);
    expect(check?.severity ?? null).toBe(severity);
    if (value !== undefined) expect(check?.value).toBe(value);
    if (limit !== undefined) expect(check?.limit).toBe(limit);
    expect(check?.sentence.length ?? 1).toBeGreaterThan(0);
  });

  it('the quantity against the median of the last 20 orders in the instrument', () => {
    const world = worldOf();
    const gate = gateOf(world);
    const sent = (quantity: number, at: number): void => gate.noteSubmitted(orderOf({ quantity }), at);
    for (let order = 0; order < 30; order += 1) sent(order < 10 ? 90_000 : 1_000 + order, order * 1_000);
    // The ten large ones are forgotten: the median of 1,010 .. 1,029 is 1,019.5.
    expect(find(gate.check(orderOf({ quantity: 5_097 })), 'QUANTITY_UNUSUAL')?.severity).toBe('info');
    expect(find(gate.check(orderOf({ quantity: 5_098 })), 'QUANTITY_UNUSUAL')?.severity).toBe('warn');
    expect(find(gate.check(orderOf({ quantity: 1_000 * 1_029 })), 'UNIT_CONFUSION')?.severity).toBe('warn');
    expect(find(gate.check(orderOf({ quantity: 1 })), 'UNIT_CONFUSION')?.severity).toBe('warn');
    expect(find(gate.check(orderOf({ quantity: 2 })), 'UNIT_CONFUSION')).toBeUndefined();
    expect(find(gateOf(worldOf()).check(orderOf({ quantity: 5_098 })), 'QUANTITY_UNUSUAL')).toBeUndefined();
  });

  it('warnings come weightiest first, after every block', () => {
    const world = worldOf({
      equity: new Decimal(3_000),
      reference: { bid: 10_000, ask: 10_002, last: 10_001, ts: 0, ageMs: 4_000, stale: false },
      day: { startEquity: 3_000, highEquity: 3_000 },
      open: [workingOf()],
    });
    const gate = gateOf(world);
    gate.noteSubmitted(orderOf({ price: 10_400 }), world.now - 1_000);
    const verdict = gate.check(orderOf({ price: 10_400 }), { stop: 9_900 });
    expect(codes(verdict, 'warn')).toEqual([
      'LOSS_AT_STOP',
      'PRICE_COLLAR',
      'ORDER_SHARE_OF_EQUITY',
      'CONCENTRATION',
      'STALE_PRICE',
      'DUPLICATE_ORDER',
    ]);
    expect(verdict.verdict).toBe('warn');
  });
});
