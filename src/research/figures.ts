/** Named statistics where an impossible one is null with its reason, never NaN or Infinity. */
export class Figures {
  readonly stats: Record<string, number | null> = {};
  readonly unavailable: Record<string, string> = {};

  set(key: string, value: number, reason: string): void {
    if (Number.isFinite(value)) {
      // -0 would print as "-0" in a table and means nothing here.
      this.stats[key] = value === 0 ? 0 : value;
      delete this.unavailable[key];
    } else {
      this.stats[key] = null;
      this.unavailable[key] = reason;
    }
  }

  setUnavailable(keys: readonly string[], reason: string): void {
    for (const key of keys) this.set(key, Number.NaN, reason);
  }
}

/** left / right, NaN for a zero or unusable divisor. */
export function ratio(left: number, right: number): number {
  return right === 0 || !Number.isFinite(right) ? Number.NaN : left / right;
}
