import { DEFAULT_MARGIN } from '../engine/margin-config.ts';
import type { BacktestOutcome } from '../engine/backtest.ts';
import type { Feed } from '../market/feed.ts';
import { describeModel } from '../venue/describe-model.ts';
import type { BacktestRequest } from './backtest-options.ts';

const iso = (time: number): string => new Date(time).toISOString();
/** Enough points to draw, few enough to read. */
const MAX_SAMPLES = 1_000;

function assumptions(request: BacktestRequest, outcome: BacktestOutcome): Record<string, unknown> {
  const { options } = request;
  const { model, plan } = options;
  return {
    engine: 'the same order manager, risk gate, portfolio and matching simulator as paper and live',
    fill:
      options.fill === 'next-open'
        ? 'a signal on the close of bar i fills at the open of bar i+1'
        : options.fill === 'close'
          ? 'a signal on the close of bar i fills at that close'
          : 'orders fill against the recorded quotes and book',
    ...(model.fees.charges === undefined
      ? {}
      : {
          charges: {
            ...model.fees.charges,
            note: "itemised by date, each order for itself; the day's contract note nets the transaction tax over all orders and rounds it once, so it can differ by rupees; the commission below is only the upper bound that sizes are computed with",
          },
        }),
    margin:
      options.leverage === '1'
        ? 'nothing is borrowed; perpetuals alone can be liquidated'
        : {
            leverage: options.leverage,
            ...(options.margin ?? DEFAULT_MARGIN),
            liquidation: 'at the maintenance margin, inside a bar at that price or at its open when that lies beyond',
          },
    commission: `${model.fees.taker} of the traded value plus ${model.fees.fixed} per order, on entry and on exit`,
    slippage: model.slippage,
    barPath: model.barPath,
    direction: plan.direction,
    reverse: plan.reverse,
    sizing: plan.sizing,
    units: plan.units,
    leverage: options.leverage,
    closeAtEnd: options.closeAtEnd ?? 'an open position is left open and marked at the last price',
    protectiveExits: {
      stopLoss: plan.stopLoss,
      takeProfit: plan.takeProfit,
      trailing: plan.trailing,
      unit: 'fraction of the entry price',
    },
    shortSelling: plan.direction === 'long' ? 'not used' : 'allowed without borrowing cost',
    marketImpact: model.impact.kind === 'none' ? 'none' : model.impact,
    venue: describeModel(model),
    risk: 'only what money makes impossible is refused; account limits do not apply to research',
    seed: options.seed,
    ...outcome.conventions,
  };
}

/** The document of `backtest --json`. */
export function backtestDocument(request: BacktestRequest, feed: Feed, outcome: BacktestOutcome): unknown {
  const stride = Math.max(1, Math.ceil(outcome.equity.length / MAX_SAMPLES));
  const equity: Record<string, number> = {};
  outcome.equity.forEach((value, bar) => {
    if (bar % stride === 0 || bar === outcome.equity.length - 1) equity[String(bar)] = value;
  });
  return {
    meta: {
      strategy: request.options.strategy.id,
      parameters: Object.fromEntries(
        request.options.strategy.parameters.map((spec) => [
          spec.name,
          request.options.parameters[spec.name] ?? spec.default,
        ]),
      ),
      instruments: feed.instruments.map((instrument) => instrument.id),
      bars: outcome.bars,
      start: iso(outcome.start),
      end: iso(outcome.end),
      cash: request.options.cash,
      fingerprint: outcome.fingerprint,
    },
    assumptions: assumptions(request, outcome),
    stats: outcome.stats,
    unavailable: outcome.unavailable,
    trades: outcome.trades.map((trade) => ({
      ...trade,
      entryTime: iso(trade.entryTime),
      exitTime: iso(trade.exitTime),
    })),
    openPositions: outcome.open,
    orders: outcome.orders,
    refusals: outcome.refusals,
    equity,
    data: {
      read: outcome.data.read,
      kept: outcome.data.kept,
      dropped: outcome.data.dropped,
      problems: outcome.data.problems,
    },
  };
}

const percentOf = (value: number | string | null | undefined, digits = 2): string =>
  typeof value === 'number' ? `${(value * 100).toFixed(digits)} %` : 'n/a';
const plain = (value: number | string | null | undefined, digits = 2): string =>
  typeof value === 'number' ? value.toFixed(digits) : (value ?? 'n/a');

/** For people. */
export function backtestTable(request: BacktestRequest, outcome: BacktestOutcome): string {
  const { stats, data } = outcome;
  const rows: [string, string][] = [
    ['Strategy', request.options.strategy.id],
    ['Bars', `${outcome.bars}, ${iso(outcome.start)} to ${iso(outcome.end)}`],
    [
      'Rows read / kept',
      `${data.read} / ${data.kept}${data.read === data.kept ? '' : `, dropped ${JSON.stringify(data.dropped)}`}`,
    ],
    ['Final equity', plain(stats['finalEquity'])],
    ['Return', `${plain(stats['returnPct'])} %`],
    ['Buy and hold', `${plain(stats['buyAndHoldPct'])} %`],
    ['CAGR', percentOf(stats['cagr'])],
    ['Volatility', percentOf(stats['volatility'])],
    ['Sharpe / Sortino / Calmar', `${plain(stats['sharpe'])} / ${plain(stats['sortino'])} / ${plain(stats['calmar'])}`],
    ['Max drawdown', `${percentOf(stats['maxDrawdown'])}, longest ${plain(stats['maxDrawdownDays'], 0)} days`],
    ['Trades', `${plain(stats['trades'], 0)}, won ${percentOf(stats['winRate'])}`],
    ['Profit factor', plain(stats['profitFactor'])],
    ['Expectancy per trade', plain(stats['expectancy'])],
    ['Fees', plain(stats['fees'])],
    ['Exposure', `${plain(stats['exposurePct'])} %`],
    [
      'Assumed',
      `fill ${request.options.fill}, commission ${request.options.model.fees.taker}, slippage ${request.options.model.slippage.kind}, bar path ${request.options.model.barPath}`,
    ],
  ];
  if (outcome.orders.denied + outcome.orders.rejected > 0)
    rows.push(['Refused orders', JSON.stringify(outcome.refusals)]);
  return `${rows.map(([name, value]) => `${name.padEnd(26)} ${value}`).join('\n')}\n`;
}

function csvCell(value: string | number): string {
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function tradesCsv(outcome: BacktestOutcome): string {
  const header =
    'symbol,side,qty,entryBar,exitBar,entryTime,exitTime,entryPrice,exitPrice,pnl,fees,returnPct,mae,mfe,exitReason';
  const lines = outcome.trades.map((trade) =>
    [
      trade.symbol,
      trade.side,
      trade.qty,
      trade.entryBar,
      trade.exitBar,
      iso(trade.entryTime),
      iso(trade.exitTime),
      trade.entryPrice,
      trade.exitPrice,
      trade.pnl,
      trade.fees,
      trade.returnPct,
      trade.mae,
      trade.mfe,
      trade.exitReason,
    ]
      .map(csvCell)
      .join(','),
  );
  return `${[header, ...lines].join('\n')}\n`;
}

export function equityCsv(outcome: BacktestOutcome): string {
  const lines = ['bar,time,equity'];
  outcome.equity.forEach((value, bar) => lines.push(`${bar},${iso(outcome.times[bar] ?? 0)},${value}`));
  return `${lines.join('\n')}\n`;
}
