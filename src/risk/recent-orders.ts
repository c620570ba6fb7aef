import { parentOf } from '../domain/child-key.ts';
import type { OrderIntent } from '../domain/order.ts';
import type { EpochMs } from '../domain/units.ts';

interface Sent {
  readonly at: EpochMs;
  readonly intent: OrderIntent;
}

const QUANTITIES_KEPT = 20;

/** Orders sent lately, per account, for rate and duplicate checks. Forgets what is older than `keepMs`. */
export class RecentOrders {
  readonly #sent = new Map<string, Sent[]>();
  readonly #keepMs: number;
  /** By account and instrument, oldest first. */
  readonly #quantities = new Map<string, number[]>();

  constructor(keepMs = 60_000) {
    this.#keepMs = keepMs;
  }

  note(intent: OrderIntent, at: EpochMs): void {
    let list = this.#sent.get(intent.accountId);
    if (list === undefined) {
      list = [];
      this.#sent.set(intent.accountId, list);
    }
    list.push({ at, intent });
    if (!intent.reduceOnly) this.#noteQuantity(intent);
    const first = list[0];
    if (first !== undefined && at - first.at > 2 * this.#keepMs) {
      const from = list.findIndex((one) => at - one.at <= this.#keepMs);
      list.splice(0, from === -1 ? list.length : from);
    }
  }

  #noteQuantity(intent: OrderIntent): void {
    const key = `${intent.accountId} ${intent.instrument}`;
    const quantities = this.#quantities.get(key);
    if (quantities === undefined) {
      this.#quantities.set(key, [intent.quantity]);
      return;
    }
    if (quantities.length === QUANTITIES_KEPT) quantities.shift();
    quantities.push(intent.quantity);
  }

  /** Quantities of the last 20 orders in an instrument that were not marked reduce-only, oldest first. */
  quantities(accountId: string, instrument: string): readonly number[] {
    return this.#quantities.get(`${accountId} ${instrument}`) ?? [];
  }

  /** Sent within the last `windowMs`. */
  count(accountId: string, now: EpochMs, windowMs: number, matches?: (intent: OrderIntent) => boolean): number {
    const list = this.#sent.get(accountId);
    if (list === undefined) return 0;
    let count = 0;
    for (let index = list.length - 1; index >= 0; index -= 1) {
      const one = list[index];
      if (one === undefined || now - one.at >= windowMs) break;
      if (matches === undefined || matches(one.intent)) count += 1;
    }
    return count;
  }

  /** Orders with the same terms within the last `windowMs`. */
  identical(intent: OrderIntent, now: EpochMs, windowMs: number): number {
    // Children of one parent look alike by design; the parent's quantity bounds them.
    if (parentOf(intent) !== null) return 0;
    const list = this.#sent.get(intent.accountId);
    if (list === undefined) return 0;
    let count = 0;
    for (let index = list.length - 1; index >= 0; index -= 1) {
      const one = list[index];
      if (one === undefined || now - one.at > windowMs) break;
      if (sameTerms(one.intent, intent)) count += 1;
    }
    return count;
  }
}

function sameTerms(a: OrderIntent, b: OrderIntent): boolean {
  return (
    a.instrument === b.instrument &&
    a.side === b.side &&
    a.quantity === b.quantity &&
    a.type === b.type &&
    a.price === b.price &&
    a.trigger === b.trigger
  );
}
