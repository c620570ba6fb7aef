import type { AccountView } from '../../src/contract/types.ts';
import type { Range } from './period.ts';

/** What a report is about: one account, never several together, and a stretch of time. */
export interface Scope {
  readonly account: AccountView;
  readonly range: Range;
  readonly revision: number;
}

/** Names the question, so that an answer to another one is not taken for it. */
export function scopeKey({ account, range }: Scope): string {
  return `${account.id} ${range.fromDay ?? 'all'}`;
}

export function fromMs({ range }: Scope): { readonly from?: number } {
  return range.from === undefined ? {} : { from: range.from };
}

export function fromDay({ range }: Scope): { readonly from?: string } {
  return range.fromDay === undefined ? {} : { from: range.fromDay };
}
