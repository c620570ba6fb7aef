import type { InstrumentView } from '../../src/contract/types.ts';
import { figures } from '../format/money.ts';
import { ownKey, type OwnAtRow } from './own-orders.ts';
import type { GroupedBook, PriceRows } from './price-rows.ts';

/** Nothing that can be pressed is smaller than 24 px (WCAG 2.5.8). */
export const LADDER_ROW_PX = 24;

export interface LadderMarks {
  readonly last: number | null;
  readonly average: number | null;
  readonly stopLoss: number | null;
  readonly takeProfit: number | null;
  readonly cursor: number | null;
}

export interface LadderPicture {
  readonly rows: PriceRows;
  /** The highest price in sight. */
  readonly top: number;
  readonly book: GroupedBook;
  readonly own: ReadonlyMap<string, OwnAtRow>;
  readonly marks: LadderMarks;
}

interface OwnCell {
  readonly cell: HTMLTableCellElement;
  readonly chip: HTMLButtonElement;
  readonly cancel: HTMLButtonElement;
}

interface RowCells {
  readonly element: HTMLTableRowElement;
  readonly buys: OwnCell;
  readonly bid: HTMLTableCellElement;
  readonly price: HTMLTableCellElement;
  readonly ask: HTMLTableCellElement;
  readonly sells: OwnCell;
}

function textOf(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function mark(element: HTMLElement, name: string, on: boolean): void {
  element.classList.toggle(name, on);
}

/** The rows in sight, made once per height and written in place. */
export class LadderView {
  readonly #body: HTMLTableSectionElement;
  readonly #instrument: InstrumentView;
  readonly #lines: RowCells[] = [];
  #top = 0;

  constructor(body: HTMLTableSectionElement, instrument: InstrumentView) {
    this.#body = body;
    this.#instrument = instrument;
  }

  get count(): number {
    return this.#lines.length;
  }

  setCount(count: number): void {
    while (this.#lines.length < count) this.#lines.push(this.#makeRow(this.#lines.length));
    while (this.#lines.length > count) this.#lines.pop()?.element.remove();
  }

  /** The price row that an element of the ladder shows now. */
  rowOf(element: Element | null): number | null {
    const index = element?.closest('tr')?.dataset['index'];
    return index === undefined ? null : this.#top - Number(index);
  }

  write({ rows, top, book, own, marks }: LadderPicture): void {
    this.#top = top;
    const { quote, priceDigits, quantityDigits } = this.#instrument;
    const digits = Math.min(quantityDigits, 4);
    const amount = (steps: number) => figures(rows.quantityOf(steps), { currency: quote, digits });
    for (const [index, line] of this.#lines.entries()) {
      const row = top - index;
      const bid = book.bids.get(row);
      const ask = book.asks.get(row);
      textOf(line.price, row < 0 ? '' : figures(rows.priceOf(row), { currency: quote, digits: priceDigits }));
      textOf(line.bid, bid === undefined ? '' : amount(bid));
      textOf(line.ask, ask === undefined ? '' : amount(ask));
      line.bid.style.setProperty('--share', `${(((bid ?? 0) / book.largest) * 100).toFixed(1)}%`);
      line.ask.style.setProperty('--share', `${(((ask ?? 0) / book.largest) * 100).toFixed(1)}%`);
      const { classList } = line.element;
      classList.toggle('best-bid', row === book.bestBid);
      classList.toggle('best-ask', row === book.bestAsk);
      mark(line.element, 'between', isBetween(row, book));
      mark(line.element, 'last', row === marks.last);
      mark(line.element, 'cursor', row === marks.cursor);
      const letter = markOf(row, marks);
      if (line.price.dataset['mark'] !== letter) {
        line.price.dataset['mark'] = letter;
        line.price.title = MARK_WORDS[letter];
      }
      this.#writeOwn(line.buys, own.get(ownKey('buy', row)), rows);
      this.#writeOwn(line.sells, own.get(ownKey('sell', row)), rows);
    }
  }

  #writeOwn({ cell, chip, cancel }: OwnCell, own: OwnAtRow | undefined, rows: PriceRows): void {
    const there = own !== undefined;
    if (chip.hidden === there) {
      chip.hidden = !there;
      cancel.hidden = !there;
      cell.classList.toggle('has-own', there);
    }
    if (own === undefined) return;
    const shown = compact(rows.quantityOf(own.steps));
    textOf(chip, shown);
    chip.classList.toggle('own-stop', own.stop);
    chip.classList.toggle('own-many', own.orders.length > 1);
    const at = figures(rows.priceOf(own.row), {
      currency: this.#instrument.quote,
      digits: this.#instrument.priceDigits,
    });
    const several = own.orders.length > 1 ? `, ${own.orders.length} orders` : '';
    const what = `${own.side === 'buy' ? 'Buy' : 'Sell'} ${shown} at ${at}${own.stop ? ', stop' : ''}${several}`;
    chip.title = `${what}: drag to another price`;
    chip.setAttribute('aria-label', what);
    cancel.setAttribute('aria-label', `Cancel ${what.toLowerCase()}`);
  }

  #makeRow(index: number): RowCells {
    const element = document.createElement('tr');
    element.dataset['index'] = String(index);
    const plain = (name: string, tag: 'td' | 'th' = 'td') => {
      const cell = document.createElement(tag);
      cell.dataset['cell'] = name;
      return cell;
    };
    const owned = (side: 'buy' | 'sell'): OwnCell => {
      const cell = plain(`own-${side}`);
      const chip = document.createElement('button');
      const cancel = document.createElement('button');
      chip.type = 'button';
      cancel.type = 'button';
      chip.className = `own-chip own-${side}`;
      cancel.className = 'own-cancel';
      cancel.textContent = '×';
      chip.hidden = true;
      cancel.hidden = true;
      chip.dataset['own'] = side;
      cancel.dataset['cancel'] = side;
      const box = document.createElement('div');
      box.className = 'own-box';
      box.append(chip, cancel);
      cell.append(box);
      return { cell, chip, cancel };
    };
    const price = plain('price', 'th');
    price.scope = 'row';
    const made: RowCells = {
      element,
      buys: owned('buy'),
      bid: plain('bid'),
      price,
      ask: plain('ask'),
      sells: owned('sell'),
    };
    element.append(made.buys.cell, made.bid, made.price, made.ask, made.sells.cell);
    this.#body.append(element);
    return made;
  }
}

function isBetween(row: number, { bestBid, bestAsk }: GroupedBook): boolean {
  return bestBid !== null && bestAsk !== null && row > bestBid && row < bestAsk;
}

const MARK_WORDS = { S: 'Stop-loss', T: 'Take-profit', A: 'Average price of the position', '': '' } as const;

function markOf(row: number, { average, stopLoss, takeProfit }: LadderMarks): keyof typeof MARK_WORDS {
  if (row === stopLoss) return 'S';
  if (row === takeProfit) return 'T';
  return row === average ? 'A' : '';
}

/** "0.05000" as "0.05", "12500" as "12.5k": a chip has room for five characters. */
function compact(quantity: string): string {
  const value = Number(quantity);
  if (value >= 10_000) return `${(value / 1_000).toPrecision(3).replace(/\.0+$/, '')}k`;
  return String(Number(value.toPrecision(5)));
}
