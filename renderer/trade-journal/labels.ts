/** Mistakes are tags of their own kind, so that they are counted and found like any other tag. */
const PREFIX = 'mistake:';
const LONGEST = 40;
const MOST = 20;

export const MISTAKES = [
  'no stop',
  'moved the stop',
  'too large',
  'chased',
  'too early',
  'too late',
  'against the plan',
  'revenge',
] as const;

export interface Labels {
  readonly tags: readonly string[];
  readonly mistakes: readonly string[];
}

export function labelsOf(stored: readonly string[]): Labels {
  return {
    tags: stored.filter((tag) => !tag.startsWith(PREFIX)),
    mistakes: stored.filter((tag) => tag.startsWith(PREFIX)).map((tag) => tag.slice(PREFIX.length)),
  };
}

export function storedLabels({ tags, mistakes }: Labels): string[] {
  return [...new Set([...tags, ...mistakes.map((mistake) => PREFIX + mistake)])];
}

/** Comma-separated words as tags; what is wrong with them in `problem`. */
export function readTags(typed: string): { readonly tags: readonly string[]; readonly problem: string | null } {
  const tags = [...new Set(typed.split(',').map((tag) => tag.trim().toLowerCase()))].filter((tag) => tag !== '');
  const long = tags.find((tag) => tag.length > LONGEST);
  const problem =
    long !== undefined
      ? `"${long.slice(0, 12)}…" is longer than ${LONGEST} characters.`
      : tags.length + MISTAKES.length > MOST
        ? `At most ${MOST - MISTAKES.length} tags.`
        : tags.some((tag) => tag.startsWith(PREFIX))
          ? 'Mistakes are chosen below.'
          : null;
  return { tags, problem };
}
