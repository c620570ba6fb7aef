/** Calls the engine beside the window, as a script of the user would: over HTTP, with the token of the window's address. */
export interface Api {
  readonly post: (path: string, body: unknown) => Promise<Record<string, unknown>>;
  readonly get: (path: string) => Promise<unknown>;
}

export function apiOf(url: string): Api {
  const { origin, hash } = new URL(url);
  const token = new URLSearchParams(hash.slice(1)).get('token') ?? hash.slice(1);
  const call = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${origin}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer).slice(0, 400)}`);
    return answer;
  };
  return {
    post: async (path, body) => (await call('POST', path, body)) as Record<string, unknown>,
    get: (path) => call('GET', path),
  };
}

let keys = 0;

export interface ScriptedOrder {
  readonly account: string;
  readonly instrument: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: string;
  readonly type?: 'market' | 'limit';
  readonly price?: string;
  readonly stopLoss?: string;
  readonly takeProfit?: string;
  readonly reduceOnly?: boolean;
}

/** Reviews and sends one order, warnings acknowledged by the review. */
export async function placeOrder(api: Api, order: ScriptedOrder): Promise<string> {
  const ticket = { type: 'market', ...order };
  const { reviewToken } = await api.post('/orders/preview', ticket);
  keys += 1;
  const placed = await api.post('/orders', {
    ...ticket,
    idempotencyKey: `scripted-${process.pid}-${keys}`,
    ...(typeof reviewToken === 'string' ? { reviewToken } : {}),
  });
  return String(placed['id']);
}
