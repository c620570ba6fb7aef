import { closeAtMarket } from '../domain/closing-order.ts';
import type { Account } from '../domain/account.ts';
import { Decimal } from '../domain/decimal.ts';
import type { Fill } from '../domain/fill.ts';
import { type Instrument, notional, priceText, quantityText } from '../domain/instrument.ts';
import type { Bar } from '../domain/market-data.ts';
import type { Order } from '../domain/order.ts';
import { parseUnits, type EpochMs, type PriceUnits } from '../domain/units.ts';
import {
  isFarFromLiquidation,
  liquidatable,
  liquidationText,
  marginFigures,
  type MarginTerms,
} from '../portfolio/margin-account.ts';
import type { OpenHolding } from '../portfolio/portfolio.ts';
import { fundingPayment, nextFunding } from '../venue/margin/funding.ts';
import { bookCashFlow } from './cash-flow.ts';
import { isLiquidated, type MarginConfig, marginTerms } from './margin-config.ts';
import type { TradingCore } from './trading-core.ts';

/** Code of alert and audit record. */
const LIQUIDATION = 'LIQUIDATION';
/** Note of the orders, and exit reason of the trades that they end. */
const LIQUIDATION_NOTE = 'liquidation';
/** A liquidation that was refused, or that found no offer, is not repeated sooner. */
const RETRY_MS = 1_000;

export interface MarginAlert {
  readonly at: EpochMs;
  readonly code: string;
  readonly sentence: string;
  readonly account: string;
  readonly instrument: string;
}

/** What the exchange does to margin accounts: liquidation when the maintenance margin is touched, and funding. */
export class MarginWatch {
  readonly #core: TradingCore;
  readonly #config: MarginConfig;
  readonly #onAlert: (alert: MarginAlert) => void;
  readonly #accounts: readonly Account[];
  readonly #terms = new Map<string, MarginTerms>();
  readonly #tried = new Map<string, EpochMs>();

  constructor(core: TradingCore, config: MarginConfig, onAlert: (alert: MarginAlert) => void = () => {}) {
    this.#core = core;
    this.#config = config;
    this.#onAlert = onAlert;
    const instruments = [...core.instruments.values()];
    this.#accounts = [...core.accounts.values()].filter((account) => isLiquidated(account, instruments));
    for (const account of this.#accounts) {
      const venue = core.options.venues.find(({ id }) => id === account.broker);
      this.#terms.set(account.id, marginTerms(config, venue?.model.fees.taker ?? '0'));
    }
    core.listen({ onFill: (fill, order) => this.#onFill(fill, order) });
  }

  /** False when no account can be liquidated: then nothing needs to be called. */
  get isNeeded(): boolean {
    return this.#accounts.length > 0;
  }

  terms(accountId: string): MarginTerms | null {
    return this.#terms.get(accountId) ?? null;
  }

  /** After every change of price or position. Doubles decide unless an account is near its end. */
  check(now: EpochMs): void {
    for (let index = 0; index < this.#accounts.length; index += 1) {
      const account = this.#accounts[index];
      const terms = account === undefined ? undefined : this.#terms.get(account.id);
      if (account === undefined || terms === undefined) continue;
      const [first, ...others] = liquidatable(this.#core.portfolio, account, terms);
      if (first === undefined) continue;
      this.#liquidate(account, first, now, null);
      // In cross mode what remains is looked at again once the first position is gone.
      if (terms.mode === 'isolated') for (const holding of others) this.#liquidate(account, holding, now, null);
    }
  }

  /** A bar that has closed: whether it went through a liquidation price on its way, which its close need not show. */
  onBar(bar: Bar): void {
    for (const account of this.#accounts) {
      const terms = this.#terms.get(account.id);
      const holding = this.#core.portfolio
        .holdings(account.id)
        .find(({ instrument }) => instrument.id === bar.instrument);
      if (terms === undefined || holding === undefined) continue;
      const price = this.#reached(account, terms, holding, bar);
      if (price === 0) continue;
      this.#core.priceNow(bar.instrument, price, bar.at);
      this.#liquidate(account, holding, bar.at, price);
      this.#core.priceNow(bar.instrument, bar.close, bar.at);
    }
    this.check(bar.at);
  }

  /** Price at which the bar liquidates the position: its open when it opens beyond, else the liquidation price; 0 = not at all. */
  #reached(account: Account, terms: MarginTerms, holding: OpenHolding, bar: Bar): PriceUnits {
    const { instrument, quantity } = holding;
    const worst = quantity > 0 ? bar.low : bar.high;
    if (isFarFromLiquidation(this.#core.portfolio, account, terms, holding, worst)) return 0;
    const figures = marginFigures(this.#core.portfolio, account, terms);
    const exact = figures?.positions.find((one) => one.instrument === instrument.id)?.liquidationPrice ?? null;
    if (exact === null) return 0;
    const price = parseUnits(liquidationText(instrument, quantity, exact), instrument.priceDigits);
    if (quantity > 0) return bar.low <= price ? Math.min(price, bar.open) : 0;
    return bar.high >= price ? Math.max(price, bar.open) : 0;
  }

  #liquidate(account: Account, holding: OpenHolding, now: EpochMs, at: PriceUnits | null): void {
    const core = this.#core;
    const { instrument, quantity } = holding;
    const open = core.orders.openOrders(account.id);
    if (open.some((order) => order.note === LIQUIDATION_NOTE && order.instrument === instrument.id)) return;
    if (core.view.marketClosed(instrument.id) !== null) return;
    const key = `${account.id} ${instrument.id}`;
    // The price inside a bar is there once only.
    if (at === null && now - (this.#tried.get(key) ?? Number.NEGATIVE_INFINITY) < RETRY_MS) return;
    this.#tried.set(key, now);
    for (const order of open) {
      if (this.#config.mode === 'isolated' && order.instrument !== instrument.id) continue;
      if (!order.reduceOnly) core.orders.cancel(order.id, 'The account is being liquidated.');
    }
    const size = quantityText(instrument, quantity);
    const price = at === null ? '' : ` at ${priceText(instrument, at)}`;
    const sentence = `Margin used up: ${size} ${instrument.symbol} of ${account.name} is liquidated${price}, since the ${this.#config.mode === 'cross' ? 'equity' : 'margin of the position'} is down to the maintenance margin. Add funds or trade with less leverage.`;
    core.audit('engine', LIQUIDATION, sentence, {
      account: account.id,
      instrument: instrument.id,
      quantity: size,
      equity: core.portfolio.equity(account.id)?.toFixed() ?? null,
      mode: this.#config.mode,
    });
    this.#onAlert({ at: now, code: LIQUIDATION, sentence, account: account.id, instrument: instrument.id });
    const held = { accountId: account.id, accountKind: account.kind, instrument: instrument.id, quantity };
    core.submit(closeAtMarket(held, { timeInForce: 'IOC', note: LIQUIDATION_NOTE }));
  }

  /** The exchange's fee for closing, never more than what the account still has. */
  #onFill(fill: Fill, order: Order): void {
    if (order.note !== LIQUIDATION_NOTE) return;
    const core = this.#core;
    const instrument = core.instruments.get(fill.instrument);
    if (instrument === undefined || instrument.calendar === 'nse') return;
    const asked = notional(instrument, fill.price, fill.quantity).times(this.#config.liquidationFee);
    const left = Decimal.max(0, core.portfolio.equity(fill.accountId) ?? 0);
    const fee = Decimal.min(asked, left);
    if (fee.isZero()) return;
    bookCashFlow(core, {
      at: fill.ts,
      account: fill.accountId,
      kind: 'liquidation-fee',
      instrument: instrument.id,
      amount: fee.neg(),
      sentence: `Liquidation fee on ${quantityText(instrument, fill.quantity)} ${instrument.symbol}.`,
      detail: { rate: this.#config.liquidationFee, tradeId: fill.tradeId },
    });
  }

  /** On a simulated clock: settles funding at each of its times. Without a rate nothing is paid. */
  armFunding(): void {
    const { funding } = this.#config;
    if (funding === null) return;
    const { clock } = this.#core.options;
    const set = (): void => {
      clock.setTimer(nextFunding(clock.now(), funding.intervalMs), (at) => {
        this.settleFunding(at, new Decimal(funding.rate));
        set();
      });
    };
    set();
  }

  /** Every open perpetual pays or receives `rate` of its value at the mark price. */
  settleFunding(at: EpochMs, rate: Decimal): void {
    const core = this.#core;
    for (const account of this.#accounts) {
      for (const { instrument, quantity } of core.portfolio.holdings(account.id)) {
        const mark = instrument.kind === 'crypto-perpetual' ? this.#mark(instrument) : 0;
        if (mark === 0) continue;
        const amount = fundingPayment(instrument, quantity, mark, rate);
        if (amount.isZero()) continue;
        bookCashFlow(core, {
          at,
          account: account.id,
          kind: 'funding',
          instrument: instrument.id,
          amount,
          sentence: `Funding of ${quantityText(instrument, quantity)} ${instrument.symbol} at ${priceText(instrument, mark)}.`,
          detail: {
            rate: rate.toFixed(),
            mark: priceText(instrument, mark),
            quantity: quantityText(instrument, quantity),
          },
        });
      }
    }
    this.check(at);
  }

  /** Middle of the touch, else the last price. */
  #mark(instrument: Instrument): PriceUnits {
    const line = this.#core.board.line(instrument.id);
    if (line === null) return 0;
    return line.bid > 0 && line.ask > 0 ? Math.round((line.bid + line.ask) / 2) : line.last;
  }
}
