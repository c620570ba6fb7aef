import { createContext, useContext } from 'react';
import type { AccountFigures, Alert, FillView, OrderView, PositionView } from '../../src/contract/types.ts';
import type { Connection } from '../connection/connection.ts';
import { perFrame, RowStore } from '../market/row-store.ts';
import { isWorking } from './order-kind.ts';
import { quoteRow, type QuoteRow } from './quote-row.ts';
import { useWindow } from './window-state.ts';

export function positionId(position: { account: string; instrument: string }): string {
  return `${position.account} ${position.instrument}`;
}

/** A stopped clock is worse than a slow one: quotes at most ten times a second, positions four, both per frame at least. */
const QUOTES_MS = 100;
const PORTFOLIO_MS = 250;
const STATUS_MS = 1_000;
const RISK_MS = 500;

/** Everything that streams in from the engine, in stores that React does not render from. */
export class Desk {
  readonly connection: Connection;
  readonly quotes: RowStore<QuoteRow>;
  readonly working = new RowStore<OrderView>((order) => order.id);
  readonly history = new RowStore<OrderView>((order) => order.id);
  readonly fills = new RowStore<FillView>((fill) => fill.tradeId);
  readonly positions = new RowStore<PositionView>(positionId);
  readonly figures = new RowStore<AccountFigures>((figures) => figures.account);
  readonly alerts = new RowStore<Alert>((alert) => alert.id);
  readonly #held: (() => void)[] = [];

  constructor(connection: Connection) {
    this.connection = connection;
    this.quotes = new RowStore<QuoteRow>(
      (quote) => quote.instrument,
      (flush) => {
        if (useWindow.getState().frozen) this.#held.push(flush);
        else perFrame(flush);
      },
    );
  }

  /** Holds every quote on the screen still, and lets them run on. The engine and its checks go on in any case. */
  freeze(frozen: boolean): void {
    useWindow.setState({ frozen });
    if (!frozen) for (const flush of this.#held.splice(0)) perFrame(flush);
  }

  start(): void {
    const { connection } = this;
    connection.onState((state) => {
      const opened = state.phase === 'open' && useWindow.getState().connection.phase !== 'open';
      useWindow.setState({ connection: state });
      if (opened) void this.#loadLists();
      if (state.phase === 'lost') this.#doubtEverything();
    });
    this.#followMarket();
    this.#followAccount();
    this.#followEngine();
    connection.start();
  }

  /** After a new session: its accounts may be other ones. */
  reloadLists(): Promise<void> {
    return this.#loadLists();
  }

  /** The newest state of an order, wherever it is listed. */
  order(id: string): OrderView | undefined {
    return this.working.get(id) ?? this.history.get(id);
  }

  orderByKey(idempotencyKey: string): OrderView | undefined {
    const mine = (order: OrderView) => order.idempotencyKey === idempotencyKey;
    return this.working.rows().find(mine) ?? this.history.rows().find(mine);
  }

  takeOrder(order: OrderView): void {
    if (isWorking(order)) {
      this.working.put(order);
      this.history.remove(order.id);
    } else {
      this.history.put(order);
      this.working.remove(order.id);
    }
  }

  /** Without the engine no figure is known to be right: all of them say so until a new snapshot comes. */
  #doubtEverything(): void {
    this.quotes.putAll(this.quotes.rows().map((row) => ({ ...row, state: 'disconnected' as const })));
    this.figures.putAll(this.figures.rows().map((row) => ({ ...row, stale: true })));
    this.positions.putAll(this.positions.rows().map((row) => ({ ...row, stale: true })));
  }

  #trouble(name: string): (sentence: string | null) => void {
    return (sentence) => {
      const { [name]: _gone, ...others } = useWindow.getState().troubles;
      useWindow.setState({ troubles: sentence === null ? others : { ...others, [name]: sentence } });
    };
  }

  async #loadLists(): Promise<void> {
    const [instruments, accounts] = await Promise.all([
      this.connection.call((client, options) => client.market.instruments({}, options)),
      this.connection.call((client, options) => client.accounts.list({}, options)),
    ]);
    const state = useWindow.getState();
    if (instruments.kind === 'ok') {
      const byId = new Map(instruments.value.map((instrument) => [instrument.id, instrument]));
      const kept = state.instrument !== null && byId.has(state.instrument) ? state.instrument : null;
      useWindow.setState({ instruments: byId, instrument: kept ?? instruments.value[0]?.id ?? null });
    }
    if (accounts.kind === 'ok') {
      // A paper account first, always: a live one is only ever chosen by the user.
      const paper = accounts.value.find((account) => account.kind === 'paper');
      const kept = accounts.value.find((account) => account.id === state.account);
      useWindow.setState({ accounts: accounts.value, account: kept?.id ?? paper?.id ?? accounts.value[0]?.id ?? null });
    }
    const failed = [instruments, accounts].find((outcome) => outcome.kind !== 'ok');
    this.#trouble('lists')(failed?.sentence ?? null);
    if (failed !== undefined && this.connection.state.phase === 'open') setTimeout(() => void this.#loadLists(), 2_000);
  }

  #followMarket(): void {
    this.connection.follow(
      (client, options) => client.market.quotes({ intervalMs: QUOTES_MS }, options),
      (batch) => {
        const now = performance.now();
        const rows = batch.quotes.map((quote) => quoteRow(quote, this.quotes.get(quote.instrument), now));
        if (batch.type === 'snapshot') this.quotes.replace(rows);
        else this.quotes.putAll(rows);
      },
      this.#trouble('quotes'),
    );
  }

  #followAccount(): void {
    this.connection.follow(
      (client, options) => client.portfolio.stream({ intervalMs: PORTFOLIO_MS }, options),
      (state) => {
        this.figures.replace(state.accounts);
        this.positions.replace(state.positions);
      },
      this.#trouble('portfolio'),
    );
    this.connection.follow(
      (client, options) => client.orders.stream({}, options),
      (event) => {
        if (event.type === 'snapshot') {
          this.working.replace(event.orders.filter(isWorking));
          this.history.replace(event.orders.filter((order) => !isWorking(order)));
        } else {
          this.takeOrder(event.order);
        }
      },
      this.#trouble('orders'),
    );
    this.connection.follow(
      (client, options) => client.fills.stream({}, options),
      (event) => {
        if (event.type === 'update') {
          this.fills.put(event.fill);
          return;
        }
        this.fills.putAll(event.fills);
        if (!event.complete) void this.#loadFills();
      },
      this.#trouble('fills'),
    );
  }

  async #loadFills(): Promise<void> {
    const page = await this.connection.call((client, options) => client.fills.list({ limit: 1_000 }, options));
    if (page.kind === 'ok') this.fills.putAll(page.value.fills);
  }

  #followEngine(): void {
    this.connection.follow(
      (client, options) => client.app.status({ intervalMs: STATUS_MS }, options),
      (status) => useWindow.setState({ status }),
      this.#trouble('status'),
    );
    this.connection.follow(
      (client, options) => client.risk.status({ intervalMs: RISK_MS }, options),
      (risk) => useWindow.setState({ risk }),
      this.#trouble('risk'),
    );
    this.connection.follow(
      (client, options) => client.alerts.stream({}, options),
      (event) => {
        if (event.type === 'snapshot') this.alerts.putAll(event.alerts);
        else this.alerts.put(event.alert);
      },
      this.#trouble('alerts'),
    );
  }
}

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error('A panel was drawn outside of the window.');
  return desk;
}
