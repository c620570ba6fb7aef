import type { PaperBroker } from '../brokers/paper-broker.ts';
import type { Signal } from '../domain/signal.ts';
import type { PriceLine } from '../market/price-board.ts';
import type { VenueModel } from '../venue/model.ts';
import type { StrategyRun } from './strategy-run.ts';

export interface WaitingSignal {
  readonly run: StrategyRun;
  readonly signal: Signal;
}

/** Where everything of one instrument meets, so that an event finds it all with one look. */
export class Lane {
  readonly line: PriceLine;
  /** Null where no exchange of the session trades the instrument. */
  readonly broker: PaperBroker | null;
  readonly model: VenueModel | null;
  readonly runs: StrategyRun[] = [];
  /** Signals on the last bar's close that are carried out at the next open. */
  #waiting: WaitingSignal[] = [];

  constructor(line: PriceLine, broker: PaperBroker | null, model: VenueModel | null) {
    this.line = line;
    this.broker = broker;
    this.model = model;
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  wait(run: StrategyRun, signal: Signal): void {
    this.#waiting.push({ run, signal });
  }

  /** What waited, in its order; nothing waits any more. */
  takeWaiting(): readonly WaitingSignal[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}
