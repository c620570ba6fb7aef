import type { Link } from '../desk/links.ts';

/** Where the pointer is on one chart of a group, for the others: a moment and a price. */
export interface CrosshairPlace {
  readonly time: number;
  readonly price: number;
}

type Listener = (from: string, place: CrosshairPlace | null) => void;
const listeners = new Map<Link, Set<Listener>>();

/** Only the crosshair is linked, never the scroll: charts of other timeframes keep their place. */
export function tellCrosshair(link: Link, from: string, place: CrosshairPlace | null): void {
  for (const listener of listeners.get(link) ?? []) listener(from, place);
}

export function onCrosshair(link: Link, listener: Listener): () => void {
  const group = listeners.get(link) ?? new Set();
  listeners.set(link, group);
  group.add(listener);
  return () => group.delete(listener);
}
