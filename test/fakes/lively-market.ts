import type { BarView, BookView, InstrumentView, QuoteView, Timeframe } from '../../src/contract/types.ts';

/** A market that moves, for looking at the window. Not the product's simulated feed, and seeded so that pictures repeat. */
const CRYPTO = { BTC: 61826.01, ETH: 2683.1, SOL: 158.42, DOGE: 0.1034, ADA: 0.3415, DOT: 4.812 };
const SHARES = {
  RELIANCE: 2942.35,
  TCS: 4210.5,
  HDFCBANK: 1648.9,
  INFY: 1812.15,
  ITC: 494.6,
  SBIN: 848.75,
  BHARTIARTL: 1486.2,
  KOTAKBANK: 1765.4,
  LT: 3620.05,
  HCLTECH: 1598.3,
};

const SPAN_MS: Readonly<Record<Timeframe, number>> = {
  '1s': 1_000,
  '1m': 60_000,
  '3m': 180_000,
  '5m': 300_000,
  '15m': 900_000,
  '30m': 1_800_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
};

class Listeners<A extends readonly unknown[]> {
  readonly #all = new Set<(...args: A) => void>();
  add(listener: (...args: A) => void): () => void {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }
  emit(...args: A): void {
    for (const listener of this.#all) listener(...args);
  }
}

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) / 16_777_216;
  };
}

function cryptoTerms(base: string, price: number): InstrumentView {
  const priceDigits = price > 10 ? 2 : price > 1 ? 3 : 5;
  return {
    id: `${base}USDT.BINANCE`,
    symbol: `${base}USDT`,
    venue: 'binance',
    kind: 'crypto-spot',
    base,
    quote: 'USDT',
    priceDigits,
    quantityDigits: price > 1_000 ? 5 : 2,
    tick: (10 ** -priceDigits).toFixed(priceDigits),
    step: price > 1_000 ? '0.00001' : '0.01',
    minQuantity: price > 1_000 ? '0.00001' : '0.01',
    maxQuantity: null,
    minNotional: '5',
    calendar: 'always',
    shortable: false,
    assumedGrid: false,
  };
}

function shareTerms(symbol: string): InstrumentView {
  return {
    ...cryptoTerms(symbol, 100),
    id: `${symbol}.NSE`,
    symbol,
    venue: 'nse',
    kind: 'equity',
    base: symbol,
    quote: 'INR',
    priceDigits: 2,
    quantityDigits: 0,
    tick: '0.05',
    step: '1',
    minQuantity: '1',
    minNotional: '0',
    calendar: 'nse',
    shortable: true,
  };
}

export class LivelyMarket {
  readonly instruments = new Map<string, InstrumentView>();
  readonly last = new Map<string, number>();
  readonly opens = new Map<string, number>();
  readonly staleSince = new Map<string, number>();
  readonly onQuote = new Listeners<[string]>();
  readonly onBook = new Map<string, Listeners<[]>>();
  readonly onBar = new Map<string, Listeners<[BarView]>>();
  readonly #bars = new Map<string, BarView[]>();
  readonly #random = random(7);
  readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
    for (const [base, price] of Object.entries(CRYPTO)) this.#add(cryptoTerms(base, price), price);
    for (const [symbol, price] of Object.entries(SHARES)) this.#add(shareTerms(symbol), price);
  }

  #add(instrument: InstrumentView, price: number): void {
    this.instruments.set(instrument.id, instrument);
    this.last.set(instrument.id, price);
    this.opens.set(instrument.id, price * (1 + (this.#random() - 0.5) * 0.04));
  }

  text(id: string, price: number): string {
    const instrument = this.instruments.get(id);
    const tick = Number(instrument?.tick ?? '0.01');
    return (Math.round(price / tick) * tick).toFixed(instrument?.priceDigits ?? 2);
  }

  /** One step of every instrument that is not held stale. */
  step(): void {
    for (const [id, price] of this.last) {
      if (this.staleSince.has(id) || this.#random() < 0.4) continue;
      this.last.set(id, price * (1 + (this.#random() - 0.5) * 0.0004));
      this.onQuote.emit(id);
      this.onBook.get(id)?.emit();
      this.#growBars(id);
    }
  }

  /** Every quote again at its price. */
  repeat(): void {
    for (const id of this.last.keys()) if (!this.staleSince.has(id)) this.onQuote.emit(id);
  }

  #growBars(id: string): void {
    for (const [key, bars] of this.#bars) {
      const [name, timeframe] = key.split(' ') as [string, Timeframe];
      const bar = bars.at(-1);
      if (name !== id || bar === undefined) continue;
      const close = this.text(id, this.last.get(id) ?? 0);
      const start = Math.floor(this.now() / SPAN_MS[timeframe]) * SPAN_MS[timeframe];
      const fresh = start > bar.start;
      const next: BarView = fresh
        ? { start, open: bar.close, high: close, low: close, close, volume: '0.5', closed: false }
        : {
            ...bar,
            high: Number(close) > Number(bar.high) ? close : bar.high,
            low: Number(close) < Number(bar.low) ? close : bar.low,
            close,
            volume: (Number(bar.volume) + 0.1).toFixed(2),
          };
      if (fresh) bars.push(next);
      else bars[bars.length - 1] = next;
      this.onBar.get(key)?.emit(next);
    }
  }

  quote(id: string): QuoteView | null {
    const price = this.last.get(id);
    const open = this.opens.get(id);
    const instrument = this.instruments.get(id);
    if (price === undefined || open === undefined || instrument === undefined) return null;
    const tick = Number(instrument.tick);
    const since = this.staleSince.get(id);
    return {
      instrument: id,
      last: this.text(id, price),
      bid: this.text(id, price - tick),
      ask: this.text(id, price + tick),
      bidSize: instrument.kind === 'equity' ? '120' : '0.8431',
      askSize: instrument.kind === 'equity' ? '75' : '1.2077',
      dayOpen: this.text(id, open),
      dayHigh: this.text(id, Math.max(price, open) * 1.004),
      dayLow: this.text(id, Math.min(price, open) * 0.996),
      changePct: (price / open - 1) * 100,
      volume: '18234.5',
      ts: since ?? this.now(),
      ageMs: since === undefined ? 40 : this.now() - since,
      state: since === undefined ? 'live' : 'stale',
    };
  }

  book(id: string, depth: number): BookView | null {
    const price = this.last.get(id);
    const instrument = this.instruments.get(id);
    if (price === undefined || instrument === undefined) return null;
    const tick = Number(instrument.tick);
    const digits = Math.min(4, instrument.quantityDigits);
    const side = (sign: number) =>
      Array.from({ length: depth }, (_, level) => ({
        price: this.text(id, price + sign * tick * (level + 1)),
        size: (
          0.2 +
          ((level * 7919 + Math.floor(price * 100)) % 97) / 20 +
          (instrument.kind === 'equity' ? 40 : 0)
        ).toFixed(digits),
      }));
    const since = this.staleSince.get(id);
    return {
      instrument: id,
      ts: since ?? this.now(),
      ageMs: since === undefined ? 12 : this.now() - since,
      state: since === undefined ? 'live' : 'stale',
      bids: side(-1),
      asks: side(1),
    };
  }

  bars(id: string, timeframe: Timeframe, limit: number): BarView[] {
    const key = `${id} ${timeframe}`;
    let bars = this.#bars.get(key);
    if (bars === undefined) {
      const walk = random(id.length * 131 + timeframe.length);
      const span = SPAN_MS[timeframe];
      const newest = Math.floor(this.now() / span) * span;
      const closes: number[] = [this.last.get(id) ?? 1];
      const count = Math.min(limit, 400);
      for (let index = 1; index < count; index += 1) {
        closes.unshift((closes[0] ?? 1) * (1 + (walk() - 0.495) * 0.0026 * Math.sqrt(span / 60_000)));
      }
      bars = closes.map((close, index) => {
        const open = closes[index - 1] ?? close;
        return {
          start: newest - (closes.length - 1 - index) * span,
          open: this.text(id, open),
          high: this.text(id, Math.max(open, close) * (1 + walk() * 0.0008)),
          low: this.text(id, Math.min(open, close) * (1 - walk() * 0.0008)),
          close: this.text(id, close),
          volume: (4 + walk() * 30).toFixed(2),
          closed: index < closes.length - 1,
        };
      });
      this.#bars.set(key, bars);
    }
    return bars.slice(-limit);
  }

  listenBars(id: string, timeframe: Timeframe, listener: (bar: BarView) => void): () => void {
    const key = `${id} ${timeframe}`;
    this.bars(id, timeframe, 400);
    let listeners = this.onBar.get(key);
    if (listeners === undefined) this.onBar.set(key, (listeners = new Listeners()));
    return listeners.add(listener);
  }

  listenBook(id: string, listener: () => void): () => void {
    let listeners = this.onBook.get(id);
    if (listeners === undefined) this.onBook.set(id, (listeners = new Listeners()));
    return listeners.add(listener);
  }
}
