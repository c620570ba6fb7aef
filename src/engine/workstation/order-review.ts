import { randomBytes } from 'node:crypto';
import type { LimitUse, OrderPreview, OrderTicket } from '../../contract/types.ts';
import { Decimal, type Decimal as DecimalType, ZERO } from '../../domain/decimal.ts';
import { notional, priceDecimal, priceText, quantityDecimal, quantityText } from '../../domain/instrument.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../../domain/units.ts';
import { expectedPrice, markOf, touchOf } from '../../risk/facts.ts';
import type { RiskVerdict } from '../../risk/gate.ts';
import type { TradingCore } from '../trading-core.ts';
import { figureText, money } from './decimal-text.ts';
import { checkView, codeText } from './order-views.ts';
import type { LimitsDesk } from './limits-desk.ts';
import { VENUE_MODELS } from './session-opening.ts';
import type { ReadTicket } from './ticket.ts';

const REVIEW_MS = 30_000;
const REVIEWS_KEPT = 500;

interface Review {
  readonly ticket: string;
  /** Warnings that were shown. */
  readonly shown: ReadonlySet<string>;
  readonly expiresAt: EpochMs;
}

/** Remembers which warnings were shown for which ticket. Kept in memory: a restart asks for a new review. */
export class Reviews {
  readonly #kept = new Map<string, Review>();

  open(ticket: OrderTicket, verdict: RiskVerdict, now: EpochMs): { token: string; expiresAt: EpochMs } {
    const token = randomBytes(18).toString('base64url');
    const expiresAt = now + REVIEW_MS;
    this.#kept.set(token, { ticket: ticketKey(ticket), shown: new Set(warningsOf(verdict)), expiresAt });
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size > REVIEWS_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return { token, expiresAt };
  }

  /** The warnings shown with this token for this ticket; null when it is unknown, too old or another ticket's. */
  shown(token: string, ticket: OrderTicket, now: EpochMs): ReadonlySet<string> | null {
    const review = this.#kept.get(token);
    if (review === undefined || now > review.expiresAt || review.ticket !== ticketKey(ticket)) return null;
    return review.shown;
  }
}

export function warningsOf(verdict: RiskVerdict): string[] {
  return verdict.checks.filter((check) => check.severity === 'warn').map((check) => codeText(check.code));
}

/** Terms that make two tickets the same; a note changes nothing. */
function ticketKey(ticket: OrderTicket): string {
  const { account, instrument, side, type, quantity, price, trigger, timeInForce, expireAt } = ticket;
  const { postOnly, reduceOnly, stopLoss, takeProfit, trailing } = ticket;
  return JSON.stringify([
    account,
    instrument,
    side,
    type,
    quantity,
    price,
    trigger,
    timeInForce,
    expireAt,
    postOnly,
    reduceOnly,
    stopLoss,
    takeProfit,
    trailing,
  ]);
}

/** What the order would cost and do, at the prices of now. Sends and counts nothing. */
export function reviewOf(
  core: TradingCore,
  limits: LimitsDesk,
  read: ReadTicket,
  verdict: RiskVerdict,
  review: { token: string; expiresAt: EpochMs } | null,
): OrderPreview {
  const { intent, instrument, account } = read;
  const line = core.board.line(instrument.id);
  const reference = core.view.reference(instrument.id);
  const quantity = verdict.quantity > 0 ? verdict.quantity : intent.quantity;
  const touch = touchOf(reference, intent);
  const book = line?.book ?? null;
  const sweep = book !== null && book.isUsable() ? book.sweep(intent.side, quantity, intent.price) : null;
  const marketable = intent.type === 'market' || sweep !== null;
  const expected = expectedPrice(intent, touch);
  const value =
    intent.type === 'market' && sweep !== null && sweep.filled === quantity
      ? sweep.notional
      : expected > 0
        ? notional(instrument, expected, quantity)
        : null;
  const fees = instrument.calendar === 'nse' ? VENUE_MODELS.nse.fees : VENUE_MODELS.crypto.fees;
  const rate = intent.postOnly ? fees.maker : fees.taker;
  const fee = value === null ? null : value.times(rate).plus(fees.fixed);
  const cash = core.portfolio.cash(account.id);
  const paid = value === null ? null : intent.side === 'buy' ? value : value.neg();
  const mid = markOf(reference);
  const average = sweep?.average ?? null;
  const slippage =
    average === null || !(mid > 0)
      ? null
      : average
          .div(priceDecimal(instrument, mid))
          .minus(1)
          .times(10_000)
          .times(intent.side === 'buy' ? 1 : -1);
  return {
    verdict: verdict.verdict,
    checks: verdict.checks.map(checkView),
    reviewToken: review?.token ?? null,
    reviewExpiresAt: review === null ? null : Math.trunc(review.expiresAt),
    quantity: quantityText(instrument, quantity),
    notional: value === null ? null : money(value),
    fee: fee === null ? null : money(fee),
    estimate:
      !marketable || sweep === null || average === null || sweep.worst === null
        ? null
        : {
            averagePrice: average.toDecimalPlaces(instrument.priceDigits + 4).toFixed(),
            worstPrice: priceText(instrument, sweep.worst),
            slippageBps: slippage === null ? 0 : slippage.toNumber(),
            fillable: quantityText(instrument, sweep.filled),
            levels: sweep.levels,
          },
    maxLoss: maxLoss(read, quantity, expected, rate, fees.fixed),
    cashAfter: cash === null || paid === null || fee === null ? null : money(cash.minus(paid).minus(fee)),
    marginAfter: account.type === 'margin' ? marginAfter(core, read, quantity, value) : null,
    limits: limitUses(core, limits, read, quantity, expected),
    priceAgeMs: reference === null ? null : reference.ageMs,
  };
}

/** Loss down to the stop and the fees of both sides, of the quantity of this order. */
function maxLoss(
  read: ReadTicket,
  quantity: QuantityUnits,
  entry: PriceUnits,
  rate: string,
  fixed: string,
): string | null {
  const { protection, instrument, intent } = read;
  if (protection === null || !(entry > 0)) return null;
  const { stopLoss, trailing } = protection;
  const long = intent.side === 'buy';
  const trailed = trailing === null ? null : long ? entry - trailing : entry + trailing;
  const stops = [stopLoss, trailed].filter((stop) => stop !== null);
  if (stops.length === 0) return null;
  const stop = long ? Math.max(...stops) : Math.min(...stops);
  const loss = notional(instrument, long ? entry - stop : stop - entry, quantity);
  const turnover = notional(instrument, entry, quantity).plus(notional(instrument, stop, quantity));
  return money(loss.plus(turnover.times(rate)).plus(new Decimal(fixed).times(2)));
}

/** Own money tied up afterwards: absolute exposure over leverage. */
function marginAfter(
  core: TradingCore,
  read: ReadTicket,
  quantity: QuantityUnits,
  value: DecimalType | null,
): string | null {
  if (value === null) return null;
  const { account, instrument, intent } = read;
  const held = core.portfolio.position(account.id, instrument.id);
  const after = held + (intent.side === 'buy' ? quantity : -quantity);
  const unit = value.div(quantityDecimal(instrument, quantity));
  const change = quantityDecimal(instrument, Math.abs(after) - Math.abs(held)).times(unit);
  const gross = Decimal.max(ZERO, core.portfolio.exposure(account.id).gross.plus(change));
  return money(gross.div(account.leverage));
}

function limitUses(
  core: TradingCore,
  limits: LimitsDesk,
  read: ReadTicket,
  quantity: QuantityUnits,
  price: PriceUnits,
): LimitUse[] {
  const { account, instrument, intent } = read;
  const inForce = limits.inForce(core.monitor.day(account.id)?.startEquity ?? null);
  if (inForce === null || !(price > 0)) return [];
  const uses: LimitUse[] = [];
  const use = (name: string, before: number, after: number, limit: number): void => {
    const texts = [before, after, limit].map((figure) => figureText(figure));
    const [from, to, most] = texts;
    if (typeof from !== 'string' || typeof to !== 'string' || typeof most !== 'string') return;
    if (limit > 0) uses.push({ name, before: from, after: to, limit: most, utilisation: after / limit });
  };
  const value = (units: number): number => notional(instrument, price, units).abs().toNumber();
  const held = core.portfolio.position(account.id, instrument.id);
  const after = held + (intent.side === 'buy' ? quantity : -quantity);
  const equity = core.portfolio.equityNumber(account.id);
  const gross = core.portfolio.exposure(account.id).gross.toNumber();
  const grossAfter = gross + value(after) - value(held);
  if (inForce.maxOrderNotional !== null) use('maxOrderNotional', 0, value(quantity), Number(inForce.maxOrderNotional));
  if (inForce.maxPositionNotional !== null) {
    use('maxPositionNotional', value(held), value(after), Number(inForce.maxPositionNotional));
  }
  if (inForce.maxGrossExposure !== null) {
    use('maxGrossExposure', gross / equity, grossAfter / equity, Number(inForce.maxGrossExposure));
  }
  if (inForce.maxConcentration !== null) {
    use('maxConcentration', value(held) / equity, value(after) / equity, Number(inForce.maxConcentration));
  }
  const open = core.orders.openOrders(account.id).length;
  if (inForce.maxOpenOrders !== null) use('maxWorkingOrders', open, open + 1, inForce.maxOpenOrders);
  if (inForce.ordersPerSecond !== null) {
    const sent = core.gate.sentWithin(account.id, 1_000);
    use('maxOrdersPerSecond', sent, sent + 1, inForce.ordersPerSecond);
  }
  return uses;
}
