import type { BookView, InstrumentView } from '../../src/contract/types.ts';
import { times, trimZeros } from '../format/decimal-text.ts';

/**
 * The ladder's price axis: one row per `multiple` ticks, counted in whole ticks so that no price is ever rounded on its
 * way into an order. Row 0 is price zero.
 */
export class PriceRows {
  readonly #instrument: InstrumentView;
  readonly #tick: number;
  readonly #step: number;
  readonly multiple: number;

  constructor(instrument: InstrumentView, multiple: number) {
    this.#instrument = instrument;
    this.#tick = Number(instrument.tick);
    this.#step = Number(instrument.step);
    this.multiple = multiple;
  }

  ticksOf(price: string): number {
    return Math.round(Number(price) / this.#tick);
  }

  /** The row of an own order, or of a mark: the nearest row at or below it. */
  rowOf(price: string): number {
    return Math.floor(this.ticksOf(price) / this.multiple);
  }

  /** A bid stands in the row at or below it and an ask at or above: no row promises a better price than there is. */
  bidRow(price: string): number {
    return this.rowOf(price);
  }

  askRow(price: string): number {
    return Math.ceil(this.ticksOf(price) / this.multiple);
  }

  /** What an order of this row costs: exact, on the tick grid. */
  priceOf(row: number): string {
    const exact = times(this.#instrument.tick, String(row * this.multiple)) ?? '0';
    return exact;
  }

  stepsOf(quantity: string): number {
    return Math.round(Number(quantity) / this.#step);
  }

  quantityOf(steps: number): string {
    return times(this.#instrument.step, String(steps)) ?? '0';
  }
}

const MULTIPLES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];

/** The finest grouping in which the ten best levels of both sides fill no more than `rows` rows. */
export function fittingMultiple(book: BookView, instrument: InstrumentView, rows: number): number {
  const axis = new PriceRows(instrument, 1);
  const best = [book.bids[0], book.asks[0]].filter((level) => level !== undefined);
  const far = [book.bids.slice(0, 10).at(-1), book.asks.slice(0, 10).at(-1)].filter((level) => level !== undefined);
  const ticks = [...best, ...far].map(({ price }) => axis.ticksOf(price));
  if (ticks.length === 0) return 1;
  const reach = Math.max(...ticks) - Math.min(...ticks);
  return MULTIPLES.find((multiple) => reach / multiple <= rows) ?? MULTIPLES.at(-1) ?? 1;
}

/** Groupings around the fitting one, each named by the price distance of its rows. */
export function groupings(
  instrument: InstrumentView,
): readonly { readonly multiple: number; readonly label: string }[] {
  return MULTIPLES.map((multiple) => ({
    multiple,
    label: trimZeros(times(instrument.tick, String(multiple)) ?? String(multiple)),
  }));
}

export interface GroupedBook {
  /** Row to size, in steps. */
  readonly bids: ReadonlyMap<number, number>;
  readonly asks: ReadonlyMap<number, number>;
  readonly bestBid: number | null;
  readonly bestAsk: number | null;
  readonly largest: number;
}

export function groupBook(book: BookView, rows: PriceRows): GroupedBook {
  const side = (levels: BookView['bids'], rowOf: (price: string) => number) => {
    const sizes = new Map<number, number>();
    for (const { price, size } of levels) {
      const row = rowOf(price);
      sizes.set(row, (sizes.get(row) ?? 0) + rows.stepsOf(size));
    }
    return sizes;
  };
  const bids = side(book.bids, (price) => rows.bidRow(price));
  const asks = side(book.asks, (price) => rows.askRow(price));
  const [bid] = book.bids;
  const [ask] = book.asks;
  return {
    bids,
    asks,
    bestBid: bid === undefined ? null : rows.bidRow(bid.price),
    bestAsk: ask === undefined ? null : rows.askRow(ask.price),
    largest: Math.max(1, ...bids.values(), ...asks.values()),
  };
}
