import type { Bar, MarketEvent } from '../domain/market-data.ts';
import type { TradingCore } from './trading-core.ts';

/** Feeds the core, bars of the same time together, so that a decision on one symbol cannot see another's close early. */
export class EventPump {
  readonly #core: TradingCore;
  readonly #group: Bar[] = [];

  constructor(core: TradingCore) {
    this.#core = core;
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
  }

  /** The data is over, or will be quiet: what is held back goes through. */
  flush(): void {
    if (this.#group.length === 0) return;
    this.#core.onBars(this.#group);
    this.#group.length = 0;
  }
}
