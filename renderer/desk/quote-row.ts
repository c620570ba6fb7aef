import { compare } from '../format/decimal-text.ts';
import type { QuoteView } from '../../src/contract/types.ts';

/** A quote as the window holds it: with the moment it came and the direction of its last change. */
export interface QuoteRow extends QuoteView {
  /** performance.now() of arrival: the age goes on growing in the window. */
  readonly receivedAt: number;
  readonly direction: -1 | 0 | 1;
}

export function quoteRow(quote: QuoteView, before: QuoteRow | undefined, now: number): QuoteRow {
  const step = before?.last && quote.last ? (compare(quote.last, before.last) ?? 0) : 0;
  return { ...quote, receivedAt: now, direction: step === 0 ? (before?.direction ?? 0) : step < 0 ? -1 : 1 };
}

/** Age of the newest tick by event time, or null before the first. */
export function quoteAge(row: QuoteRow, now: number): number | null {
  return row.ageMs === null ? null : row.ageMs + (now - row.receivedAt);
}

export function isDoubtful(row: QuoteRow): boolean {
  return row.state === 'stale' || row.state === 'disconnected';
}
