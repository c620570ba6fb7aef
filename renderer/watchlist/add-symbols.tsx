import type { InstrumentView } from '../../src/contract/types.ts';
import { displayName } from '../desk/instruments.ts';
import { addToList, type SymbolList } from './lists.ts';

const MOST = 6;

interface AddSymbolsProps {
  readonly list: SymbolList;
  readonly typed: string;
  readonly instruments: ReadonlyMap<string, InstrumentView>;
  readonly onAdded: () => void;
}

/** What is typed and not in the list yet, one press away from it. */
export function AddSymbols({ list, typed, instruments, onAdded }: AddSymbolsProps) {
  const wanted = typed.trim().toLowerCase();
  const found =
    wanted === ''
      ? []
      : [...instruments.values()]
          .filter(
            (instrument) =>
              !list.symbols.includes(instrument.id) &&
              `${displayName(instrument)} ${instrument.id}`.toLowerCase().includes(wanted),
          )
          .slice(0, MOST);
  if (found.length === 0) return null;
  return (
    <ul aria-label={`Add to ${list.name}`} className="shrink-0 border-b border-line bg-raised py-1">
      {found.map((instrument) => (
        <li key={instrument.id}>
          <button
            type="button"
            onClick={() => {
              addToList(list.id, instrument.id);
              onAdded();
            }}
            className="flex h-6 w-full items-center gap-2 px-2 hover:bg-hover"
          >
            <span aria-hidden className="text-accent">
              +
            </span>
            <span className="font-semibold">{displayName(instrument)}</span>
            <span className="text-ink-2">{instrument.venue.toUpperCase()}</span>
            <span className="sr-only">add to {list.name}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
