/** Largest frame a client may send, in characters. The largest honest one (1,000 instruments of a filter) is a tenth of it. */
export const MAX_FRAME = 256 * 1024;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Whether a client's frame is one that the oRPC peer can read. Anything else would throw inside it, outside every
 * handler, and an unhandled rejection ends the process. Requests and aborts only: no call of the contract takes a
 * stream or a file, and no header but the place to resume from means anything.
 */
export function isReadableFrame(frame: unknown): frame is string {
  if (typeof frame !== 'string' || frame.length > MAX_FRAME) return false;
  let message: unknown;
  try {
    message = JSON.parse(frame);
  } catch {
    return false;
  }
  if (!isRecord(message)) return false;
  const { i: id, t: type, p: payload } = message;
  if (typeof id !== 'string' || id.length === 0 || id.length > 40) return false;
  if (type === 4) return true;
  if (type !== undefined || !isRecord(payload)) return false;
  const { u: url, h: headers, m: method } = payload;
  if (typeof url !== 'string' || !url.startsWith('/') || url.length > 16_384) return false;
  if (method !== undefined && method !== 'GET' && method !== 'POST') return false;
  if (headers === undefined) return true;
  if (!isRecord(headers)) return false;
  for (const name in headers) {
    const value = headers[name];
    if (name !== 'last-event-id' || typeof value !== 'string' || value.length > 120) return false;
  }
  return true;
}
