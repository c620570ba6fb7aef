import type { OrderView } from '../../src/contract/types.ts';
import type { Desk } from '../desk/desk.ts';

const CHECK_EVERY_MS = 1_500;

/**
 * What became of an order whose answer was lost. The engine journals an order before it acts, so an engine that answers
 * twice, with a pause between, and does not know the key never took it: null then.
 */
export async function lookUpOrder(
  desk: Desk,
  key: string,
  about: { readonly account: string; readonly instrument: string },
): Promise<OrderView | null> {
  for (let absent = 0; absent < 2;) {
    await new Promise((resolve) => setTimeout(resolve, CHECK_EVERY_MS));
    const known = desk.orderByKey(key);
    if (known !== undefined) return known;
    const lists = await Promise.all(
      (['working', 'history'] as const).map((scope) =>
        desk.connection.call((client, options) => client.orders.list({ scope, ...about, limit: 200 }, options)),
      ),
    );
    if (lists.some((list) => list.kind !== 'ok')) continue;
    const found = lists
      .flatMap((list) => (list.kind === 'ok' ? list.value.orders : []))
      .find((order) => order.idempotencyKey === key);
    if (found !== undefined) {
      desk.takeOrder(found);
      return found;
    }
    absent += 1;
  }
  return null;
}
