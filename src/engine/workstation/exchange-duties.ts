import type { EpochMs } from '../../domain/units.ts';
import type { IntradayTerms } from '../intraday.ts';
import { DEFAULT_MARGIN } from '../margin-config.ts';
import { MarginWatch } from '../margin-watch.ts';
import { SquareOff } from '../square-off.ts';
import type { Runtime } from './runtime.ts';

/** What exchange and broker do by themselves to the paper accounts: square-off of intraday positions, liquidation. */
export class ExchangeDuties {
  readonly #runtime: Runtime;
  readonly #intraday: IntradayTerms;
  #squareOff: SquareOff | null = null;
  #margin: MarginWatch | null = null;

  constructor(runtime: Runtime, intraday: IntradayTerms) {
    this.#runtime = runtime;
    this.#intraday = intraday;
  }

  /** A session has been opened: its core is the one to look after. */
  renew(): void {
    const { core, alerts } = this.#runtime;
    this.#squareOff = new SquareOff(core, {
      terms: this.#intraday,
      onAlert: (alert) => alerts.raise({ severity: 'critical', ...alert }),
    });
    const margin = new MarginWatch(core, DEFAULT_MARGIN, (alert) => alerts.raise({ severity: 'critical', ...alert }));
    this.#margin = margin.isNeeded ? margin : null;
  }

  onEvent(now: EpochMs): void {
    this.#margin?.check(now);
  }

  onSecond(now: EpochMs): void {
    this.#squareOff?.check(now);
  }
}
