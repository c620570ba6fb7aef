import type { OrderTicket } from '../../contract/types.ts';
import type { Account } from '../../domain/account.ts';
import { type Instrument, readPrice, readQuantity } from '../../domain/instrument.ts';
import type { OrderIntent } from '../../domain/order.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';
import type { PriceUnits } from '../../domain/units.ts';
import { readLinks, type TicketLinks } from './linked-ticket.ts';
import type { TradingCore } from '../trading-core.ts';

/** Levels that protect the position an order opens, in price units; `trailing` is a distance. */
export interface Protection {
  readonly stopLoss: PriceUnits | null;
  readonly takeProfit: PriceUnits | null;
  readonly trailing: PriceUnits | null;
}

export interface ReadTicket {
  readonly account: Account;
  readonly instrument: Instrument;
  readonly intent: OrderIntent;
  /** Null when the ticket asks for none. */
  readonly protection: Protection | null;
  /** Null for an order that stands alone. */
  readonly links: TicketLinks | null;
}

export function findAccount(core: TradingCore, id: string): Result<Account> {
  const account = core.accounts.get(id);
  if (account !== undefined) return ok(account);
  const known = [...core.accounts.keys()].join(', ');
  return refuse('ACCOUNT_UNKNOWN', `There is no account "${id}"; the accounts are ${known}.`, { value: id });
}

export function findInstrument(core: TradingCore, id: string): Result<Instrument> {
  const instrument = core.instruments.get(id);
  if (instrument !== undefined) return ok(instrument);
  return refuse('INSTRUMENT_UNKNOWN', `There is no instrument "${id}"; choose one of the watchlist.`, { value: id });
}

/** A user's ticket in the engine's terms. Refuses what cannot even be judged: unknown names, figures off the grid. */
export function readTicket(core: TradingCore, ticket: OrderTicket, idempotencyKey: string | null): Result<ReadTicket> {
  const account = findAccount(core, ticket.account);
  if (!account.ok) return account;
  const found = findInstrument(core, ticket.instrument);
  if (!found.ok) return found;
  const instrument = found.value;
  const quantity = readQuantity(instrument, ticket.quantity);
  if (!quantity.ok) return quantity;
  const prices: (PriceUnits | null)[] = [];
  for (const text of [ticket.price, ticket.trigger, ticket.stopLoss, ticket.takeProfit, ticket.trailing]) {
    if (text === null) {
      prices.push(null);
      continue;
    }
    const price = readPrice(instrument, text);
    if (!price.ok) return price;
    prices.push(price.value);
  }
  const [price = null, trigger = null, stopLoss = null, takeProfit = null, trailing = null] = prices;
  const wantsPrice = ticket.type === 'limit' || ticket.type === 'stop-limit';
  const wantsTrigger = ticket.type === 'stop' || ticket.type === 'stop-limit';
  if (wantsPrice !== (price !== null)) {
    return refuse(
      'ORDER_TERMS',
      `A ${ticket.type} order ${wantsPrice ? 'needs a limit price' : 'takes no limit price'}.`,
    );
  }
  if (ticket.type !== 'trailing-stop' && wantsTrigger !== (trigger !== null)) {
    return refuse(
      'ORDER_TERMS',
      `A ${ticket.type} order ${wantsTrigger ? 'needs a trigger price' : 'takes no trigger price'}.`,
    );
  }
  if ((ticket.timeInForce === 'GTD') !== (ticket.expireAt !== null)) {
    return refuse(
      'ORDER_TERMS',
      ticket.timeInForce === 'GTD' ? 'A GTD order needs its end of life.' : 'Only a GTD order takes an end of life.',
    );
  }
  const intent: OrderIntent = {
    accountId: account.value.id,
    accountKind: account.value.kind,
    instrument: instrument.id,
    side: ticket.side,
    type: ticket.type,
    quantity: quantity.value,
    price,
    trigger,
    timeInForce: ticket.timeInForce,
    expireAt: ticket.expireAt,
    postOnly: ticket.postOnly,
    reduceOnly: ticket.reduceOnly,
    source: 'manual',
    strategyId: null,
    note: ticket.note,
    idempotencyKey,
  };
  const asked = stopLoss !== null || takeProfit !== null || trailing !== null;
  if (asked && ticket.reduceOnly) {
    return refuse(
      'PROTECTION_TERMS',
      'A reduce-only order opens nothing that a stop-loss or take-profit could protect.',
    );
  }
  const protection = asked ? { stopLoss, takeProfit, trailing } : null;
  if (protection !== null) {
    const wrong = wrongSide(core, intent, protection);
    if (wrong !== null) return refuse('PROTECTION_SIDE', wrong);
  }
  const links = readLinks(core, instrument, ticket);
  if (!links.ok) return links;
  return ok({
    account: account.value,
    instrument,
    intent: links.value === null ? intent : asExit(intent, links.value),
    protection,
    links: links.value,
  });
}

/** What is tied to others and only closes is an exit: HALT leaves it alone, a close by hand is not in its way. */
function asExit(intent: OrderIntent, links: TicketLinks): OrderIntent {
  if (!intent.reduceOnly) return intent;
  const note = intent.note ?? (links.trailing === null ? null : 'trailing-stop of the user');
  return { ...intent, source: 'exit', note };
}

/** A stop above the entry of a long would close it at once. */
function wrongSide(core: TradingCore, intent: OrderIntent, protection: Protection): string | null {
  const line = core.board.line(intent.instrument);
  const touch = line === null ? 0 : (intent.side === 'buy' ? line.ask : line.bid) || line.last;
  const entry = intent.price ?? intent.trigger ?? touch;
  if (!(entry > 0)) return null;
  const long = intent.side === 'buy';
  const { stopLoss, takeProfit, trailing } = protection;
  if (stopLoss !== null && (long ? stopLoss >= entry : stopLoss <= entry)) {
    return `The stop-loss of a ${long ? 'buy' : 'sale'} must be ${long ? 'below' : 'above'} its entry price.`;
  }
  if (takeProfit !== null && (long ? takeProfit <= entry : takeProfit >= entry)) {
    return `The take-profit of a ${long ? 'buy' : 'sale'} must be ${long ? 'above' : 'below'} its entry price.`;
  }
  if (trailing !== null && trailing >= entry) return 'The trailing distance must be smaller than the price.';
  return null;
}
