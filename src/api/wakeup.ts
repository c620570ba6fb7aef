/** Lets one reader sleep until something happens, a time is over or the caller has gone. */
export class Wakeup {
  #wake: (() => void) | null = null;

  notify(): void {
    this.#wake?.();
  }

  /** Callers check their condition before and after, without an await in between: nothing can be missed then. */
  wait(signal: AbortSignal | undefined, timeoutMs?: number): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = timeoutMs === undefined ? undefined : setTimeout(() => this.#wake?.(), timeoutMs);
      const wake = (): void => {
        this.#wake = null;
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      this.#wake = wake;
      signal?.addEventListener('abort', wake, { once: true });
    });
  }
}

export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return ms <= 0 ? nextTurn() : new Wakeup().wait(signal, ms);
}

/** Lets everything else on the loop go first. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
