import { toast } from 'sonner';
import type { OrderView } from '../../src/contract/types.ts';
import { COMMAND_TIMEOUT_MS } from '../connection/connection.ts';
import type { Desk } from '../desk/desk.ts';
import { statusWord } from '../desk/order-kind.ts';

const asked = new Set<string>();

/** Asking twice is harmless; asking twice at once is noise. */
export async function cancelOrder(desk: Desk, order: OrderView): Promise<void> {
  if (asked.has(order.id)) return;
  asked.add(order.id);
  const outcome = await desk.connection.call(
    (client, options) => client.orders.cancel({ id: order.id }, options),
    COMMAND_TIMEOUT_MS,
  );
  asked.delete(order.id);
  const name = `${order.side.toUpperCase()} ${order.quantity} ${order.instrument}`;
  if (outcome.kind === 'ok') {
    if (desk.order(order.id) === undefined) desk.takeOrder(outcome.value);
    toast(`Cancel asked for: ${name}`, { description: statusWord(outcome.value.status) });
  } else {
    toast.error(`Not cancelled: ${name}`, { description: outcome.sentence, duration: 10_000 });
  }
}

export async function cancelAll(desk: Desk, account: string): Promise<void> {
  const outcome = await desk.connection.call(
    (client, options) => client.orders.cancelAll({ account }, options),
    COMMAND_TIMEOUT_MS,
  );
  if (outcome.kind === 'ok')
    toast(`${outcome.value.requested} cancels asked for`, { description: 'Protective exits stay.' });
  else toast.error('Cancel all failed', { description: outcome.sentence, duration: 10_000 });
}

export interface Change {
  readonly price?: string;
  readonly trigger?: string;
  readonly quantity?: string;
}

/** Resolves to null when the engine took the change, else to the sentence why not. */
export async function modifyOrder(desk: Desk, id: string, change: Change): Promise<string | null> {
  const outcome = await desk.connection.call(
    (client, options) => client.orders.modify({ id, ...change }, options),
    COMMAND_TIMEOUT_MS,
  );
  if (outcome.kind === 'ok') return null;
  return outcome.kind === 'unknown'
    ? `UNKNOWN: ${outcome.sentence} Look at the working orders before you repeat it.`
    : outcome.sentence;
}
