import type { Order } from '../../domain/order.ts';
import { ok } from '../../domain/refusal.ts';
import { asSentence } from '../../domain/sentence.ts';
import type { KillStep, KillSwitchPorts, OpenRisk } from '../../risk/kill-switch-ports.ts';
import type { Runtime } from './runtime.ts';

interface Wiring {
  /** One account only. */
  readonly account?: string;
  /** The latch is on disk already. */
  readonly latched?: boolean;
  /** Once the latch is on disk and before anything else happens. */
  readonly onLatched?: () => void;
  readonly onBlock?: () => void;
  readonly onStep?: (step: KillStep) => void;
}

/** The kill switch's view of the running engine. Looks the core up at every call: it may be another one by then. */
export function killSwitchPorts(runtime: Runtime, wiring: Wiring): KillSwitchPorts {
  return {
    clock: runtime.clock,
    latch: (actor, reason, at) => {
      const written = wiring.latched === true ? ok(null) : runtime.latch.halt(actor, reason, at);
      wiring.onLatched?.();
      return written;
    },
    block: (_actor, reason, at) => {
      runtime.core.monitor.raise(
        { code: 'KILL_SWITCH', scope: null, level: 'HALTED', latched: true, at, sentence: asSentence(reason) },
        'user',
      );
      wiring.onBlock?.();
    },
    standDown: () => runtime.core.exits.standDown(true, wiring.account),
    venues: () => [...new Set(accountsOf(runtime, wiring.account).map(({ broker }) => broker))],
    openOrders: (venue) =>
      accountsOf(runtime, wiring.account, venue).flatMap(({ id }): readonly Order[] =>
        runtime.core.orders.openOrders(id),
      ),
    findOrder: (id) => runtime.core.orders.find(id),
    cancel: (id, reason) => runtime.core.orders.cancel(id, reason),
    inquire: (id) => runtime.core.orders.inquire(id),
    // Of the paper exchange the engine's own book is the venue's.
    readPositions: (venue) => Promise.resolve(positionsAt(runtime, wiring.account, venue)),
    submit: (intent) => runtime.core.submit(intent),
    instrument: (id) => runtime.core.instruments.get(id) ?? null,
    reference: (id) => runtime.core.view.reference(id),
    marketClosed: (id) => runtime.core.view.marketClosed(id),
    onOrder: (callback) => runtime.onOrder.add(() => callback()),
    ...(wiring.onStep === undefined ? {} : { onStep: wiring.onStep }),
  };
}

function accountsOf(runtime: Runtime, account: string | undefined, venue?: string) {
  return [...runtime.core.accounts.values()].filter(
    ({ id, broker }) => (account === undefined || account === id) && (venue === undefined || venue === broker),
  );
}

export function positionsAt(runtime: Runtime, account: string | undefined, venue?: string): OpenRisk[] {
  const { portfolio } = runtime.core;
  return accountsOf(runtime, account, venue).flatMap(({ id, kind }) =>
    portfolio.held(id).map((instrument) => ({
      accountId: id,
      accountKind: kind,
      instrument,
      quantity: portfolio.position(id, instrument),
    })),
  );
}
