import { randomBytes } from 'node:crypto';
import type { LimitUse as LimitUseView, OrderPreview, OrderTicket } from '../../contract/types.ts';
import type { Decimal } from '../../domain/decimal.ts';
import { priceText, quantityText } from '../../domain/instrument.ts';
import type { EpochMs } from '../../domain/units.ts';
import { expectedPrice, touchOf } from '../../risk/facts.ts';
import { WARNINGS_SHOWN } from '../../risk/findings.ts';
import type { OrderPlan, RiskVerdict } from '../../risk/gate.ts';
import type { LimitUse } from '../../risk/limit-use.ts';
import { previewOrder } from '../../risk/preview.ts';
import type { TradingCore } from '../trading-core.ts';
import { figureText, money } from './decimal-text.ts';
import { checkView, codeText } from './order-views.ts';
import type { ReadTicket } from './ticket.ts';

const NO_STOP: OrderPlan = { stop: null };
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
  const { trailingStop, condition, bracket, oco, ocoPartial, parent } = ticket;
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
    trailingStop,
    condition,
    bracket,
    oco,
    ocoPartial,
    parent,
  ]);
}

/** Where the ticket's stop would cut the loss, of the position's exits or the order's own; the nearest one. */
export function planOf(core: TradingCore, read: ReadTicket): OrderPlan {
  const { protection, links, intent, instrument } = read;
  const bracket = links?.bracket ?? null;
  const long = intent.side === 'buy';
  const entry = expectedPrice(intent, touchOf(core.view.reference(instrument.id), intent));
  const trailing = protection?.trailing ?? null;
  const trailed = trailing === null || !(entry > 0) ? null : long ? entry - trailing : entry + trailing;
  const stops = [protection?.stopLoss ?? null, bracket?.stopLoss ?? null, trailed].filter((stop) => stop !== null);
  return stops.length === 0 ? NO_STOP : { stop: long ? Math.max(...stops) : Math.min(...stops) };
}

/** What the order would cost and do, at the prices of now. Sends and counts nothing. */
export function reviewOf(
  core: TradingCore,
  read: ReadTicket,
  plan: OrderPlan,
  verdict: RiskVerdict,
  review: { token: string; expiresAt: EpochMs } | null,
): OrderPreview {
  const { intent, instrument } = read;
  const reference = core.view.reference(instrument.id);
  const quantity = verdict.quantity > 0 ? verdict.quantity : intent.quantity;
  const sources = { ...core.gate.sources, sentWithin: (id: string, ms: number) => core.gate.sentWithin(id, ms) };
  const figures = previewOrder(sources, intent, plan, quantity);
  const { sweep } = figures;
  const text = (value: Decimal | null): string | null => (value === null ? null : money(value));
  const checks = verdict.checks.map(checkView);
  const warnings = checks.filter(({ severity }) => severity === 'warn');
  return {
    verdict: verdict.verdict,
    checks,
    warnings: warnings.slice(0, WARNINGS_SHOWN),
    moreWarnings: Math.max(0, warnings.length - WARNINGS_SHOWN),
    reviewToken: review?.token ?? null,
    reviewExpiresAt: review === null ? null : Math.trunc(review.expiresAt),
    quantity: quantityText(instrument, quantity),
    notional: text(figures.notional),
    fee: text(figures.fee),
    estimate:
      sweep === null || sweep.average === null || sweep.worst === null
        ? null
        : {
            averagePrice: sweep.average.toDecimalPlaces(instrument.priceDigits + 4).toFixed(),
            worstPrice: priceText(instrument, sweep.worst),
            slippageBps: figures.slippageBps ?? 0,
            fillable: quantityText(instrument, sweep.filled),
            levels: sweep.levels,
          },
    maxLoss: text(figures.maxLoss),
    cashAfter: text(figures.cashAfter),
    marginAfter: text(figures.marginAfter),
    limits: figures.limits.flatMap(limitView),
    priceAgeMs: reference === null ? null : reference.ageMs,
  };
}

function limitView({ name, before, after, limit }: LimitUse): LimitUseView[] {
  const [from, to, most] = [before, after, limit].map((figure) => figureText(figure));
  return typeof from === 'string' && typeof to === 'string' && typeof most === 'string'
    ? [{ name, before: from, after: to, limit: most, utilisation: after / limit }]
    : [];
}
