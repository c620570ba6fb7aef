import { createContext, useCallback, useContext } from 'react';
import { readLink, type LinkChoice } from './links.ts';

/** What a panel keeps in the layout: plain JSON, and not trusted when it comes back from a file. */
export type PanelParams = Readonly<Record<string, unknown>>;

export interface PanelHandle {
  /** Of this panel among several of its kind: "chart-2". */
  readonly id: string;
  readonly params: PanelParams;
  readonly setParams: (change: PanelParams) => void;
}

export const PanelContext = createContext<PanelHandle | null>(null);

export function usePanel(): PanelHandle | null {
  return useContext(PanelContext);
}

export function linkOf(panel: PanelHandle | null): LinkChoice {
  return panel === null ? 'A' : readLink(panel.params['link']);
}

/** Of an unlinked panel. */
export function ownSymbol(panel: PanelHandle | null): string | null {
  const own = panel?.params['instrument'];
  return typeof own === 'string' ? own : null;
}

/** One setting of this panel that is saved with the layout. `read` makes a valid value of whatever is stored. */
export function usePanelParam<T>(key: string, read: (stored: unknown) => T): readonly [T, (value: T) => void] {
  const panel = usePanel();
  const set = useCallback((value: T) => panel?.setParams({ [key]: value }), [panel, key]);
  return [read(panel?.params[key]), set];
}
