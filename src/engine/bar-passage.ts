import type { InstrumentId } from '../domain/instrument.ts';
import type { Bar } from '../domain/market-data.ts';
import { walkBar } from '../execution/contingent/bar-walk.ts';
import { barLegs } from '../portfolio/bar-legs.ts';
import type { Lane } from './lane.ts';
import type { TradingCore } from './trading-core.ts';

type Parts = Pick<TradingCore, 'options' | 'portfolio' | 'exits' | 'contingent'>;

/** Takes a bar through venue, portfolio and the orders that wait for a price: whole, or in pieces where its path matters. */
export class BarPassage {
  readonly #core: Parts;

  constructor(core: Parts) {
    this.#core = core;
  }

  through(bar: Bar, lane: Lane): void {
    const { contingent, exits } = this.#core;
    if (contingent.watches(bar.instrument)) this.#toEveryTrigger(bar, lane);
    else if (!exits.trails(bar.instrument)) this.#piece(bar.instrument, bar, bar.ts, lane);
    // A trailing stop moves within the bar, so the bar is walked piece by piece along its assumed path.
    else for (const leg of barLegs(bar, this.#lowFirst(bar, lane))) this.#piece(bar.instrument, leg, bar.ts, lane);
  }

  /** Pieces that end wherever an order in the engine waits for a price on the way. */
  #toEveryTrigger(bar: Bar, lane: Lane): void {
    const { instrument } = bar;
    const { contingent, options } = this.#core;
    const now = options.clock.now();
    walkBar(
      bar,
      this.#lowFirst(bar, lane),
      {
        next: (from, to) => contingent.nextTrigger(instrument, from, to),
        at: (price) => {
          lane.line.last = price;
          contingent.onPrice(instrument, 0, 0, price, now);
        },
      },
      (piece) => this.#piece(instrument, piece, bar.ts, lane),
    );
    lane.line.last = bar.close;
  }

  #piece(instrument: InstrumentId, piece: Bar, ts: number, lane: Lane): void {
    lane.broker?.onMarket(piece);
    this.#core.portfolio.markBar(instrument, piece.low, piece.high, piece.close, ts);
    this.#core.exits.onBar(instrument, piece.low, piece.high, piece.close, ts);
  }

  /** The venue's rule for the order of a bar's extremes; pessimistic: the one that hurts the open position first. */
  #lowFirst(bar: Bar, lane: Lane): boolean {
    const { options, portfolio } = this.#core;
    switch (lane.model?.barPath) {
      case 'ohlc':
        return false;
      case 'olhc':
        return true;
      case 'pessimistic':
        return !options.accounts.some(({ id }) => portfolio.position(id, bar.instrument) < 0);
      default:
        return bar.high - bar.open >= bar.open - bar.low;
    }
  }
}
