import type { AccountView, BookView, InstrumentView, OrderView } from '../../src/contract/types.ts';
import { positionId, type Desk } from '../desk/desk.ts';
import { useWindow } from '../desk/window-state.ts';
import { perFrame } from '../market/row-store.ts';
import { LadderView, type LadderMarks } from './ladder-view.ts';
import { ownKey, ownOrders, type OwnAtRow } from './own-orders.ts';
import { fittingMultiple, groupBook, PriceRows, type GroupedBook } from './price-rows.ts';

const EMPTY: GroupedBook = { bids: new Map(), asks: new Map(), bestBid: null, bestAsk: null, largest: 1 };

export interface LadderSurroundings {
  /**
   * How still the rows must stand: `drag` never moves them; `aim` (the pointer is over an armed ladder) moves them only
   * when the touch has left the rows in sight.
   */
  readonly still: () => 'no' | 'aim' | 'drag';
  /** Where the best prices are, seen from the rows in sight. */
  readonly onTouch: (at: 'in sight' | 'above' | 'below') => void;
}

/**
 * What the ladder shows, outside of React: the newest book, own orders and marks by price row, and which price is on
 * top. Written once per frame at most.
 */
export class LadderModel {
  readonly #desk: Desk;
  readonly #account: AccountView;
  readonly #instrument: InstrumentView;
  readonly #view: LadderView;
  readonly #hold: LadderSurroundings;
  #rows: PriceRows;
  #automatic: boolean;
  #grouped: GroupedBook = EMPTY;
  #own: ReadonlyMap<string, OwnAtRow> = new Map();
  #top: number | null = null;
  /** Off after the reader scrolled away, until the next centring. */
  #follows = true;
  #planned = false;
  #gone = false;
  cursor: number | null = null;
  /** performance.now() when rows moved under an aiming pointer: presses right after it were aimed at another price. */
  movedAt = Number.NEGATIVE_INFINITY;
  book: { readonly view: BookView; readonly receivedAt: number } | null = null;

  constructor(
    desk: Desk,
    account: AccountView,
    instrument: InstrumentView,
    multiple: number | null,
    view: LadderView,
    hold: LadderSurroundings,
  ) {
    this.#desk = desk;
    this.#account = account;
    this.#instrument = instrument;
    this.#view = view;
    this.#hold = hold;
    this.#automatic = multiple === null;
    this.#rows = new PriceRows(instrument, multiple ?? 1);
  }

  destroy(): void {
    this.#gone = true;
  }

  get rows(): PriceRows {
    return this.#rows;
  }

  get follows(): boolean {
    return this.#follows;
  }

  take(view: BookView): void {
    this.book = { view, receivedAt: performance.now() };
    if (this.#automatic && view.bids.length + view.asks.length > 0) {
      this.#automatic = false;
      this.#setRows(fittingMultiple(view, this.#instrument, Math.max(12, this.#view.count)));
    }
    this.plan();
  }

  setMultiple(multiple: number | null): void {
    this.#automatic = multiple === null;
    if (multiple !== null) this.#setRows(multiple);
    else if (this.book !== null) this.take(this.book.view);
    this.plan();
  }

  #setRows(multiple: number): void {
    if (multiple === this.#rows.multiple) return;
    this.#rows = new PriceRows(this.#instrument, multiple);
    this.#top = null;
    this.cursor = null;
    this.#follows = true;
  }

  setHeight(rows: number): void {
    if (rows === this.#view.count) return;
    this.#view.setCount(rows);
    this.#top = null;
    this.plan();
  }

  centre(): void {
    this.#follows = true;
    this.#top = null;
    this.plan();
  }

  scroll(rows: number): void {
    if (this.#top === null) return;
    this.#top += rows;
    this.#follows = false;
    this.plan();
  }

  /** The cursor starts at the touch; the rows scroll along when it leaves them. Returns the row. */
  moveCursor(by: number): number | null {
    const from = this.cursor ?? this.#grouped.bestBid ?? this.#grouped.bestAsk;
    if (from === null || this.#top === null) return null;
    const row = Math.max(0, this.cursor === null ? from : from + by);
    this.cursor = row;
    if (row > this.#top) this.scroll(row - this.#top);
    else if (row <= this.#top - this.#view.count) this.scroll(row - (this.#top - this.#view.count + 1));
    this.plan();
    return row;
  }

  ownAt(side: 'buy' | 'sell', row: number): readonly OrderView[] {
    return this.#own.get(ownKey(side, row))?.orders ?? [];
  }

  sizesAt(row: number): { readonly bid: string | null; readonly ask: string | null } {
    const text = (steps: number | undefined) => (steps === undefined ? null : this.#rows.quantityOf(steps));
    return { bid: text(this.#grouped.bids.get(row)), ask: text(this.#grouped.asks.get(row)) };
  }

  plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    perFrame(() => {
      this.#planned = false;
      if (!this.#gone && !useWindow.getState().frozen) this.#write();
    });
  }

  #middle(): number | null {
    const { bestBid, bestAsk } = this.#grouped;
    if (bestBid === null) return bestAsk;
    return bestAsk === null ? bestBid : Math.floor((bestBid + bestAsk) / 2);
  }

  /** Keeps the touch within the middle half, unless the reader scrolled away or the rows must stand still. */
  #keepInSight(): void {
    const middle = this.#middle();
    if (middle === null) return;
    const { count } = this.#view;
    const centred = middle + Math.floor(count / 2);
    if (this.#top === null) {
      this.#top = centred;
      return;
    }
    const still = this.#hold.still();
    const away = Math.abs(this.#top - centred);
    if (!this.#follows || still === 'drag' || away <= (still === 'aim' ? count / 2 : count / 4)) return;
    this.#top = centred;
    if (still === 'aim') this.movedAt = performance.now();
  }

  #write(): void {
    const { id } = this.#instrument;
    const account = this.#account.id;
    if (this.book !== null) this.#grouped = groupBook(this.book.view, this.#rows);
    this.#own = ownOrders(this.#desk.working.rows(), account, id, this.#rows);
    this.#keepInSight();
    if (this.#top === null) return;
    const middle = this.#middle() ?? this.#top;
    this.#hold.onTouch(middle > this.#top ? 'above' : middle <= this.#top - this.#view.count ? 'below' : 'in sight');
    this.#view.write({
      rows: this.#rows,
      top: this.#top,
      book: this.#grouped,
      own: this.#own,
      marks: this.#marks(account, id),
    });
  }

  #marks(account: string, instrument: string): LadderMarks {
    const position = this.#desk.positions.get(positionId({ account, instrument }));
    const last = this.#desk.quotes.get(instrument)?.last ?? null;
    const row = (price: string | null | undefined) =>
      price === null || price === undefined ? null : this.#rows.rowOf(price);
    return {
      last: row(last),
      average: row(position?.averagePrice),
      stopLoss: row(position?.stopLoss),
      takeProfit: row(position?.takeProfit),
      cursor: this.cursor,
    };
  }
}
