import { type Instrument, priceDecimal, priceText, quantityText } from '../domain/instrument.ts';
import type { DecimalString } from '../domain/decimal.ts';
import { backtestStatistics, exposedBars } from '../research/trade-statistics.ts';
import { riskLevel } from '../risk/level.ts';
import { describeModel } from '../venue/describe-model.ts';
import { DEFAULT_VENUE_MODEL } from '../venue/model.ts';
import type { PaperSessionOutcome } from './paper-session.ts';
import type { SessionConfig } from './session-config.ts';

const iso = (at: number): string => new Date(at).toISOString();

/** The document of `paper --json`: what happened, and under which assumptions. */
export function sessionReport(outcome: PaperSessionOutcome): Record<string, unknown> {
  const { config } = outcome;
  const { core } = outcome;
  const [first] = outcome.accounts;
  const figures = outcome.accounts.map((account) => accountFigures(outcome, account.id, account.currency));
  const { counters } = core.orders;
  return {
    session: outcome.id,
    fingerprint: outcome.fingerprint,
    stopped: outcome.stopped,
    from: iso(outcome.from),
    to: iso(outcome.to),
    assumptions: assumptions(config),
    data: {
      read: outcome.data.read,
      kept: outcome.data.kept,
      dropped: outcome.data.dropped,
      problems: outcome.data.problems,
    },
    account: figures[0],
    accounts: figures,
    orders: {
      submitted: counters.submitted,
      filled: counters.filled,
      cancelled: counters.cancelled,
      rejected: counters.rejected,
      denied: counters.denied,
      expired: counters.expired,
    },
    fills: outcome.fills.map((fill) => {
      const instrument = instrumentOf(outcome, fill.instrument);
      return {
        tradeId: fill.tradeId,
        orderId: fill.orderId,
        symbol: instrument.symbol,
        side: fill.side,
        price: priceText(instrument, fill.price),
        qty: quantityText(instrument, fill.quantity),
        liquidity: fill.liquidity,
        fee: fill.fee.toFixed(),
        ...(fill.charges === undefined
          ? {}
          : {
              charges: Object.fromEntries(Object.entries(fill.charges).map(([kind, part]) => [kind, part.toFixed()])),
            }),
        time: iso(fill.ts),
        model: fill.modelled.model,
        reference: priceText(instrument, fill.modelled.reference),
        slippage: priceText(instrument, fill.modelled.slippage),
        impact: priceText(instrument, fill.modelled.impact),
        latencyMs: fill.modelled.latencyMs,
      };
    }),
    positions: outcome.accounts.flatMap((account) =>
      core.portfolio.held(account.id).map((id) => {
        const instrument = instrumentOf(outcome, id);
        const average = core.portfolio.averagePrice(account.id, id);
        return {
          account: account.id,
          symbol: instrument.symbol,
          qty: quantityText(instrument, core.portfolio.position(account.id, id)),
          averagePrice: average === null ? null : priceDecimal(instrument, average).toFixed(),
          unrealisedPnl: core.portfolio.unrealisedOf(account.id, id).toFixed(),
        };
      }),
    ),
    stats: first === undefined ? {} : statistics(config, outcome, first.id),
    execution: outcome.quality.figures(core.orders.latencies.fill),
    risk: {
      state: first === undefined ? 'HALTED' : (core.monitor.status(first.id)?.state ?? 'HALTED'),
      level: first === undefined ? 'HIGH' : levelOf(outcome, first.id),
      breaches: [
        ...outcome.changes
          .filter((change) => change.kind === 'raised')
          .map(({ at, cause }) => ({ at: iso(at), code: cause.code, sentence: cause.sentence })),
        ...summarised(outcome.refusals),
      ],
    },
    strategies: core.runs.map((run) => ({
      id: run.id,
      state: run.state,
      bars: run.bars,
      signals: run.signals,
      failure: run.failure,
    })),
    failure: outcome.failure,
  };
}

function instrumentOf(outcome: PaperSessionOutcome, id: string): Instrument {
  const instrument = outcome.core.instruments.get(id);
  if (instrument === undefined) throw new RangeError(`${id} is not part of the session`);
  return instrument;
}

function accountFigures(outcome: PaperSessionOutcome, id: string, currency: string): Record<string, DecimalString> {
  const { portfolio } = outcome.core;
  return {
    id,
    currency,
    cash: portfolio.cash(id)?.toFixed() ?? '0',
    equity: portfolio.equity(id)?.toFixed() ?? '0',
    realisedPnl: portfolio.realised(id).toFixed(),
    unrealisedPnl: portfolio.unrealised(id).toFixed(),
    fees: portfolio.fees(id).toFixed(),
    cashFlows: portfolio.cashFlows(id).toFixed(),
    type: outcome.accounts.find((account) => account.id === id)?.type ?? 'cash',
    leverage: outcome.accounts.find((account) => account.id === id)?.leverage ?? '1',
  };
}

function statistics(config: SessionConfig, outcome: PaperSessionOutcome, accountId: string): unknown {
  const equity = outcome.equity.get(accountId)?.values() ?? new Float64Array();
  const times = outcome.times.get(accountId)?.values() ?? new Float64Array();
  const index = (at: number): number => {
    let low = 0;
    let high = times.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((times[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const trades = outcome.core.ledger
    .trades()
    .filter((trade) => trade.accountId === accountId)
    .map((trade) => ({
      entryBar: index(trade.entryTs),
      exitBar: index(trade.exitTs),
      entryTime: trade.entryTs,
      exitTime: trade.exitTs,
      pnl: trade.pnl.toNumber(),
      returnPct: trade.returnFraction * 100,
    }));
  const result = backtestStatistics({
    equity,
    times,
    trades,
    periods: 365,
    initialEquity: Number(config.capital),
    fees: outcome.core.portfolio.fees(accountId).toNumber(),
    exposureBars: exposedBars(trades, equity.length),
    firstClose: Number.NaN,
    lastClose: Number.NaN,
  });
  return { ...result.stats, unavailable: result.unavailable, conventions: result.assumptions };
}

/** Total profit and the largest position's share of equity, as the window's headline has it. */
function levelOf(outcome: PaperSessionOutcome, accountId: string): string {
  const { portfolio } = outcome.core;
  const equity = portfolio.equityNumber(accountId);
  const total = portfolio
    .realised(accountId)
    .plus(portfolio.unrealised(accountId))
    .minus(portfolio.fees(accountId))
    .toNumber();
  let largest = 0;
  for (const id of portfolio.held(accountId)) {
    const line = outcome.core.board.line(id);
    const instrument = instrumentOf(outcome, id);
    const price = line === null ? Number.NaN : line.last > 0 ? line.last : (line.bid + line.ask) / 2;
    const value =
      Math.abs(portfolio.position(accountId, id)) * price * 10 ** -(instrument.priceDigits + instrument.quantityDigits);
    largest = Math.max(largest, value / equity);
  }
  return riskLevel(total, largest);
}

/** One line per reason: five hundred refusals of one kind are one fact with a count. */
function summarised(refusals: PaperSessionOutcome['refusals']): { code: string; count: number; sentence: string }[] {
  const byCode = new Map<string, { code: string; count: number; sentence: string }>();
  for (const { code, sentence } of refusals) {
    const line = byCode.get(code) ?? { code, count: 0, sentence };
    line.count += 1;
    byCode.set(code, line);
  }
  return [...byCode.values()];
}

/** A session recorded before impact existed has none. */
function impactWords({ models }: SessionConfig): string {
  const crypto = { ...DEFAULT_VENUE_MODEL, ...models.crypto };
  const nse = { ...DEFAULT_VENUE_MODEL, ...models.nse };
  return crypto.impact.kind === 'none' && nse.impact.kind === 'none'
    ? 'our orders take displayed size and do not move the market otherwise'
    : `crypto ${crypto.impact.kind}, NSE ${nse.impact.kind}; the notes under venues say how`;
}

function assumptions(config: SessionConfig): Record<string, unknown> {
  return {
    engine: 'the same core as backtest and live; only clock, feed and broker differ',
    matching:
      'orders meet the recorded or simulated book; resting orders wait behind the displayed size; taken size is gone until it is shown again',
    models: config.models,
    ...(config.models.nse.fees.charges === undefined
      ? {}
      : {
          charges:
            "each order of NSE pays its own itemised charges by date and product, spread over its fills; the day's contract note nets the transaction tax over all orders and rounds it once, so it can differ by rupees",
        }),
    ...(config.nse === undefined ? {} : { nse: config.nse }),
    ...(config.margin === undefined ? {} : { margin: config.margin }),
    barFill: 'on bar data a signal at a close fills at the next open, without latency: bars know no time in between',
    timeframe: config.timeframe ?? 'the bars of the data',
    plan: config.plan,
    limits: config.limits,
    capital: config.capital,
    staleAfterMs: config.staleAfterMs,
    seed: config.seed,
    venues: { crypto: describeModel(config.models.crypto), nse: describeModel(config.models.nse) },
    marketImpact: impactWords(config),
    feeds: config.feeds.map((feed) =>
      feed.kind === 'sim'
        ? { ...feed, start: iso(feed.start), end: iso(feed.end) }
        : { kind: feed.kind, sha256: feed.sha256 },
    ),
  };
}
