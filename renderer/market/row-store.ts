/** What happened to the rows since the last flush. */
export interface RowChange<Row> {
  readonly added: readonly Row[];
  readonly updated: readonly Row[];
  readonly removed: readonly Row[];
}

export type Schedule = (flush: () => void) => void;

/** One flush per frame; a hidden window has no frames and gets one a second. */
export const perFrame: Schedule = (flush) => {
  if (document.hidden) setTimeout(flush, 1_000);
  else requestAnimationFrame(flush);
};

/**
 * Rows outside of React. Writers put any number of changes between two frames; readers get one coalesced change per
 * frame. Grids and live texts read from here, so a tick never causes a render.
 */
export class RowStore<Row> {
  readonly #idOf: (row: Row) => string;
  readonly #schedule: Schedule;
  readonly #rows = new Map<string, Row>();
  readonly #shown = new Map<string, Row>();
  readonly #dirty = new Set<string>();
  readonly #listeners = new Set<(change: RowChange<Row>) => void>();
  readonly #sizeListeners = new Set<() => void>();
  #planned = false;
  #loaded = false;

  constructor(idOf: (row: Row) => string, schedule: Schedule = perFrame) {
    this.#idOf = idOf;
    this.#schedule = schedule;
  }

  /** False until the first rows (or the first "there are none") have come. */
  get loaded(): boolean {
    return this.#loaded;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  rows(): Row[] {
    return [...this.#rows.values()];
  }

  /** The rows as of the last flush: what a new reader starts from, since the next change builds on it. */
  shown(): Row[] {
    return [...this.#shown.values()];
  }

  put(row: Row): void {
    const id = this.#idOf(row);
    this.#rows.set(id, row);
    this.#touch(id);
  }

  putAll(rows: Iterable<Row>): void {
    for (const row of rows) this.put(row);
    this.#markLoaded();
  }

  remove(id: string): void {
    if (this.#rows.delete(id)) this.#touch(id);
  }

  /** A snapshot: what is not in it is gone. */
  replace(rows: Iterable<Row>): void {
    const kept = new Set<string>();
    for (const row of rows) {
      kept.add(this.#idOf(row));
      this.put(row);
    }
    for (const id of Array.from(this.#rows.keys())) if (!kept.has(id)) this.remove(id);
    this.#markLoaded();
  }

  /** Back to "not loaded", for another account. */
  reset(): void {
    this.replace([]);
    this.#loaded = false;
    this.#planFlush();
  }

  subscribe(listener: (change: RowChange<Row>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** For React: called when the number of rows or the loaded state may have changed, not on every row update. */
  onShape(listener: () => void): () => void {
    this.#sizeListeners.add(listener);
    return () => this.#sizeListeners.delete(listener);
  }

  #markLoaded(): void {
    if (this.#loaded) return;
    this.#loaded = true;
    this.#planFlush();
  }

  #touch(id: string): void {
    this.#dirty.add(id);
    this.#planFlush();
  }

  #planFlush(): void {
    if (this.#planned) return;
    this.#planned = true;
    this.#schedule(() => this.#flush());
  }

  #flush(): void {
    this.#planned = false;
    const added: Row[] = [];
    const updated: Row[] = [];
    const removed: Row[] = [];
    for (const id of this.#dirty) {
      const row = this.#rows.get(id);
      const before = this.#shown.get(id);
      if (row === undefined) {
        if (before === undefined) continue;
        removed.push(before);
        this.#shown.delete(id);
      } else {
        (before === undefined ? added : updated).push(row);
        this.#shown.set(id, row);
      }
    }
    this.#dirty.clear();
    if (added.length + updated.length + removed.length > 0) {
      for (const listener of Array.from(this.#listeners)) listener({ added, updated, removed });
    }
    if (added.length + removed.length > 0 || this.#loaded)
      for (const listener of Array.from(this.#sizeListeners)) listener();
  }
}
