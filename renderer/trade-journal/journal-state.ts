import { create } from 'zustand';
import { openScreen } from '../screens/screen-state.ts';

interface JournalState {
  /** Null: that of the window. */
  readonly account: string | null;
  readonly trade: string | null;
}

export const useJournal = create<JournalState>()(() => ({ account: null, trade: null }));

/** Goes to the trade journal with one trade open. */
export function openJournalEntry(account: string, trade: string): void {
  useJournal.setState({ account, trade });
  openScreen('journal');
}
