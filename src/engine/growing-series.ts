/** A series of doubles that grows by doubling, for a point per bar without a boxed array. */
export class GrowingSeries {
  #values = new Float64Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Float64Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length] = value;
    this.length += 1;
  }

  last(): number | undefined {
    return this.#values[this.length - 1];
  }

  /** A view: valid until the next push. */
  values(): Float64Array {
    return this.#values.subarray(0, this.length);
  }
}
