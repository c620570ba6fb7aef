import type { JournalRecord } from '../../journal/journal.ts';
import type { JournalReader } from '../../journal/journal-reader.ts';
import type { EpochMs } from '../../domain/units.ts';
import { ENDED, type ParentState } from '../../execution/algorithms/parent-state.ts';

/** One audit record per step of a parent, its detail is the whole state; the newest one counts. */
const STEP = 'parent-order ';
/** Which parents there are: ids of those that work and of the newest that have ended. */
const ROSTER = 'parent-orders';
const ENDED_KEPT = 100;

/** The records that make one step durable, in one commit. */
export function parentRecords(
  parent: ParentState,
  said: string,
  others: readonly ParentState[],
  isNew: boolean,
  at: EpochMs,
): JournalRecord[] {
  const records: JournalRecord[] = [
    {
      kind: 'audit',
      audit: { at, actor: 'engine', action: STEP + parent.id, reason: said, detail: JSON.stringify(parent) },
    },
  ];
  if (isNew || ENDED.has(parent.status)) {
    const all = [...others.filter(({ id }) => id !== parent.id), parent];
    const working = all.filter(({ status }) => !ENDED.has(status)).map(({ id }) => id);
    const ended = all.filter(({ status }) => ENDED.has(status)).map(({ id }) => id);
    const detail = JSON.stringify([...ended.slice(-ENDED_KEPT), ...working]);
    const reason = `${working.length} parent orders work.`;
    records.push({ kind: 'audit', audit: { at, actor: 'engine', action: ROSTER, reason, detail } });
  }
  return records;
}

/** The parents as last written down, oldest first; `unreadable` names those whose record is damaged. */
export function storedParents(read: JournalReader): { parents: ParentState[]; unreadable: string[] } {
  const parents: ParentState[] = [];
  const unreadable: string[] = [];
  for (const id of idsOf(read.lastAudit(ROSTER)?.detail ?? '[]')) {
    const state = parse(read.lastAudit(STEP + id)?.detail ?? '');
    if (isParent(state, id)) parents.push(state);
    else unreadable.push(id);
  }
  return { parents, unreadable };
}

export function hasParent(read: JournalReader, id: string): boolean {
  return read.lastAudit(STEP + id) !== null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function idsOf(text: string): string[] {
  const ids = parse(text);
  return Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string') : [];
}

/** The chain of hashes proves that the record is ours; this only tells a cut or older form. */
function isParent(value: unknown, id: string): value is ParentState {
  if (typeof value !== 'object' || value === null) return false;
  const state = value as Partial<ParentState>;
  return state.format === 1 && state.id === id && Array.isArray(state.children) && typeof state.quantity === 'number';
}
