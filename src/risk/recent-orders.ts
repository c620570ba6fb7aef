import type { OrderIntent } from '../domain/order.ts';
import type { EpochMs } from '../domain/units.ts';

interface Sent {
  readonly at: EpochMs;
  readonly intent: OrderIntent;
}

/** Orders sent lately, per account, for rate and duplicate checks. Forgets what is older than `keepMs`. */
export class RecentOrders {
  readonly #sent = new Map<string, Sent[]>();
  readonly #keepMs: number;

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
    const first = list[0];
    if (first !== undefined && at - first.at > 2 * this.#keepMs) {
      const from = list.findIndex((one) => at - one.at <= this.#keepMs);
      list.splice(0, from === -1 ? list.length : from);
    }
  }

  /** Sent within the last `windowMs`. */
  count(accountId: string, now: EpochMs, windowMs: number): number {
    const list = this.#sent.get(accountId);
    if (list === undefined) return 0;
    let count = 0;
    for (let index = list.length - 1; index >= 0; index -= 1) {
      const one = list[index];
      if (one === undefined || now - one.at >= windowMs) break;
      count += 1;
    }
    return count;
  }

  /** Orders with the same terms within the last `windowMs`. */
  identical(intent: OrderIntent, now: EpochMs, windowMs: number): number {
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
