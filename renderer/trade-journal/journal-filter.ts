import { plus, signOf } from '../format/decimal-text.ts';
import { isoDayOf, type Zone } from '../format/time.ts';
import type { ClosedTrade } from '../performance/types.ts';

export interface JournalFilter {
  readonly text: string;
  readonly side: 'all' | 'long' | 'short';
  readonly result: 'all' | 'won' | 'lost';
  readonly note: 'all' | 'noted' | 'open';
  readonly tag: string | null;
}

export const NO_FILTER: JournalFilter = { text: '', side: 'all', result: 'all', note: 'all', tag: null };

function words(trade: ClosedTrade, name: string): string {
  const { note, strategy, exitReason, instrument } = trade;
  return [name, instrument, strategy ?? 'manual', exitReason, note?.note ?? '', ...(note?.tags ?? [])]
    .join(' ')
    .toLowerCase();
}

function isNoted({ note }: ClosedTrade): boolean {
  return note !== null && (note.note !== '' || note.tags.length > 0 || note.rating !== null);
}

export function passes(trade: ClosedTrade, filter: JournalFilter, name: string): boolean {
  const sign = signOf(trade.pnl);
  return (
    (filter.side === 'all' || trade.side === filter.side) &&
    (filter.result === 'all' || (filter.result === 'won' ? sign > 0 : sign < 0)) &&
    (filter.note === 'all' || isNoted(trade) === (filter.note === 'noted')) &&
    (filter.tag === null || (trade.note?.tags.includes(filter.tag) ?? false)) &&
    filter.text
      .toLowerCase()
      .split(/\s+/)
      .every((word) => words(trade, name).includes(word))
  );
}

export interface JournalDay {
  readonly day: string;
  readonly realised: string;
  readonly totalR: number | null;
  readonly trades: readonly ClosedTrade[];
}

/** Trades by the local day of their exit, in the order they come, with the exact sum of each day. */
export function byDay(trades: readonly ClosedTrade[], zone: Zone): JournalDay[] {
  const days = new Map<string, ClosedTrade[]>();
  for (const trade of trades) {
    const day = isoDayOf(trade.exitAt, zone);
    const list = days.get(day);
    if (list === undefined) days.set(day, [trade]);
    else list.push(trade);
  }
  return [...days].map(([day, list]) => ({
    day,
    realised: list.reduce((sum, { pnl }) => plus(sum, pnl) ?? sum, '0'),
    totalR: list.reduce<number | null>(
      (sum, { figures }) => (figures.rMultiple === null ? sum : (sum ?? 0) + figures.rMultiple),
      null,
    ),
    trades: list,
  }));
}
