import type { OrderTicket } from '../../contract/types.ts';
import { type Instrument, readPrice } from '../../domain/instrument.ts';
import type { OrderId } from '../../domain/order.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';
import type { PriceUnits } from '../../domain/units.ts';
import type { BracketTerms } from '../../execution/contingent/bracket.ts';
import type { PriceCondition, TrailingTerms } from '../../execution/contingent/price-trigger.ts';
import { readOffset } from '../../execution/contingent/trailing-terms.ts';
import type { TradingCore } from '../trading-core.ts';

/** What ties a ticket to prices and to other orders, in the engine's terms. */
export interface TicketLinks {
  readonly trailing: TrailingTerms | null;
  readonly condition: PriceCondition | null;
  readonly bracket: BracketTerms | null;
  readonly oco: readonly OrderId[];
  readonly onPartial: 'reduce' | 'cancel';
  readonly parent: OrderId | null;
}

/** Null for an order that stands alone. Refuses figures off the grid and terms that do not go together. */
export function readLinks(core: TradingCore, instrument: Instrument, ticket: OrderTicket): Result<TicketLinks | null> {
  const { trailingStop, condition, bracket, oco, ocoPartial, parent } = ticket;
  const isTrailing = ticket.type === 'trailing-stop';
  if (isTrailing !== (trailingStop !== undefined)) {
    return refuse(
      'ORDER_TERMS',
      isTrailing
        ? 'A trailing stop needs its "trailingStop": the distance it keeps from the price.'
        : `A ${ticket.type} order takes no trailing distance; use the type trailing-stop.`,
    );
  }
  const isLinked = condition !== undefined || bracket !== undefined || (oco?.length ?? 0) > 0 || parent !== undefined;
  if (!isTrailing && !isLinked) return ok(null);
  const trailing = trailingStop === undefined ? ok(null) : readTrailing(instrument, trailingStop);
  if (!trailing.ok) return trailing;
  const when = condition === undefined ? ok(null) : readCondition(core, condition);
  if (!when.ok) return when;
  const exits = bracket === undefined ? ok(null) : readBracket(instrument, bracket);
  if (!exits.ok) return exits;
  if (bracket !== undefined && ticket.reduceOnly) {
    return refuse('BRACKET_TERMS', 'A reduce-only order opens nothing that the exits of a bracket could close.');
  }
  if (bracket !== undefined && (ticket.stopLoss !== null || ticket.takeProfit !== null || ticket.trailing !== null)) {
    return refuse(
      'BRACKET_TERMS',
      'A bracket belongs to the order, stopLoss, takeProfit and trailing of the ticket to the whole position; use one of them.',
    );
  }
  return ok({
    trailing: trailing.value,
    condition: when.value,
    bracket: exits.value,
    oco: oco ?? [],
    onPartial: ocoPartial ?? 'reduce',
    parent: parent ?? null,
  });
}

function maybePrice(instrument: Instrument, text: string | null): Result<PriceUnits | null> {
  return text === null ? ok(null) : readPrice(instrument, text);
}

function readTrailing(instrument: Instrument, terms: NonNullable<OrderTicket['trailingStop']>): Result<TrailingTerms> {
  const offset = readOffset(instrument, terms.offset, terms.offsetType);
  if (!offset.ok) return offset;
  const activation = maybePrice(instrument, terms.activation);
  if (!activation.ok) return activation;
  return ok({ offset: offset.value, source: terms.triggerSource, activation: activation.value });
}

function readCondition(core: TradingCore, terms: NonNullable<OrderTicket['condition']>): Result<PriceCondition> {
  const instrument = core.instruments.get(terms.instrument);
  if (instrument === undefined) {
    return refuse('INSTRUMENT_UNKNOWN', `There is no instrument "${terms.instrument}" to wait for.`, {
      value: terms.instrument,
    });
  }
  const price = readPrice(instrument, terms.price);
  if (!price.ok) return price;
  return ok({ instrument: instrument.id, source: terms.source, when: terms.when, price: price.value });
}

function readBracket(instrument: Instrument, terms: NonNullable<OrderTicket['bracket']>): Result<BracketTerms> {
  const stopLoss = maybePrice(instrument, terms.stopLoss);
  if (!stopLoss.ok) return stopLoss;
  const takeProfit = maybePrice(instrument, terms.takeProfit);
  if (!takeProfit.ok) return takeProfit;
  const trailing = terms.trailing === null ? ok(null) : readTrailing(instrument, terms.trailing);
  if (!trailing.ok) return trailing;
  return ok({
    stopLoss: stopLoss.value,
    stopSource: terms.stopSource ?? null,
    takeProfit: takeProfit.value,
    trailing: trailing.value,
  });
}
