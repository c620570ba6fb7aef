import type { Bar, MarketEvent } from '../domain/market-data.ts';
import type { MarginWatch } from './margin-watch.ts';
import type { TradingCore } from './trading-core.ts';

/** Feeds the core, bars of the same time together, so that a decision on one symbol cannot see another's close early. */
export class EventPump {
  readonly #core: TradingCore;
  /** Null where no account can be liquidated. */
  readonly #margin: MarginWatch | null;
  readonly #group: Bar[] = [];

  constructor(core: TradingCore, margin: MarginWatch | null = null) {
    this.#core = core;
    this.#margin = margin;
  }

  push(event: MarketEvent): void {
    const held = this.#group[0];
    if (event.kind === 'bar') {
      if (held !== undefined && held.at !== event.at) this.flush();
      this.#group.push(event);
      return;
    }
    if (held !== undefined) this.flush();
    this.#core.onEvent(event);
    this.#margin?.check(event.at);
  }

  /** The data is over, or will be quiet: what is held back goes through. */
  flush(): void {
    if (this.#group.length === 0) return;
    this.#core.onBars(this.#group);
    if (this.#margin !== null) for (const bar of this.#group) this.#margin.onBar(bar);
    this.#group.length = 0;
  }
}
