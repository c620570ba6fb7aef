import { percent, type Findings } from '../findings.ts';

/**
 * Loss if the order fills and its stop is hit, fees of both sides included: a share of equity that warns, and what the
 * daily loss limit leaves as the bound. Fails closed where a stop is set and its cost cannot be worked out.
 */
export function checkStop(found: Findings): void {
  const { facts } = found;
  const { account, intent, limits, mode, stop, price, quantity, unit, fees, equityNumber, day } = facts;
  if (limits === null || mode !== 'full') return;
  const { warnStopLoss, maxDailyLoss } = limits;
  if (warnStopLoss === null && maxDailyLoss === null) return;
  if (stop === null) {
    if (account?.kind !== 'live' || warnStopLoss === null) return;
    found.add(
      'warn',
      'NO_STOP',
      'text',
      'none',
      'a stop',
      (one) => `This opens ${one.intent.instrument} with real money and without a stop; its loss has no bound.`,
      'warnStopLoss',
    );
    return;
  }
  if (!(price > 0) || fees === null) {
    found.add(
      'block',
      'STOP_LOSS_UNKNOWN',
      'text',
      'unknown',
      'a cost of the stop',
      () => 'What the stop would cost cannot be worked out without a price and the fees; wait for a quote.',
      'maxDailyLoss',
    );
    return;
  }
  const distance = intent.side === 'buy' ? price - stop : stop - price;
  if (!(distance > 0)) {
    found.add(
      'block',
      'PROTECTION_SIDE',
      'price',
      stop,
      price,
      (one, value, limit) =>
        `The stop ${value} of a ${one.intent.side === 'buy' ? 'purchase must be below' : 'sale must be above'} its entry ${limit}; it would close the position at once.`,
    );
    return;
  }
  const turnover = (price + stop) * quantity * unit;
  const loss = distance * quantity * unit + turnover * fees.taker + 2 * fees.fixed;
  if (maxDailyLoss !== null && day !== null) {
    const left = day.startEquity * Number(maxDailyLoss) - (day.startEquity - equityNumber);
    if (!(loss <= left * (1 + 1e-12))) {
      found.add(
        'block',
        'STOP_LOSS_BEYOND_DAY',
        'money',
        loss,
        Math.max(0, left),
        (_, value, limit) =>
          `The stop would cost ${value}, more than the ${limit} that the daily loss limit leaves; use a nearer stop or a smaller quantity.`,
        'maxDailyLoss',
      );
      return;
    }
  }
  if (warnStopLoss === null) return;
  const share = loss / equityNumber;
  const high = !(share <= Number(warnStopLoss) * (1 + 1e-12));
  found.add(
    high ? 'warn' : 'info',
    'LOSS_AT_STOP',
    'fraction',
    share,
    Number(warnStopLoss),
    (_, value, limit) =>
      high
        ? `The stop would cost ${percent(value)} of equity, more than ${percent(limit)}; use a nearer stop or a smaller quantity.`
        : `The stop would cost ${percent(value)} of equity, at most ${percent(limit)}.`,
    'warnStopLoss',
  );
}
