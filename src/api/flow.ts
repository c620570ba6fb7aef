/** How a transport tells the streams on it to hold back: they do not produce while the other end has not taken what was sent. */
export interface Flow {
  ready(signal: AbortSignal | undefined): Promise<void> | undefined;
}

/** For transports that pull (HTTP). */
export const UNHINDERED: Flow = { ready: () => undefined };

/** What every call carries. */
export interface CallContext {
  readonly flow: Flow;
}

/** What the streams need of a call. */
export interface StreamCall {
  readonly signal: AbortSignal | undefined;
  readonly flow: Flow;
}
