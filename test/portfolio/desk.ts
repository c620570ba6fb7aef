import { createPaperBroker } from '../../src/brokers/paper-broker.ts';
import { SimulatedClock } from '../../src/clock/simulated.ts';
import type { Account } from '../../src/domain/account.ts';
import type { Bar } from '../../src/domain/market-data.ts';
import type { Order, OrderIntent } from '../../src/domain/order.ts';
import type { OrderEvent } from '../../src/domain/order-event.ts';
import { sequentialIds } from '../../src/execution/order-ids.ts';
import { createOrderManager } from '../../src/execution/order-manager.ts';
import { createTradeLedger } from '../../src/portfolio/closed-trades.ts';
import { createPortfolio } from '../../src/portfolio/portfolio.ts';
import { ProtectiveExits } from '../../src/portfolio/protective-exits.ts';
import { createRiskGate } from '../../src/risk/create-gate.ts';
import type { ReferencePrice } from '../../src/risk/gate.ts';
import { RESEARCH_LIMITS, type RiskLimits } from '../../src/risk/limits.ts';
import type { TradingStatus } from '../../src/risk/trading-state.ts';
import { createVenue } from '../../src/venue/create-venue.ts';
import { DEFAULT_VENUE_MODEL, type VenueModel } from '../../src/venue/model.ts';
import { accountOf, BTC } from './fixtures.ts';

export interface DeskOptions {
  readonly account?: Partial<Account>;
  readonly model?: Partial<VenueModel>;
  readonly limits?: RiskLimits;
}

/** Portfolio, gate, order manager, exits and the simulated venue put together as the engine does it, without journal. */
export class Desk {
  readonly clock = new SimulatedClock(1_000);
  readonly account: Account;
  readonly instruments = new Map([[BTC.id, BTC]]);
  readonly portfolio;
  readonly ledger = createTradeLedger(this.instruments);
  readonly broker;
  readonly orders;
  readonly gate;
  readonly exits: ProtectiveExits;
  readonly log: string[] = [];
  status: TradingStatus = { state: 'ACTIVE', causes: [] };
  reference: ReferencePrice | null = null;
  reasons: string[] = [];

  constructor(options: DeskOptions = {}) {
    this.account = accountOf({ startingCash: '10000000', ...options.account });
    const { account, clock, instruments } = this;
    this.portfolio = createPortfolio({ accounts: [account], instruments });
    this.broker = createPaperBroker({
      id: 'paper',
      clock,
      createVenue,
      instruments,
      model: { ...DEFAULT_VENUE_MODEL, depth: 'L1', queue: false, consumeLiquidity: false, ...options.model },
      seed: 1,
      position: (id, instrument) => this.portfolio.position(id, instrument),
      dayEnd: () => Number.MAX_SAFE_INTEGER,
    });
    this.gate = createRiskGate({
      view: {
        now: () => clock.now(),
        instrument: (id) => instruments.get(id) ?? null,
        account: (id) => (id === account.id ? account : null),
        cash: (id) => this.portfolio.cash(id),
        equity: (id) => this.portfolio.equity(id),
        position: (id, instrument) => this.portfolio.position(id, instrument),
        held: (id) => this.portfolio.held(id),
        openOrders: (id) => this.orders.openOrders(id),
        reference: () => this.reference,
        depth: () => null,
        accountsOf: () => [account.id],
        marketClosed: () => null,
      },
      limits: () => options.limits ?? RESEARCH_LIMITS,
      state: () => this.status,
      day: () => null,
      fees: () => ({ taker: '0', fixed: '0' }),
    });
    this.orders = createOrderManager({
      clock,
      journal: { commit: () => {}, fingerprint: () => '', close: () => {} },
      brokers: new Map([[account.id, this.broker]]),
      gate: this.gate,
      applyFill: (fill) => {
        const booked = this.portfolio.applyFill(fill);
        if (!booked.ok) throw new Error(booked.error.sentence);
        return [];
      },
      idSource: sequentialIds('T-'),
      instruments,
    });
    this.exits = this.newExits();
    this.orders.onOrder((order, event) => this.onOrder(order, event));
  }

  newExits(): ProtectiveExits {
    return new ProtectiveExits({
      submit: (intent) => this.orders.submit(intent),
      cancel: (id, reason) => this.orders.cancel(id, reason),
      modify: (id, change) => this.orders.modify(id, change),
      instrument: (id) => this.instruments.get(id) ?? null,
      now: () => this.clock.now(),
    });
  }

  onOrder(order: Order, event: OrderEvent | null): void {
    if (event?.type === 'filled') {
      const reason = this.exits.exitReason(order) ?? order.source;
      this.reasons.push(reason);
      this.ledger.applyFill(event.fill, order.strategyId, reason);
    }
    this.log.push(`${order.id} ${order.source} ${order.type} ${event?.type ?? 'news'}`);
    this.exits.onOrder(order, event);
  }

  quote(bid: number, ask: number, size = 1_000_000, afterMs = 1_000): void {
    this.clock.advanceTo(this.clock.now() + afterMs);
    const ts = this.clock.now();
    this.reference = { bid, ask, last: 0, ts, ageMs: 0, stale: false };
    this.broker.onMarket({
      kind: 'quote',
      instrument: BTC.id,
      ts,
      at: ts,
      bid,
      bidQuantity: size,
      ask,
      askQuantity: size,
    });
    this.portfolio.mark(BTC.id, bid, ask, 0, ts);
    this.exits.onPrice(BTC.id, bid, ask, 0, ts);
  }

  bar(open: number, high: number, low: number, close: number, legs?: (bar: Bar) => readonly Bar[]): void {
    const start = this.clock.now();
    const end = start + 60_000;
    const bar: Bar = { kind: 'bar', instrument: BTC.id, ts: end, at: end, start, open, high, low, close, volume: 0 };
    this.reference = { bid: 0, ask: 0, last: open, ts: start, ageMs: 0, stale: false };
    this.broker.openBar(BTC.id, open, start);
    this.clock.advanceTo(end);
    for (const leg of legs?.(bar) ?? [bar]) {
      this.broker.onMarket(leg);
      this.reference = { bid: 0, ask: 0, last: leg.close, ts: end, ageMs: 0, stale: false };
      this.portfolio.markBar(BTC.id, leg.low, leg.high, leg.close, end);
      this.exits.onBar(BTC.id, leg.low, leg.high, leg.close, end);
    }
  }

  send(side: 'buy' | 'sell', quantity: number, terms: Partial<OrderIntent> = {}): Order {
    const sent = this.orders.submit({
      accountId: this.account.id,
      accountKind: 'paper',
      instrument: BTC.id,
      side,
      type: 'market',
      quantity,
      price: null,
      trigger: null,
      timeInForce: 'GTC',
      expireAt: null,
      postOnly: false,
      reduceOnly: false,
      source: 'strategy',
      strategyId: 's1',
      note: null,
      idempotencyKey: null,
      ...terms,
    });
    if (!sent.ok) throw new Error(`${sent.error.code}: ${sent.error.sentence}`);
    return this.orders.find(sent.value.id) ?? sent.value;
  }

  get net(): number {
    return this.portfolio.position(this.account.id, BTC.id);
  }

  open(): readonly Order[] {
    return this.orders.openOrders(this.account.id);
  }

  /** "stop 9500 x 1000" of every working exit. */
  working(): string[] {
    return this.open()
      .filter((order) => order.source === 'exit')
      .map(
        (order) =>
          `${order.side} ${order.type} ${order.trigger ?? order.price ?? 'market'} x ${order.quantity - order.filled}`,
      );
  }
}

export const OWNER = { accountId: 'paper-1', accountKind: 'paper', instrument: BTC.id, strategyId: 's1' } as const;
