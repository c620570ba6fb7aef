import type { BookLevelView, BookView, InstrumentView } from '../../src/contract/types.ts';
import { plus } from '../format/decimal-text.ts';
import { figures } from '../format/money.ts';

export interface LadderRow {
  readonly price: string;
  readonly size: string;
  readonly total: string;
  /** Share of the largest cumulative size shown, for the bar. Pixels, not money. */
  readonly share: number;
}

export interface Ladder {
  /** Worst first, so that the best ask stands next to the spread. */
  readonly asks: readonly LadderRow[];
  readonly bids: readonly LadderRow[];
}

function cumulate(levels: readonly BookLevelView[], depth: number): { price: string; size: string; total: string }[] {
  let total = '0';
  return levels.slice(0, depth).map(({ price, size }) => {
    total = plus(total, size) ?? total;
    return { price, size, total };
  });
}

export function buildLadder(book: BookView, instrument: InstrumentView, depth: number): Ladder {
  const asks = cumulate(book.asks, depth);
  const bids = cumulate(book.bids, depth);
  const largest = Math.max(Number(asks.at(-1)?.total ?? 0), Number(bids.at(-1)?.total ?? 0), Number.MIN_VALUE);
  const style = { currency: instrument.quote, digits: instrument.priceDigits };
  const digits = Math.min(instrument.quantityDigits, 4);
  const row = ({ price, size, total }: { price: string; size: string; total: string }): LadderRow => ({
    price: figures(price, style),
    size: figures(size, { currency: instrument.quote, digits }),
    total: figures(total, { currency: instrument.quote, digits }),
    share: Number(total) / largest,
  });
  return { asks: asks.map(row).reverse(), bids: bids.map(row) };
}
