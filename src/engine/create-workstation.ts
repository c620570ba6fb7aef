import { LiveClock } from '../clock/live.ts';
import type { Account } from '../domain/account.ts';
import type { FillView, OrderView } from '../contract/types.ts';
import type { MarketEvent } from '../domain/market-data.ts';
import { IN_FLIGHT } from '../domain/order-state.ts';
import { ok, refuse, type Result, messageOf } from '../domain/refusal.ts';
import type { EpochMs } from '../domain/units.ts';
import type { JournalRecord } from '../journal/journal.ts';
import { openMarketStore, type MarketStore } from '../journal/market-store.ts';
import { openJournal } from '../journal/sqlite-journal.ts';
import { KillLatch } from '../risk/kill-latch.ts';
import { AlgorithmDesk } from './workstation/algorithm-desk.ts';
import { AlertLog } from './workstation/alert-log.ts';
import { DEFAULT_INTRADAY } from './intraday.ts';
import { BarHistory } from './workstation/bar-history.ts';
import { EventRing } from './workstation/event-ring.ts';
import { ExchangeDuties } from './workstation/exchange-duties.ts';
import { FeedRunner } from './workstation/feed-runner.ts';
import { FlattenRequests, flattenRequestPath } from './workstation/flatten-requests.ts';
import { journalRoom } from './workstation/journal-desk.ts';
import { FileWatch } from './workstation/latch-watch.ts';
import { LimitsDesk } from './workstation/limits-desk.ts';
import { MarketDesk } from './workstation/market-desk.ts';
import { MarketPump } from './workstation/market-pump.ts';
import { type MarketSource, simulatedMarket } from './workstation/markets.ts';
import { DEFAULT_ACCOUNTS, DEFAULT_SEED, RETENTION_MS, type WorkstationOptions } from './workstation/options.ts';
import { OrderDesk } from './workstation/order-desk.ts';
import { OrderTrails } from './workstation/order-trails.ts';
import { fillView } from './workstation/order-views.ts';
import { PerformanceDesk } from './workstation/performance-desk.ts';
import { PortfolioDesk } from './workstation/portfolio-desk.ts';
import { ContingentDesk } from './workstation/contingent-desk.ts';
import { ProtectionDesk } from './workstation/protection-desk.ts';
import { RiskDesk } from './workstation/risk-desk.ts';
import { RiskControlsDesk } from './workstation/risk-controls-desk.ts';
import { Runtime } from './workstation/runtime.ts';
import { SessionDesk } from './workstation/session-desk.ts';
import { type AnalyticsFiles, openAnalytics } from './workstation/analytics-files.ts';
import { openSession } from './workstation/session-opening.ts';
import { simulationOrigin } from './workstation/simulation-origin.ts';
import { StatusDesk } from './workstation/status-desk.ts';
import { StrategyDesk } from './workstation/strategy-desk.ts';
import type { Workstation } from './workstation.ts';

export type { WorkstationOptions } from './workstation/options.ts';
export type { MarketSource } from './workstation/markets.ts';

const SECOND_MS = 1_000;
const SNAPSHOT_MS = 60_000;
const DAY_MS = 86_400_000;
const PRUNE_AFTER_MS = 120_000;
/** First prices are there by then. */
const RESUME_FLATTEN_AFTER_MS = 2_000;

/**
 * The running engine over a data folder: takes the lock, restores the last state, opens the markets and begins to trade on
 * paper. Throws JournalFailure when the folder cannot be used.
 */
export async function createWorkstation(
  options: WorkstationOptions,
): Promise<Workstation & { close(): Promise<void> }> {
  const engine = new Engine(options);
  await engine.begin();
  return engine.workstation();
}

class Engine {
  readonly #options: WorkstationOptions;
  readonly #runtime: Runtime;
  readonly #history: BarHistory;
  readonly #originSeed: number;
  readonly #market: MarketDesk;
  readonly #protection: ProtectionDesk;
  readonly #contingent: ContingentDesk;
  readonly #orders: OrderDesk;
  readonly #algorithms: AlgorithmDesk;
  readonly #portfolio: PortfolioDesk;
  readonly #risk: RiskDesk;
  readonly #controls: RiskControlsDesk;
  readonly #strategies: StrategyDesk;
  readonly #sessions: SessionDesk;
  readonly #status: StatusDesk;
  readonly #performance: PerformanceDesk;
  readonly #pump: MarketPump;
  readonly #duties: ExchangeDuties;
  readonly #trails: OrderTrails;
  readonly #orderLog: EventRing<OrderView>;
  readonly #fillLog: EventRing<FillView>;
  readonly #inFlight = new Set<string>();
  #runners: FeedRunner[] = [];
  #watch: FileWatch | null = null;
  readonly #timers: (() => void)[] = [];
  #lastSecond: EpochMs = 0;

  constructor(options: WorkstationOptions) {
    this.#options = options;
    const isLive = options.clock === undefined;
    const clock = options.clock ?? new LiveClock();
    const wallClock = options.wallClock ?? (isLive ? Date.now : () => clock.now());
    const journal = openJournal(options.dataDir, options.journal ?? {});
    let store: MarketStore | null = null;
    let figures: AnalyticsFiles | null = null;
    try {
      const alerts = new AlertLog();
      store = this.#openStore(alerts, clock.now());
      const origin = simulationOrigin(options.dataDir, {
        seed: options.seed ?? DEFAULT_SEED,
        firstStart: clock.now(),
      });
      this.#originSeed = options.seed ?? origin.seed;
      this.#runtime = new Runtime({
        dataDir: options.dataDir,
        clock,
        wallClock,
        journal,
        store,
        latch: new KillLatch(options.dataDir),
        limits: new LimitsDesk(options.dataDir),
        alerts,
      });
      figures = openAnalytics(options.dataDir, journal, alerts, clock.now());
      this.#runtime.trades = figures?.trades ?? null;
      this.#duties = new ExchangeDuties(this.#runtime, options.intraday ?? DEFAULT_INTRADAY);
      this.#history = new BarHistory(store, origin.firstStart);
      this.#market = new MarketDesk(this.#runtime, this.#history);
      this.#protection = new ProtectionDesk(this.#runtime);
      this.#contingent = new ContingentDesk(this.#runtime);
      this.#orders = new OrderDesk(this.#runtime, this.#protection, this.#contingent);
      this.#algorithms = new AlgorithmDesk(this.#runtime, (instrument, from, to) =>
        this.#history.minutes(
          this.#runtime.markets.find((market) => market.instruments.some(({ id }) => id === instrument.id)) ?? null,
          instrument,
          from,
          to,
        ),
      );
      this.#portfolio = new PortfolioDesk(this.#runtime, this.#protection);
      const openPositions = (): number => this.#portfolio.openPositions();
      this.#risk = new RiskDesk(this.#runtime, openPositions);
      this.#controls = new RiskControlsDesk(this.#runtime, this.#risk, (request) =>
        this.#market.room().history(request),
      );
      this.#strategies = new StrategyDesk(this.#runtime, (account, strategy) =>
        this.#performance.realised(account, strategy),
      );
      this.#sessions = new SessionDesk(this.#runtime, this.#strategies, {
        marketsFor: (feeds, seed) => this.#marketsFor(feeds, seed),
        open: (markets, seed, added) => this.#openSession(markets, seed, added),
        seed: () => this.#originSeed,
        endParents: (reason) => this.#algorithms.endAll(reason),
      });
      const markets = this.#marketsFor(undefined, this.#originSeed);
      if (!markets.ok) throw new Error(markets.error.sentence);
      this.#openCore(markets.value, this.#originSeed, options.accounts ?? DEFAULT_ACCOUNTS);
      this.#strategies.restore();
      this.#performance = new PerformanceDesk(this.#runtime, figures, (id) => this.#algorithms.kindOf(id));
      this.#status = new StatusDesk({
        runtime: this.#runtime,
        market: this.#market,
        risk: this.#risk,
        strategies: this.#strategies,
        feeds: () => this.#runners,
        openPositions,
        isLive,
      });
      const onFault = (error: unknown): void => this.#runtime.fault('A reader of orders and fills', error);
      this.#trails = new OrderTrails(this.#runtime, this.#orders);
      this.#orderLog = new EventRing(() => this.#trails.recentOrders(), onFault);
      this.#fillLog = new EventRing(() => this.#trails.recentFills(), onFault);
      this.#pump = new MarketPump({
        clock,
        deliver: (event, now) => this.#deliver(event, now),
        settle: (now) => this.#settle(now),
        onFault: (error) => this.#runtime.fault('Market data processing', error),
        inFlight: () => this.#inFlight.size > 0,
        isBudgeted: isLive,
      });
      this.#wireNews();
    } catch (error) {
      figures?.store.close();
      store?.close();
      journal.close();
      throw error;
    }
  }

  begin(): Promise<void> {
    const runtime = this.#runtime;
    this.#startFeeds(runtime.markets);
    this.#every(SECOND_MS, (now) => this.#onSecond(now));
    this.#every(SNAPSHOT_MS, () => this.#snapshot());
    this.#snapshot();
    this.#after(PRUNE_AFTER_MS, () => this.#prune());
    const { emergency } = this.#risk;
    const flattens = new FlattenRequests(runtime, emergency);
    this.#watch = new FileWatch(
      runtime.clock,
      [
        { path: runtime.latch.path, onChange: () => emergency.haltFromOutside() },
        { path: flattenRequestPath(runtime.dataDir), onChange: () => flattens.take() },
      ],
      (error) => runtime.fault('The watch over the halt latch', error),
    );
    // Whatever was written between reading the latch and watching it.
    emergency.haltFromOutside();
    emergency.enforce();
    flattens.take();
    this.#after(RESUME_FLATTEN_AFTER_MS, () => {
      emergency.resumeFlatten();
      flattens.takeLeft();
    });
    return Promise.resolve();
  }

  workstation(): Workstation & { close(): Promise<void> } {
    const risk = this.#risk;
    const { emergency } = risk;
    return {
      version: this.#options.version ?? '0.1.0',
      status: this.#status.status,
      market: this.#market.room(),
      accounts: { list: () => this.#portfolio.accounts() },
      portfolio: this.#portfolio.state,
      positions: {
        close: (request) => this.#orders.close(request),
        protect: (request) => this.#protection.protect(request, (record) => this.#portfolio.position(record)),
      },
      orders: {
        preview: (ticket) => this.#orders.preview(ticket),
        place: (order) => this.#orders.place(order),
        cancel: (id) => this.#orders.cancel(id),
        cancelAll: (filter) => this.#orders.cancelAll(filter),
        modify: (change) => this.#orders.modify(change),
        list: (request) => this.#orders.list(request),
        timeline: (id) => this.#orders.timeline(id),
        log: this.#orderLog,
      },
      algorithms: {
        preview: (ticket) => this.#algorithms.preview(ticket),
        start: (request) => this.#algorithms.start(request),
        list: (scope, limit) => this.#algorithms.list(scope, limit),
        state: this.#algorithms.state,
        cancel: (id) => this.#algorithms.cancel(id),
        pause: (id) => this.#algorithms.pause(id),
        resume: (id) => this.#algorithms.resume(id),
      },
      fills: { list: (request) => this.#trails.fills(request), log: this.#fillLog },
      risk: {
        status: risk.status,
        limits: () => risk.limits(),
        setLimits: (limits, reason) => risk.setLimits(limits, reason),
        halt: (reason) => emergency.halt(reason),
        flatten: (request, report) => emergency.flatten(request, report),
        flattenPlan: ({ account }) => emergency.plan(account),
        lock: (request) => emergency.lock(request),
        drill: (request, report) => emergency.drill(request, report),
        resume: (reason) => emergency.resume(reason),
      },
      riskControls: this.#controls.room(),
      alerts: this.#runtime.alerts,
      session: this.#sessions.room(),
      strategies: {
        list: () => ({ available: this.#strategies.available(), runs: this.#strategies.runs() }),
        start: (request) => this.#strategies.start(request),
        pause: (id) => this.#strategies.pause(id),
        stop: (id) => this.#strategies.stop(id),
      },
      performance: (request) => this.#performance.report(request),
      analytics: this.#performance.room(),
      journal: journalRoom(this.#runtime),
      close: () => this.#close(),
    };
  }

  #openStore(alerts: AlertLog, now: EpochMs): MarketStore | null {
    try {
      return openMarketStore(this.#options.dataDir);
    } catch (error) {
      // Recorded prices are worth less than trading on.
      const sentence = `Market data is not recorded: ${messageOf(error)}`;
      alerts.raise({ at: now, severity: 'warning', code: 'MARKET_STORE_FAILED', sentence });
      return null;
    }
  }

  #marketsFor(feeds: readonly string[] | undefined, seed: number): Result<readonly MarketSource[]> {
    const { symbols } = this.#options;
    const all = this.#options.markets ?? [
      simulatedMarket('crypto', { seed, ...(symbols === undefined ? {} : { count: symbols }) }),
      simulatedMarket('nse', { seed }),
    ];
    if (feeds === undefined || feeds.length === 0) return ok(all);
    const unknown = feeds.filter((id) => !all.some((market) => market.id === id));
    if (unknown.length > 0) {
      const known = all.map(({ id }) => id).join(', ');
      return refuse('FEED_UNKNOWN', `There is no feed ${unknown.join(', ')}; the feeds are ${known}.`, {
        value: unknown.join(', '),
      });
    }
    return ok(all.filter(({ id }) => feeds.includes(id)));
  }

  #openCore(markets: readonly MarketSource[], seed: number, accounts: readonly Account[]): void {
    const runtime = this.#runtime;
    const instruments = markets.flatMap((market) => market.instruments);
    const held = runtime.journal.read.instruments().filter(({ id }) => !instruments.some((one) => one.id === id));
    const lastPrices = this.#market.lastPrices([...instruments, ...held], markets);
    const intraday = this.#options.intraday ?? DEFAULT_INTRADAY;
    const opened = openSession(runtime, {
      mode: 'paper',
      seed,
      markets,
      accounts,
      strategies: [],
      lastPrices,
      intraday,
    });
    runtime.markets = markets;
    this.#market.adopt(markets);
    this.#inFlight.clear();
    this.#risk.emergency.obeyLatch();
    this.#risk.locks.restore();
    this.#protection.restore();
    this.#contingent.restore();
    this.#algorithms.restore();
    this.#duties.renew();
    const { recovery, resumed, record } = opened;
    if (resumed || recovery.differences.length > 0) {
      runtime.alerts.raise({
        at: runtime.now(),
        severity: recovery.differences.length > 0 ? 'critical' : 'info',
        code: 'SESSION_RESUMED',
        sentence: `Session ${record.id} goes on: ${recovery.orders.length} open orders were taken over, ${recovery.differences.length} differences found.`,
      });
    }
    if (!runtime.limits.readable) {
      runtime.alerts.raise({
        at: runtime.now(),
        severity: 'critical',
        code: 'LIMITS_UNREADABLE',
        sentence: 'The stored risk limits cannot be read; every order is blocked until you set them again.',
      });
    }
  }

  #openSession(markets: readonly MarketSource[], seed: number, added: readonly Account[]): void {
    this.#performance.flush();
    for (const runner of this.#runners) runner.stop();
    try {
      this.#openCore(markets, seed, [...(this.#options.accounts ?? DEFAULT_ACCOUNTS), ...added]);
    } catch (error) {
      // The window goes on showing the market, with the session that has ended.
      this.#startFeeds(this.#runtime.markets);
      throw error;
    }
    this.#performance.renew();
    this.#startFeeds(markets);
  }

  #startFeeds(markets: readonly MarketSource[]): void {
    const runtime = this.#runtime;
    this.#runners = markets.map(
      (source) =>
        new FeedRunner(source, {
          clock: runtime.clock,
          lastPrices: () => this.#market.pricesNow(),
          onNews: (runner, sentence) => this.#onFeed(runner, sentence),
        }),
    );
    this.#pump.run(this.#runners);
    for (const runner of this.#runners) runner.start();
  }

  #onFeed(runner: FeedRunner, sentence: string | null): void {
    const { state, source } = runner;
    this.#market.setConnected(source, state === 'live' || state === 'stale' || state === 'connecting');
    if (sentence !== null) {
      const runtime = this.#runtime;
      const code = `FEED_${state.toUpperCase()}`;
      runtime.alerts.raise({ at: runtime.now(), severity: 'warning', code, sentence });
      if (state === 'failed' || state === 'ended') {
        runtime.core.audit('engine', code, sentence, { feed: source.id });
      }
    }
    if (state !== 'live' || sentence !== null) this.#runtime.onState.emit();
    this.#pump.nudge();
  }

  #deliver(event: MarketEvent, now: EpochMs): void {
    this.#runtime.core.onEvent(event);
    this.#duties.onEvent(now);
    this.#algorithms.onEvent(event);
    this.#market.onEvent(event, now);
    this.#performance.onMarket(event);
  }

  #settle(now: EpochMs): void {
    this.#runtime.core.advanceTo(now);
    this.#algorithms.onTime(now);
    this.#market.settle(now);
    this.#portfolio.state.touch('figures');
  }

  #onSecond(now: EpochMs): void {
    const { core } = this.#runtime;
    const seconds = this.#lastSecond === 0 ? 1 : Math.max(0.001, (now - this.#lastSecond) / SECOND_MS);
    this.#lastSecond = now;
    for (const runner of this.#runners) {
      runner.measure(seconds);
      const first = runner.source.instruments[0];
      const open = first !== undefined && core.view.marketClosed(first.id) === null;
      runner.watch(now, open, core.options.staleAfterMs);
    }
    for (const account of core.accounts.keys()) {
      const stale = core.view.held(account).filter((id) => {
        const reference = core.view.reference(id);
        return core.view.marketClosed(id) === null && (reference === null || reference.stale);
      });
      core.monitor.onFeeds(account, stale, now);
    }
    // Figures last, and each for itself: one that fails must not keep the others from what protects positions.
    this.#guarded('The exchange duties', () => this.#duties.onSecond(now));
    this.#guarded('Protection', () => this.#protection.onSecond(now));
    this.#guarded('Linked orders', () => this.#contingent.onSecond(now));
    this.#guarded('Parent orders', () => this.#algorithms.onSecond());
    this.#guarded('The kill switch', () => this.#risk.emergency.onSecond(now));
    this.#guarded('Locks', () => this.#risk.locks.onSecond(now));
    this.#guarded('Risk controls', () => this.#controls.onSecond(now));
    this.#guarded('Highs of equity', () => this.#runtime.highs.flush());
    this.#guarded('Performance', () => this.#performance.onSecond(now));
    this.#guarded('Market data', () => this.#market.onSecond(now));
    this.#status.onSecond();
    this.#risk.status.touch('figures');
  }

  #guarded(part: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#runtime.fault(part, error);
    }
  }

  #snapshot(): void {
    const { core, session } = this.#runtime;
    if (session === null || (session.state !== 'running' && session.state !== 'paused')) return;
    const now = this.#runtime.now();
    core.commit(
      [...core.accounts.keys()].flatMap((account): JournalRecord[] => {
        const snapshot = core.portfolio.snapshot(account, now);
        return snapshot === null ? [] : [{ kind: 'snapshot', snapshot }];
      }),
    );
  }

  #prune(): void {
    const { store } = this.#runtime;
    try {
      store?.prune(this.#runtime.wallClock() - (this.#options.retentionMs ?? RETENTION_MS));
    } catch (error) {
      const sentence = `Old market data could not be removed: ${messageOf(error)}`;
      this.#runtime.alerts.raise({ at: this.#runtime.now(), severity: 'warning', code: 'PRUNE_FAILED', sentence });
    }
    this.#after(DAY_MS, () => this.#prune());
  }

  #wireNews(): void {
    const runtime = this.#runtime;
    runtime.onOrder.add((order) => this.#algorithms.onOrder(order));
    runtime.onOrder.add((order, event) => {
      if (IN_FLIGHT.has(order.status)) this.#inFlight.add(order.id);
      else this.#inFlight.delete(order.id);
      this.#pump.nudge();
      if (this.#orderLog.isWatched) this.#orderLog.emit(this.#orders.view(order));
      if (event?.type === 'rejected' || event?.type === 'unknown') {
        runtime.alerts.raise({
          at: runtime.now(),
          severity: event.type === 'unknown' ? 'critical' : 'warning',
          code: event.type === 'unknown' ? 'ORDER_UNKNOWN_OUTCOME' : 'ORDER_REJECTED',
          sentence: `Order ${order.id}: ${event.sentence}`,
          account: order.accountId,
          instrument: order.instrument,
        });
      }
    });
    runtime.onFill.add((fill, order) => {
      if (!this.#fillLog.isWatched) return;
      this.#fillLog.emit(fillView(this.#orders.instrument(fill.instrument), fill, order.strategyId));
    });
  }

  #every(ms: number, act: (now: EpochMs) => void): void {
    const { clock } = this.#runtime;
    const slot = this.#timers.length;
    const arm = (): void => {
      this.#timers[slot] = clock.setTimer(clock.now() + ms, (now) => {
        if (this.#runtime.closing) return;
        try {
          act(now);
        } catch (error) {
          this.#runtime.fault('A periodic task', error);
        }
        arm();
      });
    };
    this.#timers.push(() => {});
    arm();
  }

  #after(ms: number, act: () => void): void {
    const { clock } = this.#runtime;
    this.#timers.push(clock.setTimer(clock.now() + ms, act));
  }

  /** Working orders stay in the journal: the next start goes on with them. */
  #close(): Promise<void> {
    const runtime = this.#runtime;
    if (runtime.closing) return Promise.resolve();
    this.#snapshot();
    runtime.closing = true;
    for (const cancel of this.#timers) cancel();
    this.#watch?.stop();
    this.#pump.stop();
    for (const runner of this.#runners) runner.stop();
    this.#status.close();
    this.#market.writeAll();
    const { session, core, journal } = runtime;
    core.orders.stop();
    if (session !== null && session.state !== 'stopped') {
      const stored = journal.read.session(session.id);
      if (stored !== null) {
        core.commit([{ kind: 'session', session: { ...stored, status: 'interrupted', endedAt: runtime.wallClock() } }]);
      }
    }
    this.#performance.close();
    runtime.store?.close();
    runtime.highs.close();
    journal.close();
    return Promise.resolve();
  }
}
