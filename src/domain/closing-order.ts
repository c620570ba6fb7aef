import type { InstrumentId } from './instrument.ts';
import type { AccountKind, OrderIntent } from './order.ts';
import type { QuantityUnits } from './units.ts';

/** What is held, signed. */
interface Held {
  readonly accountId: string;
  readonly accountKind: AccountKind;
  readonly instrument: InstrumentId;
  readonly quantity: QuantityUnits;
}

interface ClosingTerms extends Pick<OrderIntent, 'timeInForce' | 'note'> {
  readonly idempotencyKey?: string;
}

/** The engine's own reduce-only market order that closes all of it. `note` is the reason of the round trip. */
export function closeAtMarket(held: Held, terms: ClosingTerms): OrderIntent {
  return {
    accountId: held.accountId,
    accountKind: held.accountKind,
    instrument: held.instrument,
    side: held.quantity > 0 ? 'sell' : 'buy',
    type: 'market',
    quantity: Math.abs(held.quantity),
    price: null,
    trigger: null,
    timeInForce: terms.timeInForce,
    expireAt: null,
    postOnly: false,
    reduceOnly: true,
    source: 'exit',
    strategyId: null,
    note: terms.note,
    idempotencyKey: terms.idempotencyKey ?? null,
  };
}
