import { useCallback, useSyncExternalStore } from 'react';
import type { RowStore } from './row-store.ts';

export type RowShape = 'loading' | 'empty' | 'rows';

/** Only the shape is React state: a table renders when it gets its first or loses its last row, never on a tick. */
export function useRowShape<Row>(store: RowStore<Row>): RowShape {
  return useSyncExternalStore(
    useCallback((listener) => store.onShape(listener), [store]),
    () => (store.size > 0 ? 'rows' : store.loaded ? 'empty' : 'loading'),
  );
}

export function useRowCount<Row>(store: RowStore<Row>): number {
  return useSyncExternalStore(
    useCallback((listener) => store.onShape(listener), [store]),
    () => store.size,
  );
}
