import { COMMAND_TIMEOUT_MS } from '../connection/connection.ts';
import type { Desk } from '../desk/desk.ts';
import { lookUpOrder } from '../orders/lookup.ts';
import type { TicketInput } from '../ticket/draft.ts';

export type ClickResult =
  | { readonly kind: 'sending'; readonly words: string }
  | { readonly kind: 'sent'; readonly words: string; readonly orderId: string }
  | { readonly kind: 'refused'; readonly words: string; readonly sentence: string; readonly code: string }
  | { readonly kind: 'unknown'; readonly words: string; readonly sentence: string };

/**
 * One press, one order, one key. It takes the way of every order: the engine reviews it, and what has a warning comes
 * back as refused, since nobody has read the warning. A lost answer is unknown: looked up, never sent again.
 */
export async function sendOneClick(
  desk: Desk,
  ticket: TicketInput,
  words: string,
  report: (result: ClickResult) => void,
): Promise<void> {
  const key = `ladder-${crypto.randomUUID()}`;
  report({ kind: 'sending', words });
  const outcome = await desk.connection.call(
    (client, options) => client.orders.place({ ...ticket, idempotencyKey: key }, options),
    COMMAND_TIMEOUT_MS,
  );
  if (outcome.kind === 'ok') {
    if (desk.order(outcome.value.id) === undefined) desk.takeOrder(outcome.value);
    report({ kind: 'sent', words, orderId: outcome.value.id });
  } else if (outcome.kind === 'refused') {
    report({ kind: 'refused', words, sentence: outcome.sentence, code: outcome.code });
  } else if (outcome.kind === 'not-sent') {
    report({ kind: 'refused', words, sentence: outcome.sentence, code: 'NOT_SENT' });
  } else {
    report({ kind: 'unknown', words, sentence: outcome.sentence });
    const found = await lookUpOrder(desk, key, { account: ticket.account, instrument: ticket.instrument });
    report(
      found === null
        ? {
            kind: 'refused',
            words,
            code: 'NOT_PLACED',
            sentence: 'The engine answers again and has no such order: it was not placed.',
          }
        : { kind: 'sent', words, orderId: found.id },
    );
  }
}
