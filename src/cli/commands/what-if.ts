import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Instrument } from '../../domain/instrument.ts';
import { RefusalError } from '../../domain/refusal.ts';
import type { Feed } from '../../market/feed.ts';
import { openRecordedFeed } from '../../market/feeds/recorded.ts';
import { type Command, type CommandIo, UsageError } from '../command.ts';
import { describeModel } from '../../venue/describe-model.ts';
import { splitDataName } from '../data-name.ts';
import { reportDropped } from '../dropped-rows.ts';
import { usageOf } from '../usage.ts';
import { readScript, type Script } from '../what-if/read-script.ts';
import { reportEvent, reportOrders, reportParents, type ReportedOrder } from '../what-if/report.ts';
import { ScriptRun } from '../what-if/run-script.ts';
import { parseScript, scriptFault } from '../what-if/script-json.ts';
import { scriptInstrument, statedTerms } from '../what-if/script-instrument.ts';

const help = `tradewright what-if SCRIPT.json [--json]     (SCRIPT - reads standard input)

Runs orders against given market events in the venue simulator. The script:
  { "instrument": {"symbol":"ETHUSDT","tick":"0.01","step":"0.001","minNotional":"5","quote":"USDT"},
    "model": {...}, "account": {...}, "feed": ["FILE[:SYMBOL]"], "timeBase": "event|local-ns", "steps": [ ... ] }
Numbers may be JSON numbers or strings. Steps run by "t" (ms, or ISO; ns with "local-ns"); without "t" at the time of the
step before. Steps: book, level, quote, trade, bar, submit, cancel, modify, observe. Steps of the time of a recorded event
come after it.

submit   side and qty are required. id: o1, o2, ... by place. type: market; limit with a price; stop with a trigger;
         stop-limit with both; trailing-stop. tif: GTC (IOC, FOK, DAY, GTD with "expireAt"). postOnly, reduceOnly: false.
         "oco":["B"]: the orders share one quantity; a partial fill of one reduces the other, a full one cancels it
         ("ocoPartial":"cancel": any fill cancels). "parent":"A" (or "oto":["B"] on A): sent when A fills, in proportion.
         "bracket":{"stopLoss":"..","takeProfit":"..","trailing":{offset...},"triggerSource":".."}: reduce-only exits
         ID-SL and ID-TP that follow what has filled; triggerSource watches over the stop here instead of at the exchange.
         type trailing-stop: "offset":"5", "offsetType" price (percent, bps, ticks), "triggerSource" bid-ask (last, mid,
         mark), "activation" price, "trigger" (first level; without, the offset from the price now). "condition":
         {"price":"..","when":"at-or-above|at-or-below","source":"last"}: held back until then. Held orders are "emulated".
         "iceberg":{"display":"0.5"}: rests at the price and shows this much at a time. "algo":{"type":...}: a parent order
         that sends children ID-1, ID-2, ... with the type one of
           twap    horizonMs, intervalMs (or slices); remainder early (last: as one more slice), end open (closed: one
                   slice more, at the horizon), style market (limit), urgency normal (passive, low, high), catchUpLimit
           vwap    as twap, with "curve":[1,2,3] (shares of volume per slice) or "history":[{"t","volume","ms"}]
           pov     rate (0.1 = a tenth of what trades), intervalMs 1000, horizonMs, finish leave (complete)
           iceberg display          sniper   takes what is offered at the price or better
           pegged  urgency, horizonMs 30000, or joinMs, improveMs, crosses; repegMs 500
           guard   collarBps 20: walks the book that far from the best price and says what is left
           auto    urgency normal, horizonMs: chosen by size, depth, volume and spread; parents[].reasons says why
         Common: sizeVariation 0, timeVariation 0 (seeded shares), withinBook false, timeoutMs, maxChildAgeMs, staleMs,
         maxRefusals 3, retryMs 1000, settleMs 0, seed. A price is the limit of every child.
cancel   "ID", or the place of the submit counted from 0.     modify  {"id","price","trigger","qty"}, any of them.
trade    aggressor buy, sell, or none (it may then have hit either side).
bar      open, high, low, close, volume, "start" (default: the whole bar happens at t).
level    side bid or ask, price, qty (0 removes; opposite levels it crosses are gone).
observe  {"levels":5,"withinBp":10,"sweeps":[{"side":"buy","qty":"1"}]}

model    depth L2, queue true, consumeLiquidity true, seed 1, fees {maker,taker,fixed} 0,
         latencyMs 0, commandLatencyMs {submit,modify,cancel} 0,
         jitterMs 0, jitterShape uniform (exponential with that mean, log-normal with that median and jitterSigma 0.5),
         slippage null (whole number = ticks, below 1 = fraction; or {"ticks":1}, {"fraction":"0.0005"}, {"bps":5},
           {"spread":0.5}, {"kind":"volume-share","limit":0.025,"impact":0.1}, {"kind":"probability","probability":0.5}),
         impact none ({"kind":"square-root","coefficient":1}, {"kind":"almgren","sharesOutstanding":..}, both with
           dailyVolatility, dailyVolume, horizonMs 1800000, cap 0.1; what is left out is estimated from the data),
         behindTouch one-tick ({"kind":"ladder","decay":0.7,"spacingTicks":1,"levels":20,"barTouchShare":0.05}),
         priceProtection none ({"points":100}, {"percent":1}): how far market and stop orders may take,
         queuePriority price-time (pro-rata), queueCancels none (pro-rata),
         with queue false: withoutQueue first (a trade of the other side at a displayed price fills up to its size; inside
           the spread and on bars a touch fills by touchFillProbability 0), or chance (touchFillProbability everywhere;
           so when only that is given). With queue true it is for touches whose place in line nothing shows,
         barPath adaptive (ohlc, olhc, pessimistic), barVolumeShare 1 (0 = no cap), barMarketFill next-open (close),
         passedStop reject (trigger),
         restingFill: tape with a recording, display without; tapeLagMs: 100 with a recording, 0 without.
account  cash 100000 of the quote currency, leverage 1. With "type" cash or margin, orders it cannot afford are rejected;
         without, money is only counted. "positions":{"ETHUSDT":"2"} or [{"symbol","qty","avgPrice"}]; a holding without
         avgPrice costs nothing. A margin account is liquidated at its maintenance margin (order LIQ-1, code LIQUIDATION):
         "mode" cross (isolated), "maintenance" 0.005 (or "tiers":[{"upTo","maintenance","initial"}], "maintenanceAmount"),
         "liquidationRule" maintenance (maintenance-and-fee, entry), "liquidationFee" 0.
funding  {"rate":"0.0001","mark":".."}: longs pay rate x value at the mark price (left out: the price now) to shorts.

NSE      "venue":"nse" with calendar times (India time without an offset), or with "date":"2026-08-03" from whose opening
         t counts: trading hours, tick slab, price band and freeze quantity of that day. In the instrument: "previousClose",
         "band" (2, 5, 10, 20, range, none), "tickReference" (close of the month before), "freezeQuantity", "segment" cash
         (etf, stock-futures, index-futures, options), "hasDerivatives" true. model.fees:
         {"charges":{"plan":"zerodha","product":"intraday"}} itemised, {"tiers":"binance-spot","volume30d":"2000000"}.

--json prints {orders, parents, events, account, observations, data, assumptions}.`;

const OPTIONS = {
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

export const command: Command = {
  name: 'what-if',
  summary: 'run orders against given market events in the venue simulator',
  help,
  async run(args, io) {
    const { values, positionals } = usageOf(() =>
      parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: true }),
    );
    if (values.help) {
      io.out(`${help}\n`);
      return 0;
    }
    const [path, ...more] = positionals;
    if (path === undefined || more.length > 0) throw new UsageError('Name one script file.');
    const script = readScript(parseScript(path === '-' ? await io.stdin() : readFile(path)));
    const feed = script.feed.length === 0 ? null : await openFeed(script, path === '-' ? '.' : dirname(path));
    const instrument = feed === null ? scriptInstrument(script) : feedInstrument(script, feed);
    const run = new ScriptRun(script, instrument);
    if (feed !== null) await replay(run, feed, script, instrument);
    run.finish();
    if (feed !== null) reportDropped(feed.report(), io);
    const orders = reportOrders(run, script.unit);
    const { model, seed } = script.model;
    if (values.json) {
      io.out(
        `${JSON.stringify({
          orders,
          parents: reportParents(run, orders),
          events: run.events.map((event) => reportEvent(instrument, event, script.unit)),
          account: run.money.report(),
          observations: run.observations,
          data: feed === null ? null : dataReport(feed),
          assumptions: {
            ...model,
            seed,
            notes: describeModel(model),
            instrument: instrument.id,
            assumedGrid: instrument.assumedGrid,
          },
        })}\n`,
      );
    } else print(orders, run, io);
    return 0;
  },
};

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw scriptFault(
      missing ? `There is no file "${path}"; check the path.` : `"${path}" cannot be read; name a JSON file.`,
      missing ? 'FILE_NOT_FOUND' : 'FILE_UNREADABLE',
    );
  }
}

/** File names are taken from the working directory, else from the script's own folder. */
async function openFeed(script: Script, folder: string): Promise<Feed> {
  const specs = script.feed.map((name) => {
    for (const candidate of [name, resolve(folder, name)]) {
      const { path, symbol } = splitDataName(candidate);
      if (existsSync(path)) return symbol === null ? { path } : { path, symbol };
    }
    throw scriptFault(`There is no file "${name}"; check the feed of the script.`, 'FILE_NOT_FOUND');
  });
  const terms = statedTerms(script.instrument);
  const opened = await openRecordedFeed(specs, {
    timeBase: script.unit === 'local-ns' ? 'local' : 'event',
    ...(terms === null || terms.symbol === 'TEST' ? {} : { instrumentTerms: [terms] }),
  });
  if (!opened.ok) throw new RefusalError(opened.error);
  return opened.value;
}

function feedInstrument(script: Script, feed: Feed): Instrument {
  const wanted = statedTerms(script.instrument)?.symbol.toUpperCase();
  const plain = (symbol: string): string => symbol.replaceAll(/[^A-Z0-9]/g, '');
  const found =
    wanted === undefined || wanted === 'TEST'
      ? feed.instruments
      : feed.instruments.filter((instrument) => plain(instrument.symbol) === plain(wanted));
  const [instrument] = found;
  // The exchange's minimum order value is the script's business: it applies where the script states it.
  if (instrument !== undefined && found.length === 1) {
    return { ...instrument, minNotional: statedTerms(script.instrument)?.minNotional ?? '0' };
  }
  const known = feed.instruments.map((one) => one.symbol).join(', ');
  throw scriptFault(
    instrument === undefined
      ? `The feed has no ${wanted ?? 'instrument'}; it holds ${known}.`
      : `The feed holds ${known}; name one of them as the instrument's symbol.`,
    'DATA_SYMBOL_UNKNOWN',
  );
}

/** What the models did to a fill, as far as they did anything. */
function fillWords(model: Readonly<Record<string, unknown>>): string {
  const parts = [String(model['name'])];
  for (const part of ['slippage', 'impact', 'latencyMs']) {
    const figure = String(model[part]);
    if (Number(figure) !== 0) parts.push(part === 'latencyMs' ? `latency ${figure} ms` : `${part} ${figure}`);
  }
  return parts.join(', ');
}

async function replay(run: ScriptRun, feed: Feed, script: Script, instrument: Instrument): Promise<void> {
  const local = script.unit === 'local-ns';
  for await (const batch of feed.batches()) {
    for (const event of batch) {
      if (event.instrument !== instrument.id) continue;
      run.stepsBefore(event.at);
      // On the recorder's clock everything, fills too, is told in its time.
      run.onMarket(local ? { ...event, ts: event.at } : event);
    }
  }
}

function dataReport(feed: Feed): Record<string, unknown> {
  const { read, kept, dropped } = feed.report();
  return { read, kept, dropped };
}

function print(orders: readonly ReportedOrder[], run: ScriptRun, io: CommandIo): void {
  for (const order of orders) {
    const average = order.avgPrice === null ? '' : ` at ${order.avgPrice}`;
    const reason = order.reason === null ? '' : `  ${order.reason}`;
    io.out(
      `${order.id}  ${order.side} ${order.type} ${order.qty}: ${order.status}, ${order.filled} filled${average}${reason}\n`,
    );
    for (const fill of order.fills) {
      io.out(
        `    ${fill.t}  ${fill.qty} at ${fill.price}  ${fill.liquidity}, fee ${fill.fee}, ${fillWords(fill.model)}\n`,
      );
    }
  }
  for (const observation of run.observations) io.out(`${JSON.stringify(observation)}\n`);
  const account = run.money.report();
  io.out(
    `Cash ${JSON.stringify(account['cash'])}, equity ${String(account['equity'])} ${String(account['currency'])}\n`,
  );
}
