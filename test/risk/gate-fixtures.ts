import type { Account } from '../../src/domain/account.ts';
import { Decimal, ZERO } from '../../src/domain/decimal.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import type { Order, OrderIntent } from '../../src/domain/order.ts';
import { createRiskGate, type LimitGate } from '../../src/risk/create-gate.ts';
import type { MarketDepth } from '../../src/risk/depth.ts';
import type { DayFigures, FeeTerms } from '../../src/risk/facts.ts';
import type { ReferencePrice, RiskVerdict } from '../../src/risk/gate.ts';
import { DEFAULT_LIMITS, type RiskLimits } from '../../src/risk/limits.ts';
import type { TradingStatus } from '../../src/risk/trading-state.ts';
import { accountOf, BTC } from '../portfolio/fixtures.ts';

export interface World {
  now: number;
  account: Account | null;
  instrument: Instrument | null;
  cash: Decimal | null;
  equity: Decimal | null;
  net: number;
  /** Positions in other instruments by id. */
  others: Map<string, { instrument: Instrument | null; net: number; reference: ReferencePrice | null }>;
  open: Order[];
  reference: ReferencePrice | null;
  depth: MarketDepth | null;
  closed: string | null;
  limits: RiskLimits | null;
  state: TradingStatus | null;
  day: DayFigures | null;
  fees: FeeTerms | null;
}

/** 100,000 USDT of equity, flat, BTC at 100.00 / 100.02 a tenth of a second ago. */
export function worldOf(changes: Partial<World> = {}): World {
  return {
    now: 1_000_000,
    account: accountOf(),
    instrument: BTC,
    cash: new Decimal(100_000),
    equity: new Decimal(100_000),
    net: 0,
    others: new Map(),
    open: [],
    reference: { bid: 10_000, ask: 10_002, last: 10_001, ts: 999_900, ageMs: 100, stale: false },
    depth: null,
    closed: null,
    limits: DEFAULT_LIMITS,
    state: { state: 'ACTIVE', causes: [] },
    day: { startEquity: 100_000, highEquity: 100_000 },
    fees: { taker: '0.001', fixed: '0' },
    ...changes,
  };
}

export function gateOf(world: World): LimitGate {
  return createRiskGate({
    view: {
      now: () => world.now,
      instrument: (id) => (id === BTC.id ? world.instrument : (world.others.get(id)?.instrument ?? null)),
      account: () => world.account,
      cash: () => world.cash,
      equity: () => world.equity,
      position: (_, id) => (id === BTC.id ? world.net : (world.others.get(id)?.net ?? 0)),
      held: () => [...(world.net !== 0 || world.open.length > 0 ? [BTC.id] : []), ...world.others.keys()],
      openOrders: () => world.open,
      reference: (id) => (id === BTC.id ? world.reference : (world.others.get(id)?.reference ?? null)),
      depth: () => world.depth,
      accountsOf: () => (world.account === null ? [] : [world.account.id]),
      marketClosed: () => world.closed,
    },
    limits: () => world.limits,
    state: () => world.state,
    day: () => world.day,
    fees: () => world.fees,
  });
}

/** Buys 10 BTC (10,000 quantity units) limit 100.00 = 1,000 USDT. */
export function orderOf(changes: Partial<OrderIntent> = {}): OrderIntent {
  const type = changes.type ?? 'limit';
  return {
    accountId: 'paper-1',
    accountKind: 'paper',
    instrument: BTC.id,
    side: 'buy',
    type,
    quantity: 10_000,
    price: type === 'limit' || type === 'stop-limit' ? 10_000 : null,
    trigger: type === 'stop' || type === 'stop-limit' ? 10_050 : null,
    timeInForce: 'GTC',
    expireAt: null,
    postOnly: false,
    reduceOnly: false,
    source: 'manual',
    strategyId: null,
    note: null,
    idempotencyKey: null,
    ...changes,
  };
}

let serial = 0;
export function workingOf(changes: Partial<Order> = {}): Order {
  serial += 1;
  return {
    ...orderOf(changes),
    id: `w${serial}`,
    status: 'ACCEPTED',
    previousStatus: 'SUBMITTED',
    filled: 0,
    filledNotional: ZERO,
    fees: ZERO,
    venueOrderId: null,
    createdAt: 0,
    updatedAt: 0,
    reasonCode: null,
    reason: null,
    ...changes,
  };
}

export function codes(verdict: RiskVerdict, severity: 'block' | 'warn' | 'info'): string[] {
  return verdict.checks.filter((check) => check.severity === severity).map((check) => check.code);
}
