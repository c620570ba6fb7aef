import { deepest, drawdownEpisodes, drawdownsOf } from './drawdown.ts';
import { sampleReturns } from './equity-sampling.ts';
import { Figures, ratio } from './figures.ts';
import { mean, sampleDeviation, sampleVariance, total } from './moments.ts';
import { downsideDeviation } from './return-statistics.ts';
import { tradeAssumptions } from './trade-conventions.ts';

const DAY_MS = 86_400_000;
const YEAR_DAYS = 365.25;

/** A round trip. Times in ms, bars counted from 0, money in the account currency, net of both sides' fees. */
export interface ClosedTrade {
  readonly entryBar: number;
  readonly exitBar: number;
  readonly entryTime: number;
  readonly exitTime: number;
  /** Net of fees. */
  readonly pnl: number;
  /** Profit in per cent of the entry value, net of fees. */
  readonly returnPct: number;
}

export interface BacktestResult {
  /** Account value at the close of every bar. */
  readonly equity: Float64Array;
  /** Time of every bar in ms, in step with `equity`. */
  readonly times: Float64Array;
  readonly trades: readonly ClosedTrade[];
  /** Returns per year that the annualised figures assume. */
  readonly periods: number;
  readonly initialEquity: number;
  readonly fees: number;
  /** Bars in which a position was held at any moment. */
  readonly exposureBars: number;
  readonly firstClose: number;
  readonly lastClose: number;
  /** Close of the first bar on which the strategy could act, for the extra figure `buyAndHoldAfterWarmupPct`. */
  readonly warmupClose?: number;
}

export interface BacktestStatistics {
  /** Fractions unless the key ends in Pct; drawdowns negative; null where not computable. */
  readonly stats: Readonly<Record<string, number | null>>;
  readonly assumptions: Readonly<Record<string, string>>;
  /** Why a statistic is null. */
  readonly unavailable: Readonly<Record<string, string>>;
}

/** Bars from entry to exit of any trade, both counted once, plus those from `openSince` to the end. */
export function exposedBars(
  trades: readonly Pick<ClosedTrade, 'entryBar' | 'exitBar'>[],
  bars: number,
  openSince: number | null = null,
): number {
  const held = new Uint8Array(bars);
  for (const { entryBar, exitBar } of trades) held.fill(1, entryBar, exitBar + 1);
  if (openSince !== null) held.fill(1, openSince);
  let count = 0;
  // By index, like every walk over all bars: an iterator makes an object per element until the compiler has seen enough.
  for (let bar = 0; bar < bars; bar += 1) count += held[bar] ?? 0;
  return count;
}

/** True when the figures rest on daily returns of intraday bars. */
function equityFigures(result: BacktestResult, figures: Figures): boolean {
  const { equity, times, periods, initialEquity } = result;
  const bars = equity.length;
  const last = equity[bars - 1] ?? initialEquity;
  const span = ((times[bars - 1] ?? 0) - (times[0] ?? 0)) / DAY_MS;
  const growth = last / initialEquity;
  const cagr = span > 0 && growth > 0 ? growth ** (YEAR_DAYS / span) - 1 : Number.NaN;
  const depths = drawdownsOf(equity, initialEquity);
  const drawdown = deepest(depths);

  figures.set('finalEquity', last, 'there are no bars');
  figures.set(
    'equityPeak',
    equity.reduce((peak, value) => Math.max(peak, value), initialEquity),
    'there are no bars',
  );
  figures.set('returnPct', (growth - 1) * 100, 'the starting equity is zero');
  figures.set('cagr', cagr, span > 0 ? 'the account was lost' : 'the bars span no time');

  const sampled = sampleReturns(equity, times, periods);
  const returns = sampled.returns;
  const few = `it needs at least two ${sampled.daily ? 'daily' : 'bar'} returns`;
  const flat = returns.length < 2 ? few : 'the equity does not vary';
  const root = Math.sqrt(periods);
  const volatility = sampleDeviation(returns) * root;
  figures.set('volatility', volatility, few);
  figures.set('sharpe', ratio(mean(returns) * periods, volatility), flat);
  const downside = downsideDeviation(returns) * root;
  figures.set(
    'sortino',
    ratio(mean(returns) * periods, downside),
    returns.length === 0 ? few : 'no return is negative',
  );
  figures.set('calmar', drawdown < 0 ? cagr / -drawdown : Number.NaN, 'there is no drawdown or no growth rate');

  const geometric = growth > 0 ? growth ** (1 / returns.length) : Number.NaN;
  const annual = geometric ** periods - 1;
  // Variance of the product of `periods` independent returns: (var + g^2)^N - g^2N.
  const spread = (sampleVariance(returns) + geometric ** 2) ** periods - geometric ** (2 * periods);
  const volatilityGeometric = Math.sqrt(Math.max(spread, 0));
  figures.set('returnAnnualised', annual, few);
  figures.set('volatilityGeometric', Number.isNaN(spread) ? spread : volatilityGeometric, few);
  figures.set('sharpeGeometric', ratio(annual, volatilityGeometric), flat);
  figures.set('sortinoGeometric', ratio(annual, downside), returns.length === 0 ? few : 'no return is negative');
  figures.set('calmarGeometric', drawdown < 0 ? annual / -drawdown : Number.NaN, 'there is no drawdown');

  figures.set('maxDrawdown', drawdown, 'there are no bars');
  const episodes = drawdownEpisodes(depths);
  // Without a drawdown the average and the longest are zero, not unknown.
  const days = episodes.map(({ from, to }) => {
    const peak = times[Math.max(from - 1, 0)] ?? 0;
    return ((times[to ?? bars - 1] ?? 0) - peak) / DAY_MS;
  });
  const none = episodes.length === 0;
  figures.set('avgDrawdown', none ? 0 : mean(episodes.map(({ depth }) => depth)), 'there are no bars');
  figures.set(
    'maxDrawdownDays',
    days.reduce((longest, value) => Math.max(longest, value), 0),
    'there are no bars',
  );
  figures.set('avgDrawdownDays', none ? 0 : mean(days), 'there are no bars');
  figures.set('drawdowns', episodes.length, 'there are no bars');
  figures.set('exposurePct', (result.exposureBars / bars) * 100, 'there are no bars');
  return sampled.daily;
}

function longestRun(pnl: readonly number[], wanted: (value: number) => boolean): number {
  let longest = 0;
  let run = 0;
  for (const value of pnl) {
    run = wanted(value) ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

function tradeFigures(trades: readonly ClosedTrade[], figures: Figures): void {
  const n = trades.length;
  const none = 'there is no closed trade';
  const pnl = trades.map((trade) => trade.pnl);
  const wins = pnl.filter((value) => value > 0);
  const losses = pnl.filter((value) => value < 0);
  const returns = trades.map((trade) => trade.returnPct);
  const gains = total(returns.filter((value) => value > 0));
  const shortfalls = total(returns.filter((value) => value < 0));
  const winRate = wins.length / n;
  const noLoss = n === 0 ? none : 'there is no losing trade';
  const undecided = n === 0 ? none : 'it needs a winning and a losing trade';

  figures.set('trades', n, none);
  figures.set('winRate', winRate, none);
  figures.set(
    'bestTradePct',
    returns.reduce((best, value) => Math.max(best, value), Number.NEGATIVE_INFINITY),
    none,
  );
  figures.set(
    'worstTradePct',
    returns.reduce((worst, value) => Math.min(worst, value), Number.POSITIVE_INFINITY),
    none,
  );
  const ruinous = returns.some((value) => value <= -100);
  const logs = ruinous ? [] : returns.map((value) => Math.log1p(value / 100));
  figures.set(
    'avgTradePct',
    Math.expm1(mean(logs)) * 100,
    ruinous ? 'a trade lost all of its value, see avgTradeArithmeticPct' : none,
  );
  figures.set('avgTradeArithmeticPct', mean(returns), none);
  figures.set('profitFactor', ratio(total(wins), -total(losses)), noLoss);
  figures.set('profitFactorPct', ratio(gains, -shortfalls), noLoss);
  figures.set('expectancy', mean(pnl), none);
  figures.set('expectancyPct', mean(returns), none);
  const spread = sampleDeviation(pnl);
  figures.set(
    'sqn',
    ratio(Math.sqrt(n) * mean(pnl), spread),
    n < 2 ? 'it needs two closed trades' : 'profits are equal',
  );
  figures.set('kelly', winRate - (1 - winRate) / ratio(mean(wins), -mean(losses)), undecided);
  figures.set('expectancyRatio', ratio(mean(pnl), -mean(losses)), noLoss);
  figures.set('grossProfit', total(wins), none);
  figures.set('grossLoss', total(losses), none);
  figures.set('avgWin', mean(wins), n === 0 ? none : 'there is no winning trade');
  figures.set('avgLoss', mean(losses), noLoss);
  figures.set(
    'maxConsecutiveWins',
    longestRun(pnl, (value) => value > 0),
    none,
  );
  figures.set(
    'maxConsecutiveLosses',
    longestRun(pnl, (value) => value < 0),
    none,
  );
  const days = trades.map((trade) => (trade.exitTime - trade.entryTime) / DAY_MS);
  figures.set(
    'maxTradeDays',
    n === 0 ? Number.NaN : days.reduce((longest, value) => Math.max(longest, value), 0),
    none,
  );
  figures.set('avgTradeDays', mean(days), none);
}

/** The `stats` of a backtest report with the convention of every figure. */
export function backtestStatistics(result: BacktestResult): BacktestStatistics {
  const figures = new Figures();
  const daily = equityFigures(result, figures);
  tradeFigures(result.trades, figures);
  figures.set('fees', result.fees, 'the fees are not known');
  const held = (from: number): number => (ratio(result.lastClose, from) - 1) * 100;
  figures.set('buyAndHoldPct', held(result.firstClose), 'there are no bars');
  if (result.warmupClose !== undefined) {
    figures.set('buyAndHoldAfterWarmupPct', held(result.warmupClose), 'there are no bars after the warm-up');
  }
  return {
    stats: figures.stats,
    assumptions: tradeAssumptions(result.periods, daily),
    unavailable: figures.unavailable,
  };
}
