import { childKey } from '../../domain/child-key.ts';
import { createRandom, seedOf } from '../../domain/random.ts';
import type { DecimalString } from '../../domain/decimal.ts';
import { type EpochMs, formatUnits, type PriceUnits, type QuantityUnits } from '../../domain/units.ts';
import { MAX_CHILDREN, type Stage } from './algorithm-terms.ts';
import { farSide, type MarketSight, midOf, offeredWithin } from './market-sight.ts';
import {
  type ChildState,
  type ChildStatus,
  ENDED,
  filledOf,
  leftOf,
  minimumAt,
  type ParentEnd,
  type ParentState,
  type Pause,
  reservedOf,
} from './parent-state.ts';

export type ParentAction =
  | {
      readonly kind: 'send';
      readonly n: number;
      readonly key: string;
      readonly type: 'market' | 'limit';
      readonly quantity: QuantityUnits;
      readonly price: PriceUnits | null;
      readonly timeInForce: 'GTC' | 'IOC';
      readonly postOnly: boolean;
    }
  | { readonly kind: 'cancel'; readonly n: number; readonly key: string; readonly reason: string };

/** A child that a tactic asks for. */
export interface Wanted {
  readonly quantity: QuantityUnits;
  readonly type: 'market' | 'limit';
  readonly price: PriceUnits | null;
  readonly stage: Stage;
  /** Takes at once and never rests. */
  readonly takes: boolean;
  readonly postOnly: boolean;
  /** May it grow beyond what was asked, so that no rest below the minimum stays behind? show: only where nothing else helps. */
  readonly growth: 'free' | 'show' | 'none';
}

/** What became of a child, as totals: the same news twice changes nothing. */
export interface ChildNews {
  readonly n: number;
  readonly status: ChildStatus;
  readonly quantity: QuantityUnits;
  readonly filled: QuantityUnits;
  readonly value: DecimalString;
  readonly fees: DecimalString;
  /** The venue or risk said no: nothing was ever worked. */
  readonly refused: boolean;
  readonly code: string | null;
  readonly sentence: string | null;
}

type Changeable = { -readonly [K in keyof ParentState]: ParentState[K] };

/** One step in the making: the next state of a parent, and what must be done once it is written down. */
export class ParentDraft {
  readonly before: ParentState;
  readonly now: EpochMs;
  readonly sight: MarketSight;
  readonly actions: ParentAction[] = [];
  readonly said: string[] = [];
  /** When to look again at the latest; a change of the touch matters before where `watchesTouch`. */
  wakeAt: EpochMs = Number.POSITIVE_INFINITY;
  watchesTouch = false;
  #next: Changeable | null = null;
  #children: ChildState[] | null = null;

  constructor(before: ParentState, now: EpochMs, sight: MarketSight) {
    this.before = before;
    this.now = now;
    this.sight = sight;
  }

  get state(): ParentState {
    return this.#next ?? this.before;
  }

  set(change: Partial<ParentState>): void {
    this.#next ??= { ...this.before };
    Object.assign(this.#next, change);
  }

  get hasEnded(): boolean {
    return ENDED.has(this.state.status);
  }

  get left(): QuantityUnits {
    return leftOf(this.state, this.now);
  }

  /** Filled plus what children may still fill. */
  get committed(): QuantityUnits {
    return filledOf(this.state) + reservedOf(this.state, this.now);
  }

  wake(at: EpochMs | null): void {
    if (at !== null && at < this.wakeAt) this.wakeAt = at;
  }

  text(quantity: QuantityUnits): string {
    return formatUnits(quantity, this.state.grid.quantityDigits);
  }

  priceText(price: PriceUnits): string {
    return formatUnits(price, this.state.grid.priceDigits);
  }

  change(child: ChildState, change: Partial<ChildState>): void {
    if (this.#children === null) {
      this.#children = [...this.state.children];
      this.set({ children: this.#children });
    }
    const place = this.#children.findIndex((one) => one.n === child.n);
    if (place !== -1) this.#children[place] = { ...child, ...this.#children[place], ...change };
  }

  /** Asks for the end of every working child that was not asked before. */
  cancelLive(reason: string, which: (child: ChildState) => boolean = () => true): void {
    for (const child of this.state.children) {
      if (child.status === 'closed' || child.cancelAsked || !which(child)) continue;
      this.actions.push({ kind: 'cancel', n: child.n, key: childKey(this.state.id, child.n), reason });
      this.change(child, { cancelAsked: true });
    }
  }

  beginEnd(endAs: ParentEnd, code: string, sentence: string): void {
    if (this.state.status === 'ending' || this.hasEnded) return;
    this.set({ status: 'ending', endAs, pause: null, reasonCode: code, reason: sentence });
    this.said.push(sentence);
  }

  pause(pause: Pause): void {
    this.set({ status: 'paused', pause });
    this.said.push(pause.sentence);
  }

  /** Uniform in [-1, 1), the same for the same child in every run. */
  vary(what: string): number {
    const { id, children, terms } = this.state;
    return 2 * createRandom(seedOf(`${id}:${what}:${children.length + 1}`, terms.seed)).next() - 1;
  }

  /**
   * Sends a child, cut to what is left, to the largest order, where asked to what is displayed, and so that no rest below
   * the minimum stays behind. Returns false when nothing can be sent now.
   */
  send(wanted: Wanted): boolean {
    const { state, sight, now } = this;
    const { grid, terms } = state;
    if (now < state.retryAt) {
      this.wake(state.retryAt);
      return false;
    }
    if (state.children.length >= 2 * MAX_CHILDREN) {
      this.beginEnd(
        'failed',
        'TOO_MANY_CHILDREN',
        `${2 * MAX_CHILDREN} children have been sent; begin a new parent for the rest.`,
      );
      return false;
    }
    const { left } = this;
    let most = Math.min(left, grid.maxQuantity ?? left);
    if (wanted.takes && terms.withinBook) {
      const offered = offeredWithin(sight, state.side, wanted.price ?? state.limit, most);
      most = Math.min(most, offered.quantity);
      this.watchesTouch = true;
    }
    const judged = wanted.price ?? (farSide(sight, state.side) || sight.last);
    const least = minimumAt(grid, judged);
    let quantity = floorTo(Math.min(wanted.quantity, most), grid.step);
    // A part to be shown may vary below the smallest order.
    if (wanted.growth === 'show' && quantity < least) quantity = Math.min(least, most);
    const rest = left - quantity;
    if (rest > 0 && rest < least) quantity = this.#withoutStub(wanted, quantity, left, most, least);
    const whole = quantity === left && state.children.length === 0;
    if (quantity <= 0 || (quantity < least && !whole)) {
      if (wanted.takes && terms.withinBook) this.wake(now + terms.retryMs);
      return false;
    }
    this.#add(wanted, quantity);
    return true;
  }

  #withoutStub(wanted: Wanted, quantity: number, left: number, most: number, least: number): QuantityUnits {
    const smaller = floorTo(left - least, this.state.grid.step);
    const canShrink = smaller >= least && smaller <= most;
    if (wanted.growth === 'free' && most >= left) return left;
    if (canShrink) return Math.min(quantity, smaller);
    if (wanted.growth === 'show' && most >= left) return left;
    return wanted.growth === 'none' ? quantity : 0;
  }

  #add(wanted: Wanted, quantity: QuantityUnits): void {
    const { state, now } = this;
    const n = (state.children.at(-1)?.n ?? 0) + 1;
    const child: ChildState = {
      n,
      quantity,
      price: wanted.price,
      type: wanted.type,
      stage: wanted.stage,
      sentAt: now,
      status: 'new',
      filled: 0,
      value: '0',
      fees: '0',
      cancelAsked: false,
      closedAt: null,
    };
    this.#children = [...state.children, child];
    this.set({ children: this.#children });
    if (state.arrivalAt === null) this.set({ arrivalAt: now, arrivalMid: midOf(this.sight) });
    const key = childKey(state.id, n);
    const { type, price, postOnly } = wanted;
    this.actions.push({
      kind: 'send',
      n,
      key,
      type,
      quantity,
      price,
      timeInForce: wanted.takes ? 'IOC' : 'GTC',
      postOnly,
    });
    const at = price === null ? 'at market' : `at ${this.priceText(price)}`;
    this.said.push(`Child ${key}: ${state.side} ${this.text(quantity)} ${at}.`);
  }
}

function floorTo(quantity: QuantityUnits, step: QuantityUnits): QuantityUnits {
  return Math.floor(quantity / step) * step;
}
