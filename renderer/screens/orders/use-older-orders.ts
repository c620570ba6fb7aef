import { useCallback, useState } from 'react';
import { useDesk } from '../../desk/desk.ts';

const PAGE = 500;

/** The stream brings the newest closed orders; older ones are read page by page into the same table. */
export function useOlderOrders(): {
  readonly hasOlder: boolean;
  readonly busy: boolean;
  readonly load: () => Promise<string | null>;
} {
  const desk = useDesk();
  /** Undefined: nothing was asked for yet. Null: there are no more. */
  const [cursor, setCursor] = useState<string | null | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const load = useCallback(async () => {
    setBusy(true);
    const outcome = await desk.connection.call((client, options) =>
      client.orders.list({ scope: 'history', limit: PAGE, ...(typeof cursor === 'string' ? { cursor } : {}) }, options),
    );
    setBusy(false);
    if (outcome.kind !== 'ok') return outcome.sentence;
    for (const order of outcome.value.orders) if (desk.order(order.id) === undefined) desk.takeOrder(order);
    setCursor(outcome.value.next);
    return null;
  }, [desk, cursor]);
  return { hasOlder: cursor !== null, busy, load };
}
