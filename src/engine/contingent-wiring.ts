import type { Broker } from '../brokers/broker.ts';
import type { Clock } from '../clock/clock.ts';
import type { Account } from '../domain/account.ts';
import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import { ContingentOrders } from '../execution/contingent/contingent-orders.ts';
import type { VenueAbilities } from '../execution/contingent/linked-order.ts';
import type { OrderManager } from '../execution/order-manager.ts';
import type { AuditRecord } from '../journal/journal.ts';
import type { PriceBoard } from '../market/price-board.ts';
import type { Portfolio } from '../portfolio/portfolio.ts';
import type { RiskView } from '../risk/gate.ts';

/** The audit action under which the book of contingent orders is written, the newest record being the book. */
export const CONTINGENT_BOOK = 'CONTINGENT_BOOK';

interface Surroundings {
  readonly clock: Clock;
  readonly orders: OrderManager;
  readonly board: PriceBoard;
  readonly portfolio: Portfolio;
  readonly view: RiskView;
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly brokers: readonly Broker[];
  /** False when it is not durable. */
  readonly write: (audit: AuditRecord) => boolean;
}

/** The simulator in this process has both; of any other venue nothing is taken for granted. */
const PAPER: VenueAbilities = { stops: true, reduceOnly: true };
const NONE: VenueAbilities = { stops: false, reduceOnly: false };

export function openContingentBook(of: Surroundings): ContingentOrders {
  const { orders, board, clock } = of;
  return new ContingentOrders({
    context: {
      instrument: (id) => of.instruments.get(id) ?? null,
      price: (id) => board.line(id),
      // Without a price nothing could fill, and what risk asks about it has no answer.
      closed: (id) => of.view.marketClosed(id) !== null || !hasPrice(board, id),
      venue: (accountId) => {
        const id = of.accounts.get(accountId)?.broker;
        return of.brokers.find((broker) => broker.id === id)?.kind === 'paper' ? PAPER : NONE;
      },
    },
    submit: (intent) => orders.submit(intent),
    hold: (intent) => orders.hold(intent),
    release: (id, quantity) => orders.release(id, quantity),
    modify: (id, change) =>
      orders.find(id)?.status === 'EMULATED' ? orders.amend(id, change) : orders.modify(id, change),
    cancel: (id, reason) => orders.cancel(id, reason),
    expire: (id) => orders.expire(id),
    order: (id) => orders.find(id),
    orderByKey: (key) => orders.findByKey(key),
    net: (accountId, instrument) => of.portfolio.position(accountId, instrument),
    write: (detail) =>
      of.write({
        at: clock.now(),
        actor: 'engine',
        action: CONTINGENT_BOOK,
        reason: 'Linked, trailing and conditional orders',
        detail,
      }),
    now: () => clock.now(),
  });
}

function hasPrice(board: PriceBoard, id: InstrumentId): boolean {
  const line = board.line(id);
  return line !== null && (line.bid > 0 || line.ask > 0 || line.last > 0);
}
