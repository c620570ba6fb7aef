import { closeAtMarket } from '../domain/closing-order.ts';
import { SimulatedClock } from '../clock/simulated.ts';
import type { Account } from '../domain/account.ts';
import type { DecimalString } from '../domain/decimal.ts';
import { type Instrument, type InstrumentId, priceDecimal, quantityText } from '../domain/instrument.ts';
import type { Bar, DataReport, MarketEvent } from '../domain/market-data.ts';
import type { OrderId } from '../domain/order.ts';
import { nearNumber } from '../domain/quotient.ts';
import { RefusalError } from '../domain/refusal.ts';
import { NullJournal } from '../journal/null-journal.ts';
import type { Feed } from '../market/feed.ts';
import { parseTimeframe, type Timeframe } from '../market/timeframe.ts';
import type { ClosedTrade } from '../portfolio/closed-trades.ts';
import { backtestStatistics, type ClosedTrade as TradeSummary, exposedBars } from '../research/trade-statistics.ts';
import { RESEARCH_LIMITS } from '../risk/limits.ts';
import type { StrategyDefinition } from '../strategies/strategy.ts';
import { usesVolume } from '../venue/activity.ts';
import { ItemisedFees } from '../venue/charges/itemised-fees.ts';
import type { VenueModel } from '../venue/model.ts';
import { GrowingSeries } from './growing-series.ts';
import { DEFAULT_MARGIN, type MarginConfig } from './margin-config.ts';
import { MarginWatch } from './margin-watch.ts';
import { runFingerprint } from './run-fingerprint.ts';
import type { TradePlan } from './trade-plan.ts';
import { TradingCore } from './trading-core.ts';

export interface BacktestOptions {
  readonly strategy: StrategyDefinition;
  readonly parameters: Readonly<Record<string, number>>;
  readonly cash: DecimalString;
  readonly leverage: DecimalString;
  /** How the account is kept where it borrows or holds perpetuals; the defaults when left out. */
  readonly margin?: MarginConfig;
  readonly model: VenueModel;
  readonly plan: TradePlan;
  readonly fill: 'next-open' | 'close' | 'book';
  /** Bars the strategy sees when the data are ticks, or coarser bars than the data; null = the data's own. */
  readonly timeframe: Timeframe | null;
  readonly closeAtEnd: 'open' | 'close' | null;
  readonly periods: number;
  readonly seed: number;
}

export interface BacktestTrade {
  readonly symbol: string;
  readonly side: 'long' | 'short';
  readonly qty: DecimalString;
  readonly entryBar: number;
  readonly exitBar: number;
  readonly entryTime: number;
  readonly exitTime: number;
  readonly entryPrice: DecimalString;
  readonly exitPrice: DecimalString;
  readonly pnl: DecimalString;
  readonly fees: DecimalString;
  readonly returnPct: number;
  readonly mae: number;
  readonly mfe: number;
  readonly exitReason: string;
}

export interface BacktestOutcome {
  readonly stats: Readonly<Record<string, number | DecimalString | null>>;
  readonly conventions: Readonly<Record<string, string>>;
  readonly unavailable: Readonly<Record<string, string>>;
  readonly trades: readonly BacktestTrade[];
  readonly times: Float64Array;
  readonly equity: Float64Array;
  readonly bars: number;
  readonly start: number;
  readonly end: number;
  readonly open: readonly { symbol: string; qty: DecimalString }[];
  readonly orders: { submitted: number; filled: number; cancelled: number; rejected: number; denied: number };
  readonly refusals: Readonly<Record<string, number>>;
  readonly fingerprint: string;
  readonly data: DataReport;
}

const ACCOUNT = 'backtest';
/** Fractional units go down to 10^-8, the satoshi. */
const FRACTION_DIGITS = 8;

/** Bars say nothing of lot sizes: in a backtest over bars the unit rule alone decides what quantities exist. */
function tradable(instrument: Instrument, barsOnly: boolean, direction: TradePlan['direction']): Instrument {
  const shortable = instrument.shortable || direction !== 'long';
  if (!barsOnly) return { ...instrument, shortable };
  return {
    ...instrument,
    shortable,
    quantityDigits: FRACTION_DIGITS,
    step: 1,
    minQuantity: 1,
    maxQuantity: null,
    minNotional: '0',
  };
}

/** Decimals added to a price grid that was only read off the data, where exits need levels between the printed prices. */
const EXIT_DECIMALS = 4;

function refines({ plan, leverage }: BacktestOptions, instruments: readonly Instrument[], barsOnly: boolean): boolean {
  const exits = plan.stopLoss !== null || plan.takeProfit !== null || plan.trailing !== null;
  const isLiquidated = Number(leverage) > 1;
  return barsOnly && (exits || isLiquidated) && instruments.every((instrument) => instrument.assumedGrid);
}

/** The same bar on a price grid \`factor\` times finer, its volume in units \`volumeFactor\` times smaller. */
function refined(event: MarketEvent, factor: number, volumeFactor: number): MarketEvent {
  if (event.kind !== 'bar') return event;
  return {
    ...event,
    open: event.open * factor,
    high: event.high * factor,
    low: event.low * factor,
    close: event.close * factor,
    volume: event.volume * volumeFactor,
  };
}

/** Runs a strategy over recorded data on the engine's own core. Throws RefusalError for what the user can mend. */
export async function runBacktest(
  feed: Feed,
  options: BacktestOptions,
  onProgress?: (events: number) => void,
): Promise<BacktestOutcome> {
  const batches = feed.batches()[Symbol.asyncIterator]();
  const first = await batches.next();
  const firstEvent = first.done === true ? undefined : first.value[0];
  if (first.done === true || firstEvent === undefined) {
    throw new RefusalError({
      code: 'NO_DATA',
      sentence: `${feed.id} holds no usable rows; ${droppedText(feed.report())}`,
    });
  }
  const barsOnly = firstEvent.kind === 'bar';
  checkCharges(options.model, firstEvent.ts);
  if (options.fill === 'book' && barsOnly) {
    throw new RefusalError({
      code: 'FILL_NEEDS_BOOK',
      sentence: '--fill book needs quotes, trades or a book; this data holds bars. Use --fill next-open or close.',
    });
  }
  const minute = parseTimeframe('1m');
  // Ticks are no bars: without a timeframe the strategy sees minutes.
  const timeframe = options.timeframe ?? (barsOnly || !minute.ok ? null : minute.value);
  // A tick read off the file may be as coarse as a whole unit; a stop of 2.5 % must not be rounded to it.
  const finer = refines(options, feed.instruments, barsOnly);
  const grid = (instrument: Instrument): Instrument =>
    finer ? { ...instrument, priceDigits: instrument.priceDigits + EXIT_DECIMALS, tick: 1 } : instrument;
  const priceFactor = finer ? 10 ** EXIT_DECIMALS : 1;
  // Quantities count in smaller units than the data's volumes: where fills look at volume, both must be the same.
  const volumeFactors = new Map(
    feed.instruments.map(({ id, quantityDigits }) => [
      id,
      barsOnly && usesVolume(options.model) ? 10 ** (FRACTION_DIGITS - quantityDigits) : 1,
    ]),
  );
  const moves = finer || [...volumeFactors.values()].some((factor) => factor !== 1);
  const onGrid = (event: MarketEvent): MarketEvent =>
    moves ? refined(event, priceFactor, volumeFactors.get(event.instrument) ?? 1) : event;
  const place = (events: readonly MarketEvent[]): readonly MarketEvent[] => (moves ? events.map(onGrid) : events);
  const run = new BacktestRun(
    feed.instruments.map((instrument) => tradable(grid(instrument), barsOnly, options.plan.direction)),
    { ...options, timeframe },
    onGrid(firstEvent),
  );
  run.consume(place(first.value));
  let events = first.value.length;
  for (;;) {
    const next = await batches.next();
    if (next.done === true) break;
    run.consume(place(next.value));
    events += next.value.length;
    onProgress?.(events);
  }
  return run.finish(feed.report());
}

/** Charges of days without known rates are not guessed; better said before the run than by an empty one. */
function checkCharges(model: VenueModel, at: number): void {
  const { charges } = model.fees;
  if (charges === undefined) return;
  const fees = ItemisedFees.of(charges);
  const refusal = fees.ok ? fees.value.refusal('sell', null, at) : fees.error;
  if (refusal !== null) throw new RefusalError(refusal);
}

function droppedText(report: DataReport): string {
  const reasons = Object.entries(report.dropped).map(([reason, count]) => `${count} ${reason}`);
  return reasons.length === 0
    ? `${report.read} rows were read.`
    : `${report.read} rows were read, dropped: ${reasons.join(', ')}.`;
}

class BacktestRun {
  readonly #options: BacktestOptions;
  readonly #core: TradingCore;
  /** Null where nothing can be liquidated. */
  readonly #margin: MarginWatch | null;
  readonly #equity = new GrowingSeries();
  readonly #times = new GrowingSeries();
  readonly #barOfOrder = new Map<OrderId, number>();
  readonly #refusals: Record<string, number> = {};
  readonly #single: boolean;
  /** Bars of the same time. The array is kept and refilled, its length is `#grouped`. */
  readonly #group: Bar[] = [];
  #grouped = 0;
  #firstClose = 0;
  #lastClose = 0;
  #warmupClose = 0;
  readonly #warmup: number;
  readonly #first: InstrumentId;

  constructor(instruments: readonly Instrument[], options: BacktestOptions, first: MarketEvent) {
    this.#options = options;
    this.#first = first.instrument;
    this.#single = instruments.length === 1;
    this.#warmup = options.strategy.warmup(options.parameters);
    const account: Account = {
      id: ACCOUNT,
      name: 'Backtest',
      kind: 'paper',
      broker: 'paper',
      currency: instruments[0]?.quote ?? 'USD',
      // Shares taken into delivery are paid in full and not sold short.
      type: options.model.fees.charges?.product === 'delivery' ? 'cash' : 'margin',
      leverage: options.leverage,
      startingCash: options.cash,
    };
    this.#core = new TradingCore({
      clock: new SimulatedClock(first.kind === 'bar' ? first.start : first.at),
      journal: new NullJournal(),
      accounts: [account],
      instruments,
      venues: [{ id: 'paper', model: options.model, serves: () => true }],
      seed: options.seed,
      limits: () => RESEARCH_LIMITS,
      sessions: false,
      staleAfterMs: Number.POSITIVE_INFINITY,
      orderPrefix: 'b',
      barFill: options.fill === 'close' ? 'close' : 'next-open',
    });
    const margin = new MarginWatch(this.#core, options.margin ?? DEFAULT_MARGIN);
    this.#margin = margin.isNeeded ? margin : null;
    this.#margin?.armFunding();
    for (const instrument of instruments) {
      const added = this.#core.addStrategy(
        {
          definition: options.strategy,
          parameters: options.parameters,
          instrument,
          accountId: ACCOUNT,
          timeframe: options.timeframe,
          plan: options.plan,
        },
        this.#single ? options.strategy.id : `${options.strategy.id}@${instrument.symbol}`,
      );
      if (!added.ok) throw new RefusalError(added.error);
    }
    this.#core.listen({
      onFill: (_fill, order) => this.#barOfOrder.set(order.id, this.#equity.length),
      onSignal: (_run, _signal, refusals) => {
        for (const { code } of refusals) this.#refusals[code] = (this.#refusals[code] ?? 0) + 1;
      },
      onOrder: (order, event) => {
        if (event?.type === 'denied' || event?.type === 'rejected')
          this.#refusals[event.code] = (this.#refusals[event.code] ?? 0) + 1;
        else if (event === null && order.reasonCode !== null)
          this.#refusals[order.reasonCode] = (this.#refusals[order.reasonCode] ?? 0) + 1;
      },
    });
  }

  /** Keeps one group of bars back, so that the last one is known to be the last when its turn comes. */
  consume(events: readonly MarketEvent[]): void {
    for (const event of events) {
      if (event.kind !== 'bar') {
        this.#tick(event);
        continue;
      }
      if (this.#grouped > 0 && this.#group[0]?.at !== event.at) this.#closeGroup();
      this.#group[this.#grouped] = event;
      this.#grouped += 1;
    }
  }

  #tick(event: MarketEvent): void {
    this.#core.onEvent(event);
    this.#margin?.check(event.at);
    const price =
      event.kind === 'trade'
        ? event.price
        : event.kind === 'quote' && event.bid > 0 && event.ask > 0
          ? (event.bid + event.ask) / 2
          : 0;
    if (price === 0) return;
    if (this.#firstClose === 0) this.#firstClose = price;
    this.#lastClose = price;
    // One sample per second of data: a point per tick would only repeat itself.
    const second = Math.floor(event.at / 1000) * 1000;
    if (this.#times.last() !== second) this.#sample(second);
  }

  #closeGroup(): void {
    this.#openBars();
    this.#closeBars();
    this.#sampleGroup();
    this.#grouped = 0;
  }

  #openBars(): void {
    for (let index = 0; index < this.#grouped; index += 1) {
      const bar = this.#group[index];
      if (bar !== undefined) this.#core.openBar(bar);
    }
  }

  #closeBars(): void {
    for (let index = 0; index < this.#grouped; index += 1) {
      const bar = this.#group[index];
      if (bar === undefined) continue;
      this.#core.closeBar(bar);
      this.#margin?.onBar(bar);
    }
  }

  #sampleGroup(): void {
    for (let index = 0; index < this.#grouped; index += 1) {
      const bar = this.#group[index];
      if (bar === undefined || bar.instrument !== this.#first) continue;
      if (this.#firstClose === 0) this.#firstClose = bar.close;
      this.#lastClose = bar.close;
      if (this.#equity.length === this.#warmup) this.#warmupClose = bar.close;
    }
    this.#sample(this.#group[0]?.start ?? 0);
  }

  #sample(time: number): void {
    this.#equity.push(this.#core.portfolio.equityNumber(ACCOUNT));
    this.#times.push(time);
  }

  #last(): void {
    const { closeAtEnd } = this.#options;
    this.#openBars();
    if (closeAtEnd === 'open') this.#closePositions();
    this.#closeBars();
    if (closeAtEnd === 'close') {
      for (const bar of this.#group.slice(0, this.#grouped)) this.#core.priceNow(bar.instrument, bar.close, bar.at);
      this.#closePositions();
    }
    if (this.#grouped > 0) this.#sampleGroup();
  }

  #closePositions(): void {
    for (const instrument of this.#core.portfolio.held(ACCOUNT)) {
      const quantity = this.#core.portfolio.position(ACCOUNT, instrument);
      this.#core.submit(
        closeAtMarket(
          { accountId: ACCOUNT, accountKind: 'paper', instrument, quantity },
          { timeInForce: 'GTC', note: 'end-of-data' },
        ),
      );
    }
  }

  finish(data: DataReport): BacktestOutcome {
    this.#last();
    const core = this.#core;
    const equity = this.#equity.values();
    const times = this.#times.values();
    const closed = core.ledger.trades();
    const trades = closed.map((trade) => this.#summary(trade, times));
    const held = core.portfolio.held(ACCOUNT);
    const openSince =
      held.length === 0 ? null : Math.max(0, Math.min(...held.map((id) => this.#barOpened(id)), equity.length - 1));
    const exactEquity = core.portfolio.equity(ACCOUNT);
    const fees = core.portfolio.fees(ACCOUNT);
    const statistics = backtestStatistics({
      equity,
      times,
      trades,
      periods: this.#options.periods,
      initialEquity: Number(this.#options.cash),
      fees: fees.toNumber(),
      exposureBars: exposedBars(trades, equity.length, openSince),
      firstClose: this.#firstClose,
      lastClose: this.#lastClose,
      ...(this.#warmupClose > 0 ? { warmupClose: this.#warmupClose } : {}),
    });
    const { counters } = core.orders;
    let written: readonly BacktestTrade[] | null = null;
    const write = (): readonly BacktestTrade[] => closed.map((trade) => this.#report(trade, times));
    return {
      stats: { ...statistics.stats, finalEquity: exactEquity?.toFixed() ?? null, fees: fees.toFixed() },
      conventions: statistics.assumptions,
      unavailable: statistics.unavailable,
      // Written when first read: an optimiser asks a thousand runs for their figures and one for its trades.
      get trades() {
        written ??= write();
        return written;
      },
      times,
      equity,
      bars: equity.length,
      start: times[0] ?? 0,
      end: times.at(-1) ?? 0,
      open: held.map((id) => {
        const instrument = core.instruments.get(id);
        return {
          symbol: id,
          qty: instrument === undefined ? '0' : quantityText(instrument, core.portfolio.position(ACCOUNT, id)),
        };
      }),
      orders: {
        submitted: counters.submitted,
        filled: counters.filled,
        cancelled: counters.cancelled,
        rejected: counters.rejected,
        denied: counters.denied,
      },
      refusals: this.#refusals,
      get fingerprint() {
        return runFingerprint(core);
      },
      data,
    };
  }

  #barOpened(instrument: InstrumentId): number {
    const opened = this.#core.portfolio.positionRecord(ACCOUNT, instrument)?.openedAt ?? 0;
    const times = this.#times.values();
    let bar = times.length - 1;
    while (bar > 0 && (times[bar] ?? 0) > opened) bar -= 1;
    return bar;
  }

  /** What the statistics look at. */
  #summary(trade: ClosedTrade, times: Float64Array): TradeSummary {
    const entryBar = this.#barOfOrder.get(trade.entryOrderId) ?? 0;
    const exitBar = this.#barOfOrder.get(trade.exitOrderId) ?? 0;
    return {
      entryBar,
      exitBar,
      entryTime: times[entryBar] ?? trade.entryTs,
      exitTime: times[exitBar] ?? trade.exitTs,
      pnl: nearNumber(trade.pnl),
      returnPct: trade.returnFraction * 100,
    };
  }

  #report(trade: ClosedTrade, times: Float64Array): BacktestTrade {
    const instrument = this.#core.instruments.get(trade.instrument);
    if (instrument === undefined) throw new RangeError(`trade of ${trade.instrument}`);
    const { entryBar, exitBar, entryTime, exitTime, returnPct } = this.#summary(trade, times);
    return {
      symbol: instrument.symbol,
      side: trade.side,
      qty: plainQuantity(instrument, trade.quantity),
      entryBar,
      exitBar,
      entryTime,
      exitTime,
      entryPrice: priceDecimal(instrument, trade.entryPrice).toFixed(),
      exitPrice: priceDecimal(instrument, trade.exitPrice).toFixed(),
      pnl: trade.pnl.toFixed(),
      fees: trade.fees.toFixed(),
      returnPct,
      mae: trade.mae,
      mfe: trade.mfe,
      exitReason: trade.exitReason,
    };
  }
}

/** Without the zeros that only say how fine the grid could be. */
function plainQuantity(instrument: Instrument, quantity: number): DecimalString {
  const text = quantityText(instrument, quantity);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
