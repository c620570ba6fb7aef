import type { Account } from '../domain/account.ts';
import { Decimal, ZERO } from '../domain/decimal.ts';
import { priceDecimal, quantityDecimal, unitValue, type Instrument, type InstrumentId } from '../domain/instrument.ts';
import type { PriceUnits } from '../domain/units.ts';
import { liquidationPrice, type LiquidationRule } from '../venue/margin/liquidation-price.ts';
import type { MarginTable } from '../venue/margin/margin-tier.ts';
import type { OpenHolding, Portfolio } from './portfolio.ts';

/** How a margin account is kept. */
export interface MarginTerms {
  /** cross: all positions stand for each other. isolated: each loses its own initial margin at most. */
  readonly mode: 'cross' | 'isolated';
  readonly rule: LiquidationRule;
  /** Taker rate, for the rule that holds it back. */
  readonly fee: Decimal;
  table(instrument: Instrument): MarginTable;
}

export interface PositionMargin {
  readonly instrument: InstrumentId;
  readonly initial: Decimal;
  readonly maintenance: Decimal;
  /** Null where no price above zero liquidates it. */
  readonly liquidationPrice: Decimal | null;
}

export interface MarginFigures {
  /** Starting cash, realised results, fees and cash flows: what remains when all is closed at cost. */
  readonly wallet: Decimal;
  readonly equity: Decimal;
  /** Initial margin of the open positions at their market values. */
  readonly used: Decimal;
  readonly maintenance: Decimal;
  /** Equity not needed as initial margin; never below zero. */
  readonly free: Decimal;
  /** Value that can still be opened at the account's leverage. */
  readonly buyingPower: Decimal;
  readonly positions: readonly PositionMargin[];
}

/** Null for an unknown account. */
export function marginFigures(portfolio: Portfolio, account: Account, terms: MarginTerms): MarginFigures | null {
  const equity = portfolio.equity(account.id);
  const cash = portfolio.cash(account.id);
  if (equity === null || cash === null) return null;
  const holdings = portfolio.holdings(account.id);
  let wallet = cash;
  let used = ZERO;
  let maintenance = ZERO;
  const each = holdings.map((holding) => {
    const table = terms.table(holding.instrument);
    const value = holding.value().abs();
    const initial = table.initial(value, account.leverage);
    const needed = table.maintenance(value);
    wallet = wallet.plus(holding.cost);
    used = used.plus(initial);
    maintenance = maintenance.plus(needed);
    return { holding, table, initial, maintenance: needed };
  });
  const free = Decimal.max(ZERO, equity.minus(used));
  return {
    wallet,
    equity,
    used,
    maintenance,
    free,
    buyingPower: free.times(account.leverage),
    positions: each.map(({ holding, table, initial, maintenance: needed }) => ({
      instrument: holding.instrument.id,
      initial,
      maintenance: needed,
      liquidationPrice: liquidationOf(holding, table, account, terms, {
        equity,
        othersMaintenance: maintenance.minus(needed),
      }),
    })),
  };
}

function liquidationOf(
  holding: OpenHolding,
  table: MarginTable,
  account: Account,
  terms: MarginTerms,
  whole: { readonly equity: Decimal; readonly othersMaintenance: Decimal },
): Decimal | null {
  const { instrument, cost } = holding;
  const quantity = quantityDecimal(instrument, holding.quantity);
  const entry = cost.div(quantity);
  // Cross: what is left when this position is worth its cost, the others as they stand.
  const margin =
    terms.mode === 'isolated'
      ? isolatedMargin(holding, account)
      : whole.equity.minus(holding.value().minus(cost)).minus(whole.othersMaintenance);
  return liquidationPrice({ quantity, entry, margin }, table, terms.rule, terms.fee);
}

/** The initial margin at entry, which is all that an isolated position can lose. */
function isolatedMargin(holding: OpenHolding, account: Account): Decimal {
  return holding.cost.abs().div(account.leverage);
}

/**
 * Positions whose margin is used up now. Cross: all of them when equity is down to the maintenance margin, the largest
 * loss first. Isolated: each for itself. Doubles first, so that a sound account costs no decimals.
 */
export function liquidatable(portfolio: Portfolio, account: Account, terms: MarginTerms): readonly OpenHolding[] {
  const holdings = portfolio.holdings(account.id);
  if (holdings.length === 0) return holdings;
  if (terms.mode === 'isolated') return holdings.filter((holding) => isUsedUp(holding, account, terms));
  let needed = 0;
  for (let index = 0; index < holdings.length; index += 1) {
    const holding = holdings[index];
    if (holding === undefined) continue;
    needed += terms.table(holding.instrument).maintenanceNumber(Math.abs(holding.valueNumber()));
  }
  if (portfolio.equityNumber(account.id) > needed * (1 + SCREEN)) return NONE;
  let exact = ZERO;
  for (const holding of holdings)
    exact = exact.plus(terms.table(holding.instrument).maintenance(holding.value().abs()));
  const equity = portfolio.equity(account.id);
  if (equity === null || equity.greaterThan(exact)) return NONE;
  return [...holdings].sort((a, b) => profitOf(a).comparedTo(profitOf(b)));
}

/**
 * Whether `price` is so far from liquidating the position that no exact figures are needed: doubles only, for every bar.
 * The other positions stand as they are marked.
 */
export function isFarFromLiquidation(
  portfolio: Portfolio,
  account: Account,
  terms: MarginTerms,
  holding: OpenHolding,
  price: PriceUnits,
): boolean {
  const { instrument, quantity } = holding;
  const value = price * quantity * unitValue(instrument);
  let needed = terms.table(instrument).maintenanceNumber(Math.abs(value));
  if (terms.mode === 'isolated') {
    const cost = holding.cost.toNumber();
    return Math.abs(cost) / Number(account.leverage) + value - cost > needed * CLEARLY;
  }
  const equity = portfolio.equityNumber(account.id) - holding.valueNumber() + value;
  for (const other of portfolio.holdings(account.id)) {
    if (other !== holding) needed += terms.table(other.instrument).maintenanceNumber(Math.abs(other.valueNumber()));
  }
  return equity > needed * CLEARLY;
}

/** A liquidation price is put on the tick towards the entry: nearer than that, the exact figures decide. */
const CLEARLY = 1.5;
const NONE: readonly OpenHolding[] = [];
/** Relative error that doubles may have beside decimals, generously. */
const SCREEN = 1e-9;

function isUsedUp(holding: OpenHolding, account: Account, terms: MarginTerms): boolean {
  const value = holding.value();
  const left = isolatedMargin(holding, account).plus(value.minus(holding.cost));
  return left.lessThanOrEqualTo(terms.table(holding.instrument).maintenance(value.abs()));
}

function profitOf(holding: OpenHolding): Decimal {
  return holding.value().minus(holding.cost);
}

/** Liquidation price as text on the instrument's grid, rounded towards the entry: never later than the exact one. */
export function liquidationText(instrument: Instrument, quantity: number, price: Decimal): string {
  const unit = priceDecimal(instrument, 1);
  const exact = price.div(unit);
  return (quantity > 0 ? exact.ceil() : exact.floor()).times(unit).toFixed(instrument.priceDigits);
}
