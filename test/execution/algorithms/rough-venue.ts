import { createRandom, type Random } from '../../../src/domain/random.ts';
import type { ParentTicket } from '../../../src/execution/algorithms/algorithm-terms.ts';
import type { Hold, MarketSight } from '../../../src/execution/algorithms/market-sight.ts';
import type { ChildNews, ParentAction } from '../../../src/execution/algorithms/parent-draft.ts';
import { advanceParent, newParent, type ParentInput } from '../../../src/execution/algorithms/parent-machine.ts';
import { ENDED, filledOf, type ParentGrid, type ParentState } from '../../../src/execution/algorithms/parent-state.ts';
import { HALTED, REDUCING, sightOf, STALE } from './support.ts';

interface RoughChild {
  readonly n: number;
  readonly quantity: number;
  readonly takes: boolean;
  filled: number;
  status: 'new' | 'working' | 'unknown' | 'closed';
  refused: boolean;
}

/** What the run did, for comparison and for judging. */
export interface RoughLog {
  readonly lines: string[];
  overfilled: boolean;
  tooLarge: boolean;
  doubled: boolean;
  beyondBook: boolean;
}

/**
 * A parent against a venue that answers late, fills in parts, refuses, loses answers, and fills what is being cancelled.
 * `restart` gives the state through JSON, as a restart would, after the steps it names.
 */
export class RoughRun {
  state: ParentState;
  readonly children = new Map<number, RoughChild>();
  readonly log: RoughLog = { lines: [], overfilled: false, tooLarge: false, doubled: false, beyondBook: false };
  #now = 1_000;
  #mid = 10_000;
  #hold: Hold | null = null;
  #sight: MarketSight = sightOf();
  #wakeAt = 0;
  readonly #random: Random;
  readonly #restart: (step: number) => boolean;
  #steps = 0;

  constructor(ticket: ParentTicket, grid: ParentGrid, seed: number, restart: (step: number) => boolean) {
    this.#random = createRandom(seed);
    this.#restart = restart;
    this.state = newParent(ticket, grid, this.#now, this.#sight);
    this.#step({ type: 'look' });
  }

  run(events: number): this {
    for (let event = 0; event < events && !this.#isQuiet(); event += 1) this.#event();
    return this;
  }

  /** No more surprises: every child gets its answer, time passes. */
  settle(): this {
    this.#hold = null;
    this.#sight = { ...this.#sight, hold: null };
    this.#step({ type: 'resume' });
    this.#step({ type: 'cancel', reason: 'The test ends.' });
    for (let round = 0; round < 50 && !ENDED.has(this.state.status); round += 1) {
      this.#now += 5_000;
      for (const child of this.children.values()) if (child.status !== 'closed') this.#tell(child, 'closed');
      this.#step({ type: 'look' });
    }
    return this;
  }

  #isQuiet(): boolean {
    return ENDED.has(this.state.status) && [...this.children.values()].every(({ status }) => status === 'closed');
  }

  #event(): void {
    const random = this.#random;
    const dice = random.next();
    if (dice < 0.3) {
      this.#now = Math.max(this.#now, Math.min(this.#now + random.next() * 8_000, this.#wakeAt));
      this.#step({ type: 'look' });
    } else if (dice < 0.45) {
      this.#mid += Math.round(random.normal() * 5);
      this.#sight = sightOf({
        bid: this.#mid - 10,
        ask: this.#mid + 10,
        askQuantity: Math.round(random.next() * 400),
        bidQuantity: Math.round(random.next() * 400),
        hold: this.#hold,
      });
      this.#step({ type: 'look' });
    } else if (dice < 0.52) this.#step({ type: 'trade', quantity: Math.round(random.next() * 500) });
    else if (dice < 0.57) {
      this.#hold = [null, null, STALE, HALTED, REDUCING][Math.floor(random.next() * 5)] ?? null;
      this.#sight = { ...this.#sight, hold: this.#hold };
      this.#step({ type: 'look' });
    } else if (dice < 0.6) this.#step({ type: 'resume' });
    else if (dice < 0.605) this.#step({ type: 'cancel', reason: 'The user had enough.' });
    else this.#venue(random);
  }

  /** Something happens to a child that is not over. */
  #venue(random: Random): void {
    const live = [...this.children.values()].filter(({ status }) => status !== 'closed');
    const child = live[Math.floor(random.next() * live.length)];
    if (child === undefined) return;
    const dice = random.next();
    const left = child.quantity - child.filled;
    if (dice < 0.5) {
      child.filled += Math.max(1, Math.round(random.next() * left));
      this.#tell(child, child.filled >= child.quantity ? 'closed' : 'working');
    } else if (dice < 0.6) this.#tell(child, 'unknown');
    else if (dice < 0.7) this.#tell(child, 'working');
    else if (dice < 0.78 && child.filled === 0) {
      child.refused = true;
      this.#tell(child, 'closed');
    } else {
      // The answer to a cancel may carry a fill that was never told of.
      if (random.next() < 0.4) child.filled += Math.round(random.next() * left);
      this.#tell(child, 'closed');
    }
  }

  #tell(child: RoughChild, status: RoughChild['status']): void {
    child.status = status;
    const news: ChildNews = {
      n: child.n,
      status,
      quantity: child.quantity,
      filled: child.filled,
      value: String(child.filled),
      fees: '0',
      refused: child.refused,
      code: child.refused ? 'REFUSED' : null,
      sentence: child.refused ? 'No.' : null,
    };
    this.#step({ type: 'child', ...news });
    // Venues repeat themselves.
    if (this.#random.next() < 0.2) this.#step({ type: 'child', ...news });
  }

  #step(input: ParentInput): void {
    this.#steps += 1;
    if (this.#restart(this.#steps)) this.state = JSON.parse(JSON.stringify(this.state)) as ParentState;
    const step = advanceParent(this.state, input, this.#now, this.#sight);
    this.state = step.state;
    this.#wakeAt = step.wakeAt;
    for (const action of step.actions) this.#carryOut(action);
    if (step.actions.length > 0 || step.said !== null) {
      this.log.lines.push(
        `${Math.round(this.#now)} ${this.state.status} ${JSON.stringify(step.actions)} ${step.said ?? ''}`,
      );
    }
    this.#judge();
  }

  #carryOut(action: ParentAction): void {
    if (action.kind === 'cancel') return;
    if (this.children.has(action.n)) this.log.doubled = true;
    const { terms, side } = this.state;
    const far = side === 'buy' ? this.#sight.askQuantity : this.#sight.bidQuantity;
    if (action.timeInForce === 'IOC' && terms.withinBook && action.quantity > far) this.log.beyondBook = true;
    const out = [...this.children.values()].reduce(
      (sum, child) => sum + child.filled + (child.status === 'closed' ? 0 : child.quantity - child.filled),
      0,
    );
    if (out + action.quantity > this.state.quantity) this.log.tooLarge = true;
    this.children.set(action.n, {
      n: action.n,
      quantity: action.quantity,
      takes: action.timeInForce === 'IOC',
      filled: 0,
      status: 'new',
      refused: false,
    });
  }

  #judge(): void {
    const filled = [...this.children.values()].reduce((sum, child) => sum + child.filled, 0);
    if (filled > this.state.quantity) this.log.overfilled = true;
    if (filledOf(this.state) > this.state.quantity) this.log.overfilled = true;
  }
}
