import { useCallback, useSyncExternalStore } from 'react';
import type { RowStore } from './row-store.ts';

/** One row as React state: for orders and positions, which change rarely. Never for quotes. */
export function useRow<Row>(store: RowStore<Row>, id: string | null): Row | undefined {
  return useSyncExternalStore(
    useCallback((listener) => store.subscribe(listener), [store]),
    () => (id === null ? undefined : store.get(id)),
  );
}
