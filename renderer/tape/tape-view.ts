import type { InstrumentView } from '../../src/contract/types.ts';
import { figures } from '../format/money.ts';
import { bothZones, timeOf, type Zone } from '../format/time.ts';
import type { TapeTrade } from './trade-ring.ts';

const TAPE_ROW_PX = 20;
/** Rows made beyond the visible ones, so that a wheel step shows no gap. */
const SPARE = 4;

export interface TapeLook {
  readonly zone: Zone;
  /** Trades of at least this size stand out. */
  readonly large: number;
}

const GLYPHS = { buy: '▲', sell: '▼' } as const;

/**
 * The rows of the tape, made once and written in place: only what is in sight has an element. The scroller keeps the
 * trades the reader looks at where they are while newer ones come in above.
 */
export class TapeView {
  readonly #scroller: HTMLElement;
  readonly #table: HTMLElement;
  readonly #rows: HTMLElement[] = [];
  readonly #instrument: InstrumentView;

  constructor(scroller: HTMLElement, table: HTMLElement, instrument: InstrumentView) {
    this.#scroller = scroller;
    this.#table = table;
    this.#instrument = instrument;
  }

  get scrolled(): boolean {
    return this.#scroller.scrollTop > TAPE_ROW_PX / 2;
  }

  toTop(): void {
    this.#scroller.scrollTop = 0;
  }

  /** `added` rows came in on top since the last writing. */
  write(trades: readonly TapeTrade[], added: number, look: TapeLook): void {
    const scroller = this.#scroller;
    this.#table.style.height = `${trades.length * TAPE_ROW_PX}px`;
    this.#table.setAttribute('aria-rowcount', String(trades.length));
    if (this.scrolled && added > 0) scroller.scrollTop += added * TAPE_ROW_PX;
    const first = Math.max(0, Math.floor(scroller.scrollTop / TAPE_ROW_PX) - SPARE);
    const wanted = Math.min(trades.length - first, Math.ceil(scroller.clientHeight / TAPE_ROW_PX) + 2 * SPARE);
    this.#makeRows(Math.max(0, wanted));
    for (const [at, row] of this.#rows.entries()) {
      const trade = trades[first + at];
      row.hidden = trade === undefined;
      if (trade !== undefined) this.#writeRow(row, trade, first + at, look);
    }
  }

  #makeRows(count: number): void {
    while (this.#rows.length < count) {
      const row = document.createElement('div');
      row.setAttribute('role', 'row');
      row.className = 'tape-row';
      for (let cell = 0; cell < 3; cell += 1) {
        const element = document.createElement('span');
        element.setAttribute('role', 'cell');
        row.append(element);
      }
      this.#table.append(row);
      this.#rows.push(row);
    }
    while (this.#rows.length > count + 20) this.#rows.pop()?.remove();
  }

  #writeRow(row: HTMLElement, { trade, size }: TapeTrade, index: number, { zone, large }: TapeLook): void {
    const { quote, priceDigits, quantityDigits } = this.#instrument;
    row.style.transform = `translateY(${index * TAPE_ROW_PX}px)`;
    row.setAttribute('aria-rowindex', String(index + 1));
    row.dataset['side'] = trade.aggressor ?? 'none';
    row.dataset['large'] = String(size >= large);
    const [time, price, amount] = row.children;
    if (time === undefined || price === undefined || amount === undefined) return;
    time.textContent = timeOf(trade.ts, zone);
    (time as HTMLElement).title = bothZones(trade.ts);
    const glyph = trade.aggressor === null ? '·' : GLYPHS[trade.aggressor];
    price.textContent = `${glyph} ${figures(trade.price, { currency: quote, digits: priceDigits })}`;
    (price as HTMLElement).title =
      trade.aggressor === null ? 'Aggressor not known' : trade.aggressor === 'buy' ? 'Buyer took' : 'Seller took';
    amount.textContent = figures(trade.size, { currency: quote, digits: Math.min(quantityDigits, 5) });
  }
}
