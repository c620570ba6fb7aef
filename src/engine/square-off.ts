import { closeAtMarket } from '../domain/closing-order.ts';
import { calendarOf } from '../clock/calendars.ts';
import { istDay, istIso } from '../clock/ist.ts';
import type { Account } from '../domain/account.ts';
import { type Instrument, quantityText } from '../domain/instrument.ts';
import type { EpochMs } from '../domain/units.ts';
import type { OpenHolding } from '../portfolio/portfolio.ts';
import { productOf } from './account-fees.ts';
import { intradayDay, type IntradayTerms } from './intraday.ts';
import type { TradingCore } from './trading-core.ts';

/** Note of the orders, and exit reason of the trades that they end. */
const SQUARE_OFF = 'square-off';
/** A refused or unanswered order is not repeated sooner. */
const RETRY_MS = 5_000;

export interface SquareOffOptions {
  readonly terms: IntradayTerms;
  readonly onAlert?: (alert: {
    readonly at: EpochMs;
    readonly code: string;
    readonly sentence: string;
    readonly account: string;
  }) => void;
}

/**
 * Closes the positions of intraday accounts before the session ends. Nothing is remembered: a position is due when the
 * square-off time of today has passed or when it was opened on an earlier day, so a restart or a machine that slept through
 * the time catches up at the first look while the market is open.
 */
export class SquareOff {
  readonly #core: TradingCore;
  readonly #options: SquareOffOptions;
  readonly #accounts: readonly Account[];
  readonly #tried = new Map<string, EpochMs>();
  /** Day on which it was last said that positions remain, and day whose square-off has been recorded. */
  /** The day on which it was said, by account and for what was missed by position. */
  readonly #missedOn = new Map<string, number>();
  readonly #begunOn = new Map<string, number>();

  constructor(core: TradingCore, options: SquareOffOptions) {
    this.#core = core;
    this.#options = options;
    this.#accounts = [...core.accounts.values()].filter((account) => productOf(account) === 'intraday');
  }

  /** What is due at `now` is done. Cheap when nothing is. */
  check(now: EpochMs): void {
    for (const account of this.#accounts) {
      const holdings = this.#core.portfolio.holdings(account.id);
      for (let index = holdings.length - 1; index >= 0; index -= 1) {
        const holding = holdings[index];
        if (holding !== undefined && holding.instrument.calendar === 'nse') this.#look(account, holding, now);
      }
      this.#cancelEntries(account, now);
    }
  }

  /** On a simulated clock: looks at every time when something can become due, as long as the clock runs. */
  arm(): void {
    const { clock } = this.#core.options;
    const next = (): EpochMs => {
      const now = clock.now();
      if (this.#hasDue(now)) return now + RETRY_MS;
      const instrument = this.#nse();
      if (instrument === null) return Number.POSITIVE_INFINITY;
      const calendar = calendarOf(instrument);
      const today = intradayDay(calendar, now, this.#options.terms);
      if (today !== null && now < today.squareOffAt) return today.squareOffAt;
      const open = calendar.statusAt(now).nextOpen;
      return open === null ? Number.POSITIVE_INFINITY : open;
    };
    const set = (): void => {
      const at = next();
      if (!Number.isFinite(at)) return;
      clock.setTimer(at, (fired) => {
        this.check(fired);
        set();
      });
    };
    set();
  }

  #nse(): Instrument | null {
    for (const instrument of this.#core.instruments.values()) if (instrument.calendar === 'nse') return instrument;
    return null;
  }

  #hasDue(now: EpochMs): boolean {
    return this.#accounts.some((account) =>
      this.#core.portfolio
        .holdings(account.id)
        .some(({ instrument }) => instrument.calendar === 'nse' && this.#isDue(account, instrument, now)),
    );
  }

  #isDue(account: Account, instrument: Instrument, now: EpochMs): boolean {
    const today = intradayDay(calendarOf(instrument), now, this.#options.terms);
    if (today === null) return false;
    if (now >= today.squareOffAt && now < today.close) return true;
    const openedAt = this.#core.portfolio.positionRecord(account.id, instrument.id)?.openedAt ?? now;
    return istDay(openedAt) < istDay(now) && now >= today.open && now < today.close;
  }

  #look(account: Account, holding: OpenHolding, now: EpochMs): void {
    const { instrument } = holding;
    const today = intradayDay(calendarOf(instrument), now, this.#options.terms);
    if (today !== null && now >= today.close) this.#missed(account, holding, now);
    if (!this.#isDue(account, instrument, now) || !calendarOf(instrument).isOpen(now)) return;
    const core = this.#core;
    const open = core.orders.openOrders(account.id);
    if (open.some((order) => order.instrument === instrument.id && order.note === SQUARE_OFF)) return;
    const key = `${account.id} ${instrument.id}`;
    if (now - (this.#tried.get(key) ?? Number.NEGATIVE_INFINITY) < RETRY_MS) return;
    this.#tried.set(key, now);
    const { quantity } = holding;
    const text = quantityText(instrument, quantity);
    core.audit(
      'engine',
      'SQUARE_OFF',
      `${instrument.symbol} of ${account.name}: ${text} is closed before the session ends.`,
      {
        account: account.id,
        instrument: instrument.id,
        quantity: text,
        at: istIso(now),
      },
    );
    const held = { accountId: account.id, accountKind: account.kind, instrument: instrument.id, quantity };
    const sent = core.submit(closeAtMarket(held, { timeInForce: 'DAY', note: SQUARE_OFF }));
    if (!sent.ok)
      this.#alert(
        now,
        'SQUARE_OFF_REFUSED',
        account,
        `The square-off of ${instrument.symbol} was refused: ${sent.error.sentence}`,
      );
  }

  /** What would still open something after the time is taken back, whether or not anything is held. */
  #cancelEntries(account: Account, now: EpochMs): void {
    const core = this.#core;
    for (const order of core.orders.openOrders(account.id)) {
      const instrument = core.instruments.get(order.instrument);
      if (order.reduceOnly || instrument === undefined || instrument.calendar !== 'nse') continue;
      const today = intradayDay(calendarOf(instrument), now, this.#options.terms);
      if (today === null || now < today.squareOffAt || now >= today.close) continue;
      this.#begin(account, now);
      core.orders.cancel(order.id, 'Intraday square-off: no order stays working after it.');
    }
  }

  #begin(account: Account, now: EpochMs): void {
    if (this.#begunOn.get(account.id) === istDay(now)) return;
    this.#begunOn.set(account.id, istDay(now));
    this.#core.audit(
      'engine',
      'SQUARE_OFF_CANCELS',
      `Working entries of ${account.name} are cancelled by the square-off.`,
      {
        account: account.id,
      },
    );
  }

  #missed(account: Account, holding: OpenHolding, now: EpochMs): void {
    const { instrument, quantity } = holding;
    const key = `${account.id} ${instrument.id}`;
    if (this.#missedOn.get(key) === istDay(now)) return;
    this.#missedOn.set(key, istDay(now));
    const next = calendarOf(instrument).statusAt(now).nextOpen;
    const sentence = `${account.name} still holds ${quantityText(instrument, quantity)} ${instrument.symbol} after the session; it is closed when the market opens${next === null ? '' : ` ${istIso(next)}`}.`;
    this.#core.audit('engine', 'SQUARE_OFF_MISSED', sentence, { account: account.id, instrument: instrument.id });
    this.#alert(now, 'SQUARE_OFF_MISSED', account, sentence);
  }

  #alert(at: EpochMs, code: string, account: Account, sentence: string): void {
    this.#options.onAlert?.({ at, code, sentence, account: account.id });
  }
}
