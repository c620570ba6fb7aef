const SHOWN = 50;

/** Collects what a check found; a journal with a thousand faults must not print a thousand lines. */
export class Problems {
  readonly #list: string[] = [];
  #total = 0;

  add(sentence: string): void {
    this.#total += 1;
    if (this.#list.length < SHOWN) this.#list.push(sentence);
  }

  list(): string[] {
    const hidden = this.#total - this.#list.length;
    return hidden === 0 ? [...this.#list] : [...this.#list, `... and ${hidden} more problems.`];
  }
}
