/** The definition of every statistic, printed beside the figures so that they can be checked or compared. */
export const performanceConventions: Readonly<Record<string, string>> = {
  returns: 'simple returns per period; periods without data are left out; wealth starts at 1 before the first return',
  riskFree:
    'an annual rate R is R / periods per period; a series is taken per period as it is and its annual rate is mean x periods',
  totalReturn: 'product(1 + r) - 1',
  cagr: 'product(1 + r)^(periods / n) - 1',
  volatility: 'sample standard deviation (n - 1) x sqrt(periods)',
  sharpe: 'mean(r - rf) / sample deviation(r - rf) x sqrt(periods)',
  sortino: 'mean(r - rf) / sqrt(mean(min(r - rf, 0)^2)) x sqrt(periods)',
  calmar: 'cagr / |maxDrawdown|',
  maxDrawdown: 'deepest wealth / running peak - 1, negative',
  omega: 'sum of gains over rf / sum of shortfalls below rf',
  tailRatio: '|95th percentile| / |5th percentile|, linear between order statistics',
  skew: 'corrected for sample size (G1); skewMoment: m3 / m2^1.5, moments divided by n',
  kurtosis: 'excess, corrected for sample size (G2); kurtosisMoment: m4 / m2^2 - 3, moments divided by n',
  stability: 'R squared of cumulative log return on time',
  var95: '5th percentile of returns, linear between order statistics; a loss is negative (var99: 1st percentile)',
  cvar95: 'mean of the lowest floor((n - 1) x 0.05) + 1 returns (cvar99: 0.01)',
  varGaussian95: 'mean + z sigma, z = -1.6449, sigma divided by n',
  varCornishFisher95: 'mean + sigma x Cornish-Fisher quantile of skewMoment and kurtosisMoment',
  esGaussian95: 'mean - sigma phi(z) / 0.05',
  esCornishFisher95: 'modified expected shortfall of Boudt, Peterson and Croux (2008), operational form',
  alpha: 'Jensen, (1 + alpha per period)^periods - 1, alpha per period = mean(r - rf) - beta x mean(b - rf)',
  beta: 'covariance(r - rf, b - rf) / variance(b - rf)',
  informationRatio:
    'mean(r - b) / sample deviation(r - b) x sqrt(periods) (informationRatioGeometric: difference of compound growth / trackingError)',
  trackingError: 'sample deviation(r - b) x sqrt(periods)',
  treynor: '(compound growth per year - annual rf) / beta',
  upCapture:
    'compound growth per year over periods with b > 0, own / benchmark (upCaptureSum: ratio of the sums of returns)',
  downCapture: 'the same over periods with b < 0',
  kelly: 'mean(r - rf) / variance(r - rf), full Kelly (kellyWinLoss: win rate - loss rate / payoff)',
  drawdowns:
    'deepest first; from = first period below the peak, to = first period back at it, null while it lasts; length counts from..to, toTrough counts from..trough, recovery = length - toTrough, all in periods',
  benchmark: 'only periods in which both series have data',
};
