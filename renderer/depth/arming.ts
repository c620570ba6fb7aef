import type { AccountView, BookView, RiskStatus } from '../../src/contract/types.ts';
import { isDoubtful, type QuoteRow } from '../desk/quote-row.ts';
import { age } from '../format/time.ts';

export interface ArmingFacts {
  readonly connected: boolean;
  readonly frozen: boolean;
  readonly account: AccountView;
  readonly risk: RiskStatus | null;
  readonly book: { readonly view: BookView; readonly receivedAt: number } | null;
  readonly quote: QuoteRow | undefined;
  /** Null while what is typed is no usable size. */
  readonly size: string | null;
  readonly now: number;
}

/** Why the depth must not be acted on, in the words of the overlay; null when it is fresh. */
export function depthDoubt({
  connected,
  book,
  quote,
  now,
}: Pick<ArmingFacts, 'connected' | 'book' | 'quote' | 'now'>): string | null {
  if (!connected) return 'NOT CONNECTED';
  if (book === null) return null;
  const state = book.view.state;
  const doubtful = state === 'stale' || state === 'disconnected' || (quote !== undefined && isDoubtful(quote));
  if (!doubtful) return null;
  const ms = book.view.ageMs + Math.max(0, now - book.receivedAt);
  return `DEPTH STALE ${age(Math.floor(ms / 1_000) * 1_000)}`;
}

/**
 * Why a click must not become an order; null when it may. Asked before arming, at every change of a fact and again at
 * the click itself. The engine's gate judges the order after that in any case.
 */
export function clickBlocker(facts: ArmingFacts): string | null {
  const { connected, frozen, account, risk, book, quote, size } = facts;
  if (!connected) return 'no connection to the engine';
  if (frozen) return 'quotes are frozen';
  if (risk === null) return 'the trading state is not known yet';
  if (risk.state === 'HALTED') return 'trading is halted';
  if (account.kind === 'live' && !account.armed) return 'the live account is disarmed';
  if (book === null || (book.view.bids.length === 0 && book.view.asks.length === 0)) return 'there is no order book';
  if (quote === undefined) return 'there is no quote';
  if (quote.state === 'closed' || book.view.state === 'closed') return 'the market is closed';
  if (depthDoubt(facts) !== null) return 'the depth is stale';
  if (size === null) return 'there is no size';
  return null;
}
