import type { ContractOutputs } from '../../contract/types.ts';
import type { Account } from '../../domain/account.ts';
import { type Decimal, ZERO } from '../../domain/decimal.ts';
import type { MarketEvent } from '../../domain/market-data.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';
import type { EpochMs } from '../../domain/units.ts';
import { thinnedEquity } from '../../research/equity-hours.ts';
import type { Workstation } from '../workstation.ts';
import { dayAfter, localDay } from './account-day.ts';
import type { AnalyticsFiles } from './analytics-files.ts';
import type { AnalyticsRoom } from './analytics-room.ts';
import { EquityBook } from './equity-book.ts';
import { ExecutionDesk } from './execution-desk.ts';
import { performanceReport } from './performance-report.ts';
import { ProfitDesk } from './profit-desk.ts';
import type { Runtime } from './runtime.ts';

type Report = ContractOutputs['performance']['get'];
type Request = Parameters<Workstation['performance']>[0];

/** Extremes of open trades change without any fill; so often they are written all the same. */
const STATE_EVERY_MS = 60_000;

/** Performance and execution analytics of everything this data folder has traded. */
export class PerformanceDesk {
  readonly #runtime: Runtime;
  readonly #files: AnalyticsFiles | null;
  readonly #execution: ExecutionDesk | null;
  readonly #profits: ProfitDesk | null;
  readonly #equity: EquityBook | null;
  /** By account and strategy, as of the last write. */
  readonly #realised = new Map<string, ReadonlyMap<string, Decimal>>();
  #isDirty = true;
  #writtenAt: EpochMs = 0;

  constructor(runtime: Runtime, files: AnalyticsFiles | null, algorithmOfParent: (parentId: string) => string | null) {
    this.#runtime = runtime;
    this.#files = files;
    this.#execution = files === null ? null : new ExecutionDesk(runtime, files.store, algorithmOfParent);
    this.#profits = files === null ? null : new ProfitDesk(runtime, files.store);
    this.#equity = files === null ? null : new EquityBook(files.store, runtime.journal.read);
    runtime.onOrder.add(() => {
      this.#isDirty = true;
    });
  }

  /** The board belongs to the core. */
  renew(): void {
    this.#execution?.renew();
  }

  onMarket(event: MarketEvent): void {
    this.#execution?.onMarket(event);
  }

  onSecond(now: EpochMs): void {
    this.#execution?.onTime(now);
    const { core } = this.#runtime;
    for (const { accountId, instrument, strategyId } of core.exits.plans())
      core.notePlan(accountId, instrument, strategyId);
    if (this.#isDirty || now - this.#writtenAt >= STATE_EVERY_MS) this.flush();
  }

  /** Brings the files up to date. A disk that refuses costs figures, never a trade. */
  flush(): void {
    if (this.#files === null) return;
    const { core } = this.#runtime;
    try {
      this.#files.trades.flush(core.orders.unwritten > 0);
      this.#files.store.transaction(() => {
        this.#execution?.write();
        for (const account of core.accounts.keys()) this.#equity?.bringUp(account);
      });
      this.#execution?.written();
      this.#realised.clear();
      this.#isDirty = false;
      this.#writtenAt = this.#runtime.now();
    } catch (error) {
      this.#runtime.fault('Performance figures', error);
    }
  }

  /** What a strategy's closed trades have brought after fees; a trade that closed just now counts within a second. */
  realised(account: string, strategy: string): Decimal {
    if (this.#profits === null) {
      return this.#runtime.core.ledger
        .trades()
        .reduce((sum, trade) => (trade.strategyId === strategy ? sum.plus(trade.pnl) : sum), ZERO);
    }
    let sums = this.#realised.get(account);
    if (sums === undefined) {
      sums = new Map([...this.#profits.byStrategy(account, {})].map(([name, { pnl }]) => [name, pnl]));
      this.#realised.set(account, sums);
    }
    return sums.get(strategy) ?? ZERO;
  }

  close(): void {
    this.flush();
    this.#files?.store.close();
  }

  report(request: Request): Result<Report> {
    const desks = this.#desks();
    if (!desks.ok) return desks;
    const account = this.#account(request.account);
    if (!account.ok) return account;
    const { id, currency } = account.value;
    const { from, to, strategy } = request;
    const fromDay = from === undefined ? undefined : localDay(currency, from);
    const toDay = to === undefined ? undefined : localDay(currency, to - 1);
    const days = { ...(fromDay === undefined ? {} : { from: fromDay }), ...(toDay === undefined ? {} : { to: toDay }) };
    const { execution, profits, equity } = desks.value;
    return ok(
      performanceReport({
        account: account.value,
        strategy,
        hours: equity.hours(id, from ?? 0, to ?? Number.MAX_SAFE_INTEGER),
        profits: profits.byStrategy(id, {
          fromDay,
          toDay: toDay === undefined ? undefined : dayAfter(currency, toDay),
        }),
        sinceBegin: from === undefined,
        execution: execution.sums(id, strategy, days),
        /** Fees of orders that have closed nothing yet are in the portfolio only. */
        allFees:
          strategy === undefined && from === undefined && to === undefined
            ? this.#runtime.core.portfolio.fees(id)
            : null,
      }),
    );
  }

  room(): AnalyticsRoom {
    return {
      trades: (request) => this.#with(({ profits }) => profits.trades(request)),
      breakdown: (request) => this.#with(({ profits }) => profits.breakdown(request)),
      calendar: (request) =>
        this.#with(({ profits }) => this.#for(request.account, (account) => profits.calendar(account, request))),
      equity: (request) =>
        this.#with(({ equity }) => this.#for(request.account, (account) => ok(curve(equity, account, request)))),
      execution: (request) => this.#with(({ execution }) => execution.report(request)),
      order: (id) => this.#with(({ execution }) => execution.order(id)),
      gap: (request) => this.#with(({ execution }) => execution.gap(request)),
      note: (trade) => this.#with(({ profits }) => profits.note(trade)),
      setNote: (note) => this.#with(({ profits }) => profits.setNote(note)),
      tags: () => this.#with(({ profits }) => profits.tags()),
    };
  }

  #desks(): Result<{ readonly execution: ExecutionDesk; readonly profits: ProfitDesk; readonly equity: EquityBook }> {
    if (this.#execution === null || this.#profits === null || this.#equity === null) {
      return refuse(
        'ANALYTICS_UNAVAILABLE',
        'The file with the performance figures could not be opened; free disk space or check the rights of the data folder, then start the engine again.',
      );
    }
    this.flush();
    return ok({ execution: this.#execution, profits: this.#profits, equity: this.#equity });
  }

  #with<T>(
    answer: (desks: {
      readonly execution: ExecutionDesk;
      readonly profits: ProfitDesk;
      readonly equity: EquityBook;
    }) => Result<T>,
  ): Result<T> {
    const desks = this.#desks();
    return desks.ok ? answer(desks.value) : desks;
  }

  #for<T>(id: string | undefined, answer: (account: Account) => Result<T>): Result<T> {
    const account = this.#account(id);
    return account.ok ? answer(account.value) : account;
  }

  #account(id: string | undefined): Result<Account> {
    const { accounts } = this.#runtime.core;
    const account = id === undefined ? [...accounts.values()][0] : accounts.get(id);
    return account === undefined
      ? refuse('ACCOUNT_UNKNOWN', `There is no account "${id ?? ''}".`, { value: id ?? '' })
      : ok(account);
  }
}

function curve(
  book: EquityBook,
  account: Account,
  request: Parameters<AnalyticsRoom['equity']>[0],
): ContractOutputs['analytics']['equity'] {
  const hours = book.hours(account.id, request.from ?? 0, request.to ?? Number.MAX_SAFE_INTEGER, request.points);
  const points = thinnedEquity(hours, request.points);
  return {
    account: account.id,
    currency: account.currency,
    points: points.map((point) => ({ ...point, at: Math.trunc(point.at) })),
    maxDrawdown: points.length === 0 ? null : Math.min(...points.map(({ worst }) => worst)),
    currentDrawdown: points.at(-1)?.drawdown ?? null,
  };
}
