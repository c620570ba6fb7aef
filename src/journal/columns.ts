import { Decimal } from '../domain/decimal.ts';
import { textUnits, type Value } from './units-text.ts';

/** Reads the columns of a row one after another, in the order of its table (tables.ts). */
export class Columns {
  readonly #values: readonly Value[];
  #next: number;

  constructor(values: readonly Value[], from: number) {
    this.#values = values;
    this.#next = from;
  }

  take(): Value {
    const value = this.#values[this.#next];
    this.#next += 1;
    return value ?? null;
  }
  /** The schema and the encoder vouch for the words of a column that holds a union. */
  text<T extends string = string>(): T {
    return String(this.take()) as T;
  }
  textOrNull(): string | null {
    const value = this.take();
    return value === null ? null : String(value);
  }
  number(): number {
    return Number(this.take());
  }
  numberOrNull(): number | null {
    const value = this.take();
    return value === null ? null : Number(value);
  }
  flag(): boolean {
    return this.take() === 1;
  }
  money(): Decimal {
    return new Decimal(this.text());
  }
  units(digits: number): number {
    return textUnits(this.text(), digits);
  }
  unitsOrNull(digits: number): number | null {
    const text = this.textOrNull();
    return text === null ? null : textUnits(text, digits);
  }
}

/** Each decoder takes a row of selectRows: seq, session_id, then the columns of its table. */
export type Row = readonly Value[];
export const FIRST = 2;
