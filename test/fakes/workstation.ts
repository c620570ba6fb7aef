import { NO_RISK_CONTROLS } from './risk-controls.ts';
import type {
  Alert,
  AppStatus,
  BarView,
  BookView,
  ContractOutputs,
  FillView,
  FlattenStep,
  OrderPreview,
  OrderView,
  ParentOrderView,
  PlaceOrder,
  PortfolioState,
  QuoteView,
  RiskStatus,
  StrategyRun,
  TradeView,
} from '../../src/contract/types.ts';
import { ok, refuse } from '../../src/domain/refusal.ts';
import { NO_ANALYTICS } from './analytics.ts';
import type { LogSource, StateSource, Unsubscribe, Workstation } from '../../src/engine/workstation.ts';
import {
  appStatus,
  barView,
  BTC,
  ETH,
  instrumentView,
  NOW,
  orderView,
  portfolioState,
  quoteView,
  RISK_LIMITS,
  riskStatus,
  sessionStatus,
} from './workstation-values.ts';

/** Listeners of one source; `size` tells whether the API let go of them. */
class Listeners<A extends readonly unknown[]> {
  readonly #all = new Set<(...args: A) => void>();
  get size(): number {
    return this.#all.size;
  }
  add(listener: (...args: A) => void): Unsubscribe {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }
  emit(...args: A): void {
    for (const listener of this.#all) listener(...args);
  }
}

export class FakeState<T> implements StateSource<T> {
  readonly listeners = new Listeners<['state' | 'figures']>();
  value: T;
  reads = 0;
  constructor(value: T) {
    this.value = value;
  }
  read(): T {
    this.reads += 1;
    return this.value;
  }
  subscribe(onChange: (change: 'state' | 'figures') => void): Unsubscribe {
    return this.listeners.add(onChange);
  }
  set(value: T, change: 'state' | 'figures' = 'figures'): void {
    this.value = value;
    this.listeners.emit(change);
  }
}

export class FakeLog<T> implements LogSource<T> {
  readonly listeners = new Listeners<[T]>();
  readonly events: T[] = [];
  recent(): readonly T[] {
    return this.events.slice(-100);
  }
  subscribe(listener: (event: T) => void): Unsubscribe {
    return this.listeners.add(listener);
  }
  append(event: T): void {
    this.events.push(event);
    this.listeners.emit(event);
  }
}

const RUN: StrategyRun = {
  id: 'R-1',
  strategy: 'sma-cross',
  title: 'SMA cross',
  instrument: BTC,
  account: 'paper',
  state: 'running',
  parameters: { fast: 10 },
  signals: 0,
  orders: 0,
  realised: '0',
  lastSignal: null,
  sentence: null,
};

const PREVIEW: OrderPreview = {
  verdict: 'allow',
  checks: [{ code: 'ORDER_NOTIONAL', severity: 'info', value: '100', limit: '10000', sentence: 'Within the limit.' }],
  warnings: [],
  moreWarnings: 0,
  reviewToken: 'review-1',
  reviewExpiresAt: NOW + 30_000,
  quantity: '0.5',
  notional: '30913.005',
  fee: '30.91',
  estimate: { averagePrice: '61826.01', worstPrice: '61826.02', slippageBps: 0.1, fillable: '0.5', levels: 2 },
  maxLoss: null,
  cashAfter: '69056.08',
  marginAfter: null,
  limits: [{ name: 'maxOrderNotional', before: '0', after: '30913.005', limit: '50000', utilisation: 0.62 }],
  priceAgeMs: 5,
};

/** The engine as the API sees it, with every source in the test's hand. */
export function fakeWorkstation() {
  const status = new FakeState<AppStatus>(appStatus());
  const portfolio = new FakeState<PortfolioState>(portfolioState());
  const riskState = new FakeState<RiskStatus>(riskStatus());
  const orderLog = new FakeLog<OrderView>();
  const fillLog = new FakeLog<FillView>();
  const alertLog = new FakeLog<Alert>();
  const quotes = new Map<string, QuoteView>([
    [BTC, quoteView(BTC, '61826.01')],
    [ETH, quoteView(ETH, '2683.10')],
  ]);
  const quoteListeners = new Listeners<[string]>();
  const bookListeners = new Listeners<[]>();
  const barListeners = new Listeners<[BarView]>();
  const tradeListeners = new Listeners<[TradeView]>();
  const placed: PlaceOrder[] = [];
  const book: BookView = {
    instrument: BTC,
    ts: NOW,
    ageMs: 4,
    state: 'live',
    bids: [{ price: '61826.00', size: '1' }],
    asks: [{ price: '61826.01', size: '2' }],
  };
  const control = {
    status,
    portfolio,
    riskState,
    orderLog,
    fillLog,
    alertLog,
    quotes,
    quoteListeners,
    bookListeners,
    barListeners,
    tradeListeners,
    placed,
    book,
    /** What `place` does after taking the order. */
    onPlace: (order: PlaceOrder): ReturnType<Workstation['orders']['place']> =>
      ok({ ...orderView(`O-${placed.length}`), idempotencyKey: order.idempotencyKey }),
    onPerformance: (): ReturnType<Workstation['performance']> => refuse('ACCOUNT_UNKNOWN', 'There is no such account.'),
    flattenReport: null as ((step: FlattenStep) => void) | null,
    haltReasons: [] as string[],
    quote(id: string, last: string): void {
      quotes.set(id, quoteView(id, last));
      quoteListeners.emit(id);
    },
  };

  const workstation: Workstation = {
    version: '9.9.9-test',
    status,
    market: {
      instruments: () => [...quotes.keys()].map(instrumentView),
      history: ({ instrument, limit }) =>
        quotes.has(instrument)
          ? ok(Array.from({ length: Math.min(limit, 3) }, (_, index) => barView(NOW + index * 60_000, '2')))
          : refuse('INSTRUMENT_UNKNOWN', `There is no instrument ${instrument}.`, { value: instrument }),
      quotes: { read: (id) => quotes.get(id) ?? null, subscribe: (onChange) => quoteListeners.add(onChange) },
      book: (instrument, depth) =>
        instrument === BTC ? { ...book, bids: book.bids.slice(0, depth), asks: book.asks.slice(0, depth) } : null,
      subscribeBook: (_instrument, onChange) => bookListeners.add(onChange),
      subscribeBars: (_instrument, _timeframe, onBar) => barListeners.add(onBar),
      recentTrades: () => [{ id: '1', ts: NOW, price: '61826.01', size: '0.1', aggressor: 'buy' }],
      subscribeTrades: (_instrument, onTrade) => tradeListeners.add(onTrade),
    },
    accounts: {
      list: () => [
        {
          id: 'paper',
          name: 'Paper',
          kind: 'paper',
          broker: 'paper',
          currency: 'USDT',
          type: 'cash',
          leverage: '1',
          startingCash: '100000',
          armed: true,
        },
      ],
    },
    portfolio,
    positions: {
      close: () => ok(orderView('O-close')),
      protect: () => refuse('POSITION_UNKNOWN', 'There is no open position in BTCUSDT.BINANCE.'),
    },
    orders: {
      preview: () => ok(PREVIEW),
      place(order) {
        placed.push(order);
        return control.onPlace(order);
      },
      cancel: (id) => (id === 'O-1' ? ok(orderView(id, 'PENDING_CANCEL')) : refuse('ORDER_UNKNOWN', `No order ${id}.`)),
      cancelAll: () => ok({ orders: ['O-1', 'O-2'] }),
      modify: ({ id }) => ok(orderView(id, 'PENDING_UPDATE')),
      list: ({ scope }) => ({ items: [orderView('O-1', scope === 'working' ? 'ACCEPTED' : 'FILLED')], next: 'page-2' }),
      timeline: (id) => ok({ order: orderView(id), moments: [] }),
      log: orderLog,
    },
    algorithms: {
      preview: () => refuse('NO_PRICE', 'No price is known; wait for the feed.'),
      start: () => refuse('NO_PRICE', 'No price is known; wait for the feed.'),
      list: () => [],
      state: new FakeState<readonly ParentOrderView[]>([]),
      cancel: (id) => refuse('ORDER_UNKNOWN', `There is no parent order ${id}.`),
      pause: (id) => refuse('ORDER_UNKNOWN', `There is no parent order ${id}.`),
      resume: (id) => refuse('ORDER_UNKNOWN', `There is no parent order ${id}.`),
    },
    fills: { list: () => ({ items: [], next: null }), log: fillLog },
    risk: {
      status: riskState,
      limits: () => ({ limits: RISK_LIMITS, changedAt: null, changedBy: null, reason: null }),
      setLimits: (_limits, reason) => ok({ limits: RISK_LIMITS, changedAt: NOW, changedBy: 'user', reason }),
      halt(reason) {
        control.haltReasons.push(reason);
        return { state: 'HALTED', latched: true, latchedAt: NOW, cancelRequested: 2 };
      },
      flatten(_request, report) {
        control.flattenReport = report;
      },
      flattenPlan: () => ({ positions: [], costs: [] }),
      lock: ({ until }) =>
        until === '24h'
          ? ok({ state: 'HALTED', lockedUntil: NOW + 86_400_000 })
          : refuse('LOCK_CANNOT_SHRINK', 'Trading is locked for longer already.'),
      drill: () => refuse('DRILL_NOT_ACTIVE', 'Trading must be ACTIVE for a drill.'),
      resume: () =>
        refuse('RESUME_BLOCKED', 'One order is unknown; wait until it is reconciled.', { value: '1', limit: '0' }),
    },
    riskControls: NO_RISK_CONTROLS,
    alerts: alertLog,
    session: {
      status: () => sessionStatus(),
      start: () => Promise.resolve(refuse('SESSION_RUNNING', 'Session S-1 runs already; stop it first.')),
      pause: () => ok(sessionStatus('paused')),
      resume: () => ok(sessionStatus()),
      stop: () => Promise.resolve(ok(sessionStatus('stopped'))),
      list: () => ({ items: [], next: null }),
    },
    strategies: {
      list: () => ({ available: [], runs: [RUN] }),
      start: () => refuse('STRATEGY_UNKNOWN', 'There is no such strategy.'),
      pause: () => ok({ ...RUN, state: 'paused' }),
      stop: () => ok({ ...RUN, state: 'stopped' }),
    },
    performance: () => control.onPerformance(),
    analytics: NO_ANALYTICS,
    journal: {
      stats: (): ContractOutputs['journal']['stats'] => ({
        ok: true,
        problems: [],
        rows: { orders: 1 },
        bytes: 4096,
        schemaVersion: 1,
      }),
      audit: () => ({ items: [], next: null }),
      verify: () => ({ ok: true, entries: 0, problems: [] }),
    },
  };
  return { workstation, control };
}
export type FakeControl = ReturnType<typeof fakeWorkstation>['control'];
