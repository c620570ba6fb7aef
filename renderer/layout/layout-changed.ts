/** Something worth saving changed that the dock itself does not report: a setting of a panel, a symbol of a group. */
const listeners = new Set<() => void>();

export function layoutChanged(): void {
  for (const listener of listeners) listener();
}

export function onLayoutChanged(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
