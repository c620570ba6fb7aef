import type { ParentPreview } from '../../contract/types.ts';
import { type InstrumentId, quantityText } from '../../domain/instrument.ts';
import type { OrderIntent } from '../../domain/order.ts';
import type { MarketSight } from '../../execution/algorithms/market-sight.ts';
import { farSide } from '../../execution/algorithms/market-sight.ts';
import { slicesOf } from '../../execution/algorithms/parent-machine.ts';
import { gridOf } from '../../execution/algorithms/parent-state.ts';
import { rankVenues } from '../../execution/algorithms/venue-choice.ts';
import type { ReadParent } from './parent-ticket.ts';
import { termsView } from './algorithm-views.ts';
import { checkView, codeText } from './order-views.ts';
import type { Runtime } from './runtime.ts';
import { type MinuteBars, venueOffers } from './venue-offers.ts';

/** What a parent would do, at the prices of now. Sends and counts nothing. */
export function parentPreview(
  runtime: Runtime,
  parent: ReadParent,
  sightOf: (instrument: InstrumentId) => MarketSight,
  minutes: MinuteBars,
): ParentPreview {
  const { ticket, instrument, sight, read, fault } = parent;
  const { terms, choice } = read;
  const grid = gridOf(instrument);
  const price = ticket.limit ?? (farSide(sight, ticket.side) || sight.last);
  const slices: ParentPreview['slices'] = [];
  if (fault === null) {
    const plan = slicesOf(ticket, grid, price);
    for (let at = 0; at < plan.length; at += 2) {
      slices.push({ afterMs: plan[at] ?? 0, quantity: quantityText(instrument, plan[at + 1] ?? 0) });
    }
  }
  const suggestion = 'code' in choice ? null : choice;
  return {
    instrument: instrument.id,
    type: terms.type,
    terms: termsView(instrument, terms),
    reasons: suggestion === null ? [] : suggestion.reasons.map((reason) => reason.slice(0, 2000)),
    suggested: suggestion?.terms.type ?? null,
    slices,
    venues: rankVenues(
      ticket.side,
      quantityText(instrument, ticket.quantity),
      venueOffers(runtime, instrument, sightOf, minutes),
    ),
    refusal: fault === null ? null : { ...fault, code: codeText(fault.code) },
    checks: runtime.core.gate.check(wholeOf(parent)).checks.map(checkView),
  };
}

/** The whole parent as one order, for risk's opinion on its size. */
function wholeOf({ ticket }: ReadParent): OrderIntent {
  return {
    accountId: ticket.accountId,
    accountKind: ticket.accountKind,
    instrument: ticket.instrument,
    side: ticket.side,
    type: ticket.limit === null ? 'market' : 'limit',
    quantity: ticket.quantity,
    price: ticket.limit,
    trigger: null,
    timeInForce: 'GTC',
    expireAt: null,
    postOnly: false,
    reduceOnly: ticket.reduceOnly,
    source: ticket.source,
    strategyId: ticket.strategyId,
    note: ticket.note,
    idempotencyKey: null,
  };
}
