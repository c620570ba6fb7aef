/** What each figure of a backtest report means. `daily` = intraday equity was reduced to daily values. */
export function tradeAssumptions(periods: number, daily: boolean): Readonly<Record<string, string>> {
  const sampling = daily
    ? 'simple returns of the last equity of each UTC day'
    : 'simple returns of equity from bar close to bar close';
  return {
    returns: `${sampling}, ${periods} of them a year, risk-free rate 0`,
    cagr: '(final / initial equity)^(365.25 days / days from first to last bar) - 1',
    volatility:
      'sample standard deviation (n - 1) of returns x sqrt(periods); volatilityGeometric: of compounded returns',
    sharpe: 'mean return x periods / volatility; sharpeGeometric: returnAnnualised / volatilityGeometric',
    sortino: 'mean return x periods / downside deviation; sortinoGeometric: returnAnnualised in the numerator',
    calmar: 'cagr / |maxDrawdown|; calmarGeometric: returnAnnualised in the numerator',
    returnAnnualised: '(final / initial equity)^(periods / number of returns) - 1',
    maxDrawdown: 'equity at bar closes / running peak - 1, negative; the peak starts at the initial equity',
    avgDrawdown: 'mean of the depth of every fall below a peak, the running one included',
    maxDrawdownDays: 'calendar days from the peak to the recovery, or to the last bar while it lasts',
    exposurePct: 'bars in which a position was held, entry and exit bars included, of all bars',
    winRate: 'closed trades with a profit above zero after fees, of all closed trades',
    bestTradePct: 'profit after fees in per cent of the entry value',
    avgTradePct: 'geometric mean of trade returns; avgTradeArithmeticPct: arithmetic mean',
    profitFactor: 'sum of profits / sum of losses in money; profitFactorPct: of trade returns in per cent',
    expectancy:
      'mean profit per trade in money; expectancyPct: mean trade return in per cent; expectancyRatio: expectancy / average loss',
    sqn: 'sqrt(trades) x mean profit / sample deviation of profits, in money',
    kelly: 'win rate - loss rate / (average win / average loss), in money',
    buyAndHoldPct: 'last close / first close - 1; buyAndHoldAfterWarmupPct: from the close at the end of the warm-up',
  };
}
