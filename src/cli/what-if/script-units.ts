import type { Instrument } from '../../domain/instrument.ts';
import type { MarketEvent } from '../../domain/market-data.ts';
import { type EpochMs, parseUnits, type PriceUnits, type QuantityUnits } from '../../domain/units.ts';
import type { StepAction, TextLevel } from './read-script.ts';
import { scriptFault } from './script-json.ts';

/** The plain decimals of a script as units of its instrument. */
export class ScriptUnits {
  readonly instrument: Instrument;

  constructor(instrument: Instrument) {
    this.instrument = instrument;
  }

  price(text: string): PriceUnits {
    return unitsOf(text, this.instrument.priceDigits, 'Price');
  }

  maybePrice(text: string | null): PriceUnits | null {
    return text === null ? null : this.price(text);
  }

  quantity(text: string): QuantityUnits {
    return unitsOf(text, this.instrument.quantityDigits, 'Quantity');
  }

  /** The market event of a step that is one, otherwise null. `sequence` is for a book. */
  marketEvent(action: StepAction, at: EpochMs, sequence: number): MarketEvent | null {
    const stamp = { instrument: this.instrument.id, ts: at, at };
    switch (action.kind) {
      case 'book':
        return {
          ...stamp,
          kind: 'book',
          sequence,
          bids: this.levels(action.bids, -1),
          asks: this.levels(action.asks, 1),
        };
      case 'quote':
        return {
          ...stamp,
          kind: 'quote',
          bid: this.price(action.bid[0]),
          bidQuantity: this.quantity(action.bid[1]),
          ask: this.price(action.ask[0]),
          askQuantity: this.quantity(action.ask[1]),
        };
      case 'trade':
        return {
          ...stamp,
          kind: 'trade',
          price: this.price(action.price),
          quantity: this.quantity(action.quantity),
          aggressor: action.aggressor,
          tradeId: null,
        };
      case 'bar':
        return {
          ...stamp,
          kind: 'bar',
          start: action.start,
          open: this.price(action.open),
          high: this.price(action.high),
          low: this.price(action.low),
          close: this.price(action.close),
          // A volume may be finer than the step; it is a cap, not money.
          volume: Math.floor(Number(action.volume) * 10 ** this.instrument.quantityDigits + 1e-6),
        };
      default:
        return null;
    }
  }

  /** Best first, as the venue reads a snapshot. */
  private levels(levels: readonly TextLevel[], sign: 1 | -1): number[] {
    return levels
      .map(([price, quantity]) => [this.price(price), this.quantity(quantity)] as const)
      .sort(([a], [b]) => sign * (a - b))
      .flat();
  }
}

function unitsOf(text: string, digits: number, what: string): number {
  const units = parseUnits(text, digits);
  if (!Number.isNaN(units)) return units;
  throw scriptFault(
    `${what} ${text} has more than ${digits} decimals or is too large; check the instrument's tick and step.`,
  );
}
