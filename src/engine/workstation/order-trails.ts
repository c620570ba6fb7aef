import type { FillView, OrderView } from '../../contract/types.ts';
import { TERMINAL } from '../../domain/order-state.ts';
import type { Workstation } from '../workstation.ts';
import type { OrderDesk } from './order-desk.ts';
import { fillView } from './order-views.ts';
import type { Runtime } from './runtime.ts';
import { isDeskSession } from './session-opening.ts';

/** What a reader of the order and fill streams starts from. */
const RECENT = 200;

/** Orders and fills of the past, from the journal. */
export class OrderTrails {
  readonly #runtime: Runtime;
  readonly #orders: OrderDesk;

  constructor(runtime: Runtime, orders: OrderDesk) {
    this.#runtime = runtime;
    this.#orders = orders;
  }

  recentOrders(): OrderView[] {
    const { core, journal } = this.#runtime;
    const closed = journal.read
      .ordersPage({ limit: RECENT }, { statuses: [...TERMINAL] })
      .rows.filter(({ sessionId }) => isDeskSession({ id: sessionId }))
      .map(({ order }) => order);
    const open = [...core.accounts.keys()].flatMap((account) => core.orders.openOrders(account));
    return [...closed, ...open].sort((a, b) => a.createdAt - b.createdAt).map((order) => this.#orders.view(order));
  }

  recentFills(): FillView[] {
    return this.#fillPage({ limit: RECENT }).items.toReversed();
  }

  fills(request: Parameters<Workstation['fills']['list']>[0]): { items: FillView[]; next: string | null } {
    const before = request.cursor === undefined ? undefined : Number(request.cursor);
    return this.#fillPage(
      { limit: request.limit, ...(before === undefined ? {} : { before }) },
      {
        ...(request.account === undefined ? {} : { accountId: request.account }),
        ...(request.instrument === undefined ? {} : { instrument: request.instrument }),
        ...(request.order === undefined ? {} : { orderId: request.order }),
      },
    );
  }

  #fillPage(
    page: { readonly limit: number; readonly before?: number },
    filter: { accountId?: string; instrument?: string; orderId?: string } = {},
  ): { items: FillView[]; next: string | null } {
    const { read } = this.#runtime.journal;
    const { rows, next } = read.fillsPage(page, filter);
    const owners = new Map<string, string | null>();
    const own = rows.filter(({ sessionId }) => isDeskSession({ id: sessionId }));
    const items = own.map(({ execution: { fill } }) => {
      let owner = owners.get(fill.orderId);
      if (owner === undefined) {
        owner = (this.#runtime.core.orders.find(fill.orderId) ?? read.order(fill.orderId)?.order)?.strategyId ?? null;
        owners.set(fill.orderId, owner);
      }
      return fillView(this.#orders.instrument(fill.instrument), fill, owner);
    });
    return { items, next: next === null ? null : String(next) };
  }
}
