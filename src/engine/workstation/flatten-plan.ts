import type { FlattenPlan } from '../../contract/types.ts';
import { type Decimal, ZERO } from '../../domain/decimal.ts';
import { type Instrument, notional, priceDecimal, quantityDecimal, quantityText } from '../../domain/instrument.ts';
import { markOf } from '../../risk/facts.ts';
import type { OpenRisk } from '../../risk/kill-switch-ports.ts';
import { money } from './decimal-text.ts';
import { positionsAt } from './kill-switch-wiring.ts';
import type { Runtime } from './runtime.ts';
import { VENUE_MODELS } from './session-opening.ts';

/** What flattening now would close, and what that costs against the middle of the touch. Sends nothing. */
export function flattenPlan(runtime: Runtime, account: string | undefined): FlattenPlan {
  const { core } = runtime;
  const costs = new Map<string, Decimal>();
  const positions = positionsAt(runtime, account).flatMap((position): FlattenPlan['positions'] => {
    const instrument = core.instruments.get(position.instrument);
    if (instrument === undefined || position.quantity === 0) return [];
    const cost = closingCost(runtime, position, instrument);
    const { quote: currency } = instrument;
    if (cost !== null) costs.set(currency, (costs.get(currency) ?? ZERO).plus(cost));
    return [
      {
        account: position.accountId,
        instrument: instrument.id,
        venue: core.accounts.get(position.accountId)?.broker ?? '',
        quantity: quantityText(instrument, position.quantity),
        currency,
        cost: cost === null ? null : money(cost),
        closed: core.view.marketClosed(instrument.id),
      },
    ];
  });
  return { positions, costs: [...costs].map(([currency, amount]) => ({ currency, amount: money(amount) })) };
}

function closingCost(runtime: Runtime, position: OpenRisk, instrument: Instrument): Decimal | null {
  const { core } = runtime;
  const reference = core.view.reference(instrument.id);
  const mid = markOf(reference);
  if (reference === null || !(mid > 0)) return null;
  const quantity = Math.abs(position.quantity);
  const isLong = position.quantity > 0;
  const fair = priceDecimal(instrument, mid).times(quantityDecimal(instrument, quantity));
  const book = core.board.line(instrument.id)?.book ?? null;
  const swept = book !== null && book.isUsable() ? book.sweep(isLong ? 'sell' : 'buy', quantity, null) : null;
  const touch = (isLong ? reference.bid : reference.ask) || mid;
  const value = swept !== null && swept.filled === quantity ? swept.notional : notional(instrument, touch, quantity);
  const { fees } = instrument.calendar === 'nse' ? VENUE_MODELS.nse : VENUE_MODELS.crypto;
  const fee = value.times(fees.taker).plus(fees.fixed);
  return (isLong ? fair.minus(value) : value.minus(fair)).plus(fee);
}
