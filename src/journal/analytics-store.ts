import { join } from 'node:path';
import type { Statement } from 'better-sqlite3';
import type { EpochMs } from '../domain/units.ts';
import { ANALYTICS_MIGRATIONS } from './analytics-schema.ts';
import { type Connection, guarded, makeWritable, openConnection } from './database.ts';
import { type Condition, where, whereText } from './query.ts';

export const ANALYTICS_FILE = 'analytics.sqlite';

export interface StoredTrade {
  readonly method: string;
  readonly id: string;
  readonly account: string;
  readonly instrument: string;
  /** Empty for what was traded by hand. */
  readonly strategy: string;
  readonly day: string;
  readonly entryAt: EpochMs;
  readonly exitAt: EpochMs;
  readonly pnl: string;
  readonly detail: string;
}

export interface ProfitKey {
  readonly method: string;
  readonly account: string;
  readonly day: string;
  readonly strategy: string;
  readonly instrument: string;
}

export interface ExecutionKey {
  readonly account: string;
  readonly day: string;
  readonly strategy: string;
  readonly algorithm: string;
  readonly venue: string;
  readonly instrument: string;
}

export interface StoredEquity {
  readonly account: string;
  /** Begin of the hour. */
  readonly hour: EpochMs;
  /** Of the last value in it. */
  readonly at: EpochMs;
  readonly equity: string;
  readonly high: number;
  readonly low: number;
  /** Deepest fall below an earlier value of the same hour, <= 0, a fraction. */
  readonly drawdown: number;
}

export interface TradeFilter {
  readonly method: string;
  readonly account?: string | undefined;
  readonly strategy?: string | undefined;
  readonly instrument?: string | undefined;
  readonly day?: string | undefined;
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
}

export interface DayFilter {
  readonly account?: string | undefined;
  readonly fromDay?: string | undefined;
  /** The first day no longer counted. */
  readonly toDay?: string | undefined;
}

type Bound = string | number;

const TRADE =
  'method, id, account_id AS account, instrument, strategy_id AS strategy, day, entry_at AS entryAt, exit_at AS exitAt, pnl, detail';
const PROFIT_KEY = 'method = ? AND account_id = ? AND day = ? AND strategy_id = ? AND instrument = ?';
const EXECUTION_KEY =
  'account_id = ? AND day = ? AND strategy_id = ? AND algorithm = ? AND venue = ? AND instrument = ?';

/** Opens the analytics of a data folder, making both when missing. Throws JournalFailure. */
export function openAnalyticsStore(dataDir: string): AnalyticsStore {
  const file = join(dataDir, ANALYTICS_FILE);
  makeWritable(dataDir, file);
  return new AnalyticsStore(openConnection(file, ANALYTICS_MIGRATIONS, { synchronous: 'NORMAL' }), file);
}

/** Keeps and finds; what the figures mean is the business of those who write them. Throws JournalFailure. */
export class AnalyticsStore {
  readonly file: string;
  readonly #db: Connection;
  readonly #statements = new Map<string, Statement<Bound[]>>();

  /** Use openAnalyticsStore. */
  constructor(db: Connection, file: string) {
    this.#db = db;
    this.file = file;
  }

  /** All of it or nothing. */
  transaction(work: () => void): void {
    guarded(this.file, () => this.#db.transaction(work).immediate());
  }

  progress(): { readonly executionSeq: number; readonly state: string } | null {
    return (
      this.#rows<{ executionSeq: number; state: string }>(
        'SELECT execution_seq AS executionSeq, state FROM progress',
      )[0] ?? null
    );
  }

  setProgress(executionSeq: number, state: string): void {
    this.#run('INSERT OR REPLACE INTO progress VALUES (1, ?, ?)', executionSeq, state);
  }

  hasTrade(method: string, id: string): boolean {
    return this.#rows('SELECT 1 FROM round_trip WHERE method = ? AND id = ?', method, id).length > 0;
  }

  putTrade(trade: StoredTrade): void {
    const { method, id, account, instrument, strategy, day, entryAt, exitAt, pnl, detail } = trade;
    const sql = 'INSERT OR REPLACE INTO round_trip VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)';
    this.#run(sql, method, id, account, instrument, strategy, day, entryAt, exitAt, pnl, detail);
  }

  trade(method: string, id: string): StoredTrade | null {
    return (
      this.#trades(
        [
          ['method = ?', [method]],
          ['id = ?', [id]],
        ],
        '',
      )[0] ?? null
    );
  }

  /** Newest exit first. `before`: exit and id of the last trade of the page before. */
  trades(
    filter: TradeFilter,
    limit: number,
    before?: { readonly exitAt: EpochMs; readonly id: string },
  ): readonly StoredTrade[] {
    const conditions: Condition[] = [];
    whereText(conditions, 'method', filter.method);
    whereText(conditions, 'account_id', filter.account);
    whereText(conditions, 'strategy_id', filter.strategy);
    whereText(conditions, 'instrument', filter.instrument);
    whereText(conditions, 'day', filter.day);
    if (filter.from !== undefined) conditions.push(['exit_at >= ?', [filter.from]]);
    if (filter.to !== undefined) conditions.push(['exit_at < ?', [filter.to]]);
    if (before !== undefined) {
      conditions.push(['(exit_at < ? OR (exit_at = ? AND id < ?))', [before.exitAt, before.exitAt, before.id]]);
    }
    return this.#trades(conditions, `ORDER BY exit_at DESC, id DESC LIMIT ${Math.trunc(limit)}`);
  }

  /** The trades a cell of profit_day adds up. */
  tradesOf(key: ProfitKey): readonly StoredTrade[] {
    return this.#trades([[PROFIT_KEY, profitKey(key)]], 'ORDER BY exit_at, id');
  }

  profit(key: ProfitKey): string | null {
    return (
      this.#rows<{ figures: string }>(`SELECT figures FROM profit_day WHERE ${PROFIT_KEY}`, ...profitKey(key))[0]
        ?.figures ?? null
    );
  }

  putProfit(key: ProfitKey, figures: string): void {
    this.#run('INSERT OR REPLACE INTO profit_day VALUES (?, ?, ?, ?, ?, ?)', ...profitKey(key), figures);
  }

  dropProfit(key: ProfitKey): void {
    this.#run(`DELETE FROM profit_day WHERE ${PROFIT_KEY}`, ...profitKey(key));
  }

  profits(method: string, filter: DayFilter): readonly (ProfitKey & { readonly figures: string })[] {
    const conditions: Condition[] = [['method = ?', [method]], ...dayConditions(filter)];
    const sql =
      'SELECT method, account_id AS account, day, strategy_id AS strategy, instrument, figures FROM profit_day';
    return this.#rows(`${sql}${where(conditions)} ORDER BY day`, ...boundOf(conditions));
  }

  execution(key: ExecutionKey): string | null {
    return (
      this.#rows<{ figures: string }>(
        `SELECT figures FROM execution_day WHERE ${EXECUTION_KEY}`,
        ...executionKey(key),
      )[0]?.figures ?? null
    );
  }

  putExecution(key: ExecutionKey, figures: string): void {
    this.#run('INSERT OR REPLACE INTO execution_day VALUES (?, ?, ?, ?, ?, ?, ?)', ...executionKey(key), figures);
  }

  executions(filter: DayFilter): readonly (ExecutionKey & { readonly figures: string })[] {
    const conditions = dayConditions(filter);
    const sql =
      'SELECT account_id AS account, day, strategy_id AS strategy, algorithm, venue, instrument, figures FROM execution_day';
    return this.#rows(`${sql}${where(conditions)} ORDER BY day`, ...boundOf(conditions));
  }

  putOrder(orderId: string, account: string, closedAt: EpochMs, detail: string): void {
    this.#run('INSERT OR REPLACE INTO order_quality VALUES (?, ?, ?, ?)', orderId, account, closedAt, detail);
  }

  order(orderId: string): string | null {
    return (
      this.#rows<{ detail: string }>('SELECT detail FROM order_quality WHERE order_id = ?', orderId)[0]?.detail ?? null
    );
  }

  putEquity({ account, hour, at, equity, high, low, drawdown }: StoredEquity): void {
    const sql = 'INSERT OR REPLACE INTO equity_hour VALUES (?, ?, ?, ?, ?, ?, ?)';
    this.#run(sql, account, hour, at, equity, high, low, drawdown);
  }

  /** Orders that ended in from <= closed < to, in no order. */
  orders(from: EpochMs, to: EpochMs): readonly string[] {
    const sql = 'SELECT detail FROM order_quality WHERE closed_at >= ? AND closed_at < ?';
    return this.#rows<{ detail: string }>(sql, from, to).map(({ detail }) => detail);
  }

  /** First day with execution figures; null without any. */
  firstExecutionDay(): string | null {
    return this.#rows<{ day: string | null }>('SELECT min(day) AS day FROM execution_day')[0]?.day ?? null;
  }

  /** Begin of the newest hour of an account; null without any. */
  lastEquityHour(account: string): EpochMs | null {
    const sql = 'SELECT max(hour) AS hour FROM equity_hour WHERE account_id = ?';
    return this.#rows<{ hour: number | null }>(sql, account)[0]?.hour ?? null;
  }

  /** Oldest first; hours that begin in from <= hour < to. */
  equity(account: string, from: EpochMs, to: EpochMs): readonly StoredEquity[] {
    return this.#equity('account_id = ? AND hour >= ? AND hour < ? ORDER BY hour', account, from, to);
  }

  /** Everything is worked out anew. */
  clear(): void {
    this.transaction(() => {
      for (const table of ['progress', 'round_trip', 'profit_day', 'execution_day', 'order_quality', 'equity_hour'])
        this.#run(`DELETE FROM ${table}`);
    });
  }

  close(): void {
    if (this.#db.open) this.#db.close();
  }

  #equity(condition: string, ...values: Bound[]): readonly StoredEquity[] {
    const sql = `SELECT account_id AS account, hour, at, equity, high, low, drawdown FROM equity_hour WHERE ${condition}`;
    return this.#rows(sql, ...values);
  }

  #trades(conditions: readonly Condition[], order: string): readonly StoredTrade[] {
    return this.#rows(`SELECT ${TRADE} FROM round_trip${where(conditions)} ${order}`, ...boundOf(conditions));
  }

  #rows<T>(sql: string, ...values: Bound[]): T[] {
    return guarded(this.file, () => this.#prepared(sql).all(...values) as T[]);
  }

  #run(sql: string, ...values: Bound[]): void {
    guarded(this.file, () => this.#prepared(sql).run(...values));
  }

  #prepared(sql: string): Statement<Bound[]> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare<Bound[]>(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function profitKey({ method, account, day, strategy, instrument }: ProfitKey): Bound[] {
  return [method, account, day, strategy, instrument];
}

function executionKey({ account, day, strategy, algorithm, venue, instrument }: ExecutionKey): Bound[] {
  return [account, day, strategy, algorithm, venue, instrument];
}

function dayConditions(filter: DayFilter): Condition[] {
  const conditions: Condition[] = [];
  whereText(conditions, 'account_id', filter.account);
  if (filter.fromDay !== undefined) conditions.push(['day >= ?', [filter.fromDay]]);
  if (filter.toDay !== undefined) conditions.push(['day < ?', [filter.toDay]]);
  return conditions;
}

function boundOf(conditions: readonly Condition[]): Bound[] {
  return conditions.flatMap(([, values]) => [...values]);
}
