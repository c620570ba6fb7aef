import { create } from 'zustand';
import { persist, type PersistStorage } from 'zustand/middleware';

export const FIRST_STEPS = ['looks', 'account', 'limits', 'trade', 'halt'] as const;
export type FirstStep = (typeof FIRST_STEPS)[number];

/** What of it outlives the window. */
interface KeptFirstRun {
  readonly step: FirstStep;
  /** Gone through or put away for good. */
  readonly done: boolean;
  readonly finished: readonly FirstStep[];
}

interface FirstRun extends KeptFirstRun {
  readonly open: boolean;
}

const KEY = 'tradewright.first-run';
const FRESH: KeptFirstRun = { step: 'looks', done: false, finished: [] };

function isStep(value: unknown): value is FirstStep {
  return FIRST_STEPS.some((step) => step === value);
}

/** Whatever is not understood counts as done: a broken store must not ask anybody to begin again. */
export function readFirstRun(text: string | null): KeptFirstRun {
  if (text === null) return FRESH;
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document !== 'object' || document === null || !('step' in document) || !('done' in document))
      return { ...FRESH, done: true };
    const { step, done } = document;
    const finished: readonly unknown[] =
      'finished' in document && Array.isArray(document.finished) ? document.finished : [];
    return isStep(step) ? { step, done: done === true, finished: finished.filter(isStep) } : { ...FRESH, done: true };
  } catch {
    return { ...FRESH, done: true };
  }
}

function read(): FirstRun {
  let text: string | null;
  try {
    text = localStorage.getItem(KEY);
  } catch {
    text = '';
  }
  const kept = readFirstRun(text);
  return { ...kept, open: !kept.done };
}

const storage: PersistStorage<KeptFirstRun> = {
  getItem: () => null,
  setItem: (key, { state }) => {
    try {
      localStorage.setItem(key, JSON.stringify(state));
    } catch {
      // It will be offered again, nothing worse.
    }
  },
  removeItem: (key) => localStorage.removeItem(key),
};

export const useFirstRun = create<FirstRun>()(
  persist(read, { name: KEY, storage, partialize: ({ step, done, finished }) => ({ step, done, finished }) }),
);

export function openFirstRun(): void {
  useFirstRun.setState((state) => ({ open: true, step: state.done ? 'looks' : state.step }));
}

export function goToStep(step: FirstStep): void {
  useFirstRun.setState({ step });
}

/** Marks a step as finished and goes to the next; after the last it is over for good. */
export function finishStep(step: FirstStep): void {
  useFirstRun.setState((state) => {
    const finished = state.finished.includes(step) ? state.finished : [...state.finished, step];
    const next = FIRST_STEPS[FIRST_STEPS.indexOf(step) + 1];
    return next === undefined ? { finished, done: true, open: false } : { finished, step: next };
  });
}

/** Later: it stays where it is and comes back with the next window. */
export function closeFirstRun(): void {
  useFirstRun.setState({ open: false });
}

export function skipFirstRun(): void {
  useFirstRun.setState({ done: true, open: false });
}
