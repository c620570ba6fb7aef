import { ORPCError } from '@orpc/client';
import type { RefusalView } from '../../src/contract/types.ts';

/**
 * What became of a call. `unknown` is its own answer: the engine may have done it, so a command that moves money is
 * looked up and never sent again.
 */
export type Outcome<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'refused'; readonly code: string; readonly sentence: string; readonly refusal: RefusalView | null }
  | { readonly kind: 'unknown'; readonly sentence: string }
  | { readonly kind: 'not-sent'; readonly sentence: string };

function isRefusal(data: unknown): data is RefusalView {
  return (
    typeof data === 'object' &&
    data !== null &&
    'code' in data &&
    'sentence' in data &&
    typeof data.sentence === 'string'
  );
}

/** Answers that say for certain that nothing was done. */
const CERTAIN = new Set([
  'BAD_REQUEST',
  'NOT_FOUND',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'METHOD_NOT_SUPPORTED',
  'TOO_MANY_REQUESTS',
]);

export function failure(error: unknown): Outcome<never> {
  if (error instanceof ORPCError) {
    const data: unknown = error.data;
    if (error.defined && isRefusal(data))
      return { kind: 'refused', code: data.code, sentence: data.sentence, refusal: data };
    if (CERTAIN.has(error.code)) {
      return {
        kind: 'refused',
        code: error.code,
        sentence: `The engine did not accept the request: ${error.message}.`,
        refusal: null,
      };
    }
    return {
      kind: 'unknown',
      sentence: 'The engine failed while it worked on this. Look at the orders before you repeat it.',
    };
  }
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return { kind: 'unknown', sentence: 'The engine did not answer in time.' };
  }
  return { kind: 'unknown', sentence: 'The connection was lost before the answer came.' };
}
