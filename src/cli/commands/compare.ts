import { homedir } from 'node:os';
import { parseArgs } from 'node:util';
import type { Decimal } from '../../domain/decimal.ts';
import { openJournalFile } from '../../journal/journal-file.ts';
import {
  compareForward,
  FORWARD_DEFINITIONS,
  type ForwardReport,
  type ForwardTrade,
  type TradePair,
} from '../../research/forward-test.ts';
import { type BacktestFile, readBacktest } from '../backtest-file.ts';
import { type Command, UsageError } from '../command.ts';
import { defaultDataDir } from '../data-dir.ts';
import { readExactJson } from '../exact-json.ts';
import { type ForwardSession, readForwardSession } from '../forward-session.ts';
import { usageOf } from '../usage.ts';

const help = `tradewright compare --session ID --backtest FILE [--data-dir D] [--within SECONDS] [--json]
                                                        (--backtest - reads standard input)

Measures a session, running or ended, against a backtest of the same strategy: FILE is what "backtest --json" printed.
Trades of the same symbol and side are paired when their entries lie within --within seconds of each other (default: two
bars of the backtest). The difference of the profits is split exactly into entry and exit prices, quantities, fees, trades
the session missed and trades only it made. Compared is the time of the session's own data.`;

const OPTIONS = {
  session: { type: 'string' },
  backtest: { type: 'string' },
  'data-dir': { type: 'string' },
  within: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const iso = (at: number): string => new Date(at).toISOString();
const text = (value: Decimal): string => value.toDecimalPlaces(20).toFixed();

/** Two bars of the backtest: a signal on a close fills at the next open there, and a little later in a session. */
function toleranceMs(asked: string | undefined, backtest: BacktestFile): number {
  if (asked === undefined) return Math.max(1_000, (2 * (backtest.to - backtest.from)) / Math.max(1, backtest.bars - 1));
  const seconds = Number(asked);
  if (!(seconds > 0) || asked.trim() === '') throw new UsageError(`--within needs seconds above zero, not "${asked}".`);
  return seconds * 1_000;
}

function tradeDocument(trade: ForwardTrade): Record<string, unknown> {
  return {
    symbol: trade.symbol,
    side: trade.side,
    qty: trade.quantity.toFixed(),
    entryTime: iso(trade.entryAt),
    exitTime: iso(trade.exitAt),
    entryPrice: text(trade.entryPrice),
    exitPrice: text(trade.exitPrice),
    pnl: text(trade.pnl),
    fees: text(trade.fees),
    exitReason: trade.exitReason,
  };
}

function pairDocument({ forward, backtest, difference, ...figures }: TradePair): Record<string, unknown> {
  return {
    session: tradeDocument(forward),
    backtest: tradeDocument(backtest),
    ...figures,
    difference: Object.fromEntries(
      Object.entries(difference).map(([name, value]: [string, Decimal]) => [name, text(value)]),
    ),
  };
}

function documentOf(session: ForwardSession, backtest: BacktestFile, withinMs: number, report: ForwardReport): unknown {
  const { pairs, missed, extra, matchRate, pnl, parts, entryBps, exitBps, equity } = report;
  return {
    session: session.id,
    strategy: backtest.strategy,
    window: { from: iso(session.from), to: iso(session.to) },
    withinMs,
    trades: { session: pairs.length + extra.length, backtest: pairs.length + missed.length, matched: pairs.length },
    matchRate,
    pnl: { session: text(pnl.forward), backtest: text(pnl.backtest), difference: text(pnl.difference) },
    parts: Object.fromEntries(Object.entries(parts).map(([name, value]: [string, Decimal]) => [name, text(value)])),
    entryBps,
    exitBps,
    equity: { ...equity, widestAt: equity.widestAt === null ? null : iso(equity.widestAt) },
    pairs: pairs.map(pairDocument),
    missed: missed.map(({ trade, reason }) => ({ ...tradeDocument(trade), reason })),
    extra: extra.map(tradeDocument),
    definitions: FORWARD_DEFINITIONS,
  };
}

function table(session: ForwardSession, report: ForwardReport): string {
  const { pairs, missed, extra, pnl, parts, entryBps, exitBps, equity, matchRate } = report;
  const bps = (value: number | null): string => (value === null ? 'n/a' : `${value.toFixed(2)} bp`);
  const rows: [string, string][] = [
    ['Session', `${session.id}, ${iso(session.from)} to ${iso(session.to)}`],
    ['Matched', `${pairs.length}${matchRate === null ? '' : ` (${(matchRate * 100).toFixed(1)} % of the backtest)`}`],
    ['Missed / extra', `${missed.length} / ${extra.length}`],
    ['Profit', `session ${text(pnl.forward)}, backtest ${text(pnl.backtest)}, difference ${text(pnl.difference)}`],
    ...Object.entries(parts).map(([name, value]: [string, Decimal]): [string, string] => [`  ${name}`, text(value)]),
    ['Prices', `entry ${bps(entryBps)}, exit ${bps(exitBps)} worse`],
    ['Equity', `${equity.finalPct.toFixed(4)} % apart at the end, ${equity.widestPct.toFixed(4)} % at most`],
    ...pairs.flatMap(({ backtest, reasons }): [string, string][] =>
      reasons.length === 0
        ? []
        : [[iso(backtest.entryAt), `${backtest.symbol} ${backtest.side}: ${reasons.join('; ')}`]],
    ),
    ...missed.map(({ trade, reason }): [string, string] => [
      iso(trade.entryAt),
      `${trade.symbol} ${trade.side} missed: ${reason}`,
    ]),
  ];
  return `${rows.map(([name, value]) => `${name.padEnd(26)} ${value}`).join('\n')}\n`;
}

export const command: Command = {
  name: 'compare',
  summary: 'measure a session against the backtest of its strategy',
  help,
  async run(args, io) {
    const { values } = usageOf(() => parseArgs({ args: [...args], options: OPTIONS, strict: true }));
    if (values.help) {
      io.out(`${help}\n`);
      return 0;
    }
    if (values.session === undefined || values.backtest === undefined)
      throw new UsageError('--session ID and --backtest FILE are needed.');
    const backtest = readBacktest(await readExactJson(values.backtest, io), values.backtest);
    const withinMs = toleranceMs(values.within, backtest);
    const journal = openJournalFile(values['data-dir'] ?? defaultDataDir(process.env, process.platform, homedir()));
    try {
      const session = readForwardSession(journal.read, values.session, backtest.strategy);
      const report = compareForward({
        from: session.from - withinMs,
        to: session.to,
        withinMs,
        capital: { forward: session.capital, backtest: backtest.cash },
        forward: session.trades,
        backtest: backtest.trades,
        lost: session.lost,
      });
      io.out(
        values.json ? `${JSON.stringify(documentOf(session, backtest, withinMs, report))}\n` : table(session, report),
      );
      return 0;
    } finally {
      journal.close();
    }
  },
};
