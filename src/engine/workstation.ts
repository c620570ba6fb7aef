import type { InstrumentId } from '../domain/instrument.ts';
import type { Refusal, Result } from '../domain/refusal.ts';
import type {
  AccountView,
  Alert,
  AppStatus,
  BarView,
  BookView,
  ContractOutputs,
  FillView,
  FlattenStep,
  InstrumentView,
  OrderMoment,
  OrderPreview,
  OrderTicket,
  OrderView,
  ParentOrderView,
  ParentPreview,
  ParentTicketView,
  PlaceOrder,
  PortfolioState,
  PositionView,
  QuoteView,
  RiskCheckView,
  RiskLimits,
  RiskLimitsState,
  RiskStatus,
  SessionStatus,
  StartParent,
  StrategyRun,
  Timeframe,
  TradeView,
} from '../contract/types.ts';
import type { AnalyticsRoom } from './workstation/analytics-room.ts';
import type { RiskControlsRoom } from './workstation/risk-controls-room.ts';

export type Unsubscribe = () => void;

/**
 * State of which only the newest counts. `onChange` must be cheap to call: the reader decides when to `read`, so a
 * burst of changes costs one formatted value. 'state' is a change that must not be skipped (a halt): the reader
 * reads during the call. 'figures' may be coalesced.
 */
export interface StateSource<T> {
  read(): T;
  subscribe(onChange: (change: 'state' | 'figures') => void): Unsubscribe;
}

/** The same for many keys at once: the call names the key that changed, formatting happens on `read`. */
export interface KeyedSource<K, T> {
  read(key: K): T | null;
  subscribe(onChange: (key: K) => void): Unsubscribe;
}

/** Events of which none may be lost, in order. `recent` is what a new reader starts from, oldest first. */
export interface LogSource<T> {
  recent(): readonly T[];
  subscribe(listener: (event: T) => void): Unsubscribe;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Opaque; null at the end. */
  readonly next: string | null;
}
export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A refused order is in the history as DENIED under `orderId`, with every check. */
export interface OrderRefusal extends Refusal {
  readonly orderId?: string;
  readonly checks?: readonly RiskCheckView[];
}

type Output = ContractOutputs;

/**
 * The whole engine as the API sees it. Everything is in the contract's terms: decimal strings, ms integers.
 * Synchronous methods answer from memory. Commands return a Refusal for an expected no; a throw is a bug and reaches
 * the caller only as a reference. Which codes are "not found", "conflict" or "unavailable": api/refusals.ts; every other
 * code is "refused".
 */
export interface Workstation {
  readonly version: string;
  readonly status: StateSource<AppStatus>;

  readonly market: {
    instruments(): readonly InstrumentView[];
    /** Oldest first. */
    history(request: {
      readonly instrument: InstrumentId;
      readonly timeframe: Timeframe;
      readonly limit: number;
      readonly before?: number | undefined;
    }): Result<readonly BarView[]> | Promise<Result<readonly BarView[]>>;
    /** A change of freshness alone (live to stale) is a change too. */
    readonly quotes: KeyedSource<InstrumentId, QuoteView>;
    /** Whole book with at most `depth` levels a side; null when the instrument has none. */
    book(instrument: InstrumentId, depth: number): BookView | null;
    /** Called on each change of one instrument's book. */
    subscribeBook(instrument: InstrumentId, onChange: () => void): Unsubscribe;
    /** Called with each bar that changed or closed (`closed`), after it did. */
    subscribeBars(instrument: InstrumentId, timeframe: Timeframe, onBar: (bar: BarView) => void): Unsubscribe;
    /** The newest public trades, oldest first. */
    recentTrades(instrument: InstrumentId, limit: number): readonly TradeView[];
    subscribeTrades(instrument: InstrumentId, onTrade: (trade: TradeView) => void): Unsubscribe;
  };

  readonly accounts: { list(): readonly AccountView[] };

  /** Of all accounts; the API filters. */
  readonly portfolio: StateSource<PortfolioState>;

  readonly positions: {
    close(request: {
      readonly account: string;
      readonly instrument: InstrumentId;
      /** 0 < fraction <= 1 of the open quantity, rounded down to the step. */
      readonly fraction: number;
      readonly idempotencyKey: string;
    }): Result<OrderView, OrderRefusal> | Promise<Result<OrderView, OrderRefusal>>;
    /** Null removes, undefined keeps. */
    protect(request: {
      readonly account: string;
      readonly instrument: InstrumentId;
      readonly stopLoss?: string | null | undefined;
      readonly takeProfit?: string | null | undefined;
      readonly trailing?: string | null | undefined;
    }): Result<PositionView>;
  };

  readonly orders: {
    preview(ticket: OrderTicket): Result<OrderPreview>;
    /**
     * The same idempotency key with the same ticket returns the first order; with another ticket it refuses
     * IDEMPOTENCY_CONFLICT. Warnings without a valid review token and not all acknowledged refuse REVIEW_NEEDED.
     */
    place(order: PlaceOrder): Result<OrderView, OrderRefusal> | Promise<Result<OrderView, OrderRefusal>>;
    cancel(id: string): Result<OrderView>;
    cancelAll(filter: {
      readonly account?: string | undefined;
      readonly instrument?: InstrumentId | undefined;
      readonly protective: boolean;
    }): Result<{ readonly orders: readonly string[] }>;
    modify(change: {
      readonly id: string;
      readonly price?: string | undefined;
      readonly trigger?: string | undefined;
      readonly quantity?: string | undefined;
    }): Result<OrderView, OrderRefusal>;
    list(
      request: PageRequest & {
        readonly scope: 'working' | 'history';
        readonly account?: string | undefined;
        readonly instrument?: InstrumentId | undefined;
      },
    ): Page<OrderView> | Promise<Page<OrderView>>;
    timeline(id: string): Result<{ readonly order: OrderView; readonly moments: readonly OrderMoment[] }>;
    /** Every state of every order. `recent`: all working ones and the newest closed ones. */
    readonly log: LogSource<OrderView>;
  };

  /** Parent orders: worked by an algorithm that sends child orders. */
  readonly algorithms: {
    preview(ticket: ParentTicketView): Result<ParentPreview>;
    /** The same idempotency key returns the first parent; with other terms it refuses IDEMPOTENCY_CONFLICT. */
    start(request: StartParent): Result<ParentOrderView>;
    list(scope: 'working' | 'all', limit: number): readonly ParentOrderView[];
    /** Those that work and the newest that have ended. */
    readonly state: StateSource<readonly ParentOrderView[]>;
    cancel(id: string): Result<ParentOrderView>;
    pause(id: string): Result<ParentOrderView>;
    resume(id: string): Result<ParentOrderView>;
  };

  readonly fills: {
    list(
      request: PageRequest & {
        readonly account?: string | undefined;
        readonly instrument?: InstrumentId | undefined;
        readonly order?: string | undefined;
      },
    ): Page<FillView> | Promise<Page<FillView>>;
    readonly log: LogSource<FillView>;
  };

  readonly risk: {
    readonly status: StateSource<RiskStatus>;
    limits(): RiskLimitsState;
    /** Keys that are undefined stay as they are. */
    setLimits(
      limits: { readonly [K in keyof RiskLimits]?: RiskLimits[K] | undefined },
      reason: string,
    ): Result<RiskLimitsState>;
    /** The latch is on disk when this returns. Never refuses for want of a healthy broker. */
    halt(reason: string): Output['risk']['halt'];
    /** Runs to its end even when nobody listens; `report` gets each step, the last one has step "result". */
    flatten(
      request: { readonly account?: string | undefined; readonly reason: string; readonly queue?: boolean | undefined },
      report: (step: FlattenStep) => void,
    ): void;
    /** What a flatten would close now, and its estimated cost. */
    flattenPlan(request: { readonly account?: string | undefined }): Output['risk']['flattenPlan'];
    /** A halt that nobody can lift or shorten before its end. */
    lock(request: {
      readonly until: 'next-session' | '24h' | number;
      readonly account?: string | undefined;
      readonly reason: string;
    }): Result<Output['risk']['lock']>;
    /** Practice in a paper account on orders of its own; steps as of `flatten`. */
    drill(request: { readonly account?: string | undefined }, report: (step: FlattenStep) => void): Result<null>;
    resume(reason: string): Result<Output['risk']['resume']>;
  };

  readonly riskControls: RiskControlsRoom;

  readonly alerts: LogSource<Alert>;

  readonly session: {
    status(): SessionStatus;
    start(request: {
      readonly mode: 'paper' | 'simulation';
      readonly feeds?: readonly string[] | undefined;
      readonly strategies: readonly {
        readonly strategy: string;
        readonly instrument?: InstrumentId | undefined;
        readonly parameters: Readonly<Record<string, number>>;
      }[];
      readonly capital?: string | undefined;
      readonly seed?: number | undefined;
    }): Promise<Result<SessionStatus>>;
    pause(): Result<SessionStatus>;
    resume(): Result<SessionStatus>;
    stop(): Promise<Result<SessionStatus>>;
    list(request: PageRequest): Page<Output['session']['list']['sessions'][number]>;
  };

  readonly strategies: {
    list(): Output['strategies']['list'];
    start(request: {
      readonly strategy: string;
      readonly instrument: InstrumentId;
      readonly account: string;
      readonly parameters: Readonly<Record<string, number>>;
    }): Result<StrategyRun>;
    pause(id: string): Result<StrategyRun>;
    stop(id: string): Result<StrategyRun>;
  };

  performance(request: {
    readonly account?: string | undefined;
    readonly strategy?: string | undefined;
    readonly from?: number | undefined;
    readonly to?: number | undefined;
  }): Result<Output['performance']['get']> | Promise<Result<Output['performance']['get']>>;

  readonly analytics: AnalyticsRoom;

  readonly journal: {
    stats(): Output['journal']['stats'] | Promise<Output['journal']['stats']>;
    audit(request: PageRequest): Page<Output['journal']['audit']['entries'][number]>;
    verify(): Output['journal']['verify'] | Promise<Output['journal']['verify']>;
  };
}
