import type { Desk } from '../desk/desk.ts';

const CANDLES = 60;
const FRESH_MS = 60_000;
/** One question at a time, with a pause: figures that matter come first. */
const PAUSE_MS = 120;

interface Spark {
  readonly closes: readonly number[];
  readonly readAt: number;
}

/** The last hour of symbols that are in sight, as minute closes; read when wanted and again after a minute. */
export class Sparks {
  readonly #desk: Desk;
  readonly #known = new Map<string, Spark>();
  #wanted: readonly string[] = [];
  #reading = false;
  #gone = false;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Minute closes with the present price at the end; null while not known. */
  of(symbol: string): readonly number[] | null {
    const spark = this.#known.get(symbol);
    if (spark === undefined || spark.closes.length < 2) return null;
    const last = Number(this.#desk.quotes.get(symbol)?.last ?? Number.NaN);
    return Number.isFinite(last) ? [...spark.closes.slice(0, -1), last] : spark.closes;
  }

  /** What is in sight now. */
  want(symbols: readonly string[]): void {
    this.#wanted = symbols;
    if (!this.#reading && !this.#gone) void this.#read();
  }

  stop(): void {
    this.#gone = true;
  }

  async #read(): Promise<void> {
    this.#reading = true;
    for (let next = this.#next(); next !== undefined && !this.#gone; next = this.#next()) {
      const instrument = next;
      const outcome = await this.#desk.connection.call((client, options) =>
        client.market.history({ instrument, timeframe: '1m', limit: CANDLES }, options),
      );
      const closes = outcome.kind === 'ok' ? outcome.value.bars.map((bar) => Number(bar.close)) : [];
      this.#known.set(instrument, { closes, readAt: performance.now() });
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    this.#reading = false;
  }

  #next(): string | undefined {
    const now = performance.now();
    return this.#wanted.find(
      (symbol) => now - (this.#known.get(symbol)?.readAt ?? Number.NEGATIVE_INFINITY) > FRESH_MS,
    );
  }
}

/** A polyline path in a box of the given size. */
export function sparkPath(closes: readonly number[], width: number, height: number): string {
  const low = Math.min(...closes);
  const reach = Math.max(...closes) - low;
  const step = width / Math.max(1, closes.length - 1);
  return closes
    .map((close, index) => {
      const y = reach === 0 ? height / 2 : height - ((close - low) / reach) * height;
      return `${index === 0 ? 'M' : 'L'}${(index * step).toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}
