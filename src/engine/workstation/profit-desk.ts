import type { ContractOutputs } from '../../contract/types.ts';
import type { Account } from '../../domain/account.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';
import type { AnalyticsStore, DayFilter, ProfitKey, StoredTrade } from '../../journal/analytics-store.ts';
import type { TradeNote } from '../../journal/trade-notes.ts';
import { LOT_METHODS, type LotMethod } from '../../portfolio/lot-method.ts';
import { type ProfitState, ProfitSums } from '../../portfolio/profit-sums.ts';
import { TRADE_DEFINITIONS } from '../../portfolio/trade-figures.ts';
import type { TradeRecord } from '../../portfolio/trade-record.ts';
import { dayZoneOf } from '../../risk/day.ts';
import { dayAfter } from './account-day.ts';
import type { AnalyticsRoom } from './analytics-room.ts';
import { money } from './decimal-text.ts';
import { periodOf } from './periods.ts';
import type { Runtime } from './runtime.ts';

type Output = ContractOutputs['analytics'];
type Trade = Output['trades']['trades'][number];
type Figures = Output['calendar']['total'];

const ZONES = { UTC: 'UTC', IST: 'Asia/Kolkata' } as const;

/** Closed trades, their sums, and what the trader notes on them. */
export class ProfitDesk {
  readonly #runtime: Runtime;
  readonly #store: AnalyticsStore;

  constructor(runtime: Runtime, store: AnalyticsStore) {
    this.#runtime = runtime;
    this.#store = store;
  }

  trades(request: Parameters<AnalyticsRoom['trades']>[0]): Result<Output['trades']> {
    const { limit, cursor } = request;
    const before = cursor === undefined ? undefined : /^(\d+)-(\w+)$/.exec(cursor);
    if (before === null)
      return refuse('CURSOR_INVALID', 'This cursor is not one of ours; pass back what the page before gave.');
    const [, exitAt = '', id = ''] = before ?? [];
    const rows = this.#store.trades(
      request,
      limit + 1,
      before === undefined ? undefined : { exitAt: Number(exitAt), id },
    );
    const shown = rows.slice(0, limit);
    const notes = this.#runtime.journal.notes.of(shown.map((row) => row.id));
    const last = shown.at(-1);
    return ok({
      trades: shown.map((row) => tradeView(row, notes.get(row.id) ?? null)),
      next: rows.length > limit && last !== undefined ? `${last.exitAt}-${last.id}` : null,
      definitions: { ...TRADE_DEFINITIONS },
    });
  }

  /** Under FIFO, one set of sums per strategy; '' is what was traded by hand. */
  byStrategy(account: string, days: Omit<DayFilter, 'account'>): ReadonlyMap<string, ProfitSums> {
    const sums = new Map<string, ProfitSums>();
    for (const row of this.#store.profits('fifo', { account, ...days })) merge(sums, row.strategy, row.figures);
    return sums;
  }

  breakdown(request: Parameters<AnalyticsRoom['breakdown']>[0]): Result<Output['breakdown']> {
    const { account, by, method, from, to } = request;
    if (account !== undefined && !this.#runtime.core.accounts.has(account))
      return refuse('ACCOUNT_UNKNOWN', `There is no account "${account}".`, { value: account });
    const rows = this.#store.profits(method, {
      account,
      fromDay: from,
      toDay: to === undefined ? undefined : dayAfter('UTC', to),
    });
    const totals = new Map<string, ProfitSums>();
    const groups = new Map<string, { readonly account: string; readonly sums: Map<string, ProfitSums> }>();
    for (const row of rows) {
      merge(totals, row.account, row.figures);
      const group = groups.get(row.account) ?? { account: row.account, sums: new Map() };
      groups.set(row.account, group);
      if (by === 'reason') splitByReason(group.sums, row.figures);
      else merge(group.sums, keyOf(row, by), row.figures);
    }
    const of = (id: string): { account: string; currency: string } => ({
      account: id,
      currency: this.#runtime.core.accounts.get(id)?.currency ?? '',
    });
    return ok({
      rows: [...groups.values()].flatMap((group) =>
        [...group.sums].map(([key, sums]) => ({ key, ...of(group.account), figures: profitFigures(sums) })),
      ),
      totals: [...totals].map(([id, sums]) => ({ ...of(id), figures: profitFigures(sums) })),
    });
  }

  calendar(
    account: Account,
    request: { readonly month: string; readonly method: LotMethod },
  ): Result<Output['calendar']> {
    const { month, method } = request;
    const rows = this.#store.profits(method, { account: account.id, fromDay: `${month}-01`, toDay: `${month}-32` });
    const days = new Map<string, ProfitSums>();
    const total = new ProfitSums();
    for (const row of rows) merge(days, row.day, row.figures);
    for (const sums of days.values()) total.merge(sums);
    return ok({
      account: account.id,
      currency: account.currency,
      zone: ZONES[dayZoneOf(account.currency)],
      days: [...days].map(([day, sums]) => ({
        day,
        realised: money(sums.pnl),
        fees: money(sums.fees),
        trades: sums.trades,
        wins: sums.wins,
        totalR: sums.totalR,
      })),
      total: profitFigures(total),
    });
  }

  note(trade: string): Result<Output['note']> {
    const note = this.#runtime.journal.notes.get(trade);
    return ok({ note: note === null ? null : noteView(note) });
  }

  /** The change is a command in the journal, so that who changed what is in the audit chain. */
  setNote(input: Parameters<AnalyticsRoom['setNote']>[0]): Result<Output['setNote']> {
    if (!LOT_METHODS.some((method) => this.#store.hasTrade(method, input.trade))) {
      return refuse('TRADE_UNKNOWN', `There is no closed trade ${input.trade}.`, { value: input.trade });
    }
    const failed = this.#runtime.record('trade.note', input);
    if (failed !== null) return { ok: false, error: failed };
    const note = { ...input, tags: [...new Set(input.tags)], at: Math.trunc(this.#runtime.now()) };
    this.#runtime.journal.notes.put(note);
    return ok(noteView(note));
  }

  tags(): Result<Output['tags']> {
    return ok({ tags: this.#runtime.journal.notes.tags().map((tag) => ({ ...tag })) });
  }
}

function keyOf(row: ProfitKey, by: 'strategy' | 'symbol' | 'account' | 'day' | 'week' | 'month'): string {
  switch (by) {
    case 'strategy':
      return row.strategy === '' ? 'manual' : row.strategy;
    case 'symbol':
      return row.instrument;
    case 'account':
      return row.account;
    default:
      return periodOf(row.day, by);
  }
}

function merge(groups: Map<string, ProfitSums>, key: string, figures: string): void {
  const sums = ProfitSums.of(JSON.parse(figures) as ProfitState);
  const known = groups.get(key);
  if (known === undefined) groups.set(key, sums);
  else known.merge(sums);
}

function splitByReason(groups: Map<string, ProfitSums>, figures: string): void {
  for (const [reason, state] of Object.entries((JSON.parse(figures) as ProfitState).reasons)) {
    const sums = groups.get(reason) ?? new ProfitSums();
    groups.set(reason, sums);
    sums.merge(ProfitSums.of(state));
  }
}

function profitFigures(sums: ProfitSums): Figures {
  const text = (value: Parameters<typeof money>[0] | null): string | null => (value === null ? null : money(value));
  return {
    trades: sums.trades,
    wins: sums.wins,
    losses: sums.losses,
    realised: money(sums.pnl),
    profit: money(sums.profit),
    loss: money(sums.loss),
    fees: money(sums.fees),
    winRate: sums.winRate,
    profitFactor: sums.profitFactor,
    expectancy: text(sums.expectancy),
    averageWin: text(sums.averageWin),
    averageLoss: text(sums.averageLoss),
    best: text(sums.best),
    worst: text(sums.worst),
    averageReturnPct: sums.averageReturnPct,
    averageHoldingMs: sums.averageHoldingMs,
    averageR: sums.averageR,
    totalR: sums.totalR,
    sqn: sums.sqn,
  };
}

function tradeView(row: StoredTrade, note: TradeNote | null): Trade {
  const record = JSON.parse(row.detail) as TradeRecord;
  return {
    ...record,
    entryAt: row.entryAt,
    exitAt: row.exitAt,
    exits: record.exits.map((exit) => ({ ...exit, at: Math.trunc(exit.at) })),
    note: note === null ? null : noteView(note),
  };
}

function noteView(note: TradeNote): Output['setNote'] {
  return { ...note, at: Math.trunc(note.at), tags: [...note.tags] };
}
