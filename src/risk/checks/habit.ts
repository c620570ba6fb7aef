import { plain, type Findings } from '../findings.ts';
import type { RecentOrders } from '../recent-orders.ts';

/** Fewer orders than this are no habit. */
const HABIT = 3;
/** A quantity typed where an amount of money belongs is off by orders of magnitude. */
const CONFUSED = 1_000;

/** The quantity against the last 20 orders in the instrument. */
export function checkHabit(found: Findings, recent: RecentOrders): void {
  const { intent, limits, mode, quantity } = found.facts;
  if (limits === null || mode !== 'full' || limits.warnQuantityMultiple === null) return;
  const last = recent.quantities(intent.accountId, intent.instrument);
  const before = last.at(-1);
  if (before === undefined) return;
  if (quantity >= before * CONFUSED || quantity * CONFUSED <= before) {
    found.add(
      'warn',
      'UNIT_CONFUSION',
      'quantity',
      quantity,
      before,
      (_, value, limit) =>
        `The quantity ${value} is a thousand times off your last one of ${limit}; is it an amount of money instead?`,
    );
  }
  if (last.length < HABIT) return;
  const median = medianOf(last);
  const multiple = Number(limits.warnQuantityMultiple);
  const high = quantity > median * multiple * (1 + 1e-12);
  found.add(
    high ? 'warn' : 'info',
    'QUANTITY_UNUSUAL',
    'text',
    plain(quantity / median, 2),
    limits.warnQuantityMultiple,
    (_, value, limit) =>
      high
        ? `The quantity is ${value} times the median of your last ${last.length} orders here, more than ${limit} times; check it.`
        : `The quantity is ${value} times the median of your last ${last.length} orders here.`,
    'warnQuantityMultiple',
  );
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[(sorted.length >> 1) - 1] ?? 0) + upper) / 2;
}
