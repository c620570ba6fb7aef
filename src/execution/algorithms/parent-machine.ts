import type { EpochMs, PriceUnits, QuantityUnits } from '../../domain/units.ts';
import { resampleCurve } from './volume-curve.ts';
import { lifeOf, type ParentTicket } from './algorithm-terms.ts';
import { farSide, type MarketSight, midOf } from './market-sight.ts';
import { type ChildNews, type ParentAction, ParentDraft } from './parent-draft.ts';
import {
  type ChildState,
  filledOf,
  hasLive,
  isReserved,
  minimumAt,
  type ParentGrid,
  type ParentState,
  reservedOf,
} from './parent-state.ts';
import { planSlices, slotCount } from './slice-plan.ts';
import { runTactic } from './tactics.ts';

/** The venue's words for a market order that found no offer. */
const NOTHING_THERE: ReadonlySet<string> = new Set(['NO_LIQUIDITY', 'NO_MARKET_DATA']);
const LONGEST_PAUSE_MS = 60_000;

export type ParentInput =
  /** Time or prices moved. */
  | { readonly type: 'look' }
  /** A public trade. */
  | { readonly type: 'trade'; readonly quantity: QuantityUnits }
  | ({ readonly type: 'child' } & ChildNews)
  | { readonly type: 'cancel'; readonly reason: string }
  | { readonly type: 'pause'; readonly reason: string }
  | { readonly type: 'resume' };

export interface ParentStep {
  /** The same object when nothing changed. */
  readonly state: ParentState;
  /** To be carried out after `state` is durable. */
  readonly actions: readonly ParentAction[];
  /** What happened, for the record; null when nothing worth one. */
  readonly said: string | null;
  readonly wakeAt: EpochMs;
  readonly watchesTouch: boolean;
}

/** The parent before its first step. `ticket` must have passed `ticketFault`. */
export function newParent(ticket: ParentTicket, grid: ParentGrid, now: EpochMs, sight: MarketSight): ParentState {
  const { terms } = ticket;
  const own = ticket.reduceOnly ? { ...grid, minValue: 0 } : grid;
  const life = lifeOf(terms);
  return {
    ...ticket,
    format: 1,
    grid: own,
    slices: slicesOf(ticket, own, ticket.limit ?? (farSide(sight, ticket.side) || sight.last)),
    startedAt: now,
    deadline: life === null ? null : now + life,
    decisionMid: midOf(sight),
    arrivalMid: null,
    arrivalAt: null,
    status: 'working',
    endAs: null,
    endedAt: null,
    pause: null,
    children: [],
    refusals: 0,
    empties: 0,
    retryAt: now,
    observed: 0,
    stageSince: null,
    reasonCode: null,
    reason: null,
  };
}

/** The slices a parent would have, at a price that its minimum value is judged by (0 = unknown). */
export function slicesOf(ticket: ParentTicket, grid: ParentGrid, price: PriceUnits): readonly number[] {
  const { terms, quantity } = ticket;
  if (terms.type !== 'twap' && terms.type !== 'vwap') return [];
  const slots = slotCount(terms);
  const weights = terms.type === 'vwap' ? resampleCurve(terms.curve, slots) : Array.from({ length: slots }, () => 1);
  return planSlices(quantity, weights, { step: grid.step, minimum: minimumAt(grid, price) }, terms);
}

/**
 * One step of a parent, a pure function. Whatever happens, filled + working never exceeds the parent's quantity: children
 * whose outcome is unknown count in full, a cancelled child's rest is free only once the venue says so, and if the venue
 * nevertheless reports more than was free, working children are taken back at once.
 */
export function advanceParent(state: ParentState, input: ParentInput, now: EpochMs, sight: MarketSight): ParentStep {
  const draft = new ParentDraft(state, now, sight);
  takeIn(draft, input);
  if (!draft.hasEnded) regulate(draft);
  return {
    state: draft.state,
    actions: draft.actions,
    said: draft.said.length === 0 ? null : draft.said.join(' '),
    wakeAt: draft.wakeAt,
    watchesTouch: draft.watchesTouch,
  };
}

function takeIn(draft: ParentDraft, input: ParentInput): void {
  const { state, now } = draft;
  switch (input.type) {
    case 'look':
      return;
    case 'trade':
      if (state.terms.type === 'pov' && !draft.hasEnded) draft.set({ observed: state.observed + input.quantity });
      return;
    case 'child':
      takeNews(draft, input);
      return;
    case 'cancel':
      draft.beginEnd('cancelled', 'CANCEL_REQUESTED', input.reason);
      return;
    case 'pause':
      if (state.status === 'working' || state.status === 'paused') {
        draft.pause({ code: 'USER', sentence: input.reason, since: now, needsResume: true });
      }
      return;
    case 'resume':
      // Where the cause still holds, the parent now goes on by itself when that ends.
      if (state.pause !== null) draft.set({ pause: { ...state.pause, needsResume: false } });
      return;
  }
}

function takeNews(draft: ParentDraft, news: ChildNews): void {
  const { state, now } = draft;
  const child = state.children.find((one) => one.n === news.n);
  if (child === undefined) return;
  const isNewlyClosed = child.status !== 'closed' && news.status === 'closed';
  const hasFilled = news.filled > child.filled;
  if (!isNewlyClosed && !hasFilled && news.status === child.status && news.quantity === child.quantity) return;
  draft.change(child, {
    status: child.status === 'closed' ? 'closed' : news.status,
    quantity: Math.max(news.filled, Math.min(child.quantity, news.quantity)),
    filled: Math.max(child.filled, news.filled),
    ...(hasFilled ? { value: news.value, fees: news.fees } : {}),
    ...(isNewlyClosed ? { closedAt: now } : {}),
  });
  if (hasFilled || news.status === 'working') draft.set({ refusals: 0, empties: 0 });
  if (draft.hasEnded && hasFilled) {
    draft.said.push(`Child ${state.id}-${news.n} filled ${draft.text(news.filled)} after its parent had ended.`);
    return;
  }
  if (isNewlyClosed) onClosed(draft, child, news);
}

function onClosed(draft: ParentDraft, child: ChildState, news: ChildNews): void {
  const { state, now } = draft;
  const { terms } = state;
  if (news.refused && news.code !== null && NOTHING_THERE.has(news.code)) {
    // The display was there and taken already; ever longer pauses keep this from looking like a storm of rejects.
    const pause = Math.min(LONGEST_PAUSE_MS, terms.retryMs * 4 ** state.empties);
    draft.set({ empties: state.empties + 1, retryAt: now + pause });
    return;
  }
  if (news.refused) {
    const refusals = state.refusals + 1;
    const sentence = news.sentence ?? 'The child was refused.';
    draft.set({ refusals, retryAt: now + terms.retryMs });
    draft.said.push(`Child ${state.id}-${child.n} was refused: ${sentence}`);
    if (refusals >= terms.maxRefusals) {
      draft.beginEnd(
        'failed',
        news.code ?? 'REFUSED',
        `${refusals} children in a row were refused, the last one: ${sentence}`,
      );
    }
    return;
  }
  if (news.filled >= child.quantity || child.cancelAsked) return;
  const isTaker = child.type === 'market' || child.stage === 'cross';
  if (isTaker) {
    draft.set({ retryAt: now + terms.retryMs });
    return;
  }
  // Somebody else ended it: sending it again would be working against them. A halt pauses the parent on its own account.
  if (state.status === 'working' && draft.sight.hold === null) {
    const why = news.sentence ?? 'It was ended at the venue.';
    draft.pause({
      code: 'USER',
      sentence: `Child ${state.id}-${child.n} was not ended by its parent (${why}); resume the parent or cancel it.`,
      since: now,
      needsResume: true,
    });
  }
}

/** The rules that every algorithm obeys, before and around its own. */
function regulate(draft: ParentDraft): void {
  const { now } = draft;
  takeBackExcess(draft);
  const filled = filledOf(draft.state);
  if (filled >= draft.state.quantity) {
    if (draft.state.status !== 'ending')
      draft.set({ status: 'ending', endAs: 'filled', pause: null, reasonCode: null, reason: null });
    else if (draft.state.endAs !== 'filled') draft.set({ endAs: 'filled' });
  }
  const { deadline } = draft.state;
  if (deadline !== null && now >= deadline) {
    const left = draft.text(draft.state.quantity - filled);
    const after = draft.state.pause === null ? '' : ` It was paused: ${draft.state.pause.sentence}`;
    draft.beginEnd(
      'expired',
      'TIME_OVER',
      `Its time is over and ${left} of ${draft.text(draft.state.quantity)} is left.${after}`,
    );
  }
  if (draft.state.status !== 'ending') obeyHold(draft);
  if (draft.state.status === 'working') {
    retireOld(draft);
    runTactic(draft);
    if (draft.state.status === 'working') endIfStuck(draft);
  }
  if (draft.state.status === 'ending') finish(draft);
  if (draft.state.status === 'working' || draft.state.status === 'paused') draft.wake(deadline);
  for (const child of draft.state.children) {
    // Settling quantity becomes free by time alone.
    if (child.status === 'closed' && isReserved(draft.state, child, now))
      draft.wake((child.closedAt ?? now) + draft.state.terms.settleMs);
  }
}

/** More may fill than the parent wants: a fill arrived that the venue had not told of when it confirmed a cancel. */
function takeBackExcess(draft: ParentDraft): void {
  const { state, now } = draft;
  if (filledOf(state) + reservedOf(state, now) <= state.quantity) return;
  draft.cancelLive('A late fill of another child leaves less to do.');
}

function obeyHold(draft: ParentDraft): void {
  const { state, sight, now } = draft;
  const hold = sight.hold?.code === 'REDUCING' && state.reduceOnly ? null : sight.hold;
  const { pause } = state;
  if (hold === null) {
    if (pause === null) return;
    if (!pause.needsResume) {
      draft.set({ status: 'working', pause: null });
      draft.said.push('Goes on.');
      return;
    }
  } else if (pause === null || (hold.code === 'HALTED' && pause.code !== 'HALTED' && pause.code !== 'USER')) {
    draft.pause({
      code: hold.code,
      sentence: hold.sentence,
      since: pause?.since ?? now,
      needsResume: hold.code === 'HALTED',
    });
  }
  draft.cancelLive(draft.state.pause?.sentence ?? 'The parent is paused.');
}

function retireOld(draft: ParentDraft): void {
  const { state, now } = draft;
  const { maxChildAgeMs } = state.terms;
  if (maxChildAgeMs === null) return;
  draft.cancelLive('It has worked as long as its parent allows.', (child) => now >= child.sentAt + maxChildAgeMs);
  for (const child of draft.state.children) {
    if (child.status !== 'closed' && !child.cancelAsked) draft.wake(child.sentAt + maxChildAgeMs);
  }
}

/** What is left is too small for any order: nothing more can happen. */
function endIfStuck(draft: ParentDraft): void {
  const { state, sight, now } = draft;
  if (hasLive(state) || reservedOf(state, now) > 0 || state.children.length === 0) return;
  const { left } = draft;
  if (left <= 0) return;
  const price = state.limit ?? (farSide(sight, state.side) || sight.last);
  const least = minimumAt(state.grid, price);
  if (left >= least) return;
  draft.beginEnd(
    'expired',
    'REST_BELOW_MINIMUM',
    `${draft.text(left)} is left, less than the smallest order of ${draft.text(least)}.`,
  );
}

function finish(draft: ParentDraft): void {
  const { state, now } = draft;
  draft.cancelLive(state.reason ?? 'The parent is filled.');
  if (hasLive(draft.state)) return;
  if (reservedOf(draft.state, now) > 0 && filledOf(draft.state) < state.quantity) return;
  const isFilled = filledOf(draft.state) >= state.quantity;
  const status = isFilled ? 'filled' : (draft.state.endAs ?? 'cancelled');
  draft.set({ status, endedAt: now, ...(isFilled ? { reasonCode: null, reason: null } : {}) });
  draft.said.push(
    `Parent ${state.id} ended: ${status}, ${draft.text(filledOf(draft.state))} of ${draft.text(state.quantity)}.`,
  );
}
