import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import type { MarketEvent } from '../domain/market-data.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';
import { OrderBook } from './order-book.ts';

/** Latest prices of one instrument; 0 = not known. One mutable record per instrument, so that a tick allocates nothing. */
export interface PriceLine {
  readonly instrument: Instrument;
  bid: PriceUnits;
  ask: PriceUnits;
  bidQuantity: QuantityUnits;
  askQuantity: QuantityUnits;
  last: PriceUnits;
  lastQuantity: QuantityUnits;
  /** Event time of the newest tick of any kind, and when the engine learnt of it. */
  ts: EpochMs;
  at: EpochMs;
  /** Full depth where the source has it. */
  book: OrderBook | null;
  /** Events taken over so far. */
  events: number;
  /** The newest price is a bar's: orders have to wait for the next open. */
  fromBar: boolean;
}

/** What the engine knows of every instrument's price now. */
export class PriceBoard {
  readonly #lines = new Map<InstrumentId, PriceLine>();

  constructor(instruments: Iterable<Instrument>) {
    for (const instrument of instruments) this.add(instrument);
  }

  add(instrument: Instrument): void {
    if (this.#lines.has(instrument.id)) return;
    this.#lines.set(instrument.id, {
      instrument,
      bid: 0,
      ask: 0,
      bidQuantity: 0,
      askQuantity: 0,
      last: 0,
      lastQuantity: 0,
      ts: 0,
      at: 0,
      book: null,
      events: 0,
      fromBar: false,
    });
  }

  line(instrument: InstrumentId): PriceLine | null {
    return this.#lines.get(instrument) ?? null;
  }

  lines(): IterableIterator<PriceLine> {
    return this.#lines.values();
  }

  /** Takes an event over. Returns its line, null for an instrument that is not on the board. */
  apply(event: MarketEvent): PriceLine | null {
    const line = this.#lines.get(event.instrument);
    if (line === undefined) return null;
    line.events += 1;
    line.fromBar = event.kind === 'bar';
    if (event.ts > line.ts) line.ts = event.ts;
    line.at = event.at;
    switch (event.kind) {
      case 'quote':
        line.bid = event.bid;
        line.ask = event.ask;
        line.bidQuantity = event.bidQuantity;
        line.askQuantity = event.askQuantity;
        break;
      case 'trade':
        line.last = event.price;
        line.lastQuantity = event.quantity;
        break;
      case 'bar':
        line.last = event.close;
        break;
      case 'book':
        line.book ??= new OrderBook(line.instrument);
        line.book.applySnapshot(event);
        takeTouch(line, line.book);
        break;
      case 'delta':
        // The snapshot may come after the first deltas, which carry on from it: the book keeps them until then.
        line.book ??= new OrderBook(line.instrument);
        line.book.applyDelta(event);
        takeTouch(line, line.book);
        break;
    }
    return line;
  }
}

function takeTouch(line: PriceLine, book: OrderBook): void {
  // A broken or crossed book has no touch; the last quote stands and grows stale.
  if (!book.isUsable()) return;
  line.bid = book.bestBid();
  line.ask = book.bestAsk();
  line.bidQuantity = book.bestBidQuantity();
  line.askQuantity = book.bestAskQuantity();
}
