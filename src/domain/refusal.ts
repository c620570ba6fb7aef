/**
 * An expected "no". `code` is stable and for machines; `sentence` is for the user and says what to do next.
 * `value` and `limit` are the figure that was judged and the bound it was judged by, as decimal strings or words.
 */
export interface Refusal {
  readonly code: string;
  readonly sentence: string;
  readonly value?: string;
  readonly limit?: string;
}

export type Result<T, E = Refusal> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function refuse(
  code: string,
  sentence: string,
  figures: { value?: string; limit?: string } = {},
): { readonly ok: false; readonly error: Refusal } {
  return { ok: false, error: { code, sentence, ...figures } };
}

/** A user error thrown across a boundary that has no room for a Result: the command line prints `sentence` and no stack. */
export class RefusalError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.sentence);
    this.name = 'RefusalError';
    this.refusal = refusal;
  }
}

/** What a caught value says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
