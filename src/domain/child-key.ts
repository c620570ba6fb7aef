/**
 * Children of a parent order are told by their idempotency key, "PARENT-12" for child 12, so that a child is never sent
 * twice whatever is restarted. Ids of parents hold a slash, which the keys that users choose cannot.
 */
export function childKey(parentId: string, n: number): string {
  return `${parentId}-${n}`;
}

/** Parent and number of a key of that form; null for any other. */
export function parseChildKey(key: string): { readonly parentId: string; readonly n: number } | null {
  const dash = key.lastIndexOf('-');
  const n = Number(key.slice(dash + 1));
  if (dash < 1 || !Number.isSafeInteger(n) || n < 1) return null;
  return { parentId: key.slice(0, dash), n };
}

/** The parent order behind an order of the engine; null for an order of its own. */
export function parentOf(order: { readonly idempotencyKey: string | null }): string | null {
  const key = order.idempotencyKey;
  if (key === null || !key.includes('/')) return null;
  return parseChildKey(key)?.parentId ?? null;
}
