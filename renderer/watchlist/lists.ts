import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export interface SymbolList {
  readonly id: string;
  readonly name: string;
  readonly symbols: readonly string[];
}

/** Named lists of symbols. "All" is no list: it is what the session has. */
export const useLists = create<{ readonly lists: readonly SymbolList[] }>()(
  persist((): { readonly lists: readonly SymbolList[] } => ({ lists: [] }), {
    name: 'tradewright.watchlists',
    version: 1,
    merge: (stored, current) => ({ ...current, lists: readLists(stored) }),
  }),
);

export function readLists(stored: unknown): readonly SymbolList[] {
  if (typeof stored !== 'object' || stored === null || !('lists' in stored) || !Array.isArray(stored.lists)) return [];
  return stored.lists.flatMap((list: unknown): SymbolList[] => {
    if (typeof list !== 'object' || list === null || !('id' in list) || !('name' in list) || !('symbols' in list))
      return [];
    const { id, name, symbols } = list;
    if (typeof id !== 'string' || typeof name !== 'string' || !Array.isArray(symbols)) return [];
    return [{ id, name, symbols: symbols.filter((symbol) => typeof symbol === 'string') }];
  });
}

function change(id: string, edit: (list: SymbolList) => SymbolList): void {
  useLists.setState(({ lists }) => ({ lists: lists.map((list) => (list.id === id ? edit(list) : list)) }));
}

export function newList(name: string, symbols: readonly string[]): string {
  const id = crypto.randomUUID();
  useLists.setState(({ lists }) => ({ lists: [...lists, { id, name, symbols }] }));
  return id;
}

export function renameList(id: string, name: string): void {
  change(id, (list) => ({ ...list, name }));
}

export function removeList(id: string): void {
  useLists.setState(({ lists }) => ({ lists: lists.filter((list) => list.id !== id) }));
}

export function addToList(id: string, symbol: string): void {
  change(id, (list) => (list.symbols.includes(symbol) ? list : { ...list, symbols: [...list.symbols, symbol] }));
}

export function removeFromList(id: string, symbol: string): void {
  change(id, (list) => ({ ...list, symbols: list.symbols.filter((each) => each !== symbol) }));
}
