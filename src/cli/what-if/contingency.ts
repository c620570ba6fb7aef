import type { Fill } from '../../domain/fill.ts';
import type { QuantityUnits } from '../../domain/units.ts';
import type { ScriptOrder } from './read-order.ts';

/** What a linked order needs done, decided from fills alone. */
export interface ContingencyPorts {
  cancel(orderId: string): void;
  resize(orderId: string, quantity: QuantityUnits): void;
  submitChild(
    parent: ScriptOrder,
    id: string,
    leg: 'stopLoss' | 'takeProfit',
    level: string,
    quantity: QuantityUnits,
  ): void;
  isWorking(orderId: string): boolean;
}

interface Child {
  readonly id: string;
  readonly leg: 'stopLoss' | 'takeProfit';
  readonly level: string;
  filled: QuantityUnits;
}

interface Bracket {
  readonly parent: ScriptOrder;
  readonly children: readonly Child[];
  entered: QuantityUnits;
}

/**
 * Links between orders. One-cancels-other: any fill of one, a partial one too, cancels the others. Bracket: both exits are
 * sent as soon as any part of the entry fills, their quantity follows what has entered, and what one exit fills the other
 * no longer covers.
 */
export class Contingency {
  private readonly ports: ContingencyPorts;
  private readonly siblings = new Map<string, Set<string>>();
  private readonly brackets = new Map<string, Bracket>();
  private readonly parentOf = new Map<string, Bracket>();
  private readonly touched = new Set<string>();

  constructor(ports: ContingencyPorts) {
    this.ports = ports;
  }

  /** Links an order before it is sent. Returns the sibling that has already filled, if any: then it must not be sent. */
  link(order: ScriptOrder): string | null {
    for (const sibling of order.oco) {
      if (this.touched.has(sibling)) return sibling;
    }
    for (const sibling of order.oco) {
      this.siblingsOf(order.id).add(sibling);
      this.siblingsOf(sibling).add(order.id);
    }
    for (const linked of this.siblingsOf(order.id)) if (this.touched.has(linked)) return linked;
    if (order.bracket !== null) {
      const { stopLoss, takeProfit } = order.bracket;
      const children: Child[] = [];
      if (stopLoss !== null) children.push({ id: `${order.id}-SL`, leg: 'stopLoss', level: stopLoss, filled: 0 });
      if (takeProfit !== null) children.push({ id: `${order.id}-TP`, leg: 'takeProfit', level: takeProfit, filled: 0 });
      const bracket = { parent: order, children, entered: 0 };
      this.brackets.set(order.id, bracket);
      for (const child of children) this.parentOf.set(child.id, bracket);
    }
    return null;
  }

  onFill(fill: Fill): void {
    this.touched.add(fill.orderId);
    for (const sibling of this.siblingsOf(fill.orderId)) {
      if (this.ports.isWorking(sibling)) this.ports.cancel(sibling);
    }
    const entry = this.brackets.get(fill.orderId);
    if (entry !== undefined) this.onEntry(entry, fill.quantity);
    const exit = this.parentOf.get(fill.orderId);
    if (exit !== undefined) this.onExit(exit, fill);
  }

  private onEntry(bracket: Bracket, quantity: QuantityUnits): void {
    const first = bracket.entered === 0;
    bracket.entered += quantity;
    if (first) {
      for (const child of bracket.children) {
        this.ports.submitChild(bracket.parent, child.id, child.leg, child.level, bracket.entered);
      }
    } else for (const child of bracket.children) this.follow(bracket, child);
  }

  private onExit(bracket: Bracket, fill: Fill): void {
    for (const child of bracket.children) if (child.id === fill.orderId) child.filled += fill.quantity;
    for (const child of bracket.children) if (child.id !== fill.orderId) this.follow(bracket, child);
  }

  /** An exit covers what has entered and has not left by the other exit. */
  private follow(bracket: Bracket, child: Child): void {
    if (!this.ports.isWorking(child.id)) return;
    const left = bracket.children.reduce((sum, other) => (other === child ? sum : sum - other.filled), bracket.entered);
    if (left <= child.filled) this.ports.cancel(child.id);
    else this.ports.resize(child.id, left);
  }

  private siblingsOf(orderId: string): Set<string> {
    let set = this.siblings.get(orderId);
    if (set === undefined) {
      set = new Set();
      this.siblings.set(orderId, set);
    }
    return set;
  }
}
