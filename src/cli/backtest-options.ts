import { parseArgs } from 'node:util';
import type { BacktestOptions } from '../engine/backtest.ts';
import { readSizing, readUnits } from '../execution/sizing-text.ts';
import { parseTimeframe } from '../market/timeframe.ts';
import { findStrategy } from '../strategies/registry.ts';
import { DEFAULT_VENUE_MODEL, type VenueModel } from '../venue/model.ts';
import { UsageError } from './command.ts';
import { usageOf } from './usage.ts';
import { feesInstead, readBacktestMargin } from './fee-options.ts';
import { accepted, amount, oneOf, percent, positiveNumber, usable, wholeNumber } from './option-values.ts';
import { readVenueTerms, VENUE_OPTIONS, venueHelp } from './venue-options.ts';

export { accepted, amount, oneOf, percent, positiveNumber, usable, wholeNumber } from './option-values.ts';

export const backtestHelp = `tradewright backtest --data FILE[:SYMBOL] [--data ...] --strategy ID [options]

data
  --data FILE[:SYMBOL]   recorded bars, trades, quotes or a raw stream (.gz accepted); repeatable
  --strict               a bad line is an error instead of a counted drop
  --timeframe TF         bars the strategy sees, e.g. 5m; default: the bars of the data, 1m for ticks
account
  --cash 10000           starting cash
  --margin LEVERAGE      buying power per unit of own money (default 1)
costs
  --margin-mode MODE     cross (default): the account stands for every position; isolated: each for itself
  --maintenance RATE     maintenance margin as a fraction of the value, at which a leveraged account or a perpetual is
                         liquidated (default: the table of the instrument)
  --funding RATE         of perpetuals per 8 hours, paid by longs (default none)
  --charges PLAN[:PRODUCT]  itemised NSE charges by date in place of --commission: zerodha, fyers, ...; product intraday
                         (default) or delivery (paid in full, no short sale)
  --fee-tier TABLE[:VOLUME]  maker and taker rate by 30-day volume in place of --commission: binance-spot, ...
  --commission RATE      fraction of the traded value, on entry and on exit (default 0)
  --commission-fixed X   amount per order, on entry and on exit (default 0)
${venueHelp}
execution
  --fill next-open|close|book        a signal on the close of bar i fills at the open of i+1 (default), at that
                                     close, or on the recorded quotes and book (default for ticks)
  --bar-path ohlc|olhc|adaptive|pessimistic   order of a bar's extremes (default adaptive: nearer extreme first)
  --close-at-end open|close          close an open position at the last bar's open or close (default: leave it open)
  --seed N                           seed of random models (default 1)
trading
  --strategy ID          sma-cross, breakout, mean-reversion ...
  --param NAME=VALUE     strategy parameter; repeatable
  --direction long|short|both        sides that may be opened (default long)
  --reverse              an opposite signal closes and opens the other side in the same bar
  --sizing all-in|fraction:0.5|units:N|risk:0.01|volatility:0.15   (default all-in)
  --units integer|fractional|step:0.001                            (default integer)
  --stop-loss PCT  --take-profit PCT  --trailing PCT               distances from the entry price in percent
report
  --periods 252          returns per year for annualised figures
  --json                 one JSON document on stdout
  --trades FILE.csv  --equity FILE.csv`;

const OPTIONS = {
  data: { type: 'string', multiple: true },
  strict: { type: 'boolean', default: false },
  timeframe: { type: 'string' },
  strategy: { type: 'string' },
  param: { type: 'string', multiple: true },
  cash: { type: 'string', default: '10000' },
  margin: { type: 'string', default: '1' },
  'margin-mode': { type: 'string', default: 'cross' },
  maintenance: { type: 'string' },
  funding: { type: 'string' },
  charges: { type: 'string' },
  'fee-tier': { type: 'string' },
  commission: { type: 'string', default: '0' },
  'commission-fixed': { type: 'string', default: '0' },
  ...VENUE_OPTIONS,
  fill: { type: 'string' },
  sizing: { type: 'string', default: 'all-in' },
  units: { type: 'string', default: 'integer' },
  direction: { type: 'string', default: 'long' },
  reverse: { type: 'boolean', default: false },
  'stop-loss': { type: 'string' },
  'take-profit': { type: 'string' },
  trailing: { type: 'string' },
  'bar-path': { type: 'string', default: 'adaptive' },
  'close-at-end': { type: 'string' },
  periods: { type: 'string', default: '252' },
  seed: { type: 'string', default: '1' },
  trades: { type: 'string' },
  equity: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

export interface BacktestRequest {
  readonly data: readonly string[];
  readonly strict: boolean;
  readonly options: BacktestOptions;
  readonly json: boolean;
  readonly tradesFile: string | null;
  readonly equityFile: string | null;
}

/** Null when only help is wanted. Throws UsageError for unreadable options, RefusalError for an unknown strategy. */
export function readBacktestRequest(args: readonly string[]): BacktestRequest | null {
  const { values } = usageOf(() => parseArgs({ args: [...args], options: OPTIONS, strict: true }));
  if (values.help) return null;
  if (values.data === undefined || values.data.length === 0) throw new UsageError('--data FILE is needed.');
  if (values.strategy === undefined) throw new UsageError('--strategy ID is needed.');
  const strategy = accepted(findStrategy(values.strategy));
  const fill =
    values.fill === undefined ? 'next-open' : oneOf('--fill', values.fill, ['next-open', 'close', 'book'] as const);
  return {
    data: values.data,
    strict: values.strict,
    json: values.json,
    tradesFile: values.trades ?? null,
    equityFile: values.equity ?? null,
    options: {
      strategy,
      parameters: readParameters(values.param ?? []),
      cash: amount('--cash', values.cash, false),
      leverage: amount('--margin', values.margin, false),
      margin: readBacktestMargin(values),
      model: {
        ...readModel(values.commission, values['commission-fixed'], values['bar-path']),
        ...feesInstead(values),
        ...readVenueTerms(values),
      },
      plan: {
        direction: oneOf('--direction', values.direction, ['long', 'short', 'both'] as const),
        reverse: values.reverse,
        sizing: usable(readSizing(values.sizing)),
        units: usable(readUnits(values.units)),
        stopLoss: percent('--stop-loss', values['stop-loss']),
        takeProfit: percent('--take-profit', values['take-profit']),
        trailing: percent('--trailing', values.trailing),
      },
      fill,
      timeframe: values.timeframe === undefined ? null : usable(parseTimeframe(values.timeframe)),
      closeAtEnd:
        values['close-at-end'] === undefined
          ? null
          : oneOf('--close-at-end', values['close-at-end'], ['open', 'close'] as const),
      periods: positiveNumber('--periods', values.periods),
      seed: wholeNumber('--seed', values.seed),
    },
  };
}

function readModel(commission: string, fixed: string, barPath: string): VenueModel {
  const rate = amount('--commission', commission, true);
  return {
    ...DEFAULT_VENUE_MODEL,
    fees: { maker: rate, taker: rate, fixed: amount('--commission-fixed', fixed, true) },
    barPath: oneOf('--bar-path', barPath, ['ohlc', 'olhc', 'adaptive', 'pessimistic'] as const),
  };
}

/** NAME=VALUE pairs. Names and ranges are judged by the strategy. */
export function readParameters(pairs: readonly string[]): Record<string, number> {
  const parameters: Record<string, number> = {};
  for (const pair of pairs) {
    const split = pair.indexOf('=');
    const value = Number(pair.slice(split + 1));
    if (split < 1 || pair.length === split + 1 || !Number.isFinite(value))
      throw new UsageError(`--param "${pair}" is not NAME=NUMBER.`);
    parameters[pair.slice(0, split)] = value;
  }
  return parameters;
}
