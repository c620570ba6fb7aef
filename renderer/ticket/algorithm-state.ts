import { create } from 'zustand';
import type { InstrumentView, ParentPreview, RefusalView } from '../../src/contract/types.ts';
import { COMMAND_TIMEOUT_MS } from '../connection/connection.ts';
import type { Desk } from '../desk/desk.ts';
import {
  emptyAlgorithm,
  readParent,
  type AlgorithmDraft,
  type AlgorithmProblems,
  type ParentInput,
} from './algorithm-draft.ts';
import { SECOND_PRESS_MS } from './flow.ts';
import { useTicket } from './ticket-state.ts';

const REPEAT_EVERY_MS = 1_500;

export interface ParentReview {
  readonly ticket: ParentInput;
  readonly preview: ParentPreview;
  readonly key: string;
  /** performance.now() when it appeared: the second press counts 400 ms later. */
  readonly openedAt: number;
}

export type ParentPhase =
  | { readonly name: 'edit' }
  | { readonly name: 'reviewing' }
  | { readonly name: 'review'; readonly review: ParentReview }
  | { readonly name: 'sending'; readonly review: ParentReview }
  /** Sent, no answer. The same key is asked for again until it is known: the engine begins a key once. */
  | { readonly name: 'unknown'; readonly review: ParentReview; readonly sentence: string; readonly tries: number }
  | { readonly name: 'sent'; readonly id: string }
  | {
      readonly name: 'refused';
      readonly sentence: string;
      readonly code: string;
      readonly refusal: RefusalView | null;
    };

interface AlgorithmState {
  readonly draft: AlgorithmDraft;
  readonly problems: AlgorithmProblems;
  readonly phase: ParentPhase;
}

export const useAlgorithm = create<AlgorithmState>()(() => ({
  draft: emptyAlgorithm,
  problems: {},
  phase: { name: 'edit' },
}));

function isLocked(phase: ParentPhase): boolean {
  return phase.name === 'sending' || phase.name === 'unknown';
}

export function editAlgorithm(change: Partial<AlgorithmDraft>): void {
  useAlgorithm.setState((state) =>
    isLocked(state.phase) ? state : { draft: { ...state.draft, ...change }, problems: {}, phase: { name: 'edit' } },
  );
}

export function backToAlgorithm(): void {
  editAlgorithm({});
}

// What is begun is always what was reviewed: any edit of the ticket ends the review.
useTicket.subscribe((state, before) => {
  if (state.draft !== before.draft) backToAlgorithm();
});

function setPhase(phase: ParentPhase): void {
  useAlgorithm.setState({ phase });
}

/** Asks the engine how this parent would be worked and what the risk says. Begins nothing. */
export async function reviewParent(desk: Desk, account: string, instrument: InstrumentView): Promise<void> {
  const { draft, phase } = useAlgorithm.getState();
  if (phase.name === 'reviewing' || isLocked(phase)) return;
  const read = readParent(useTicket.getState().draft, draft, account, instrument);
  if ('problems' in read) {
    useAlgorithm.setState({ problems: read.problems, phase: { name: 'edit' } });
    return;
  }
  setPhase({ name: 'reviewing' });
  const outcome = await desk.connection.call((client, options) => client.algorithms.preview(read.parent, options));
  if (useAlgorithm.getState().phase.name !== 'reviewing') return;
  if (outcome.kind === 'ok') {
    const key = `parent-${crypto.randomUUID()}`;
    setPhase({
      name: 'review',
      review: { ticket: read.parent, preview: outcome.value, key, openedAt: performance.now() },
    });
  } else if (outcome.kind === 'refused') {
    setPhase({ name: 'refused', sentence: outcome.sentence, code: outcome.code, refusal: outcome.refusal });
  } else {
    const sentence = `No review: ${outcome.sentence} Nothing was begun.`;
    setPhase({ name: 'refused', sentence, code: 'NO_REVIEW', refusal: null });
  }
}

/** Nothing that the engine refuses, and nothing that risk blocks as a whole, has a press that begins it. */
export function isBlocked({ preview }: ParentReview): boolean {
  return preview.refusal !== null || preview.checks.some(({ severity }) => severity === 'block');
}

/** The second press. Returns false when it does not count. */
export function startParent(desk: Desk): boolean {
  const { phase } = useAlgorithm.getState();
  if (phase.name !== 'review' || isBlocked(phase.review)) return false;
  if (performance.now() - phase.review.openedAt < SECOND_PRESS_MS) return false;
  setPhase({ name: 'sending', review: phase.review });
  void begin(desk, phase.review);
  return true;
}

async function begin(desk: Desk, review: ParentReview): Promise<void> {
  const order = { ...review.ticket, idempotencyKey: review.key };
  for (let tries = 1; ; tries += 1) {
    const outcome = await desk.connection.call(
      (client, options) => client.algorithms.start(order, options),
      COMMAND_TIMEOUT_MS,
    );
    if (outcome.kind === 'ok') {
      setPhase({ name: 'sent', id: outcome.value.id });
      return;
    }
    if (outcome.kind === 'refused') {
      return setPhase({ name: 'refused', sentence: outcome.sentence, code: outcome.code, refusal: outcome.refusal });
    }
    if (outcome.kind === 'not-sent' && tries === 1) {
      return setPhase({ name: 'refused', sentence: outcome.sentence, code: 'NOT_SENT', refusal: null });
    }
    setPhase({ name: 'unknown', review, sentence: outcome.sentence, tries });
    await new Promise((resolve) => setTimeout(resolve, REPEAT_EVERY_MS));
  }
}
