import type { EpochMs, QuantityUnits } from '../../domain/units.ts';
import { type AlgorithmTerms, type Stage, stageOf } from './algorithm-terms.ts';
import { farSide, isBeyond, offeredWithin } from './market-sight.ts';
import type { ParentDraft } from './parent-draft.ts';
import { hasLive, planAt } from './parent-state.ts';
import { collarPrice, followPrice, stagedChild, takingChild } from './placement.ts';

type TermsOf<T extends AlgorithmTerms['type']> = Extract<AlgorithmTerms, { type: T }>;

/** How soon a resting child of a schedule or a participation follows the price. */
const REPEG_MS = 500;

/** What the algorithm wants now that nothing forbids: sends children, takes others back, says when it looks again. */
export function runTactic(draft: ParentDraft): void {
  const { terms } = draft.state;
  switch (terms.type) {
    case 'twap':
    case 'vwap':
      runSchedule(draft, terms);
      return;
    case 'pov':
      runParticipation(draft, terms);
      return;
    case 'iceberg':
      runIceberg(draft, terms);
      return;
    case 'pegged':
      runPegged(draft, terms);
      return;
    case 'sniper':
      runSniper(draft);
      return;
    case 'guarded-market':
      runGuarded(draft, terms);
      return;
  }
}

/** Whatever slices are due and not on their way goes out: a slice that came late or filled in part is caught up. */
function runSchedule(draft: ParentDraft, terms: TermsOf<'twap' | 'vwap'>): void {
  const { state, now } = draft;
  const { due, earlier, current, next } = planAt(state, now);
  draft.wake(next);
  const stage = stageNow(draft, terms, current, terms.intervalMs);
  if (stage !== null) followPrice(draft, stage, REPEG_MS);
  const most = (terms.catchUpLimit ?? Number.POSITIVE_INFINITY) * largestSlice(state.slices);
  // What earlier slices left undone has waited long enough.
  const overdue = Math.min(most, earlier - draft.committed);
  if (stage !== null && overdue > 0) place(draft, overdue, 'cross');
  const quantity = due - draft.committed;
  if (quantity <= 0) return;
  if (quantity > most) {
    // Spaced out, or the whole backlog would follow at once in parts.
    if (place(draft, most, stage)) draft.set({ retryAt: now + terms.retryMs });
    draft.wake(now + terms.retryMs);
    return;
  }
  // Also a slice without a price or an offer is tried again; its time comes round with the retry.
  if (!place(draft, quantity, stage)) draft.wake(Math.max(state.retryAt, now + terms.retryMs));
  else if (due - draft.committed > 0) draft.wake(now + terms.retryMs);
}

function largestSlice(slices: readonly number[]): QuantityUnits {
  let largest = 0;
  for (let at = 1; at < slices.length; at += 2) largest = Math.max(largest, slices[at] ?? 0);
  return largest;
}

/** Stage of resting children; null where the style is to take. */
function stageNow(
  draft: ParentDraft,
  terms: TermsOf<'twap' | 'vwap' | 'pov'>,
  since: EpochMs,
  lengthMs: number,
): Stage | null {
  if (terms.style === 'market') return null;
  const { stage, nextIn } = stageOf(terms.urgency, draft.now - since, lengthMs);
  if (nextIn !== null) draft.wake(draft.now + nextIn);
  return stage;
}

function place(draft: ParentDraft, quantity: QuantityUnits, stage: Stage | null): boolean {
  const child = stage === null ? takingChild(draft, quantity) : stagedChild(draft, quantity, stage);
  return child !== null && draft.send(child);
}

function runParticipation(draft: ParentDraft, terms: TermsOf<'pov'>): void {
  const { state, now } = draft;
  const horizon = terms.horizonMs === null ? null : state.startedAt + terms.horizonMs;
  const isOver = horizon !== null && now >= horizon;
  if (horizon !== null && !isOver) draft.wake(horizon);
  const due = isOver ? state.quantity : Math.min(state.quantity, Math.floor(terms.rate * state.observed + 1e-9));
  let quantity = due - draft.committed;
  if (quantity <= 0 && !hasLive(state)) {
    if (state.stageSince !== null) draft.set({ stageSince: null });
    return;
  }
  if (state.stageSince === null) draft.set({ stageSince: now });
  const stage = isOver ? null : stageNow(draft, terms, state.stageSince ?? now, terms.intervalMs);
  if (stage !== null) followPrice(draft, stage, REPEG_MS);
  else if (isOver) draft.cancelLive('The time of its parent is over; the rest is taken at once.');
  quantity = due - draft.committed;
  if (quantity <= 0) return;
  const last = state.children.at(-1);
  if (!isOver && last !== undefined && (stage === null || stage === 'join')) {
    const earliest = last.sentAt + terms.intervalMs * (1 + terms.timeVariation * draft.vary('time'));
    if (now < earliest) {
      draft.wake(earliest);
      return;
    }
    if (terms.sizeVariation > 0) quantity *= 1 - (terms.sizeVariation * (1 + draft.vary('size'))) / 2;
  }
  if (!place(draft, quantity, stage) && isOver) draft.wake(Math.max(state.retryAt, now + terms.retryMs));
}

/** One visible part at a time; the next one queues behind everybody at the price. */
function runIceberg(draft: ParentDraft, terms: TermsOf<'iceberg'>): void {
  const { state } = draft;
  if (hasLive(state) || draft.left <= 0) return;
  const far = farSide(draft.sight, state.side);
  if (terms.postOnly && far > 0 && !isBeyond(state.side, far, state.limit)) {
    // It would be refused for taking; it rests again once the market is back on its side of the limit.
    draft.watchesTouch = true;
    return;
  }
  const varied = terms.sizeVariation === 0 ? 1 : 1 + terms.sizeVariation * draft.vary('display');
  const quantity = Math.max(state.grid.step, terms.display * varied);
  draft.send({
    quantity,
    type: 'limit',
    price: state.limit,
    stage: 'join',
    takes: false,
    postOnly: terms.postOnly,
    growth: 'show',
  });
}

function runPegged(draft: ParentDraft, terms: TermsOf<'pegged'>): void {
  const { state, now } = draft;
  const elapsed = now - state.startedAt;
  const crossAt = terms.joinMs + terms.improveMs;
  let stage: Stage = 'join';
  if (terms.crosses && elapsed >= crossAt) stage = 'cross';
  else if (elapsed >= terms.joinMs) stage = 'improve';
  if (stage === 'join') draft.wake(state.startedAt + terms.joinMs);
  else if (stage === 'improve' && terms.crosses) draft.wake(state.startedAt + crossAt);
  followPrice(draft, stage, terms.repegMs);
  if (draft.left <= 0) return;
  const child = stagedChild(draft, draft.left, stage);
  if (child === null || !draft.send(child)) {
    draft.watchesTouch = true;
    if (stage === 'cross') draft.wake(Math.max(state.retryAt, now + state.terms.retryMs));
  }
}

function runSniper(draft: ParentDraft): void {
  const { state } = draft;
  draft.watchesTouch = true;
  if (draft.left <= 0 || state.limit === null) return;
  const offered = offeredWithin(draft.sight, state.side, state.limit, draft.left);
  if (offered.quantity <= 0) return;
  draft.send({
    quantity: offered.quantity,
    type: 'limit',
    price: state.limit,
    stage: 'cross',
    takes: true,
    postOnly: false,
    growth: 'none',
  });
}

function runGuarded(draft: ParentDraft, terms: TermsOf<'guarded-market'>): void {
  const { state, sight } = draft;
  if (hasLive(state)) return;
  if (state.children.length > state.refusals + state.empties) {
    const left = state.quantity - state.children.reduce((sum, child) => sum + child.filled, 0);
    const why = state.reason ?? 'the offers were gone when it arrived.';
    draft.beginEnd('expired', 'COLLAR_REACHED', `${draft.text(left)} of ${draft.text(state.quantity)} is left: ${why}`);
    return;
  }
  const { side, limit, grid } = state;
  const touch = farSide(sight, side);
  if (!(touch > 0)) {
    draft.beginEnd(
      'failed',
      'NO_PRICE',
      `Nobody offers the other side, so nothing was sent; try again when it is quoted.`,
    );
    return;
  }
  const sign = side === 'buy' ? 1 : -1;
  const collar = collarPrice(touch, sign, terms.collarBps, grid.tick);
  const price = isBeyond(side, collar, limit) ? (limit ?? collar) : collar;
  const { quantity, beyond } = offeredWithin(sight, side, price, state.quantity);
  const word = price === collar ? `the collar ${draft.priceText(price)}` : `the limit ${draft.priceText(price)}`;
  const bound = `${word} (${terms.collarBps} bp from ${draft.priceText(touch)})`;
  const behind =
    beyond === null ? 'and nothing is displayed behind it.' : `and the next offer is ${draft.priceText(beyond)}.`;
  const why = `the book shows ${draft.text(quantity)} up to ${bound} ${behind}`;
  if (quantity <= 0) {
    draft.beginEnd('expired', 'COLLAR_REACHED', `Nothing was sent: ${why}`);
    return;
  }
  const sent = draft.send({
    quantity,
    type: 'limit',
    price,
    stage: 'cross',
    takes: true,
    postOnly: false,
    growth: 'none',
  });
  if (sent && quantity < state.quantity) draft.set({ reason: why });
  if (!sent && draft.now >= state.retryAt) {
    draft.beginEnd('expired', 'BELOW_MINIMUM', `Nothing was sent: ${why} That is less than the smallest order.`);
  }
}
