import type { Account } from '../../domain/account.ts';
import { Decimal, ZERO } from '../../domain/decimal.ts';
import type { Fill } from '../../domain/fill.ts';
import { notional, quantityDecimal, quantityText, type Instrument } from '../../domain/instrument.ts';
import type { Order } from '../../domain/order.ts';
import { leavesOf } from '../../domain/order-state.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { parseUnits, type PriceUnits, type QuantityUnits } from '../../domain/units.ts';
import { liquidatable, type MarginFigures, marginFigures } from '../../portfolio/margin-account.ts';
import { createPortfolio, type Portfolio } from '../../portfolio/portfolio.ts';
import { fundingPayment } from '../../venue/margin/funding.ts';
import type { MarketView } from '../../venue/create-venue.ts';
import type { AccountTerms } from './read-account.ts';
import { scriptFault } from './script-json.ts';

/** The only account of a script. */
export const SCRIPT_ACCOUNT = 'script';
const DEFAULT_CASH = '100000';

/** The script's account: cash and position by every fill, and, where its type is stated, what it can afford. */
export class ScriptMoney {
  readonly portfolio: Portfolio;
  private readonly terms: AccountTerms;
  private readonly instrument: Instrument;
  private readonly cash: Readonly<Record<string, string>>;
  private readonly account: Account;
  private readonly flows: { readonly t: number; readonly kind: string; readonly amount: Decimal }[] = [];

  constructor(terms: AccountTerms, instrument: Instrument) {
    this.terms = terms;
    this.instrument = instrument;
    const cash = { ...(terms.cash ?? { [instrument.quote]: DEFAULT_CASH }) };
    if (cash[''] !== undefined) {
      cash[instrument.quote] = cash[''];
      delete cash[''];
    }
    this.cash = cash;
    const account: Account = {
      id: SCRIPT_ACCOUNT,
      name: SCRIPT_ACCOUNT,
      kind: 'paper',
      broker: 'paper',
      currency: instrument.quote,
      type: terms.type ?? 'margin',
      leverage: String(terms.leverage),
      startingCash: cash[instrument.quote] ?? '0',
    };
    this.account = account;
    this.portfolio = createPortfolio({ accounts: [account], instruments: new Map([[instrument.id, instrument]]) });
    this.takeHoldings();
  }

  /** Whether the account's exchange watches its margin. */
  get isLiquidated(): boolean {
    return this.terms.type === 'margin';
  }

  isUsedUp(): boolean {
    return liquidatable(this.portfolio, this.account, this.terms.margin.terms).length > 0;
  }

  figures(): MarginFigures {
    const figures = marginFigures(this.portfolio, this.account, this.terms.margin.terms);
    if (figures === null) throw new Error('the account of a script is there');
    return figures;
  }

  liquidationPrice(): Decimal | null {
    return this.figures().positions[0]?.liquidationPrice ?? null;
  }

  /** The exchange's fee for liquidating, never more than what is left. */
  liquidationFee(fill: Fill): void {
    const asked = notional(this.instrument, fill.price, fill.quantity).times(this.terms.margin.liquidationFee);
    const fee = Decimal.min(asked, Decimal.max(0, this.equity()));
    if (!fee.isZero()) this.flow(fill.ts, 'liquidation-fee', fee.neg());
  }

  /** Longs pay `rate` of their value at `mark` to shorts. */
  fund(rate: string, mark: PriceUnits, ts: number): void {
    this.flow(ts, 'funding', fundingPayment(this.instrument, this.position(), mark, new Decimal(rate)));
  }

  private flow(t: number, kind: string, amount: Decimal): void {
    const booked = this.portfolio.applyCashFlow(SCRIPT_ACCOUNT, amount);
    if (!booked.ok) throw new Error(booked.error.sentence);
    this.flows.push({ t, kind, amount });
  }

  position(): QuantityUnits {
    return this.portfolio.position(SCRIPT_ACCOUNT, this.instrument.id);
  }

  apply(fill: Fill): void {
    const booked = this.portfolio.applyFill(fill);
    if (!booked.ok) throw new Error(booked.error.sentence);
  }

  mark(view: MarketView | null, ts: number): void {
    if (view !== null) this.portfolio.mark(this.instrument.id, view.bid, view.ask, view.last, ts);
  }

  /**
   * Why the account cannot afford the order; null when it can, or when the script states no account type. A cash account
   * pays buys in full with the taker fee and sells only what it holds; a margin account needs equity of 1/leverage of the
   * exposure. Open orders count, of those that cancel each other (one list each) the largest. Orders that only reduce the
   * position need no money.
   */
  refusal(
    order: Order,
    open: readonly (readonly Order[])[],
    view: MarketView | null,
    takerFee: string,
  ): Refusal | null {
    if (this.terms.type === null || order.reduceOnly) return null;
    const price = this.priceOf(order, view);
    if (price === 0) return null;
    const buys = order.side === 'buy';
    const { instrument } = this;
    const worth = (one: Order): Decimal => this.worthOf(one, one.price ?? one.trigger ?? price, view);
    const alike = open.flatMap((group) => {
      const same = group.filter(({ side, id, reduceOnly }) => side === order.side && id !== order.id && !reduceOnly);
      return same.toSorted((a, b) => (buys ? worth(b).cmp(worth(a)) : leavesOf(b) - leavesOf(a))).slice(0, 1);
    });
    const pending = alike.reduce((sum, other) => sum + leavesOf(other), 0);
    const position = this.position();
    const wanted = leavesOf(order);
    if (this.terms.type === 'cash') {
      if (!buys) {
        const free = Math.max(0, position - pending);
        if (wanted <= free) return null;
        const held = quantityText(instrument, free);
        const text = quantityText(instrument, wanted);
        return {
          code: 'INSUFFICIENT_HOLDING',
          sentence: `A cash account sells only what it holds: ${held} ${instrument.base} is free, ${text} is to be sold.`,
          value: text,
          limit: held,
        };
      }
      const withFee = new Decimal(1).plus(takerFee);
      const reserved = alike.reduce((sum, other) => sum.plus(worth(other)), ZERO).times(withFee);
      return this.short('INSUFFICIENT_CASH', worth(order).times(withFee), this.cashNow().minus(reserved));
    }
    const after = position + (buys ? 1 : -1) * (pending + wanted);
    if (Math.abs(after) <= Math.abs(position)) return null;
    // What these orders close of the other side's position opens nothing.
    const isSameSide = buys === position > 0 || position === 0;
    let closing = isSameSide ? 0 : Math.abs(position);
    let exposure = isSameSide ? this.portfolio.exposure(SCRIPT_ACCOUNT).gross : ZERO;
    for (const one of [...alike, order]) {
      const quantity = leavesOf(one);
      const opens = Math.max(0, quantity - closing);
      closing = Math.max(0, closing - quantity);
      if (opens > 0) exposure = exposure.plus(worth(one).times(opens).div(quantity));
    }
    return this.short('INSUFFICIENT_MARGIN', exposure.div(this.terms.leverage), this.equity());
  }

  /** Value of what is left of an order: at `price`, or what the displayed book asks where it takes at any price. */
  private worthOf(order: Order, price: PriceUnits, view: MarketView | null): Decimal {
    const quantity = leavesOf(order);
    const atPrice = notional(this.instrument, price, quantity);
    if (order.type !== 'market' || view === null || !view.book.isUsable()) return atPrice;
    const { average, filled } = view.book.sweep(order.side, quantity);
    if (average === null) return atPrice;
    return Decimal.max(atPrice.times(filled).div(quantity), average.times(quantityDecimal(this.instrument, filled)));
  }

  report(): Record<string, unknown> {
    const { instrument } = this;
    const cash = this.cashNow();
    const exposure = this.portfolio.exposure(SCRIPT_ACCOUNT).gross;
    const equity = this.equity();
    const record = this.portfolio.positionRecord(SCRIPT_ACCOUNT, instrument.id);
    const held = quantityDecimal(instrument, this.position());
    const marginUsed = exposure.div(this.terms.leverage);
    const margin = this.terms.type === 'margin' ? this.figures() : null;
    const liquidation = margin?.positions[0]?.liquidationPrice ?? null;
    const average =
      record === null || record.quantity === 0 ? null : record.cost.div(quantityDecimal(instrument, record.quantity));
    return {
      type: this.terms.type ?? 'margin',
      enforced: this.terms.type !== null,
      leverage: this.terms.leverage,
      currency: instrument.quote,
      cash: { ...this.cash, [instrument.quote]: cash.toFixed() },
      balances: { ...this.cash, [instrument.quote]: cash.toFixed(), [instrument.base]: held.toFixed() },
      positions:
        record === null
          ? []
          : [
              {
                symbol: instrument.symbol,
                qty: quantityText(instrument, record.quantity),
                avgPrice: average === null ? null : average.toSignificantDigits(20).toFixed(),
                realisedPnl: record.realised.toFixed(),
                unrealisedPnl: this.portfolio.unrealisedOf(SCRIPT_ACCOUNT, instrument.id).toFixed(),
                fees: record.fees.toFixed(),
                ...(margin === null
                  ? {}
                  : {
                      initialMargin: margin.used.toFixed(),
                      maintenanceMargin: margin.maintenance.toFixed(),
                      liquidationPrice: liquidation === null ? null : liquidation.toSignificantDigits(20).toFixed(),
                    }),
              },
            ],
      realisedPnl: this.portfolio.realised(SCRIPT_ACCOUNT).toFixed(),
      unrealisedPnl: this.portfolio.unrealised(SCRIPT_ACCOUNT).toFixed(),
      fees: this.portfolio.fees(SCRIPT_ACCOUNT).toFixed(),
      equity: equity.toFixed(),
      marginUsed: (margin?.used ?? marginUsed).toFixed(),
      ...(margin === null
        ? {}
        : {
            mode: this.terms.margin.terms.mode,
            walletBalance: margin.wallet.toFixed(),
            maintenanceMargin: margin.maintenance.toFixed(),
            marginFree: margin.free.toFixed(),
            marginRatio: margin.equity.isZero()
              ? null
              : margin.maintenance.div(margin.equity).toSignificantDigits(12).toFixed(),
            liquidationPrice: liquidation === null ? null : liquidation.toSignificantDigits(20).toFixed(),
          }),
      cashFlows: this.flows.map(({ t, kind, amount }) => ({ t, kind, amount: amount.toFixed() })),
      buyingPower: Decimal.max(0, equity.minus(marginUsed).times(this.terms.leverage)).toFixed(),
      valuation: 'a long at the bid, a short at the ask, else the last price',
    };
  }

  private short(code: string, needed: Decimal, free: Decimal): Refusal | null {
    if (needed.lte(free)) return null;
    const { quote } = this.instrument;
    return {
      code,
      sentence: `The order needs ${needed.toFixed()} ${quote} and ${free.toFixed()} is free; reduce the quantity or add funds.`,
      value: needed.toFixed(),
      limit: free.toFixed(),
    };
  }

  private priceOf(order: Order, view: MarketView | null): PriceUnits {
    if (order.price !== null || order.trigger !== null) return order.price ?? order.trigger ?? 0;
    if (view === null) return 0;
    return (order.side === 'buy' ? view.ask : view.bid) || view.last;
  }

  private cashNow(): Decimal {
    return this.portfolio.cash(SCRIPT_ACCOUNT) ?? ZERO;
  }

  private equity(): Decimal {
    return this.portfolio.equity(SCRIPT_ACCOUNT) ?? ZERO;
  }

  /** Positions the script begins with: stated ones, or a balance of the base currency. Without a price they cost nothing. */
  private takeHoldings(): void {
    const { instrument } = this;
    const base = this.cash[instrument.base];
    const stated = this.terms.positions;
    const all = [
      ...stated,
      ...(base === undefined || instrument.base === instrument.quote
        ? []
        : [{ symbol: instrument.symbol, quantity: base, averagePrice: null }]),
    ];
    for (const { symbol, quantity, averagePrice } of all) {
      if (symbol.toUpperCase() !== instrument.symbol) {
        throw scriptFault(`account.positions holds ${symbol}, but the script trades ${instrument.symbol}.`);
      }
      const units = parseUnits(quantity, instrument.quantityDigits);
      if (Number.isNaN(units)) throw scriptFault(`Quantity ${quantity} of ${symbol} is finer than its step.`);
      const cost = averagePrice === null ? ZERO : new Decimal(averagePrice).times(quantity);
      const restored = this.portfolio.restore(
        [
          {
            accountId: SCRIPT_ACCOUNT,
            instrument: instrument.id,
            quantity: units,
            cost,
            realised: ZERO,
            fees: ZERO,
            openedAt: null,
            lowest: null,
            highest: null,
          },
        ],
        [],
      );
      if (!restored.ok) throw scriptFault(restored.error.sentence, restored.error.code);
    }
  }
}
