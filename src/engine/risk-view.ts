import { calendarOf } from '../clock/calendars.ts';
import type { Clock } from '../clock/clock.ts';
import type { Account } from '../domain/account.ts';
import type { Decimal } from '../domain/decimal.ts';
import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import type { EpochMs, QuantityUnits } from '../domain/units.ts';
import type { OrderBook } from '../market/order-book.ts';
import type { PriceBoard } from '../market/price-board.ts';
import type { Portfolio } from '../portfolio/portfolio.ts';
import { depthSide, type MarketDepth } from '../risk/depth.ts';
import type { EntryCutOff, ReferencePrice, RiskView } from '../risk/gate.ts';
import { productOf } from './account-fees.ts';
import { entryCutOff, type IntradayTerms } from './intraday.ts';

interface RiskViewParts {
  readonly clock: Clock;
  readonly board: PriceBoard;
  readonly portfolio: Portfolio;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly openOrders: (accountId: string) => readonly Order[];
  /** Age beyond which a price counts as stale, in ms of event time. */
  readonly staleAfterMs: number;
  /** Recorded bars carry no session state; a backtest trades whenever its data has a bar. */
  readonly sessions: boolean;
  /** Cut-off of intraday accounts; null where there is none. */
  readonly intraday: IntradayTerms | null;
}

/** The engine's state as the risk gate may see it. */
export class EngineRiskView implements RiskView {
  readonly #parts: RiskViewParts;

  constructor(parts: RiskViewParts) {
    this.#parts = parts;
  }

  now(): EpochMs {
    return this.#parts.clock.now();
  }

  instrument(id: InstrumentId): Instrument | null {
    return this.#parts.instruments.get(id) ?? null;
  }

  account(id: string): Account | null {
    return this.#parts.accounts.get(id) ?? null;
  }

  cash(accountId: string): Decimal | null {
    return this.#parts.portfolio.cash(accountId);
  }

  equity(accountId: string): Decimal | null {
    // A position without a price would count at cost: then the equity is not known, and not known blocks.
    return this.#parts.portfolio.unmarked(accountId).length > 0 ? null : this.#parts.portfolio.equity(accountId);
  }

  position(accountId: string, instrument: InstrumentId): QuantityUnits {
    return this.#parts.portfolio.position(accountId, instrument);
  }

  held(accountId: string): readonly InstrumentId[] {
    const open = this.openOrders(accountId);
    const held = this.#parts.portfolio.held(accountId);
    if (open.length === 0) return held;
    return [...new Set([...held, ...open.map((order) => order.instrument)])];
  }

  openOrders(accountId: string): readonly Order[] {
    return this.#parts.openOrders(accountId);
  }

  reference(instrument: InstrumentId): ReferencePrice | null {
    const line = this.#parts.board.line(instrument);
    if (line === null || (line.bid === 0 && line.ask === 0 && line.last === 0)) return null;
    // A recorder's or exchange's clock may run ahead of ours: an age is never negative.
    const ageMs = Math.max(0, this.#parts.clock.now() - line.ts);
    return {
      bid: line.bid,
      ask: line.ask,
      last: line.last,
      ts: line.ts,
      ageMs,
      stale: ageMs > this.#parts.staleAfterMs,
    };
  }

  /** The whole book where there is one; else the quoted quantities, where the source has them. */
  depth(instrument: InstrumentId): MarketDepth | null {
    const line = this.#parts.board.line(instrument);
    if (line === null) return null;
    const { book } = line;
    if (book !== null && book.isUsable()) return new BookDepth(book);
    const { bid, bidQuantity, ask, askQuantity } = line;
    const known = (price: number, quantity: number): (readonly [number, number])[] =>
      price > 0 && quantity > 0 ? [[price, quantity]] : [];
    const bids = known(bid, bidQuantity);
    const asks = known(ask, askQuantity);
    if (bids.length === 0 && asks.length === 0) return null;
    return { bids: depthSide(bids), asks: depthSide(asks), whole: false };
  }

  accountsOf(broker: string): readonly string[] {
    return [...this.#parts.accounts.values()].filter((account) => account.broker === broker).map(({ id }) => id);
  }

  entryCutOff(accountId: string, instrument: InstrumentId): EntryCutOff | null {
    const { intraday, sessions } = this.#parts;
    if (intraday === null || !sessions) return null;
    const account = this.account(accountId);
    const known = this.instrument(instrument);
    if (account === null || known === null || known.calendar !== 'nse' || productOf(account) !== 'intraday')
      return null;
    return entryCutOff(calendarOf(known), this.now(), intraday, account.name);
  }

  marketClosed(instrument: InstrumentId): string | null {
    const known = this.#parts.instruments.get(instrument);
    if (known === undefined || known.calendar === 'always' || !this.#parts.sessions) return null;
    const status = calendarOf(known).statusAt(this.#parts.clock.now());
    if (status.state === 'open') return null;
    const next = status.nextOpen === null ? '' : ` It opens ${new Date(status.nextOpen).toISOString()}.`;
    return `The market of ${known.symbol} is closed: ${status.reason}.${next}`;
  }
}

class BookDepth implements MarketDepth {
  readonly bids: MarketDepth['bids'];
  readonly asks: MarketDepth['asks'];
  readonly whole = true;

  constructor(book: OrderBook) {
    this.bids = book.bids;
    this.asks = book.asks;
  }
}
