import type { ContractInputs, InstrumentView } from '../../src/contract/types.ts';
import { compare, readTyped, signOf } from '../format/decimal-text.ts';
import { readFigure, type Draft, type DraftProblems } from './draft.ts';

export type ParentInput = ContractInputs['algorithms']['preview'];
type Terms = ParentInput['algorithm'];
export type AlgorithmKind = Terms['type'];
export type Urgency = 'passive' | 'low' | 'normal' | 'high';

/** What stands in the fields of an algorithm, as typed. Side, quantity and limit price are those of the ticket. */
export interface AlgorithmDraft {
  readonly kind: AlgorithmKind;
  readonly urgency: Urgency;
  /** Minutes. */
  readonly horizon: string;
  /** Seconds. */
  readonly interval: string;
  /** Per cent of what others trade. */
  readonly rate: string;
  readonly display: string;
  /** Basis points. */
  readonly collar: string;
  readonly style: 'limit' | 'market';
  readonly finish: 'leave' | 'complete';
  readonly venue: 'named' | 'best';
}

export const emptyAlgorithm: AlgorithmDraft = {
  kind: 'auto',
  urgency: 'normal',
  horizon: '',
  interval: '',
  rate: '10',
  display: '',
  collar: '20',
  style: 'limit',
  finish: 'leave',
  venue: 'named',
};

export type AlgorithmField = 'horizon' | 'interval' | 'rate' | 'display' | 'collar';
export type AlgorithmProblems = DraftProblems & Partial<Record<AlgorithmField, string>>;

/** Which fields a kind asks for; a question mark where it may stay empty. */
const FIELDS: Readonly<Record<AlgorithmKind, readonly (AlgorithmField | `${AlgorithmField}?`)[]>> = {
  auto: ['horizon?'],
  twap: ['horizon', 'interval'],
  vwap: ['horizon', 'interval'],
  pov: ['rate', 'horizon?'],
  iceberg: ['display'],
  pegged: ['horizon?'],
  sniper: [],
  'guarded-market': ['collar'],
};

export function asksFor(kind: AlgorithmKind, field: AlgorithmField): 'yes' | 'may' | 'no' {
  const fields = FIELDS[kind];
  return fields.includes(field) ? 'yes' : fields.includes(`${field}?`) ? 'may' : 'no';
}

export function asksUrgency(kind: AlgorithmKind): boolean {
  return kind === 'auto' || kind === 'twap' || kind === 'vwap' || kind === 'pov' || kind === 'pegged';
}

export function asksStyle(kind: AlgorithmKind): boolean {
  return kind === 'twap' || kind === 'vwap' || kind === 'pov';
}

/** An iceberg and a sniper work at one price; the others take the price as their worst. */
function parentNeedsPrice(kind: AlgorithmKind): boolean {
  return kind === 'iceberg' || kind === 'sniper';
}

const NAMES: Readonly<Record<AlgorithmField, string>> = {
  horizon: 'how long it may take',
  interval: 'the time between two orders',
  rate: 'its share of the volume',
  display: 'the quantity to show',
  collar: 'how far from the touch it may trade',
};

/** A number for the engine: times and shares are statistics there, not money. */
function readNumber(draft: AlgorithmDraft, field: AlgorithmField, problems: AlgorithmProblems): number | null {
  const asked = asksFor(draft.kind, field);
  const typed = draft[field].trim();
  if (asked === 'no' || (typed === '' && asked === 'may')) return null;
  const text = readTyped(typed);
  if (typed === '') problems[field] = `Say ${NAMES[field]}.`;
  else if (text === null) problems[field] = `"${typed}" is not a number.`;
  else if (signOf(text) <= 0) problems[field] = 'It must be above zero.';
  else return Number(text);
  return null;
}

/** Null where a figure that the kind needs is missing or wrong: `problems` names it. */
function readTerms(draft: AlgorithmDraft, quantity: string | null, problems: AlgorithmProblems): Terms | null {
  const { kind, urgency, style, finish } = draft;
  const minutes = readNumber(draft, 'horizon', problems);
  const seconds = readNumber(draft, 'interval', problems);
  const percent = readNumber(draft, 'rate', problems);
  const collarBps = readNumber(draft, 'collar', problems);
  const horizonMs = minutes === null ? null : minutes * 60_000;
  const intervalMs = seconds === null ? null : seconds * 1_000;
  if (horizonMs !== null && intervalMs !== null && intervalMs > horizonMs) {
    problems.interval = 'It must fit into the whole time.';
  }
  if (percent !== null && percent > 100) problems.rate = 'At most 100 % of what others trade.';
  switch (kind) {
    case 'auto':
      return { type: kind, urgency, horizonMs };
    case 'twap':
    case 'vwap':
      return horizonMs === null || intervalMs === null ? null : { type: kind, horizonMs, intervalMs, urgency, style };
    case 'pov':
      return percent === null ? null : { type: kind, rate: percent / 100, horizonMs, finish, urgency, style };
    case 'iceberg': {
      const display = readTyped(draft.display);
      if (display === null || signOf(display) <= 0) problems.display = 'Say the quantity to show.';
      else if (quantity !== null && (compare(display, quantity) ?? 0) > 0)
        problems.display = 'Not more than the whole.';
      return display === null ? null : { type: kind, display };
    }
    case 'pegged':
      return { type: kind, urgency, ...(horizonMs === null ? {} : { horizonMs }) };
    case 'sniper':
      return { type: kind };
    case 'guarded-market':
      return collarBps === null ? null : { type: kind, collarBps };
  }
}

/** The ticket and the terms of its algorithm as a parent order, or what is wrong with them. */
export function readParent(
  ticket: Draft,
  draft: AlgorithmDraft,
  account: string,
  instrument: InstrumentView,
): { readonly parent: ParentInput } | { readonly problems: AlgorithmProblems } {
  const problems: AlgorithmProblems = {};
  const quantity = readFigure(ticket, 'quantity', true, problems);
  const price = readFigure(ticket, 'price', parentNeedsPrice(draft.kind), problems);
  const algorithm = readTerms(draft, quantity, problems);
  if (Object.keys(problems).length > 0 || quantity === null || algorithm === null) return { problems };
  return {
    parent: {
      account,
      instrument: instrument.id,
      side: ticket.side,
      quantity,
      price,
      reduceOnly: ticket.reduceOnly,
      venue: draft.venue,
      algorithm,
    },
  };
}
