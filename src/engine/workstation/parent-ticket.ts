import type { ParentTicketView } from '../../contract/types.ts';
import { type Instrument, readPrice, readQuantity } from '../../domain/instrument.ts';
import { ok, type Refusal, type Result } from '../../domain/refusal.ts';
import type { ParentTicket } from '../../execution/algorithms/algorithm-terms.ts';
import { farSide, type MarketSight } from '../../execution/algorithms/market-sight.ts';
import { gridOf } from '../../execution/algorithms/parent-state.ts';
import { ticketFault } from '../../execution/algorithms/ticket-fault.ts';
import { rankVenues } from '../../execution/algorithms/venue-choice.ts';
import { type ReadTerms, readTerms } from './algorithm-terms.ts';
import { parentSight } from './parent-sight.ts';
import type { Runtime } from './runtime.ts';
import { findAccount, findInstrument } from './ticket.ts';
import { type MinuteBars, venueOffers } from './venue-offers.ts';

const HOUR_MS = 3_600_000;
const CURVE_DAYS_MS = 5 * 86_400_000;

export interface ReadParent {
  readonly ticket: ParentTicket;
  readonly instrument: Instrument;
  readonly sight: MarketSight;
  readonly read: ReadTerms;
  readonly fault: Refusal | null;
}

/** A user's parent in the engine's terms. Refuses what cannot even be judged; what cannot begin has a `fault`. */
export function readParent(
  runtime: Runtime,
  asked: ParentTicketView,
  id: string,
  idempotencyKey: string | null,
  minutes: MinuteBars,
): Result<ReadParent> {
  const { core } = runtime;
  const account = findAccount(core, asked.account);
  if (!account.ok) return account;
  const found = findInstrument(core, asked.instrument);
  if (!found.ok) return found;
  const instrument = asked.venue === 'best' ? bestVenue(runtime, asked, found.value, minutes) : found.value;
  const quantity = readQuantity(instrument, asked.quantity);
  if (!quantity.ok) return quantity;
  const limit = asked.price === null ? ok(null) : readPrice(instrument, asked.price);
  if (!limit.ok) return limit;
  const sight = parentSight(runtime, asked.account, instrument.id);
  const now = runtime.now();
  const lately = minutes(instrument, now - HOUR_MS, now);
  const terms = readTerms(asked.algorithm, {
    instrument,
    side: asked.side,
    quantity: quantity.value,
    limit: limit.value,
    sight,
    now,
    seed: Math.trunc(now) % 2_147_483_647,
    isLive: account.value.kind === 'live',
    volumePerMinute: lately.length === 0 ? null : lately.reduce((sum, bar) => sum + bar.volume, 0) / lately.length,
    history: () =>
      minutes(instrument, now - CURVE_DAYS_MS, now).map((bar) => ({
        start: bar.start,
        lengthMs: bar.at - bar.start,
        volume: bar.volume,
      })),
  });
  if (!terms.ok) return terms;
  const ticket: ParentTicket = {
    id,
    accountId: account.value.id,
    accountKind: account.value.kind,
    instrument: instrument.id,
    side: asked.side,
    quantity: quantity.value,
    limit: limit.value,
    reduceOnly: asked.reduceOnly,
    source: 'manual',
    strategyId: null,
    note: asked.note,
    idempotencyKey,
    terms: terms.value.terms,
  };
  const price = limit.value ?? (farSide(sight, asked.side) || sight.last);
  return ok({ ticket, instrument, sight, read: terms.value, fault: ticketFault(ticket, gridOf(instrument), price) });
}

/** The instrument of the venue that is cheapest all in; the named one where none can be used. */
function bestVenue(runtime: Runtime, asked: ParentTicketView, named: Instrument, minutes: MinuteBars): Instrument {
  const offers = venueOffers(runtime, named, (id) => parentSight(runtime, asked.account, id), minutes);
  const best = rankVenues(asked.side, asked.quantity, offers).find(({ extraBps }) => extraBps !== null);
  return (best === undefined ? undefined : runtime.core.instruments.get(best.instrument)) ?? named;
}
