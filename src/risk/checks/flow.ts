import { DUPLICATE_STORM, type Findings } from '../findings.ts';
import type { RecentOrders } from '../recent-orders.ts';

/** How many orders, how fast, how often the same one. Protective orders are never held up. */
export function checkFlow(found: Findings, recent: RecentOrders): void {
  const { limits, mode, intent, now, open } = found.facts;
  if (limits === null || mode === 'protective') return;
  rate(found, recent, 1_000, limits.ordersPerSecond, 'second');
  rate(found, recent, 60_000, limits.ordersPerMinute, 'minute');
  if (limits.duplicateHardCount !== null) {
    const count = recent.identical(intent, now, limits.duplicateHardWindowMs) + 1;
    if (count >= limits.duplicateHardCount) {
      found.add(
        'block',
        DUPLICATE_STORM,
        'count',
        count,
        limits.duplicateHardCount,
        (facts, value) =>
          `This would be identical order number ${value} within ${(facts.limits?.duplicateHardWindowMs ?? 0) / 1000} s, which looks like a runaway; find out what sends them.`,
        'duplicateHardCount',
      );
    }
  }
  if (limits.duplicateWindowMs !== null) {
    const count = recent.identical(intent, now, limits.duplicateWindowMs);
    if (count > 0) {
      found.add(
        'warn',
        'DUPLICATE_ORDER',
        'count',
        count,
        0,
        (facts, value) =>
          `${value === '1' ? 'An identical order was' : `${value} identical orders were`} sent in the last ${(facts.limits?.duplicateWindowMs ?? 0) / 1000} s; make sure that this is another one.`,
        'duplicateWindowMs',
      );
    }
  }
  if (limits.maxOpenOrders !== null && mode === 'full') {
    const count = open.length + 1;
    const over = count > limits.maxOpenOrders;
    found.add(
      over ? 'block' : 'info',
      'MAX_OPEN_ORDERS',
      'count',
      count,
      limits.maxOpenOrders,
      (_, value, limit) =>
        over
          ? `This would be open order ${value} of at most ${limit}; cancel one first.`
          : `Open order ${value} of at most ${limit}.`,
      'maxOpenOrders',
    );
  }
}

function rate(found: Findings, recent: RecentOrders, windowMs: number, limit: number | null, name: string): void {
  if (limit === null) return;
  const { intent, now } = found.facts;
  const count = recent.count(intent.accountId, now, windowMs) + 1;
  const over = !(count <= limit);
  found.add(over ? 'block' : 'info', 'RATE_LIMIT_EXCEEDED', 'count', count, limit, (_, value, most) =>
    over
      ? `This would be order ${value} within one ${name}, more than the ${most} allowed; wait a moment.`
      : `Order ${value} of at most ${most} per ${name}.`,
  );
}
