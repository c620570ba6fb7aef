import type { EpochMs } from '../../domain/units.ts';

/** Highest equity of the last `spanMs`: values that a later and higher one has overtaken are forgotten. */
export class EquityWindow {
  readonly #spanMs: number;
  #at: EpochMs[] = [];
  #equity: number[] = [];
  #first = 0;

  constructor(spanMs: number) {
    this.#spanMs = spanMs;
  }

  push(equity: number, now: EpochMs): void {
    while (this.#equity.length > this.#first && (this.#equity.at(-1) ?? 0) <= equity) {
      this.#equity.pop();
      this.#at.pop();
    }
    this.#equity.push(equity);
    this.#at.push(now);
    while ((this.#at[this.#first] ?? now) < now - this.#spanMs) this.#first += 1;
    if (this.#first < 1_024) return;
    this.#at = this.#at.slice(this.#first);
    this.#equity = this.#equity.slice(this.#first);
    this.#first = 0;
  }

  get high(): number {
    return this.#equity[this.#first] ?? Number.NaN;
  }

  get highAt(): EpochMs {
    return this.#at[this.#first] ?? Number.NaN;
  }

  clear(): void {
    this.#at = [];
    this.#equity = [];
    this.#first = 0;
  }
}
