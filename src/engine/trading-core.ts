import type { PaperBroker } from '../brokers/paper-broker.ts';
import { createPaperBroker } from '../brokers/paper-broker.ts';
import { calendarOf } from '../clock/calendars.ts';
import type { Clock } from '../clock/clock.ts';
import type { Account } from '../domain/account.ts';
import type { Fill } from '../domain/fill.ts';
import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import type { Bar, MarketEvent } from '../domain/market-data.ts';
import type { Order, OrderIntent } from '../domain/order.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import { type Refusal, refuse, type Result, messageOf } from '../domain/refusal.ts';
import type { Signal } from '../domain/signal.ts';
import type { EpochMs, PriceUnits } from '../domain/units.ts';
import type { ContingentOrders } from '../execution/contingent/contingent-orders.ts';
import { sequentialIds } from '../execution/order-ids.ts';
import { createOrderManager, type OrderManager, type OrderManagerOptions } from '../execution/order-manager.ts';
import type { OrderFault, OrderRefusal } from '../execution/order-refusal.ts';
import type { AuditRecord, Journal, JournalRecord } from '../journal/journal.ts';
import { PriceBoard, type PriceLine } from '../market/price-board.ts';
import { createTradeLedger, type TradeLedger } from '../portfolio/closed-trades.ts';
import { stopLevel, targetLevel } from '../portfolio/exit-levels.ts';
import { exitReasonOf } from '../portfolio/exit-reasons.ts';
import { createPortfolio, type Portfolio } from '../portfolio/portfolio.ts';
import { ProtectiveExits } from '../portfolio/protective-exits.ts';
import { createRiskGate, type LimitGate } from '../risk/create-gate.ts';
import { dayZoneOf } from '../risk/day.ts';
import { DUPLICATE_STORM } from '../risk/findings.ts';
import type { RiskView } from '../risk/gate.ts';
import type { RiskLimits } from '../risk/limits.ts';
import { RiskMonitor, type StateChange } from '../risk/monitor.ts';
import type { CauseSet } from '../risk/trading-state.ts';
import { createVenue } from '../venue/create-venue.ts';
import type { VenueModel } from '../venue/model.ts';
import type { Listing } from '../venue/rules/listing.ts';
import { AccountFees, commissionOf, productOf } from './account-fees.ts';
import { BarPassage } from './bar-passage.ts';
import type { IntradayTerms } from './intraday.ts';
import { Lane } from './lane.ts';
import { openContingentBook } from './contingent-wiring.ts';
import { EngineRiskView } from './risk-view.ts';
import { StrategyOrders } from './strategy-orders.ts';
import type { StrategyChoice, StrategyRun } from './strategy-run.ts';
import { WrittenBalance } from './written-records.ts';

export interface CoreOptions {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly accounts: readonly Account[];
  readonly instruments: readonly Instrument[];
  /** The simulated exchanges; an account names the one that executes for it in \`broker\`. */
  readonly venues: readonly CoreVenue[];
  readonly seed: number;
  /** Null blocks every order of the account. */
  readonly limits: (accountId: string) => RiskLimits | null;
  /** Market hours bind orders. Off for backtests: there every bar of the data is tradable. */
  readonly sessions: boolean;
  /** Age in ms of event time beyond which a price is stale. */
  readonly staleAfterMs: number;
  /** Client order ids are this and a number; unique per session. */
  readonly orderPrefix: string;
  readonly firstOrder?: number;
  /** An order of an earlier run with this idempotency key. */
  readonly findByKey?: (key: string) => Order | null;
  /** Bounds the memory of a session that goes on for months; all its orders stay when left out. */
  readonly retention?: NonNullable<OrderManagerOptions['retention']>;
  /** When a market order of a signal fills on bar data: at the open of the next bar, or at the close it was decided on. */
  readonly barFill: 'next-open' | 'close';
  /** Cut-off of intraday accounts for orders that open; none when left out. Closing is the square-off's work. */
  readonly intraday?: IntradayTerms;
  /** Contract file of an exchange, for its rules; large shares with derivatives when left out. */
  readonly listing?: (instrument: InstrumentId) => Listing | null;
  /** Round trips are kept in these, the first one for reports. FIFO alone when left out. */
  readonly ledgers?: readonly [TradeLedger, ...TradeLedger[]];
}

/** One simulated exchange with its model, and the instruments that trade on it. */
export interface CoreVenue {
  readonly id: string;
  readonly model: VenueModel;
  serves(instrument: Instrument): boolean;
}

export interface CoreListener {
  onOrder?(order: Order, event: OrderEvent | null): void;
  onFill?(fill: Fill, order: Order): void;
  onSignal?(run: StrategyRun, signal: Signal, refusals: readonly Refusal[]): void;
  onAudit?(audit: AuditRecord): void;
  onCauses?(causes: CauseSet, change: StateChange): void;
}

/**
 * The engine's heart: one synchronous function of (state, market event). Paper, simulation, backtest and replay are this
 * class with another clock, feed and journal; nothing in it asks which of them it is.
 */
export class TradingCore {
  readonly options: CoreOptions;
  readonly board: PriceBoard;
  readonly portfolio: Portfolio;
  readonly ledger: TradeLedger;
  readonly #ledgers: readonly TradeLedger[];
  readonly orders: OrderManager;
  readonly exits: ProtectiveExits;
  readonly contingent: ContingentOrders;
  readonly brokers: readonly PaperBroker[];
  readonly gate: LimitGate;
  readonly monitor: RiskMonitor;
  readonly view: RiskView;
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly runs: StrategyRun[] = [];
  readonly #lanes = new Map<InstrumentId, Lane>();
  #lastLane: Lane | null = null;
  readonly #fees = new AccountFees();
  readonly #strategies: StrategyOrders;
  readonly #passage: BarPassage;
  readonly #listeners: CoreListener[] = [];
  readonly #setTime: ((at: EpochMs) => void) | null;
  readonly #accountIds: readonly string[];

  constructor(options: CoreOptions) {
    this.options = options;
    const { clock } = options;
    // Only a simulated clock can be moved; a live one moves itself.
    this.#setTime = isMovable(clock) ? (at) => clock.advanceTo(at) : null;
    this.instruments = new Map(options.instruments.map((instrument) => [instrument.id, instrument]));
    this.accounts = new Map(options.accounts.map((account) => [account.id, account]));
    this.#accountIds = [...this.accounts.keys()];
    this.board = new PriceBoard(options.instruments);
    this.portfolio = createPortfolio({ accounts: options.accounts, instruments: this.instruments });
    this.#ledgers = options.ledgers ?? [createTradeLedger(this.instruments)];
    this.ledger = this.#ledgers[0] ?? createTradeLedger(this.instruments);
    this.brokers = options.venues.map((venue) => this.#openVenue(venue));
    this.view = new EngineRiskView({
      clock,
      board: this.board,
      portfolio: this.portfolio,
      accounts: this.accounts,
      instruments: this.instruments,
      openOrders: (accountId) => this.orders.openOrders(accountId),
      staleAfterMs: options.staleAfterMs,
      sessions: options.sessions,
      intraday: options.intraday ?? null,
    });
    this.monitor = new RiskMonitor({
      accounts: options.accounts.map(({ id, currency }) => ({ id, dayZone: dayZoneOf(currency) })),
      limits: options.limits,
      onChange: (causes, change) => this.#onCauses(causes, change),
    });
    this.gate = createRiskGate({
      view: this.view,
      limits: options.limits,
      state: (accountId) => this.monitor.status(accountId),
      day: (accountId) => this.monitor.day(accountId),
      fees: (instrument, accountId) => {
        const model = this.lane(instrument.id)?.model ?? null;
        return model === null ? null : this.#fees.of(model, this.accounts.get(accountId) ?? null);
      },
    });
    this.orders = createOrderManager({
      clock,
      journal: options.journal,
      brokers: new Map(
        options.accounts.flatMap((account) => {
          const broker = this.brokers.find((one) => one.id === account.broker);
          return broker === undefined ? [] : [[account.id, broker] as const];
        }),
      ),
      gate: this.gate,
      applyFill: (fill) => this.#book(fill),
      idSource: sequentialIds(options.orderPrefix, options.firstOrder ?? 1),
      instruments: this.instruments,
      ...(options.findByKey === undefined ? {} : { findByKey: options.findByKey }),
      ...(options.retention === undefined ? {} : { retention: options.retention }),
      onFault: (fault) => this.#onFault(fault),
    });
    this.exits = new ProtectiveExits({
      submit: (intent) => this.orders.submit(intent),
      cancel: (id, reason) => this.orders.cancel(id, reason),
      modify: (id, change) => this.orders.modify(id, change),
      instrument: (id) => this.instruments.get(id) ?? null,
      now: () => clock.now(),
      onStandDown: (on, accountId) => this.contingent.standDown(on, accountId),
    });
    this.contingent = openContingentBook({
      clock,
      orders: this.orders,
      board: this.board,
      portfolio: this.portfolio,
      view: this.view,
      instruments: this.instruments,
      accounts: this.accounts,
      brokers: this.brokers,
      write: (audit) => this.write(audit),
    });
    this.#strategies = new StrategyOrders(this, (run, signal, refusals) => {
      for (const listener of this.#listeners) listener.onSignal?.(run, signal, refusals);
    });
    this.#passage = new BarPassage(this);
    this.orders.onOrder((order, event) => this.#onOrder(order, event));
    this.#watchEquity();
  }

  listen(listener: CoreListener): () => void {
    this.#listeners.push(listener);
    return () => {
      const place = this.#listeners.indexOf(listener);
      if (place !== -1) this.#listeners.splice(place, 1);
    };
  }

  #openVenue(venue: CoreVenue): PaperBroker {
    const broker = createPaperBroker({
      id: venue.id,
      clock: this.options.clock,
      createVenue,
      // Each exchange keeps a book per instrument: only of its own.
      instruments: new Map([...this.instruments].filter(([, instrument]) => venue.serves(instrument))),
      model: venue.model,
      seed: this.options.seed,
      position: (accountId, instrument) => this.portfolio.position(accountId, instrument),
      dayEnd: (instrument, now) => calendarOf(instrument).dayEnd(now),
      product: (accountId) => {
        const account = this.accounts.get(accountId);
        return account === undefined ? null : productOf(account);
      },
      ...(this.options.listing === undefined ? {} : { listing: this.options.listing }),
    });
    for (const instrument of this.instruments.values()) {
      if (!venue.serves(instrument)) continue;
      const line = this.board.line(instrument.id);
      if (line !== null) this.#lanes.set(instrument.id, new Lane(line, broker, venue.model));
    }
    return broker;
  }

  /** Refuses what the strategy, its sizing or its instrument refuses. */
  addStrategy(choice: StrategyChoice, id: string): Result<StrategyRun> {
    const account = this.accounts.get(choice.accountId);
    const lane = this.lane(choice.instrument.id);
    const model = lane?.model ?? null;
    if (account === undefined || lane === null || model === null) {
      return refuse('NO_VENUE', `No account or exchange of this session trades ${choice.instrument.symbol}.`);
    }
    const run = this.#strategies.start(choice, id, account, commissionOf(this.#fees.of(model, account)));
    if (!run.ok) return run;
    this.runs.push(run.value);
    lane.runs.push(run.value);
    return run;
  }

  /** Ends a run for good: it sees nothing more. Its orders and its position stay. */
  removeStrategy(run: StrategyRun): void {
    run.state = 'stopped';
    for (const list of [this.runs, this.lane(run.choice.instrument.id)?.runs ?? []]) {
      const place = list.indexOf(run);
      if (place !== -1) list.splice(place, 1);
    }
  }

  /** Any event but bars that belong together in time; those go through `onBars`. */
  onEvent(event: MarketEvent): void {
    if (event.kind === 'bar') {
      this.openBar(event);
      this.closeBar(event);
      return;
    }
    this.#setTime?.(event.at);
    const line = this.board.apply(event);
    if (line === null) return;
    const lane = this.lane(event.instrument);
    lane?.broker?.onMarket(event);
    this.#mark(line);
    if (lane !== null) for (const run of lane.runs) run.onTick(event);
  }

  /** Bars of several instruments over the same time: all open before any closes. */
  onBars(bars: readonly Bar[]): void {
    for (const bar of bars) this.openBar(bar);
    for (const bar of bars) this.closeBar(bar);
  }

  /** First half of a bar: its open is the price now, and what was decided on the close before is done at it. */
  openBar(bar: Bar): void {
    this.#setTime?.(bar.start);
    const lane = this.lane(bar.instrument);
    if (lane === null) return;
    lane.line.last = bar.open;
    lane.line.ts = bar.start;
    // Sizing at the open compares cash and equity at the same price.
    this.portfolio.mark(bar.instrument, 0, 0, bar.open, bar.start);
    lane.broker?.openBar(bar.instrument, bar.open, bar.start);
    if (lane.hasWaiting) for (const { run, signal } of lane.takeWaiting()) this.#strategies.execute(run, signal);
  }

  /** Second half: the path of the bar, then its close, then the strategies. */
  closeBar(bar: Bar): void {
    this.#setTime?.(bar.at);
    const lane = this.lane(bar.instrument);
    if (lane === null) return;
    this.board.apply(bar);
    this.#passage.through(bar, lane);
    for (let index = 0; index < this.#ledgers.length; index += 1)
      this.#ledgers[index]?.seen(bar.instrument, bar.low, bar.high);
    this.#watchEquity();
    for (const run of lane.runs) run.onBar(bar);
  }

  /** Null for an instrument that is not of this session. */
  lane(id: InstrumentId): Lane | null {
    const last = this.#lastLane;
    if (last !== null && last.line.instrument.id === id) return last;
    const found = this.#lanes.get(id) ?? this.#laneWithoutVenue(id);
    if (found !== null) this.#lastLane = found;
    return found;
  }

  /** An instrument that no exchange of this session trades still has a price. */
  #laneWithoutVenue(id: InstrumentId): Lane | null {
    const line = this.board.line(id);
    if (line === null) return null;
    const lane = new Lane(line, null, null);
    this.#lanes.set(id, lane);
    return lane;
  }

  /** The price of an instrument is `price` now and market orders fill at it: the close of a bar as an execution price. */
  priceNow(instrument: InstrumentId, price: PriceUnits, at: EpochMs): void {
    const lane = this.lane(instrument);
    if (lane === null) return;
    lane.line.last = price;
    lane.line.ts = at;
    lane.broker?.openBar(instrument, price, at);
  }

  /** Time passes without data. */
  advanceTo(now: EpochMs): void {
    this.#setTime?.(now);
    for (const broker of this.brokers) broker.advanceTo(now);
    this.exits.onTime(now);
    this.contingent.onTime(now);
    for (const run of this.runs) run.onTime(now);
  }

  submit(intent: OrderIntent): Result<Order, OrderRefusal> {
    return this.orders.submit(intent);
  }

  audit(actor: AuditRecord['actor'], action: string, reason: string, detail: Readonly<Record<string, unknown>>): void {
    const audit: AuditRecord = { at: this.options.clock.now(), actor, action, reason, detail: JSON.stringify(detail) };
    this.commit([{ kind: 'audit', audit }]);
    for (const listener of this.#listeners) listener.onAudit?.(audit);
  }

  /** Records that no order waits for. A journal that fails halts: what cannot be written down must not go on. */
  commit(records: readonly JournalRecord[]): void {
    this.#isCommitted(records);
  }

  /** A record that something is about to follow from. False: it is not durable, and nothing may follow. */
  write(audit: AuditRecord): boolean {
    return this.#isCommitted([{ kind: 'audit', audit }]);
  }

  #isCommitted(records: readonly JournalRecord[]): boolean {
    try {
      this.options.journal.commit(records);
      return true;
    } catch (error) {
      this.#journalFailed(messageOf(error));
      return false;
    }
  }

  #mark(line: PriceLine): void {
    const { id } = line.instrument;
    this.portfolio.mark(id, line.bid, line.ask, line.last, line.ts);
    for (let index = 0; index < this.#ledgers.length; index += 1)
      this.#ledgers[index]?.quoted(id, line.bid, line.ask, line.last);
    const now = this.options.clock.now();
    this.exits.onPrice(id, line.bid, line.ask, line.last, now);
    this.contingent.onPrice(id, line.bid, line.ask, line.last, now);
    this.#watchEquity();
  }

  /** Equity with open profit of every account against its loss limits. */
  #watchEquity(): void {
    const now = this.options.clock.now();
    for (let index = 0; index < this.#accountIds.length; index += 1) {
      const id = this.#accountIds[index] ?? '';
      this.monitor.onEquity(id, this.portfolio.equityNumber(id), now);
    }
  }

  #book(fill: Fill): readonly JournalRecord[] {
    const outcome = this.portfolio.applyFill(fill);
    if (!outcome.ok) {
      const { code, sentence } = outcome.error;
      this.#booksDiffer(fill.accountId, sentence);
      return [
        {
          kind: 'audit',
          audit: {
            at: fill.ts,
            actor: 'engine',
            action: code,
            reason: sentence,
            detail: JSON.stringify({ tradeId: fill.tradeId }),
          },
        },
      ];
    }
    const { position, cash } = outcome.value;
    const currency = this.accounts.get(fill.accountId)?.currency ?? '';
    return [
      { kind: 'position', position },
      { kind: 'balance', balance: new WrittenBalance(fill.accountId, currency, cash, fill.ts) },
    ];
  }

  #onOrder(order: Order, event: OrderEvent | null): void {
    if (event?.type === 'filled') {
      const reason = this.exits.exitReason(order) ?? exitReasonOf(order);
      for (const ledger of this.#ledgers) ledger.applyFill(event.fill, order.strategyId, reason);
      const { fill } = event;
      this.gate.strategies.onFill(fill, order.strategyId, this.portfolio.position(fill.accountId, fill.instrument));
      for (const listener of this.#listeners) listener.onFill?.(fill, order);
    } else if (event?.type === 'submitted') this.gate.noteSubmitted(order, event.ts);
    // What a restart finds never sent is no word of the venue.
    else if (event?.type === 'rejected' && event.code !== 'NOT_RECEIVED')
      this.monitor.onReject(order.accountId, event.ts);
    else if (event?.type === 'denied' && event.code === DUPLICATE_STORM)
      this.monitor.onDuplicateStorm(order.accountId, event.sentence, event.ts);
    this.exits.onOrder(order, event);
    this.contingent.onOrder(order, event);
    if (event?.type === 'filled') this.notePlan(order.accountId, order.instrument, order.strategyId);
    for (const listener of this.#listeners) listener.onOrder?.(order, event);
  }

  /** Tells the round trips the first stop and target of what was opened: their initial risk. */
  notePlan(accountId: string, id: InstrumentId, strategyId: string | null): void {
    if (!this.#ledgers.some((ledger) => ledger.wantsPlan(accountId, id))) return;
    const plan = this.exits.plan(accountId, id, strategyId);
    const instrument = this.instruments.get(id);
    if (plan === null || instrument === undefined || plan.own === 0) return;
    const isLong = plan.own > 0;
    const stop = stopLevel(instrument, plan.rules, isLong, plan.entry, plan.best)?.trigger ?? 0;
    const target = targetLevel(instrument, plan.rules, isLong, plan.entry) ?? 0;
    if (stop > 0 || target > 0) for (const ledger of this.#ledgers) ledger.planned(accountId, id, stop, target);
  }

  /** The venue traded and the books do not show it: nothing that is decided on them may go on. */
  #booksDiffer(accountId: string | null, sentence: string): void {
    this.monitor.raise(
      {
        code: 'POSITION_MISMATCH',
        scope: accountId,
        level: 'HALTED',
        latched: true,
        at: this.options.clock.now(),
        sentence: `A fill is missing in the positions: ${sentence} Compare them with the venue before you clear this.`,
      },
      'risk',
    );
  }

  #onFault(fault: OrderFault): void {
    if (fault.unbooked !== undefined) {
      // An account that is not ours cannot be halted alone.
      this.#booksDiffer(this.accounts.has(fault.unbooked) ? fault.unbooked : null, fault.sentence);
    }
    if (fault.code === 'JOURNAL_FAILED') this.#journalFailed(fault.sentence);
    else
      for (const listener of this.#listeners)
        listener.onAudit?.({
          at: this.options.clock.now(),
          actor: 'engine',
          action: fault.code,
          reason: fault.sentence,
          detail: '{}',
        });
  }

  #journalFailed(sentence: string): void {
    this.monitor.onJournalFailure(sentence, this.options.clock.now());
  }

  #onCauses(causes: CauseSet, change: StateChange): void {
    const { cause } = change;
    this.audit(change.by, `STATE_${change.kind.toUpperCase()}_${cause.code}`, change.reason, {
      level: cause.level,
      scope: cause.scope,
      latched: cause.latched,
      // Everything that holds after the change: a restart reads the trading state back from here.
      causes,
    });
    for (const listener of this.#listeners) listener.onCauses?.(causes, change);
  }
}

interface MovableClock extends Clock {
  advanceTo(at: EpochMs): void;
}
function isMovable(clock: Clock): clock is MovableClock {
  return 'advanceTo' in clock;
}
