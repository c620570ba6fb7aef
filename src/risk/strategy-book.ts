import type { InstrumentId } from '../domain/instrument.ts';
import type { Side } from '../domain/order.ts';
import type { QuantityUnits } from '../domain/units.ts';

interface Booked {
  readonly accountId: string;
  readonly instrument: InstrumentId;
  readonly side: Side;
  readonly quantity: QuantityUnits;
}

const NOTHING: ReadonlyMap<InstrumentId, QuantityUnits> = new Map();

/**
 * Which part of the shared position each strategy has opened, for limits of strategies. What a person or the flatten
 * closes is taken from the strategies on that side, the largest first.
 */
export class StrategyBook {
  /** account -> strategy -> instrument -> signed quantity. */
  readonly #accounts = new Map<string, Map<string, Map<InstrumentId, QuantityUnits>>>();

  /** `position`: of the account in the instrument, after the fill. */
  onFill(fill: Booked, strategyId: string | null, position: QuantityUnits): void {
    const strategies = this.#strategies(fill.accountId);
    if (position === 0) {
      for (const held of strategies.values()) held.delete(fill.instrument);
      return;
    }
    const signed = fill.side === 'buy' ? fill.quantity : -fill.quantity;
    if (strategyId === null) this.#takeFromAll(strategies, fill.instrument, signed);
    else this.#add(strategies, strategyId, fill.instrument, signed);
  }

  forget(): void {
    this.#accounts.clear();
  }

  position(accountId: string, strategyId: string, instrument: InstrumentId): QuantityUnits {
    return this.held(accountId, strategyId).get(instrument) ?? 0;
  }

  /** Only what is not zero. */
  held(accountId: string, strategyId: string): ReadonlyMap<InstrumentId, QuantityUnits> {
    return this.#accounts.get(accountId)?.get(strategyId) ?? NOTHING;
  }

  #strategies(accountId: string): Map<string, Map<InstrumentId, QuantityUnits>> {
    let strategies = this.#accounts.get(accountId);
    if (strategies === undefined) {
      strategies = new Map();
      this.#accounts.set(accountId, strategies);
    }
    return strategies;
  }

  #add(
    strategies: Map<string, Map<InstrumentId, QuantityUnits>>,
    strategyId: string,
    instrument: InstrumentId,
    signed: QuantityUnits,
  ): void {
    let held = strategies.get(strategyId);
    if (held === undefined) {
      held = new Map();
      strategies.set(strategyId, held);
    }
    const next = (held.get(instrument) ?? 0) + signed;
    if (next === 0) held.delete(instrument);
    else held.set(instrument, next);
  }

  #takeFromAll(
    strategies: Map<string, Map<InstrumentId, QuantityUnits>>,
    instrument: InstrumentId,
    signed: QuantityUnits,
  ): void {
    const opposite = [...strategies.entries()]
      .map(([strategyId, held]) => ({ strategyId, quantity: held.get(instrument) ?? 0 }))
      .filter(({ quantity }) => quantity * signed < 0)
      .sort((a, b) => Math.abs(b.quantity) - Math.abs(a.quantity));
    let left = Math.abs(signed);
    for (const { strategyId, quantity } of opposite) {
      const taken = Math.min(left, Math.abs(quantity));
      this.#add(strategies, strategyId, instrument, Math.sign(signed) * taken);
      left -= taken;
      if (left === 0) return;
    }
  }
}
