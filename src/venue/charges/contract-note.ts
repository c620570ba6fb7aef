import { Decimal, ZERO, type DecimalString } from '../../domain/decimal.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';
import { parseDay } from '../../clock/ist.ts';
import type { BrokeragePlan } from './brokerage-plan.ts';
import type { ChargedTrade, ChargeName, Exchange, Product } from './charge-terms.ts';
import { NoteLines } from './note-lines.ts';
import { allocate } from './rounding.ts';

export interface NoteTerms {
  /** Trading day, "2026-11-20". */
  readonly date: string;
  readonly plan: BrokeragePlan;
  /** Bill the investor protection fund as a line of its own where it is not part of the transaction charge. */
  readonly billIpft: boolean;
  /** Bill the plan's depository charge per security sold for delivery. */
  readonly billDepository: boolean;
}

export interface ChargeLine {
  readonly name: ChargeName;
  readonly product: Product | null;
  readonly exchange: Exchange | null;
  /** What the rate is applied to, in rupees (for dp: the number of securities). */
  readonly basis: Decimal;
  /** Fraction of the basis; null where the charge is no rate. */
  readonly rate: DecimalString | null;
  readonly amount: Decimal;
  readonly rule: string;
  /** First day of the rate; null for the broker's own tariff. */
  readonly effectiveFrom: string | null;
  readonly source: string | null;
}

/** Rupees by kind. `other` = investor protection and depository charges; `total` is the sum of all but the turnover. */
export interface ChargeSums {
  readonly turnover: Decimal;
  readonly brokerage: Decimal;
  readonly stt: Decimal;
  readonly transaction: Decimal;
  readonly sebi: Decimal;
  readonly gst: Decimal;
  readonly stamp: Decimal;
  readonly other: Decimal;
  readonly total: Decimal;
}

export interface ContractNote extends ChargeSums {
  readonly lines: readonly ChargeLine[];
  /** In the order of the trades; each kind adds up to the note's to the paisa. */
  readonly perTrade: readonly ChargeSums[];
  readonly warnings: readonly string[];
}

/**
 * Charges of one trading day, as on a contract note. Brokerage is rounded per order, transaction charge, SEBI fee, stamp
 * duty and GST per line to the paisa, securities transaction tax once per note to the rupee. Refuses CHARGE_DATE_INVALID,
 * CHARGE_DATE_UNKNOWN, NOTE_EMPTY, TRADE_NOT_POSITIVE, EXERCISE_SIDE, ORDER_MIXED, DEPOSITORY_UNKNOWN.
 */
export function contractNote(trades: readonly ChargedTrade[], terms: NoteTerms): Result<ContractNote> {
  const fault = faultOf(trades, terms);
  if (fault !== null) return fault;
  const lines = new NoteLines(trades, terms);
  const built = lines.build();
  if (!built.ok) return built;
  const totals = new Map<ChargeName, Decimal>();
  for (const line of built.value) totals.set(line.name, (totals.get(line.name) ?? ZERO).plus(line.amount));
  const of = (name: ChargeName): Decimal => totals.get(name) ?? ZERO;
  const shares = (name: ChargeName): readonly Decimal[] => allocate(of(name), lines.weights(name));
  const spread = {
    brokerage: shares('brokerage'),
    stt: shares('stt'),
    transaction: shares('transaction'),
    sebi: shares('sebi'),
    gst: shares('gst'),
    stamp: shares('stamp'),
    ipft: shares('ipft'),
    dp: shares('dp'),
  };
  const at = (list: readonly Decimal[], index: number): Decimal => list[index] ?? ZERO;
  const perTrade = trades.map((trade, index) => sums(turnoverOf(trade), (name) => at(spread[name], index)));
  const turnover = trades.reduce((sum, trade) => sum.plus(turnoverOf(trade)), ZERO);
  return ok({ ...sums(turnover, of), lines: built.value, perTrade, warnings: lines.warnings });
}

function turnoverOf(trade: ChargedTrade): Decimal {
  return trade.product === 'exercise' ? ZERO : trade.quantity.times(trade.price);
}

function sums(turnover: Decimal, of: (name: ChargeName) => Decimal): ChargeSums {
  const parts = {
    brokerage: of('brokerage'),
    stt: of('stt'),
    transaction: of('transaction'),
    sebi: of('sebi'),
    gst: of('gst'),
    stamp: of('stamp'),
    other: of('ipft').plus(of('dp')),
  };
  const total = Object.values(parts).reduce((sum, part) => sum.plus(part), ZERO);
  return { turnover, ...parts, total };
}

function faultOf(trades: readonly ChargedTrade[], terms: NoteTerms): Result<never> | null {
  if (Number.isNaN(parseDay(terms.date)))
    return refuse('CHARGE_DATE_INVALID', `"${terms.date}" is not a day; write it as 2026-11-20.`, {
      value: terms.date,
    });
  if (trades.length === 0) return refuse('NOTE_EMPTY', 'There is no trade to charge; give at least one.');
  const orders = new Map<string, ChargedTrade>();
  for (const trade of trades) {
    if (!trade.quantity.greaterThan(0) || !trade.price.greaterThan(0))
      return refuse(
        'TRADE_NOT_POSITIVE',
        `${trade.symbol}: quantity ${trade.quantity.toFixed()} and price ${trade.price.toFixed()} must be above zero.`,
      );
    if (trade.product === 'exercise' && trade.side !== 'buy')
      return refuse(
        'EXERCISE_SIDE',
        `${trade.symbol}: the tax on an exercised option is owed by its buyer; use side buy.`,
      );
    if (trade.order === null) continue;
    const other = orders.get(trade.order);
    orders.set(trade.order, trade);
    if (
      other !== undefined &&
      (other.symbol !== trade.symbol || other.side !== trade.side || other.product !== trade.product)
    )
      return refuse(
        'ORDER_MIXED',
        `Order ${trade.order} has executions of different symbol, side or product; give each order its own id.`,
      );
  }
  if (terms.billDepository && terms.plan.depository === null)
    return refuse(
      'DEPOSITORY_UNKNOWN',
      `The depository charge of plan ${terms.plan.name} is not known; leave it out or use another plan.`,
    );
  return null;
}
