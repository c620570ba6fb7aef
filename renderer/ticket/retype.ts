import { compare, readTyped } from '../format/decimal-text.ts';
import { useSettings } from '../settings/settings.ts';
import type { Review } from './ticket-state.ts';

/** Asked for in the settings, on top of what the engine asks for. Orders that only close stay quick. */
export function needsRetype(review: Review): boolean {
  return (
    review.ticket.reduceOnly !== true &&
    review.preview.verdict !== 'block' &&
    useSettings.getState().confirmTicket === 'retype'
  );
}

/** Whether what was typed again is the quantity that would be sent. */
export function isRetyped(review: Review, typed: string): boolean {
  const text = readTyped(typed);
  return text !== null && compare(text, review.preview.quantity) === 0;
}
