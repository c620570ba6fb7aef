import type { InstrumentView } from '../../src/contract/types.ts';
import { COMMAND_TIMEOUT_MS } from '../connection/connection.ts';
import type { Desk } from '../desk/desk.ts';
import { readDraft } from './draft.ts';
import { isRetyped, needsRetype } from './retype.ts';
import { useTicket, type Phase, type Review } from './ticket-state.ts';

/** The second press of a review counts only after this: a double click is one press. */
export const SECOND_PRESS_MS = 400;
const CHECK_EVERY_MS = 1_500;

function setPhase(phase: Phase): void {
  useTicket.setState({ phase });
}

/** Asks the engine what this order would cost and do. Sends nothing. */
export async function openReview(desk: Desk, account: string, instrument: InstrumentView): Promise<void> {
  const { draft, phase } = useTicket.getState();
  if (phase.name === 'reviewing' || phase.name === 'sending' || phase.name === 'unknown') return;
  const read = readDraft(draft, account, instrument);
  if ('problems' in read) {
    useTicket.setState({ problems: read.problems, phase: { name: 'edit' } });
    return;
  }
  setPhase({ name: 'reviewing' });
  const outcome = await desk.connection.call((client, options) => client.orders.preview(read.ticket, options));
  // An edit meanwhile wins: this answer is about another ticket.
  if (useTicket.getState().phase.name !== 'reviewing') return;
  if (outcome.kind === 'ok') {
    const review: Review = {
      ticket: read.ticket,
      preview: outcome.value,
      key: `ticket-${crypto.randomUUID()}`,
      openedAt: performance.now(),
    };
    useTicket.setState({ retyped: '' });
    setPhase({ name: 'review', review });
  } else if (outcome.kind === 'refused') {
    setPhase({ name: 'refused', sentence: outcome.sentence, code: outcome.code, refusal: outcome.refusal });
  } else {
    setPhase({
      name: 'refused',
      sentence: `No review: ${outcome.sentence} Nothing was sent.`,
      code: 'NO_REVIEW',
      refusal: null,
    });
  }
}

/** The second press. Returns false when it does not count. */
export function send(desk: Desk): boolean {
  const { phase } = useTicket.getState();
  if (phase.name !== 'review') return false;
  const { review } = phase;
  if (review.preview.verdict === 'block') return false;
  if (performance.now() - review.openedAt < SECOND_PRESS_MS) return false;
  if (needsRetype(review) && !isRetyped(review, useTicket.getState().retyped)) return false;
  setPhase({ name: 'sending', review });
  void place(desk, review);
  return true;
}

async function place(desk: Desk, review: Review): Promise<void> {
  const { reviewToken } = review.preview;
  const order = {
    ...review.ticket,
    idempotencyKey: review.key,
    ...(reviewToken === null ? {} : { reviewToken }),
  };
  const outcome = await desk.connection.call(
    (client, options) => client.orders.place(order, options),
    COMMAND_TIMEOUT_MS,
  );
  if (outcome.kind === 'ok') {
    // The stream may have been faster, and then knows more.
    if (desk.order(outcome.value.id) === undefined) desk.takeOrder(outcome.value);
    sent(review, outcome.value.id);
  } else if (outcome.kind === 'refused') {
    setPhase({ name: 'refused', sentence: outcome.sentence, code: outcome.code, refusal: outcome.refusal });
  } else if (outcome.kind === 'not-sent') {
    setPhase({ name: 'refused', sentence: outcome.sentence, code: 'NOT_SENT', refusal: null });
  } else {
    setPhase({ name: 'unknown', review, sentence: outcome.sentence, checks: 0 });
    void resolveUnknown(desk, review);
  }
}

function sent(review: Review, orderId: string): void {
  setPhase({ name: 'sent', orderId, review });
  // The price goes, so that the next order cannot leave at an old one.
  useTicket.setState((state) => ({
    draft: { ...state.draft, price: '', trigger: '', oco: '', conditional: false, conditionPrice: '' },
  }));
}

/**
 * The answer was lost. The engine journals an order before it acts, so an engine that answers and does not know the key
 * (twice, with a pause between) never took the order. Until then the ticket says UNKNOWN and sends nothing.
 */
async function resolveUnknown(desk: Desk, review: Review): Promise<void> {
  let absent = 0;
  for (let checks = 1; ; checks += 1) {
    await new Promise((resolve) => setTimeout(resolve, CHECK_EVERY_MS));
    const current = useTicket.getState().phase;
    if (current.name !== 'unknown' || current.review !== review) return;
    setPhase({ ...current, checks });
    const known = desk.orderByKey(review.key);
    if (known !== undefined) return sent(review, known.id);
    const lists = await Promise.all(
      (['working', 'history'] as const).map((scope) =>
        desk.connection.call((client, options) =>
          client.orders.list(
            { scope, account: review.ticket.account, instrument: review.ticket.instrument, limit: 200 },
            options,
          ),
        ),
      ),
    );
    if (lists.some((list) => list.kind !== 'ok')) continue;
    const found = lists
      .flatMap((list) => (list.kind === 'ok' ? list.value.orders : []))
      .find((order) => order.idempotencyKey === review.key);
    if (found !== undefined) {
      desk.takeOrder(found);
      return sent(review, found.id);
    }
    absent += 1;
    if (absent >= 2) {
      const sentence =
        'The engine answers again and has no such order: it was not placed. Review it anew if you still want it.';
      return setPhase({ name: 'refused', sentence, code: 'NOT_PLACED', refusal: null });
    }
  }
}
