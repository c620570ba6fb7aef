import type { FlattenStep } from '../../contract/types.ts';
import type { Order } from '../../domain/order.ts';
import { ok } from '../../domain/refusal.ts';
import type { KillStep, KillSwitchPorts, OpenRisk } from '../../risk/kill-switch-ports.ts';
import type { Runtime } from './runtime.ts';

interface Wiring {
  /** One account only. */
  readonly account?: string;
  /** The latch is on disk already. */
  readonly latched?: boolean;
  readonly onPhase?: (phase: FlattenStep['step']) => void;
  readonly onStep?: (step: KillStep) => void;
}

/** The kill switch's view of the running engine. Looks the core up at every call: it may be another one by then. */
export function killSwitchPorts(runtime: Runtime, wiring: Wiring): KillSwitchPorts {
  const phase = (name: FlattenStep['step']): void => wiring.onPhase?.(name);
  const inScope = (accountId: string): boolean => wiring.account === undefined || wiring.account === accountId;
  const openOrders = (): readonly Order[] =>
    [...runtime.core.accounts.keys()].filter(inScope).flatMap((account) => runtime.core.orders.openOrders(account));
  return {
    clock: runtime.clock,
    latch: (actor, reason, at) => {
      phase('latch');
      return wiring.latched === true ? ok(null) : runtime.latch.halt(actor, reason, at);
    },
    block: (_actor, reason, at) => {
      runtime.core.monitor.raise(
        {
          code: 'KILL_SWITCH',
          scope: null,
          level: 'HALTED',
          latched: true,
          at,
          sentence: `Trading is halted: ${reason}`,
        },
        'user',
      );
    },
    standDown: () => {
      phase('cancel');
      runtime.core.exits.standDown(true, wiring.account);
    },
    openOrders,
    findOrder: (id) => runtime.core.orders.find(id),
    cancel: (id, reason) => {
      phase('cancel');
      return runtime.core.orders.cancel(id, reason);
    },
    inquire: (id) => runtime.core.orders.inquire(id),
    readPositions: () => {
      phase('read-positions');
      return Promise.resolve(positions(runtime, inScope));
    },
    submit: (intent) => {
      phase('close');
      return runtime.core.submit(intent);
    },
    instrument: (id) => runtime.core.instruments.get(id) ?? null,
    reference: (id) => runtime.core.view.reference(id),
    marketClosed: (id) => runtime.core.view.marketClosed(id),
    onOrder: (callback) => runtime.onOrder.add(() => callback()),
    ...(wiring.onStep === undefined ? {} : { onStep: wiring.onStep }),
  };
}

/** Of the paper exchange the engine's own book is the venue's. */
function positions(runtime: Runtime, inScope: (accountId: string) => boolean): OpenRisk[] {
  const { core } = runtime;
  return [...core.accounts.values()]
    .filter(({ id }) => inScope(id))
    .flatMap(({ id, kind }) =>
      core.portfolio.held(id).map((instrument) => ({
        accountId: id,
        accountKind: kind,
        instrument,
        quantity: core.portfolio.position(id, instrument),
      })),
    );
}
