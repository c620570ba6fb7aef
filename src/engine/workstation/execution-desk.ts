import type { ContractOutputs } from '../../contract/types.ts';
import { parentOf } from '../../domain/child-key.ts';
import type { MarketEvent } from '../../domain/market-data.ts';
import type { Order } from '../../domain/order.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';
import type { EpochMs } from '../../domain/units.ts';
import { ExecutionRecorder, type QualityKey } from '../../execution/analytics/execution-recorder.ts';
import type { OrderQuality } from '../../execution/analytics/order-quality.ts';
import { executionGap } from '../../execution/analytics/paper-live-gap.ts';
import { QUALITY_DEFINITIONS } from '../../execution/analytics/quality-figures.ts';
import { QualitySums } from '../../execution/analytics/quality-sums.ts';
import { type JudgedGroup, MINIMUM_SAMPLE, recommendations } from '../../execution/analytics/recommendations.ts';
import type { AnalyticsStore, ExecutionKey } from '../../journal/analytics-store.ts';
import { dayAfter, dayBegin, localDay } from './account-day.ts';
import type { AnalyticsRoom } from './analytics-room.ts';
import { executionFigures, type StoredOrderQuality, storedQuality } from './execution-views.ts';
import { periodOf } from './periods.ts';
import type { Runtime } from './runtime.ts';

type Report = ContractOutputs['analytics']['execution'];
type Request = Parameters<AnalyticsRoom['execution']>[0];

/** Execution quality: watches every order of the running core and reports over days. */
export class ExecutionDesk {
  readonly #runtime: Runtime;
  readonly #store: AnalyticsStore;
  readonly #recorder: ExecutionRecorder;
  /** Not written yet: a disk that refused is asked again. */
  #cells: { readonly key: QualityKey; readonly sums: QualitySums }[] = [];
  #orders: OrderQuality[] = [];
  readonly #algorithmOfParent: (parentId: string) => string | null;

  /** `algorithmOfParent`: kind of the algorithm of a parent order; null when the engine does not know it. */
  constructor(runtime: Runtime, store: AnalyticsStore, algorithmOfParent: (parentId: string) => string | null) {
    this.#runtime = runtime;
    this.#algorithmOfParent = algorithmOfParent;
    this.#store = store;
    this.#recorder = new ExecutionRecorder(runtime.core.board, {
      dayOf: (account, at) => localDay(this.#currency(account), at),
      algorithmOf: (order) => this.#algorithmOf(order),
    });
    runtime.onOrder.add((order, event) => this.#recorder.onOrder(order, event, runtime.now()));
    runtime.onFill.add((fill, order) => this.#recorder.onFill(fill, order, runtime.now()));
  }

  /** The board belongs to the core. */
  renew(): void {
    this.#recorder.renew(this.#runtime.core.board);
  }

  onMarket(event: MarketEvent): void {
    this.#recorder.onMarket(event);
  }

  onTime(now: EpochMs): void {
    this.#recorder.onTime(now);
  }

  /** Within a transaction of the store; `written` once that is durable. */
  write(): void {
    const taken = this.#recorder.take();
    this.#cells.push(...taken.cells);
    this.#orders.push(...taken.orders);
    for (const { key, sums } of this.#cells) {
      const stored = this.#store.execution(key);
      const all = stored === null ? new QualitySums() : QualitySums.of(JSON.parse(stored));
      all.merge(sums);
      this.#store.putExecution(key, JSON.stringify(all.state()));
    }
    for (const quality of this.#orders) {
      const order = this.#runtime.core.orders.find(quality.orderId);
      const instrument = order === null ? undefined : this.#runtime.instrument(order.instrument);
      if (order === null || instrument === undefined) continue;
      const detail = storedQuality(order, quality, instrument, this.#algorithmOf(order));
      this.#store.putOrder(order.id, order.accountId, Math.trunc(quality.closedAt), JSON.stringify(detail));
    }
  }

  written(): void {
    this.#cells = [];
    this.#orders = [];
  }

  /** Everything of an account in a range of local days. */
  sums(
    account: string,
    strategy: string | undefined,
    range: { readonly from?: string; readonly to?: string },
  ): QualitySums {
    const total = new QualitySums();
    for (const row of this.#rows({ account, ...range })) {
      if (strategy === undefined || row.strategy === strategy) total.mergeState(JSON.parse(row.figures));
    }
    return total;
  }

  report(request: Request): Result<Report> {
    const { account, by } = request;
    if (account !== undefined && !this.#runtime.core.accounts.has(account))
      return refuse('ACCOUNT_UNKNOWN', `There is no account "${account}".`, { value: account });
    const groups = new Map<string, { readonly key: string; readonly currency: string; readonly sums: QualitySums }>();
    const totals = new Map<string, QualitySums>();
    const judged = new Map<string, JudgedGroup>();
    // Days are many, what they are about is not: those of one kind are added up once for all that is said about them.
    const kinds = new Map<string, { readonly row: ExecutionKey; readonly sums: QualitySums }>();
    for (const row of this.#rows(request)) {
      const state: unknown = JSON.parse(row.figures);
      const currency = this.#currency(row.account);
      const key = keyOf(row, by);
      const group = groups.get(`${currency} ${key}`) ?? { key, currency, sums: new QualitySums() };
      groups.set(`${currency} ${key}`, group);
      group.sums.mergeState(state);
      const name = JSON.stringify([row.account, row.strategy, row.algorithm, row.venue, row.instrument]);
      const kind = kinds.get(name) ?? { row, sums: new QualitySums() };
      kinds.set(name, kind);
      kind.sums.mergeState(state);
    }
    for (const { row, sums } of kinds.values()) {
      const currency = this.#currency(row.account);
      const total = totals.get(currency) ?? new QualitySums();
      totals.set(currency, total);
      total.merge(sums);
      // Advice is given on what can be chosen, whatever the report is grouped by.
      for (const way of ['algorithm', 'venue', 'symbol', 'strategy'] as const) {
        const key = keyOf(row, way);
        const place = `${way} ${currency} ${key}`;
        const advised = judged.get(place) ?? { by: way, key, sums: new QualitySums() };
        judged.set(place, advised);
        advised.sums.merge(sums);
      }
    }
    return ok({
      rows: [...groups.values()].map(({ key, currency, sums }) => ({ key, currency, figures: executionFigures(sums) })),
      totals: [...totals].map(([currency, sums]) => ({ currency, figures: executionFigures(sums) })),
      recommendations: recommendations([...judged.values()]).map((one) => ({ ...one, figures: { ...one.figures } })),
      minimumSample: MINIMUM_SAMPLE,
      definitions: { ...QUALITY_DEFINITIONS },
      unavailable: this.#missing(totals.size, request.from),
    });
  }

  order(id: string): Result<ContractOutputs['analytics']['order']> {
    const stored = this.#store.order(id);
    if (stored === null) {
      return refuse(
        'ORDER_UNKNOWN',
        `Order ${id} has no execution figures: it is still open, or was never sent by this engine.`,
        {
          value: id,
        },
      );
    }
    return ok((JSON.parse(stored) as StoredOrderQuality).view);
  }

  gap(request: Parameters<AnalyticsRoom['gap']>[0]): Result<ContractOutputs['analytics']['gap']> {
    const nothing = { pairs: 0, onlyPaper: 0, onlyLive: 0, priceGapBps: null, feeGapBps: null, fillRateGap: null };
    const from = request.from === undefined ? 0 : dayBegin('UTC', request.from);
    const to = request.to === undefined ? Number.MAX_SAFE_INTEGER : dayBegin('UTC', dayAfter('UTC', request.to));
    const orders = this.#store
      .orders(from, to)
      .map((detail) => JSON.parse(detail) as StoredOrderQuality)
      .filter(({ executed: { strategy } }) => strategy !== '' && (request.strategy ?? strategy) === strategy);
    const paper = orders.flatMap(({ kind, executed }) => (kind === 'paper' ? [executed] : []));
    const live = orders.flatMap(({ kind, executed }) => (kind === 'live' ? [executed] : []));
    const missing = live.length === 0 ? 'live' : paper.length === 0 ? 'paper' : null;
    if (missing !== null) {
      const sentence = `No strategy order of a ${missing} account has ended in these days, so there is nothing to compare; run the same strategy on a paper and a live account at the same time.`;
      return ok({ available: false, sentence, ...nothing, onlyPaper: paper.length, onlyLive: live.length });
    }
    const gap = executionGap(paper, live);
    if (gap.pairs >= MINIMUM_SAMPLE) return ok({ available: true, sentence: null, ...gap });
    const sentence = `${gap.pairs} signals were executed on both a paper and a live account; below ${MINIMUM_SAMPLE} the difference is chance.`;
    return ok({ ...gap, available: false, sentence, priceGapBps: null, feeGapBps: null, fillRateGap: null });
  }

  #rows(filter: {
    readonly account?: string | undefined;
    readonly from?: string | undefined;
    readonly to?: string | undefined;
  }) {
    return this.#store.executions({
      account: filter.account,
      fromDay: filter.from,
      toDay: filter.to === undefined ? undefined : dayAfter('UTC', filter.to),
    });
  }

  #missing(totals: number, from: string | undefined): Record<string, string> {
    const first = this.#store.firstExecutionDay();
    if (first === null || totals === 0) return { rows: 'no order of these days was executed by this engine' };
    return from === undefined || from >= first
      ? {}
      : { from: `execution figures begin with ${first}: what was traded before has no market marks` };
  }

  #currency(account: string): string {
    return this.#runtime.core.accounts.get(account)?.currency ?? '';
  }

  #algorithmOf(order: Order): string {
    const parent = parentOf(order);
    return parent === null ? order.type : (this.#algorithmOfParent(parent) ?? 'algorithm');
  }
}

function keyOf(row: ExecutionKey, by: Request['by']): string {
  switch (by) {
    case 'algorithm':
      return row.algorithm;
    case 'venue':
      return row.venue;
    case 'symbol':
      return row.instrument;
    case 'strategy':
      return row.strategy === '' ? 'manual' : row.strategy;
    case 'account':
      return row.account;
    default:
      return periodOf(row.day, by);
  }
}
