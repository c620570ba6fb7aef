/** A link group carries one symbol; every panel in it follows. Group A is the one of the ticket in a new window. */
export const LINKS = ['A', 'B', 'C', 'D'] as const;
export type Link = (typeof LINKS)[number];
/** `none`: the panel keeps a symbol of its own. */
export type LinkChoice = Link | 'none';

export function readLink(value: unknown): LinkChoice {
  if (value === 'none') return 'none';
  return LINKS.find((link) => link === value) ?? 'A';
}

/** Symbols of the groups beside A, whose symbol is `instrument` of the window. */
export type LinkedSymbols = Readonly<Record<Exclude<Link, 'A'>, string | null>>;

export const NO_SYMBOLS: LinkedSymbols = { B: null, C: null, D: null };

export function symbolOf(
  state: { readonly instrument: string | null; readonly linked: LinkedSymbols },
  link: Link,
): string | null {
  return link === 'A' ? state.instrument : (state.linked[link] ?? state.instrument);
}
