import { Decimal } from '../../domain/decimal.ts';
import { quantityText } from '../../domain/instrument.ts';
import type { AccountExposure } from '../exposure.ts';
import { leaves, type Facts } from '../facts.ts';
import { percent, type Findings } from '../findings.ts';
import { above, exactNotional } from '../money.ts';

/** Cash accounts: purchases out of cash not yet promised, sales out of the holding. Margin accounts: initial margin. */
export function checkFunds(found: Findings, exposure: AccountExposure): void {
  const { account, instrument, intent, mode } = found.facts;
  if (account === null || instrument === null) return;
  if (intent.side === 'sell' && (account.type === 'cash' || !instrument.shortable)) checkHolding(found);
  if (mode !== 'full') return;
  if (account.type !== 'cash') checkMargin(found, exposure);
  else if (intent.side === 'buy') checkCash(found, exposure);
}

function feesUnknown(found: Findings): void {
  found.add(
    'block',
    'FEES_UNKNOWN',
    'text',
    'unknown',
    'fee rates',
    (facts) =>
      `The fees of ${facts.intent.instrument} are not known, so the cost cannot be judged; set them in Settings, Fees.`,
  );
}

function currency(facts: Facts): string {
  return facts.account?.currency ?? '';
}

function checkCash(found: Findings, exposure: AccountExposure): void {
  const { cash, fees, limits, price, quantity, unit } = found.facts;
  if (cash === null) {
    found.add(
      'block',
      'BALANCE_UNKNOWN',
      'text',
      'unknown',
      'a balance',
      () => 'The cash balance is not known, so nothing can be bought; reconnect the account.',
    );
    return;
  }
  if (fees === null) return feesUnknown(found);
  if (limits === null || !(price > 0)) return;
  const worth = price * quantity * unit;
  const cost = worth + worth * fees.taker + fees.fixed;
  const free = cash.toNumber() - exposure.promised;
  const exactCost = (): Decimal => exactNotional(found.facts).times(new Decimal(fees.taker).plus(1)).plus(fees.fixed);
  const exactFree = (): Decimal => cash.minus(exposure.exactPromised());
  if (above(cost, free, exactCost, exactFree)) {
    found.add(
      'block',
      'NOTIONAL_EXCEEDS_FREE_BALANCE',
      'money',
      cost,
      free,
      (facts, value, limit) =>
        `Insufficient balance: the order needs ${value} ${currency(facts)} with fees but only ${limit} is free. Reduce the quantity or cancel open buy orders.`,
    );
    return;
  }
  found.add(
    'info',
    'NOTIONAL_EXCEEDS_FREE_BALANCE',
    'money',
    cost,
    free,
    (facts, value, limit) => `Needs ${value} of ${limit} ${currency(facts)} free.`,
  );
  const least = Number(limits.minCash);
  if (
    least > 0 &&
    above(
      least,
      free - cost,
      () => new Decimal(limits.minCash),
      () => exactFree().minus(exactCost()),
    )
  ) {
    found.add(
      'block',
      'MIN_CASH',
      'money',
      free - cost,
      least,
      (facts, value, limit) =>
        `Only ${value} ${currency(facts)} would remain, below the cash reserve of ${limit}; buy less or lower the reserve.`,
      'minCash',
    );
  }
}

/**
 * Initial margin = exposure / leverage over all instruments, plus expected fees; it must not exceed equity. Of the
 * order's own instrument the side that it opens counts, so that a reversal is judged by what it leads to.
 */
function checkMargin(found: Findings, exposure: AccountExposure): void {
  const { account, equity, equityNumber, fees, intent, price, quantity, unit } = found.facts;
  if (account === null || !(price > 0)) return;
  if (equity === null || !Number.isFinite(equityNumber)) {
    found.add(
      'block',
      'EQUITY_UNKNOWN',
      'text',
      'unknown',
      'equity',
      () => 'The equity of the account is not known, so no position can be opened; wait for prices or reconnect.',
    );
    return;
  }
  if (fees === null) return feesUnknown(found);
  const leverage = Number(account.leverage);
  if (!(leverage > 0)) {
    found.add(
      'block',
      'LEVERAGE_INVALID',
      'text',
      account.leverage,
      'above zero',
      (_, value) => `The account's leverage "${value}" must be above zero; correct the account.`,
    );
    return;
  }
  const { line } = exposure;
  const worth = price * quantity * unit;
  const grows = !(line.reachValue(intent.side, worth) <= line.reachValue(intent.side, 0));
  const after = grows ? line.reachValue(intent.side, worth) : line.worstValue();
  const fee = worth * fees.taker + fees.fixed;
  const required = (exposure.otherValue + after) / leverage + exposure.openFees + fee;
  // An order that only shrinks the position needs no margin, even on an account that has too little.
  const simple = exposure.otherValue === 0 && line.net === 0 && line.buyValue === 0 && line.sellValue === 0;
  const exactRequired = (): Decimal =>
    simple
      ? exactNotional(found.facts).times(new Decimal(1).div(account.leverage).plus(fees.taker)).plus(fees.fixed)
      : // Marks of open positions are in it, which are no exact figures: a hair of tolerance instead of more digits.
        new Decimal(required * (1 - 1e-12));
  if (grows && above(required, equityNumber, exactRequired, () => equity)) {
    found.add(
      'block',
      'MARGIN_EXCEEDS_FREE_BALANCE',
      'money',
      required,
      equityNumber,
      (facts, value, limit) =>
        `Insufficient margin: with this order ${value} ${currency(facts)} would be needed but equity is ${limit}. Reduce the quantity or close a position.`,
    );
  } else {
    found.add(
      'info',
      'MARGIN_EXCEEDS_FREE_BALANCE',
      'money',
      required,
      equityNumber,
      (facts, value, limit) => `Margin after the order ${value} of ${limit} ${currency(facts)}.`,
    );
  }
  if (leverage > 1 && grows) checkMarginUsed(found, required / equityNumber);
}

/** Borrowed money: how much of equity stands behind the positions after the order. Without leverage nothing is borrowed. */
function checkMarginUsed(found: Findings, used: number): void {
  const { limits } = found.facts;
  if (limits === null) return;
  const { warnMarginUsed, maxMarginUsed } = limits;
  const over = (limit: string | null): boolean => limit !== null && !(used <= Number(limit) * (1 + 1e-12));
  if (over(maxMarginUsed)) {
    found.add(
      'block',
      'MARGIN_USED',
      'fraction',
      used,
      Number(maxMarginUsed),
      (_, value, limit) =>
        `${percent(value)} of equity would be tied up as margin, above the ${percent(limit)} allowed; reduce the quantity.`,
      'maxMarginUsed',
    );
    return;
  }
  if (warnMarginUsed === null && maxMarginUsed === null) return;
  const high = over(warnMarginUsed);
  found.add(
    high ? 'warn' : 'info',
    'MARGIN_USED',
    'fraction',
    used,
    Number(warnMarginUsed ?? maxMarginUsed),
    (_, value, limit) =>
      high
        ? `${percent(value)} of equity would be tied up as margin, more than ${percent(limit)}; a small move could force a close.`
        : `${percent(value)} of equity would be tied up as margin, at most ${percent(limit)}.`,
    'warnMarginUsed',
  );
}

/** A sale that may not go below zero: cash accounts and instruments that cannot be shorted. */
function checkHolding(found: Findings): void {
  const { facts } = found;
  const resting =
    facts.intent.type !== 'market' && facts.intent.timeInForce !== 'IOC' && facts.intent.timeInForce !== 'FOK';
  const free = Math.max(0, Math.max(0, facts.net) - reserved(facts, resting));
  if (facts.quantity <= free) {
    found.add(
      'info',
      'INSUFFICIENT_POSITION',
      'quantity',
      facts.quantity,
      free,
      (_, value, limit) => `Sells ${value} of ${limit} available.`,
    );
    return;
  }
  found.add('block', 'INSUFFICIENT_POSITION', 'quantity', facts.quantity, free, (one, value, limit) => {
    const instrument = one.instrument;
    const held = instrument === null ? '0' : quantityText(instrument, Math.max(0, one.net));
    if (one.net <= 0)
      return `No position to sell: you hold none of ${one.intent.instrument}, and this account cannot sell short.`;
    return `Insufficient position to sell ${value}: you hold ${held}, of which ${limit} is free of other sell orders. Sell at most ${limit}, mark the order reduce-only, or cancel an order.`;
  });
}

/**
 * Quantity promised to other sales. A sale that rests could fill after a protective exit has already emptied the
 * holding, so exits count for it; a sale that fills now or never makes the exits shrink before they can.
 */
function reserved(facts: Facts, resting: boolean): number {
  let plain = 0;
  const exits = new Map<string, number>();
  for (const order of facts.open) {
    if (order.instrument !== facts.intent.instrument || order.side !== 'sell') continue;
    if (order.source === 'exit' && order.reduceOnly) {
      const key = order.strategyId ?? '';
      exits.set(key, Math.max(exits.get(key) ?? 0, leaves(order)));
    } else plain += leaves(order);
  }
  if (resting) for (const quantity of exits.values()) plain += quantity;
  return plain;
}
