import { type Decimal, ZERO } from '../domain/decimal.ts';
import type { EpochMs } from '../domain/units.ts';

/** A round trip of a forward run or of the backtest. Prices, quantity and money in decimals, one currency. */
export interface ForwardTrade {
  readonly symbol: string;
  readonly side: 'long' | 'short';
  readonly quantity: Decimal;
  readonly entryAt: EpochMs;
  readonly exitAt: EpochMs;
  readonly entryPrice: Decimal;
  readonly exitPrice: Decimal;
  readonly pnl: Decimal;
  readonly fees: Decimal;
  readonly exitReason: string;
}

/** An order of the forward run that came to nothing. */
export interface LostOrder {
  readonly symbol: string;
  readonly at: EpochMs;
  readonly code: string;
}

export interface ForwardComparison {
  /** Both runs are compared over this time, by entry. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Entries so far apart are the same decision. */
  readonly withinMs: number;
  readonly capital: { readonly forward: Decimal; readonly backtest: Decimal };
  readonly forward: readonly ForwardTrade[];
  readonly backtest: readonly ForwardTrade[];
  readonly lost: readonly LostOrder[];
}

/** Money by which the forward trade did better than its twin (negative: worse); the parts add up to `total` exactly. */
export interface TradeDifference {
  readonly entry: Decimal;
  readonly exit: Decimal;
  readonly quantity: Decimal;
  readonly fees: Decimal;
  /** What averaged prices lost in their last digits. */
  readonly rounding: Decimal;
  readonly total: Decimal;
}

export interface TradePair {
  readonly forward: ForwardTrade;
  readonly backtest: ForwardTrade;
  readonly entryDelayMs: number;
  readonly exitDelayMs: number;
  /** Positive = the forward price was worse. */
  readonly entryBps: number;
  readonly exitBps: number;
  readonly difference: TradeDifference;
  readonly reasons: readonly string[];
}

export interface MissedTrade {
  readonly trade: ForwardTrade;
  readonly reason: string;
}

export interface ForwardReport {
  readonly pairs: readonly TradePair[];
  /** Of the backtest without a twin. */
  readonly missed: readonly MissedTrade[];
  /** Of the forward run without a twin. */
  readonly extra: readonly ForwardTrade[];
  /** Pairs over the trades of the backtest; null when it has none. */
  readonly matchRate: number | null;
  readonly pnl: { readonly forward: Decimal; readonly backtest: Decimal; readonly difference: Decimal };
  /** pnl.difference = pairs + extra - missed, exactly. */
  readonly parts: {
    readonly entry: Decimal;
    readonly exit: Decimal;
    readonly quantity: Decimal;
    readonly fees: Decimal;
    readonly rounding: Decimal;
    readonly extra: Decimal;
    readonly missed: Decimal;
  };
  /** Weighted by the backtest's entry value; null without pairs. */
  readonly entryBps: number | null;
  readonly exitBps: number | null;
  /** Realised profit in per cent of the capital, forward minus backtest, at every exit of either. */
  readonly equity: {
    readonly finalPct: number;
    readonly widestPct: number;
    readonly widestAt: EpochMs | null;
  };
}

export const FORWARD_DEFINITIONS: Readonly<Record<string, string>> = {
  pairs: 'trades of the same symbol and side whose entries lie within the tolerance, nearest first, each used once',
  entryBps: 'how much worse the forward entry price was than the backtest entry price, in basis points of the latter',
  exitBps: 'likewise for the exit',
  difference:
    'profit of the forward trade minus its twin = entry + exit (price differences x forward quantity) + quantity (backtest move x quantity difference) + fees + rounding',
  parts:
    'difference of the total profits = those of the pairs + profit of extra trades - profit of missed trades, exactly',
  equity:
    'realised profit in per cent of the starting capital of each run, forward minus backtest, after every exit of either',
  matchRate: 'pairs over trades of the backtest in the time of the forward run',
};

/** Price differences below this are not named as a reason. */
const NOTABLE_BPS = 1;

export function compareForward(input: ForwardComparison): ForwardReport {
  const inTime = ({ entryAt }: ForwardTrade): boolean => entryAt >= input.from && entryAt <= input.to;
  const forward = input.forward.filter(inTime);
  const backtest = input.backtest.filter(inTime);
  const pairs = pairTrades(forward, backtest, input.withinMs);
  const twins = new Set(pairs.flatMap((pair) => [pair.forward, pair.backtest]));
  const extra = forward.filter((trade) => !twins.has(trade));
  const missed = backtest
    .filter((trade) => !twins.has(trade))
    .map((trade): MissedTrade => ({ trade, reason: whyMissed(trade, input) }));
  const sum = (list: readonly Decimal[]): Decimal => list.reduce((total, value) => total.plus(value), ZERO);
  const part = (name: keyof TradeDifference): Decimal => sum(pairs.map(({ difference }) => difference[name]));
  const profit = (list: readonly ForwardTrade[]): Decimal => sum(list.map(({ pnl }) => pnl));
  const weighted = (figure: (pair: TradePair) => number): number | null => {
    let value = 0;
    let weight = 0;
    for (const pair of pairs) {
      const own = pair.backtest.entryPrice.times(pair.backtest.quantity).toNumber();
      value += figure(pair) * own;
      weight += own;
    }
    return weight === 0 ? null : value / weight;
  };
  return {
    pairs,
    missed,
    extra,
    matchRate: backtest.length === 0 ? null : pairs.length / backtest.length,
    pnl: {
      forward: profit(forward),
      backtest: profit(backtest),
      difference: profit(forward).minus(profit(backtest)),
    },
    parts: {
      entry: part('entry'),
      exit: part('exit'),
      quantity: part('quantity'),
      fees: part('fees'),
      rounding: part('rounding'),
      extra: profit(extra),
      missed: profit(missed.map(({ trade }) => trade)).neg(),
    },
    entryBps: weighted(({ entryBps }) => entryBps),
    exitBps: weighted(({ exitBps }) => exitBps),
    equity: equityGap(forward, backtest, input.capital),
  };
}

function pairTrades(
  forward: readonly ForwardTrade[],
  backtest: readonly ForwardTrade[],
  withinMs: number,
): readonly TradePair[] {
  const candidates: { readonly apart: number; readonly own: ForwardTrade; readonly twin: ForwardTrade }[] = [];
  const sorted = backtest.toSorted((a, b) => a.entryAt - b.entryAt);
  let first = 0;
  for (const own of forward.toSorted((a, b) => a.entryAt - b.entryAt)) {
    while ((sorted[first]?.entryAt ?? Number.POSITIVE_INFINITY) < own.entryAt - withinMs) first += 1;
    for (let index = first; index < sorted.length; index += 1) {
      const twin = sorted[index];
      if (twin === undefined || twin.entryAt > own.entryAt + withinMs) break;
      if (twin.symbol !== own.symbol || twin.side !== own.side) continue;
      candidates.push({ apart: Math.abs(twin.entryAt - own.entryAt), own, twin });
    }
  }
  const used = new Set<ForwardTrade>();
  const pairs: TradePair[] = [];
  // Of equally near ones the same exit decides: one entry closed in two parts is two trades.
  const exitGap = ({ own, twin }: { own: ForwardTrade; twin: ForwardTrade }): number =>
    Math.abs(own.exitAt - twin.exitAt);
  for (const { own, twin } of candidates.toSorted((a, b) => a.apart - b.apart || exitGap(a) - exitGap(b))) {
    if (used.has(own) || used.has(twin)) continue;
    used.add(own).add(twin);
    pairs.push(pairOf(own, twin));
  }
  return pairs.toSorted((a, b) => a.backtest.entryAt - b.backtest.entryAt);
}

function pairOf(forward: ForwardTrade, backtest: ForwardTrade): TradePair {
  const sign = forward.side === 'long' ? 1 : -1;
  const entry = backtest.entryPrice.minus(forward.entryPrice).times(forward.quantity).times(sign);
  const exit = forward.exitPrice.minus(backtest.exitPrice).times(forward.quantity).times(sign);
  const quantity = backtest.exitPrice
    .minus(backtest.entryPrice)
    .times(forward.quantity.minus(backtest.quantity))
    .times(sign);
  const fees = backtest.fees.minus(forward.fees);
  const total = forward.pnl.minus(backtest.pnl);
  const rounding = total.minus(entry).minus(exit).minus(quantity).minus(fees);
  const worse = (own: Decimal, twin: Decimal, direction: number): number =>
    own.div(twin).minus(1).times(10_000).times(direction).toNumber() + 0;
  const entryBps = worse(forward.entryPrice, backtest.entryPrice, sign);
  const exitBps = worse(forward.exitPrice, backtest.exitPrice, -sign);
  const reasons: string[] = [];
  if (Math.abs(entryBps) >= NOTABLE_BPS)
    reasons.push(`entry ${entryBps.toFixed(1)} bp ${entryBps > 0 ? 'worse' : 'better'}`);
  if (Math.abs(exitBps) >= NOTABLE_BPS)
    reasons.push(`exit ${exitBps.toFixed(1)} bp ${exitBps > 0 ? 'worse' : 'better'}`);
  if (!forward.quantity.eq(backtest.quantity))
    reasons.push(`quantity ${forward.quantity.toFixed()} instead of ${backtest.quantity.toFixed()}`);
  if (forward.exitReason !== backtest.exitReason)
    reasons.push(`left by ${forward.exitReason} instead of ${backtest.exitReason}`);
  return {
    forward,
    backtest,
    entryDelayMs: forward.entryAt - backtest.entryAt,
    exitDelayMs: forward.exitAt - backtest.exitAt,
    entryBps,
    exitBps,
    difference: { entry, exit, quantity, fees, rounding, total },
    reasons,
  };
}

function whyMissed(trade: ForwardTrade, { lost, withinMs, to }: ForwardComparison): string {
  const codes = new Set(
    lost
      .filter(({ symbol, at }) => symbol === trade.symbol && Math.abs(at - trade.entryAt) <= withinMs)
      .map(({ code }) => code),
  );
  if (codes.size > 0) return `the order was not taken: ${[...codes].join(', ')}`;
  if (trade.exitAt > to) return 'the backtest closed it after the end of the forward run, where it may still be open';
  return 'the forward run had no entry at that time';
}

function equityGap(
  forward: readonly ForwardTrade[],
  backtest: readonly ForwardTrade[],
  capital: ForwardComparison['capital'],
): ForwardReport['equity'] {
  const steps = [
    ...forward.map(({ exitAt, pnl }) => ({ exitAt, pct: pnl.div(capital.forward).times(100).toNumber() })),
    ...backtest.map(({ exitAt, pnl }) => ({ exitAt, pct: pnl.div(capital.backtest).times(-100).toNumber() })),
  ].toSorted((a, b) => a.exitAt - b.exitAt);
  let gap = 0;
  let widestPct = 0;
  let widestAt: EpochMs | null = null;
  steps.forEach(({ exitAt, pct }, index) => {
    gap += pct;
    // Both runs leaving at the same instant are one step.
    if (steps[index + 1]?.exitAt === exitAt) return;
    if (Math.abs(gap) <= Math.abs(widestPct)) return;
    widestPct = gap;
    widestAt = exitAt;
  });
  return { finalPct: gap, widestPct, widestAt };
}
