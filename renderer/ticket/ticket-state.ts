import { create } from 'zustand';
import type { OrderPreview, RefusalView } from '../../src/contract/types.ts';
import { emptyDraft, type Draft, type DraftProblems, type TicketInput } from './draft.ts';

/** One review of one ticket. Its key goes with the order, so that this review can never become two orders. */
export interface Review {
  readonly ticket: TicketInput;
  readonly preview: OrderPreview;
  readonly key: string;
  /** performance.now() when it appeared: the second press counts 400 ms later. */
  readonly openedAt: number;
}

export type Phase =
  | { readonly name: 'edit' }
  | { readonly name: 'reviewing' }
  | { readonly name: 'review'; readonly review: Review }
  | { readonly name: 'sending'; readonly review: Review }
  /** Sent, no answer. Looked up until it is known; never sent again. */
  | { readonly name: 'unknown'; readonly review: Review; readonly sentence: string; readonly checks: number }
  | { readonly name: 'sent'; readonly orderId: string; readonly review: Review }
  | {
      readonly name: 'refused';
      readonly sentence: string;
      readonly code: string;
      readonly refusal: RefusalView | null;
    };

interface TicketState {
  readonly draft: Draft;
  readonly problems: DraftProblems;
  readonly phase: Phase;
  /** The quantity once more, where the settings ask for it before sending. */
  readonly retyped: string;
}

export const useTicket = create<TicketState>()(() => ({
  draft: emptyDraft,
  problems: {},
  phase: { name: 'edit' },
  retyped: '',
}));

/** An order whose fate is open blocks the ticket: neither editing nor another send may hide it. */
export function isLocked(phase: Phase): boolean {
  return phase.name === 'sending' || phase.name === 'unknown';
}

/** Any edit ends a review: what is sent is always what was reviewed. */
export function edit(change: Partial<Draft>): void {
  useTicket.setState((state) =>
    isLocked(state.phase) ? state : { draft: { ...state.draft, ...change }, problems: {}, phase: { name: 'edit' } },
  );
}

export function backToEdit(): void {
  useTicket.setState((state) => (isLocked(state.phase) ? state : { problems: {}, phase: { name: 'edit' } }));
}

/** For another instrument: prices of the old one must not survive. */
export function clearForInstrument(): void {
  edit({
    quantity: '',
    price: '',
    trigger: '',
    stopLoss: '',
    takeProfit: '',
    trailing: '',
    offset: '',
    activation: '',
    conditional: false,
    conditionPrice: '',
    oco: '',
    reduceOnly: false,
  });
}
