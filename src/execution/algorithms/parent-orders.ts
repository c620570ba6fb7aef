import { childKey, parseChildKey } from '../../domain/child-key.ts';
import type { MarketEvent } from '../../domain/market-data.ts';
import { TERMINAL } from '../../domain/order-state.ts';
import type { Order } from '../../domain/order.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { MarketSight } from './market-sight.ts';
import type { ChildNews, ParentAction } from './parent-draft.ts';
import { advanceParent, type ParentInput, type ParentStep } from './parent-machine.ts';
import { type ChildStatus, ENDED, type ParentState } from './parent-state.ts';

export type SendChild = Extract<ParentAction, { kind: 'send' }>;

export interface ParentPorts {
  now(): EpochMs;
  sight(parent: ParentState): MarketSight;
  /** Makes the state durable before its actions are carried out. False: it is not; then nothing is sent. */
  persist(parent: ParentState, said: string): boolean;
  /** The outcome comes through `onOrder`, or through `onRefused` where no order came to be. */
  send(parent: ParentState, child: SendChild): void;
  cancel(parent: ParentState, key: string, reason: string): void;
  /** After every step that changed something worth showing. */
  onChange?(parent: ParentState): void;
  /** A parent that ended long ago has left the memory. */
  onForgotten?(parent: ParentState): void;
}

interface Running {
  state: ParentState;
  wakeAt: EpochMs;
  watchesTouch: boolean;
  readonly inbox: ParentInput[];
  isBusy: boolean;
}

/** Everything that is not the venue's own slip of the tongue: refused before or by the venue, nothing was worked. */
const REFUSED: ReadonlySet<Order['status']> = new Set<Order['status']>(['DENIED', 'REJECTED']);

/** Ended parents that stay in memory; the journal has them all. */
const ENDED_KEPT = 1_000;

/** Runs parent orders: hands each its market, time and the fate of its children, writes every step down, then acts. */
export class ParentOrders {
  readonly #ports: ParentPorts;
  readonly #all = new Map<string, Running>();
  /** Parents that are not over, by instrument. */
  readonly #byInstrument = new Map<string, Running[]>();
  /** No parent needs to be looked at before. */
  nextAt: EpochMs = Number.POSITIVE_INFINITY;

  constructor(ports: ParentPorts) {
    this.#ports = ports;
  }

  get(id: string): ParentState | null {
    return this.#all.get(id)?.state ?? null;
  }

  all(): ParentState[] {
    return Array.from(this.#all.values(), ({ state }) => state);
  }

  /** Parents that are not over. */
  running(): ParentState[] {
    return this.all().filter(({ status }) => !ENDED.has(status));
  }

  /** Begins a parent. False: it could not be written down and was not begun. */
  start(state: ParentState): boolean {
    if (!this.#ports.persist(state, `Parent ${state.id} begins.`)) return false;
    this.#put({ input: { type: 'look' }, running: this.#running(state) });
    return true;
  }

  /**
   * Takes a parent of an earlier run over. `orders`: what the journal knows of each child by its key, null when it has no
   * such order: then it was written down by the parent and never sent.
   */
  restore(state: ParentState, orders: (key: string) => Order | null): void {
    const running = this.#running(state);
    running.isBusy = true;
    for (const child of state.children) {
      const order = orders(childKey(state.id, child.n));
      if (order !== null) running.inbox.push({ type: 'child', ...newsOf(child.n, order) });
      else if (child.status !== 'closed') running.inbox.push({ type: 'child', ...neverSent(child.n, child.quantity) });
    }
    running.isBusy = false;
    if (ENDED.has(state.status) && running.inbox.length === 0) return;
    this.#put({ input: { type: 'look' }, running });
  }

  #running(state: ParentState): Running {
    const running: Running = { state, wakeAt: 0, watchesTouch: true, inbox: [], isBusy: false };
    this.#all.set(state.id, running);
    if (!ENDED.has(state.status)) {
      const list = this.#byInstrument.get(state.instrument);
      if (list === undefined) this.#byInstrument.set(state.instrument, [running]);
      else list.push(running);
    }
    return running;
  }

  /** After the market took the event over. */
  onMarket(event: MarketEvent): void {
    const list = this.#byInstrument.get(event.instrument);
    if (list === undefined || list.length === 0) return;
    const now = this.#ports.now();
    const isTrade = event.kind === 'trade';
    // Backwards: a parent that ends leaves the list.
    for (let index = list.length - 1; index >= 0; index -= 1) {
      const running = list[index];
      if (running === undefined) continue;
      const { state } = running;
      if (isTrade && state.terms.type === 'pov') {
        this.#put({ running, input: { type: 'trade', quantity: event.quantity } });
      } else if (now >= running.wakeAt || (running.watchesTouch && !isTrade) || this.#holdChanged(running)) {
        this.#put({ running, input: { type: 'look' } });
      }
    }
  }

  /** Prices moved other than by an event. */
  look(instrument: string): void {
    const list = this.#byInstrument.get(instrument) ?? [];
    for (const running of list.toReversed()) this.#put({ running, input: { type: 'look' } });
  }

  /** Time has passed. Cheap while nothing is due. */
  onTime(now: EpochMs): void {
    if (now < this.nextAt) return;
    for (const list of this.#byInstrument.values()) {
      for (let index = list.length - 1; index >= 0; index -= 1) {
        const running = list[index];
        if (running !== undefined && now >= running.wakeAt) this.#put({ running, input: { type: 'look' } });
      }
    }
    this.#schedule();
  }

  /** Trading state or freshness may have changed. To be called now and then, also in a silent market. */
  checkHolds(): void {
    for (const list of this.#byInstrument.values()) {
      for (let index = list.length - 1; index >= 0; index -= 1) {
        const running = list[index];
        if (running !== undefined && this.#holdChanged(running)) this.#put({ running, input: { type: 'look' } });
      }
    }
  }

  #holdChanged({ state }: Running): boolean {
    if (state.status === 'ending') return false;
    const hold = this.#ports.sight(state).hold;
    if (hold === null) return state.pause !== null && !state.pause.needsResume;
    return state.pause === null || (hold.code === 'HALTED' && !state.pause.needsResume);
  }

  /** News of an order; those that belong to no parent here are ignored. */
  onOrder(order: Order): void {
    if (order.idempotencyKey === null) return;
    const key = parseChildKey(order.idempotencyKey);
    const running = key === null ? undefined : this.#all.get(key.parentId);
    if (key === null || running === undefined || order.instrument !== running.state.instrument) return;
    this.#put({ running, input: { type: 'child', ...newsOf(key.n, order) } });
  }

  /** The child never became an order. */
  onRefused(key: string, code: string, sentence: string): void {
    const parsed = parseChildKey(key);
    const running = parsed === null ? undefined : this.#all.get(parsed.parentId);
    if (parsed === null || running === undefined) return;
    const child = running.state.children.find((one) => one.n === parsed.n);
    if (child === undefined) return;
    this.#put({
      running,
      input: { type: 'child', ...neverSent(parsed.n, child.quantity), code, sentence },
    });
  }

  /** False when there is no such parent, or it is over. */
  command(id: string, input: Extract<ParentInput, { type: 'cancel' | 'pause' | 'resume' }>): boolean {
    const running = this.#all.get(id);
    if (running === undefined || ENDED.has(running.state.status)) return false;
    this.#put({ running, input });
    return true;
  }

  /** What an action brings about may arrive while it is carried out: it waits its turn. */
  #put({ running, input }: { running: Running; input: ParentInput }): void {
    running.inbox.push(input);
    if (running.isBusy) return;
    running.isBusy = true;
    try {
      for (let next = running.inbox.shift(); next !== undefined; next = running.inbox.shift())
        this.#step(running, next);
    } finally {
      running.isBusy = false;
    }
    this.#schedule();
  }

  #step(running: Running, input: ParentInput): void {
    const before = running.state;
    const now = this.#ports.now();
    const step: ParentStep = advanceParent(before, input, now, this.#ports.sight(before));
    const { state } = step;
    // Time must move on between two looks that nothing else causes.
    running.wakeAt = step.wakeAt > now ? step.wakeAt : now + 1;
    running.watchesTouch = step.watchesTouch;
    if (state === before) return;
    const isWorthRecording = step.actions.length > 0 || step.said !== null || state.status !== before.status;
    if (isWorthRecording && !this.#ports.persist(state, step.said ?? `Parent ${state.id} goes on.`)) {
      this.#withoutRecord(running, step, input);
      return;
    }
    running.state = state;
    if (ENDED.has(state.status)) this.#drop(running);
    for (const action of step.actions) {
      if (action.kind === 'send') this.#ports.send(state, action);
      else this.#ports.cancel(state, action.key, action.reason);
    }
    if (isWorthRecording || input.type === 'child') this.#ports.onChange?.(state);
  }

  /** Nothing new may be sent unwritten. Cancels take risk away and go out; what happened to children is kept. */
  #withoutRecord(running: Running, step: ParentStep, input: ParentInput): void {
    const { state } = step;
    const sends = step.actions.filter((action) => action.kind === 'send').map(({ n }) => n);
    running.state = { ...state, children: state.children.filter(({ n }) => !sends.includes(n)) };
    for (const action of step.actions) {
      if (action.kind === 'cancel') this.#ports.cancel(running.state, action.key, action.reason);
    }
    running.wakeAt = Math.max(step.wakeAt, this.#ports.now() + state.terms.retryMs);
    if (sends.length > 0) running.wakeAt = this.#ports.now() + state.terms.retryMs;
    running.watchesTouch = false;
    if (ENDED.has(running.state.status)) this.#drop(running);
    if (input.type !== 'look') this.#ports.onChange?.(running.state);
  }

  #drop(running: Running): void {
    const list = this.#byInstrument.get(running.state.instrument);
    const place = list?.indexOf(running) ?? -1;
    if (list !== undefined && place !== -1) list.splice(place, 1);
    this.#forgetOldest();
  }

  #forgetOldest(): void {
    let over = -ENDED_KEPT;
    for (const { state } of this.#all.values()) if (ENDED.has(state.status)) over += 1;
    if (over <= 0) return;
    for (const [id, { state, isBusy }] of this.#all) {
      if (!ENDED.has(state.status) || isBusy) continue;
      this.#all.delete(id);
      this.#ports.onForgotten?.(state);
      over -= 1;
      if (over === 0) return;
    }
  }

  #schedule(): void {
    let next = Number.POSITIVE_INFINITY;
    for (const list of this.#byInstrument.values()) {
      for (const running of list) if (running.wakeAt < next) next = running.wakeAt;
    }
    this.nextAt = next;
  }
}

function neverSent(n: number, quantity: number): ChildNews {
  return {
    n,
    status: 'closed',
    quantity,
    filled: 0,
    value: '0',
    fees: '0',
    refused: true,
    code: 'NOT_SENT',
    sentence: 'It was written down and never sent.',
  };
}

function newsOf(n: number, order: Order): ChildNews {
  return {
    n,
    status: statusOf(order),
    quantity: order.quantity,
    filled: order.filled,
    value: order.filledNotional.toFixed(),
    fees: order.fees.toFixed(),
    refused: REFUSED.has(order.status) && order.filled === 0,
    code: order.reasonCode,
    sentence: order.reason,
  };
}

function statusOf({ status }: Order): ChildStatus {
  if (TERMINAL.has(status)) return 'closed';
  if (status === 'UNKNOWN') return 'unknown';
  return status === 'INITIALIZED' || status === 'SUBMITTED' ? 'new' : 'working';
}
