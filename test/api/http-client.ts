import { createORPCErrorFromJson, isORPCErrorJson, withEventMeta } from '@orpc/client';
import { type AnyContractRouter, isContractProcedure } from '@orpc/contract';
import type { ContractClient } from '../../src/contract/types.ts';

function toError(body: unknown): Error {
  return isORPCErrorJson(body) ? createORPCErrorFromJson(body) : new Error(JSON.stringify(body));
}

/** "instruments[0]=X" for arrays, as the OpenAPI document describes GET inputs. */
function queryOf(input: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input)) {
    if (Array.isArray(value)) value.forEach((item, index) => query.append(`${name}[${index}]`, String(item)));
    else if (value !== undefined) query.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return query.size === 0 ? '' : `?${query.toString()}`;
}

/** Reads a text/event-stream. */
async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<unknown, void, void> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const fields = new Map<string, string>();
      for (const line of text.slice(0, end).split('\n')) {
        const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
        if (name !== undefined && value !== undefined) fields.set(name, value);
      }
      text = text.slice(end + 2);
      const data = fields.get('data');
      const value: unknown = data === undefined ? undefined : JSON.parse(data);
      const kind = fields.get('event');
      if (kind === 'error') throw toError(value);
      if (kind === 'done') return;
      if (kind === 'message') {
        const id = fields.get('id');
        yield id === undefined ? value : withEventMeta(value as object, { id });
      }
    }
  }
}

/** The contract over plain fetch, as a script in any language would speak it. */
export function createHttpClient(
  router: AnyContractRouter,
  base: string,
  token: string,
  gone: AbortSignal,
): ContractClient {
  const build = (part: AnyContractRouter): unknown => {
    if (!isContractProcedure(part)) {
      return Object.fromEntries(
        Object.entries(part).map(([name, child]: [string, AnyContractRouter]) => [name, build(child)]),
      );
    }
    const { method, path } = part['~orpc'].route;
    return async (
      input: Readonly<Record<string, unknown>> = {},
      options: { signal?: AbortSignal; lastEventId?: string } = {},
    ): Promise<unknown> => {
      const signal = AbortSignal.any([gone, ...(options.signal === undefined ? [] : [options.signal])]);
      const headers: Record<string, string> = { authorization: `Bearer ${token}` };
      if (options.lastEventId !== undefined) headers['last-event-id'] = options.lastEventId;
      if (method === 'POST') headers['content-type'] = 'application/json';
      const response = await fetch(`${base}${path ?? ''}${method === 'GET' ? queryOf(input) : ''}`, {
        method: method ?? 'POST',
        headers,
        signal,
        ...(method === 'POST' ? { body: JSON.stringify(input) } : {}),
      });
      if (response.headers.get('content-type')?.startsWith('text/event-stream') === true && response.body !== null) {
        return events(response.body);
      }
      const body: unknown = await response.json();
      if (!response.ok) throw toError(body);
      return body;
    };
  };
  return build(router) as ContractClient;
}
