import type { Decimal, DecimalString } from '../domain/decimal.ts';
import { priceDecimal, quantityText, type Instrument } from '../domain/instrument.ts';
import type { EpochMs } from '../domain/units.ts';
import type { ClosedTrade } from './closed-trades.ts';
import type { LotMethod } from './lot-method.ts';
import { tradeFigures, type TradeFigures } from './trade-figures.ts';

/** A closed trade as it is stored and shown: plain JSON, money and prices as decimal text. */
export interface TradeRecord {
  readonly id: string;
  readonly method: LotMethod;
  readonly account: string;
  readonly instrument: string;
  readonly strategy: string | null;
  readonly side: 'long' | 'short';
  readonly quantity: DecimalString;
  readonly entryAt: EpochMs;
  readonly exitAt: EpochMs;
  readonly entryPrice: DecimalString;
  readonly exitPrice: DecimalString;
  readonly entryValue: DecimalString;
  readonly pnl: DecimalString;
  readonly fees: DecimalString;
  readonly returnPct: number;
  readonly initialRisk: DecimalString | null;
  readonly plannedReward: DecimalString | null;
  readonly exitReason: string;
  readonly exits: readonly {
    readonly at: EpochMs;
    readonly order: string;
    readonly quantity: DecimalString;
    readonly price: DecimalString;
    readonly reason: string;
  }[];
  readonly entryOrder: string;
  readonly exitOrder: string;
  readonly figures: TradeFigures;
}

/** Averages carry a fraction of a tick; shown to this many decimals beyond the price's own. */
const EXTRA_DIGITS = 4;

export function tradeRecord(trade: ClosedTrade, instrument: Instrument, id: string): TradeRecord {
  const price = (value: number): DecimalString =>
    priceDecimal(instrument, value)
      .toDecimalPlaces(instrument.priceDigits + EXTRA_DIGITS)
      .toFixed();
  const text = (value: Decimal | null): DecimalString | null => value?.toFixed() ?? null;
  return {
    id,
    method: trade.method,
    account: trade.accountId,
    instrument: trade.instrument,
    strategy: trade.strategyId,
    side: trade.side,
    quantity: quantityText(instrument, trade.quantity),
    entryAt: trade.entryTs,
    exitAt: trade.exitTs,
    entryPrice: price(trade.entryPrice),
    exitPrice: price(trade.exitPrice),
    entryValue: trade.entryNotional.toFixed(),
    pnl: trade.pnl.toFixed(),
    fees: trade.fees.toFixed(),
    returnPct: trade.returnFraction * 100,
    initialRisk: text(trade.initialRisk),
    plannedReward: text(trade.plannedReward),
    exitReason: trade.exitReason,
    exits: trade.exits.map((exit) => ({
      at: exit.ts,
      order: exit.orderId,
      quantity: quantityText(instrument, exit.quantity),
      price: price(exit.price),
      reason: exit.reason,
    })),
    entryOrder: trade.entryOrderId,
    exitOrder: trade.exitOrderId,
    figures: tradeFigures(trade, instrument),
  };
}
