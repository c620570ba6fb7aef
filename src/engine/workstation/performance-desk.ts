import type { ContractOutputs } from '../../contract/types.ts';
import { Decimal, ZERO } from '../../domain/decimal.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';
import type { SnapshotRecord } from '../../journal/journal.ts';
import { type ClosedTrade, createTradeLedger, type TradeLedger } from '../../portfolio/closed-trades.ts';
import { backtestStatistics } from '../../research/trade-statistics.ts';
import { ExecutionQuality } from '../execution-quality.ts';
import type { Workstation } from '../workstation.ts';
import { money } from './decimal-text.ts';
import type { Runtime } from './runtime.ts';
import { isDeskSession, SESSION_PREFIX } from './session-opening.ts';

type Report = ContractOutputs['performance']['get'];
type Request = Parameters<Workstation['performance']>[0];
const POINTS = 1_000;
/** Below this many daily returns an annual figure says nothing. */
const DAYS_NEEDED = 5;
const PERIODS = { always: 365, nse: 252 } as const;

/** Statistics of an account or strategy from the journal's snapshots and fills. */
export class PerformanceDesk {
  readonly #runtime: Runtime;
  /** All trades of this data folder; built from the journal when first asked for, then kept up by the news. */
  #ledger: TradeLedger | null = null;
  #quality: ExecutionQuality;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#quality = new ExecutionQuality(runtime.core.board);
    runtime.onOrder.add((order, event) => this.#quality.onOrder(order, event));
    runtime.onFill.add((fill, order) => {
      this.#quality.onFill(fill);
      this.#ledger?.applyFill(fill, order.strategyId, order.source);
    });
  }

  /** The board belongs to the core. */
  renew(): void {
    this.#quality = new ExecutionQuality(this.#runtime.core.board);
  }

  report(request: Request): Result<Report> {
    const { core, journal } = this.#runtime;
    const account = request.account === undefined ? [...core.accounts.values()][0] : core.accounts.get(request.account);
    if (account === undefined) {
      return refuse('ACCOUNT_UNKNOWN', `There is no account "${request.account ?? ''}".`, {
        value: request.account ?? '',
      });
    }
    const { from, to, strategy } = request;
    const snapshots = journal.read.snapshots({
      accountId: account.id,
      sessionPrefix: SESSION_PREFIX,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    });
    const inTime = (trade: ClosedTrade): boolean =>
      trade.accountId === account.id && trade.exitTs >= (from ?? 0) && trade.exitTs < (to ?? Number.POSITIVE_INFINITY);
    const trades = this.#trades().filter(inTime);
    const mine = strategy === undefined ? trades : trades.filter((trade) => trade.strategyId === strategy);
    const periods = account.currency === 'INR' ? PERIODS.nse : PERIODS.always;
    const equity = Float64Array.from(snapshots, ({ equity: value }) => Number(value));
    const times = Float64Array.from(snapshots, ({ at }) => at);
    const feesOf = (list: readonly ClosedTrade[]): Decimal => list.reduce((sum, trade) => sum.plus(trade.fees), ZERO);
    const statistics = backtestStatistics({
      equity,
      times,
      trades: mine.map((trade) => ({
        entryBar: 0,
        exitBar: 0,
        entryTime: trade.entryTs,
        exitTime: trade.exitTs,
        pnl: trade.pnl.toNumber(),
        returnPct: trade.returnFraction * 100,
      })),
      periods,
      initialEquity: equity[0] ?? Number(account.startingCash),
      fees: feesOf(mine).toNumber(),
      exposureBars: 0,
      firstClose: Number.NaN,
      lastClose: Number.NaN,
    });
    const unavailable: Record<string, string> = {};
    const days = new Set(snapshots.map(({ at }) => Math.floor(at / 86_400_000))).size;
    const figure = (key: string, ofEquity: 'none' | 'equity' | 'annual'): number | null => {
      if (ofEquity !== 'none' && strategy !== undefined) {
        unavailable[key] = 'a strategy shares its account: only the account has an equity curve';
        return null;
      }
      if (ofEquity === 'annual' && days <= DAYS_NEEDED) {
        unavailable[key] = `it needs more than ${DAYS_NEEDED} days of equity, there are ${days}`;
        return null;
      }
      const value = statistics.stats[key] ?? null;
      if (value === null) unavailable[key] = statistics.unavailable[key] ?? 'there is too little data';
      return value;
    };
    const execution = this.#quality.figures(core.orders.latencies.fill);
    const { p50, p95, p99 } = execution.latencyMs;
    const curve = strategy === undefined ? equityCurve(snapshots) : [];
    const drawdown = curve.at(-1)?.drawdown ?? null;
    if (drawdown === null) unavailable['currentDrawdown'] = 'there is no equity curve';
    if (execution.slippageBps === null) unavailable['slippageBps'] = 'nothing was filled in this session';
    if (execution.fillRate === null) unavailable['fillRate'] = 'no order was sent in this session';
    if (p50 === null) unavailable['latencyMs'] = 'nothing was filled in this session';
    const best = mine.reduce<Decimal | null>((most, { pnl }) => (most === null || pnl.gt(most) ? pnl : most), null);
    const worst = mine.reduce<Decimal | null>(
      (least, { pnl }) => (least === null || pnl.lt(least) ? pnl : least),
      null,
    );
    const sum = mine.reduce((total, { pnl }) => total.plus(pnl), ZERO);
    return ok({
      from: snapshots[0] === undefined ? null : Math.trunc(snapshots[0].at),
      to: snapshots.at(-1) === undefined ? null : Math.trunc(snapshots.at(-1)?.at ?? 0),
      stats: {
        returnPct: snapshots.length < 2 ? null : figure('returnPct', 'equity'),
        sharpe: figure('sharpe', 'annual'),
        sortino: figure('sortino', 'annual'),
        calmar: figure('calmar', 'annual'),
        maxDrawdown: snapshots.length < 2 ? null : figure('maxDrawdown', 'equity'),
        currentDrawdown: drawdown,
        volatility: figure('volatility', 'annual'),
        trades: mine.length,
        winRate: figure('winRate', 'none'),
        profitFactor: figure('profitFactor', 'none'),
        expectancy: mine.length === 0 ? null : money(sum.div(mine.length)),
        bestTrade: best === null ? null : money(best),
        worstTrade: worst === null ? null : money(worst),
        fees: money(
          strategy === undefined && from === undefined && to === undefined
            ? core.portfolio.fees(account.id)
            : feesOf(mine),
        ),
        slippageBps: execution.slippageBps,
        fillRate: execution.fillRate,
        latencyMs: p50 === null || p95 === null || p99 === null ? null : { p50, p95, p99 },
      },
      strategies: byStrategy(trades),
      equity: curve,
      unavailable,
      conventions: { ...statistics.assumptions },
    });
  }

  #trades(): readonly ClosedTrade[] {
    if (this.#ledger === null) {
      const { journal, core } = this.#runtime;
      const instruments = new Map(journal.read.instruments().map((instrument) => [instrument.id, instrument]));
      for (const [id, instrument] of core.instruments) instruments.set(id, instrument);
      const ledger = createTradeLedger(instruments);
      const orders = new Map(
        journal.read
          .orders()
          .filter(({ sessionId }) => isDeskSession({ id: sessionId }))
          .map(({ order }) => [order.id, order]),
      );
      for (const { execution, sessionId } of journal.read.fills()) {
        if (!isDeskSession({ id: sessionId })) continue;
        const order = orders.get(execution.fill.orderId);
        ledger.applyFill(execution.fill, order?.strategyId ?? null, order?.source ?? 'manual');
      }
      this.#ledger = ledger;
    }
    return this.#ledger.trades();
  }
}

function byStrategy(trades: readonly ClosedTrade[]): Report['strategies'] {
  const groups = new Map<string, ClosedTrade[]>();
  for (const trade of trades) {
    const key = trade.strategyId ?? 'manual';
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [trade]);
    else group.push(trade);
  }
  return [...groups].map(([strategy, list]) => ({
    strategy,
    trades: list.length,
    winRate: list.filter(({ pnl }) => pnl.gt(0)).length / list.length,
    realised: money(list.reduce((sum, { pnl }) => sum.plus(pnl), ZERO)),
    fees: money(list.reduce((sum, { fees }) => sum.plus(fees), ZERO)),
  }));
}

/** Evenly thinned; the drawdown counts every snapshot. */
function equityCurve(snapshots: readonly SnapshotRecord[]): Report['equity'] {
  const step = Math.max(1, Math.ceil(snapshots.length / POINTS));
  const curve: Report['equity'] = [];
  let high = Number.NEGATIVE_INFINITY;
  snapshots.forEach((snapshot, index) => {
    const value = Number(snapshot.equity);
    high = Math.max(high, value);
    if (index % step !== 0 && index !== snapshots.length - 1) return;
    curve.push({ at: Math.trunc(snapshot.at), equity: snapshot.equity, drawdown: high > 0 ? value / high - 1 : 0 });
  });
  return curve.slice(-POINTS);
}
