import { Decimal, ZERO } from '../../domain/decimal.ts';
import type { ChargedTrade, Product } from './charge-terms.ts';

export interface TaxShare {
  readonly product: Product;
  readonly value: Decimal;
}

/** What securities transaction tax falls on. */
export interface TaxBases {
  /** Taxable value by product; a product that was traded is present even where nothing of it is taxable. */
  readonly bases: ReadonlyMap<Product, Decimal>;
  /** The same value spread over the trades, in their order: for showing who caused it, not for the tax itself. */
  readonly shares: readonly (readonly TaxShare[])[];
  /** Where the day's netting differs from what the trades were called. */
  readonly warnings: readonly string[];
}

/**
 * Taxable values of a day. Cash segment, by the exchange's average-price method (NSE/CMTR/5588 and brokers' support
 * pages): per security one volume-weighted average over all buys and sells of the day; what was both bought and sold is
 * intraday, taxed on its sale, and what remains is taxed as it was called. Derivatives are taxed on each sale's own value,
 * exercised options on their intrinsic value.
 */
export function taxBases(trades: readonly ChargedTrade[]): TaxBases {
  const bases = new Map<Product, Decimal>();
  const shares: TaxShare[][] = trades.map(() => []);
  const warnings: string[] = [];
  const tax = (product: Product, value: Decimal): void => {
    bases.set(product, (bases.get(product) ?? ZERO).plus(value));
  };
  trades.forEach((trade, index) => {
    tax(trade.product, ZERO);
    if (trade.product === 'delivery' || trade.product === 'intraday') return;
    if (trade.product !== 'exercise' && trade.side !== 'sell') return;
    const value = trade.quantity.times(trade.price);
    tax(trade.product, value);
    shares[index]?.push({ product: trade.product, value });
  });
  for (const [symbol, day] of cashDays(trades)) {
    const { traded, value } = day;
    const total = traded.buy.plus(traded.sell);
    const rest = traded.buy.greaterThan(traded.sell) ? 'buy' : 'sell';
    const netted = Decimal.min(traded.buy, traded.sell);
    const delivered = Decimal.min(traded[rest].minus(netted), day.delivery[rest]);
    const open = traded[rest].minus(netted).minus(delivered);
    const intraday = rest === 'sell' ? netted.plus(open) : netted;
    // Multiplied before the one division, so that an exact half rupee stays one.
    const intradayValue = value.times(intraday).div(total);
    const deliveredValue = value.times(delivered).div(total);
    if (intraday.greaterThan(0)) tax('intraday', intradayValue);
    if (delivered.greaterThan(0)) tax('delivery', deliveredValue);
    for (const index of day.indices) {
      const trade = trades[index];
      if (trade === undefined) continue;
      if (trade.side === 'sell' && intraday.greaterThan(0))
        shares[index]?.push({ product: 'intraday', value: intradayValue.times(trade.quantity).div(traded.sell) });
      if (trade.side === rest && trade.product === 'delivery' && delivered.greaterThan(0))
        shares[index]?.push({
          product: 'delivery',
          value: deliveredValue.times(trade.quantity).div(day.delivery[rest]),
        });
    }
    if (trades.length === 1) continue;
    const both = Decimal.min(day.delivery.buy, day.delivery.sell);
    if (both.greaterThan(0))
      warnings.push(
        `${symbol}: ${both.toFixed()} bought and sold for delivery on the same day net to intraday for the transaction tax.`,
      );
    if (open.greaterThan(0))
      warnings.push(
        `${symbol}: intraday buys and sells differ by ${open.toFixed()}; carried over, that quantity is charged as delivery.`,
      );
  }
  return { bases, shares, warnings };
}

interface BySide {
  buy: Decimal;
  sell: Decimal;
}

interface CashDay {
  readonly indices: number[];
  readonly traded: BySide;
  readonly delivery: BySide;
  value: Decimal;
}

function cashDays(trades: readonly ChargedTrade[]): ReadonlyMap<string, CashDay> {
  const days = new Map<string, CashDay>();
  trades.forEach((trade, index) => {
    if (trade.product !== 'delivery' && trade.product !== 'intraday') return;
    let day = days.get(trade.symbol);
    if (day === undefined) {
      day = { indices: [], traded: { buy: ZERO, sell: ZERO }, delivery: { buy: ZERO, sell: ZERO }, value: ZERO };
      days.set(trade.symbol, day);
    }
    day.indices.push(index);
    day.traded[trade.side] = day.traded[trade.side].plus(trade.quantity);
    if (trade.product === 'delivery') day.delivery[trade.side] = day.delivery[trade.side].plus(trade.quantity);
    day.value = day.value.plus(trade.quantity.times(trade.price));
  });
  return days;
}
