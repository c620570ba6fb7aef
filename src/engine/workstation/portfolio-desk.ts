import type { AccountFigures, AccountView, PortfolioState, PositionView } from '../../contract/types.ts';
import type { Account } from '../../domain/account.ts';
import { Decimal, ZERO } from '../../domain/decimal.ts';
import { type Instrument, priceText, quantityDecimal, quantityText } from '../../domain/instrument.ts';
import type { Position } from '../../domain/position.ts';
import { leavesOf } from '../../domain/order-state.ts';
import { notional } from '../../domain/instrument.ts';
import { liquidationText, type MarginFigures, marginFigures } from '../../portfolio/margin-account.ts';
import { DEFAULT_MARGIN, marginTerms } from '../margin-config.ts';
import { CoalescedState } from './coalesced.ts';
import { money } from './decimal-text.ts';
import type { ProtectionDesk } from './protection-desk.ts';
import type { Runtime } from './runtime.ts';

/** The taker rate is asked for by one rule of liquidation only, which paper does not use. */
const MARGIN_TERMS = marginTerms(DEFAULT_MARGIN, '0');

/** Cash, equity and positions in exact decimals, made when somebody reads. */
export class PortfolioDesk {
  readonly state: CoalescedState<PortfolioState>;
  readonly #runtime: Runtime;
  readonly #protection: ProtectionDesk;

  constructor(runtime: Runtime, protection: ProtectionDesk) {
    this.#runtime = runtime;
    this.#protection = protection;
    this.state = new CoalescedState(
      () => this.#read(),
      (error) => runtime.fault('A reader of the portfolio', error),
    );
    runtime.onFill.add(() => this.state.touch('figures'));
  }

  accounts(): readonly AccountView[] {
    return [...this.#runtime.core.accounts.values()].map((account) => ({
      ...account,
      armed: account.kind === 'paper',
    }));
  }

  #read(): PortfolioState {
    const { core } = this.#runtime;
    const accounts = [...core.accounts.values()];
    return {
      at: Math.trunc(this.#runtime.now()),
      accounts: accounts.map((account) => this.#figures(account)),
      positions: accounts.flatMap((account) =>
        core.portfolio.held(account.id).flatMap((id) => {
          const record = core.portfolio.positionRecord(account.id, id);
          return record === null ? [] : [this.position(record)];
        }),
      ),
    };
  }

  openPositions(): number {
    const { core } = this.#runtime;
    let count = 0;
    for (const account of core.accounts.keys()) count += core.portfolio.held(account).length;
    return count;
  }

  position(record: Position): PositionView {
    const { core } = this.#runtime;
    const { accountId, quantity } = record;
    const instrument = core.instruments.get(record.instrument);
    if (instrument === undefined)
      throw new Error(`a position in ${record.instrument}, which is not part of the session`);
    const reference = core.view.reference(instrument.id);
    const mark = reference === null ? 0 : (quantity >= 0 ? reference.bid : reference.ask) || reference.last;
    const size = quantityDecimal(instrument, quantity);
    const average = quantity === 0 ? ZERO : record.cost.div(size);
    const unrealised = mark > 0 ? notional(instrument, mark, quantity).minus(record.cost) : null;
    const cost = record.cost.abs();
    return {
      account: accountId,
      instrument: instrument.id,
      quantity: quantityText(instrument, quantity),
      averagePrice: average.toDecimalPlaces(instrument.priceDigits + 4).toFixed(),
      mark: mark > 0 ? priceText(instrument, mark) : null,
      value: mark > 0 ? money(notional(instrument, mark, quantity)) : null,
      unrealised: unrealised === null ? null : money(unrealised),
      unrealisedPct: unrealised === null || cost.isZero() ? null : unrealised.div(cost).times(100).toNumber(),
      realised: money(record.realised),
      fees: money(record.fees),
      ...excursions(instrument, record, average),
      ...this.#liquidation(record, instrument),
      ...this.#protection.levels(accountId, instrument),
      openedAt: record.openedAt === null ? null : Math.trunc(record.openedAt),
      markAgeMs: reference === null ? null : reference.ageMs,
      stale: reference === null || (reference.stale && core.view.marketClosed(instrument.id) === null),
    };
  }

  #figures(account: Account): AccountFigures {
    const { core } = this.#runtime;
    const { portfolio } = core;
    const equity = portfolio.equity(account.id) ?? ZERO;
    const cash = portfolio.cash(account.id) ?? ZERO;
    const exposure = portfolio.exposure(account.id);
    const day = core.monitor.day(account.id);
    const high = day?.highEquity ?? Number.NaN;
    return {
      account: account.id,
      currency: account.currency,
      cash: money(cash),
      equity: money(equity),
      buyingPower: money(this.#buyingPower(account, equity, cash)),
      ...this.#margin(account),
      realised: money(portfolio.realised(account.id)),
      unrealised: money(portfolio.unrealised(account.id)),
      fees: money(portfolio.fees(account.id)),
      grossExposure: money(exposure.gross),
      netExposure: money(exposure.net),
      dayPnl: money(day === null ? ZERO : equity.minus(day.startEquity)),
      drawdown: high > 0 ? Math.min(0, equity.toNumber() / high - 1) : 0,
      stale: portfolio.held(account.id).some((id) => {
        const reference = core.view.reference(id);
        return reference === null || (reference.stale && core.view.marketClosed(id) === null);
      }),
    };
  }

  #margin(account: Account): Pick<AccountFigures, 'margin'> {
    const figures = this.#marginFigures(account);
    if (figures === null) return {};
    const { wallet, used, maintenance, free, equity } = figures;
    return {
      margin: {
        leverage: account.leverage,
        wallet: money(wallet),
        used: money(used),
        maintenance: money(maintenance),
        free: money(free),
        ratio: equity.greaterThan(0) ? maintenance.div(equity).toNumber() : null,
      },
    };
  }

  #marginFigures(account: Account): MarginFigures | null {
    return account.type === 'margin' ? marginFigures(this.#runtime.core.portfolio, account, MARGIN_TERMS) : null;
  }

  /** Exact price on the instrument's grid; nothing for accounts that pay in full. */
  #liquidation(record: Position, instrument: Instrument): Pick<PositionView, 'liquidationPrice'> {
    const account = this.#runtime.core.accounts.get(record.accountId);
    const figures = account === undefined || record.quantity === 0 ? null : this.#marginFigures(account);
    if (figures === null) return {};
    const price = figures.positions.find((one) => one.instrument === instrument.id)?.liquidationPrice ?? null;
    return { liquidationPrice: price === null ? null : liquidationText(instrument, record.quantity, price) };
  }

  /** What open buy orders have not claimed yet: of the cash, or of equity times leverage less exposure. */
  #buyingPower(account: Account, equity: Decimal, cash: Decimal): Decimal {
    const { core } = this.#runtime;
    let claimed = ZERO;
    for (const order of core.orders.openOrders(account.id)) {
      const instrument = core.instruments.get(order.instrument);
      const price = order.price ?? order.trigger ?? 0;
      if (order.side !== 'buy' || order.reduceOnly || instrument === undefined) continue;
      claimed = claimed.plus(notional(instrument, price, leavesOf(order)));
    }
    const free =
      account.type === 'margin'
        ? equity.times(account.leverage).minus(core.portfolio.exposure(account.id).gross)
        : cash;
    return Decimal.max(ZERO, free.minus(claimed));
  }
}

/** Worst and best result per unit against the average price. */
function excursions(instrument: Instrument, record: Position, average: Decimal): Pick<PositionView, 'mae' | 'mfe'> {
  const { lowest, highest, quantity } = record;
  if (lowest === null || highest === null || quantity === 0) return { mae: null, mfe: null };
  const price = (units: number): Decimal => new Decimal(units).times(new Decimal(10).pow(-instrument.priceDigits));
  const digits = instrument.priceDigits + 4;
  const down = price(lowest).minus(average).toDecimalPlaces(digits);
  const up = price(highest).minus(average).toDecimalPlaces(digits);
  return quantity > 0
    ? { mae: down.toFixed(), mfe: up.toFixed() }
    : { mae: up.neg().toFixed(), mfe: down.neg().toFixed() };
}
