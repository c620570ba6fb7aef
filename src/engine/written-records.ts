import type { Decimal, DecimalString } from '../domain/decimal.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import type { Signal } from '../domain/signal.ts';
import type { EpochMs } from '../domain/units.ts';
import type { BalanceRecord, SignalRecord } from '../journal/journal.ts';

/** The journal's view of a signal; its text is made when somebody reads it, which a backtest never does. */
export class WrittenSignal implements SignalRecord {
  readonly at: EpochMs;
  readonly strategyId: string;
  readonly instrument: InstrumentId;
  readonly direction: string;
  readonly #signal: Signal;

  constructor(signal: Signal) {
    this.at = signal.ts;
    this.strategyId = signal.strategyId;
    this.instrument = signal.instrument;
    this.direction = signal.direction;
    this.#signal = signal;
  }

  get detail(): string {
    const { reason, probability, expectedReturn, stop, target } = this.#signal;
    return JSON.stringify({ reason, probability, expectedReturn, stop, target });
  }
}

/** The journal's view of the cash after a fill, its text likewise. */
export class WrittenBalance implements BalanceRecord {
  readonly accountId: string;
  readonly currency: string;
  readonly at: EpochMs;
  readonly #cash: Decimal;

  constructor(accountId: string, currency: string, cash: Decimal, at: EpochMs) {
    this.accountId = accountId;
    this.currency = currency;
    this.at = at;
    this.#cash = cash;
  }

  get cash(): DecimalString {
    return this.#cash.toFixed();
  }

  /** A refused batch is kept as JSON in the audit log. */
  toJSON(): BalanceRecord {
    const { accountId, currency, cash, at } = this;
    return { accountId, currency, cash, at };
  }
}
