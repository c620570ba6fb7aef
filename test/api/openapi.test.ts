import { isContractProcedure, type AnyContractRouter } from '@orpc/contract';
import { getRouter, isProcedure } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApi } from '../../src/api/router.ts';
import { contract } from '../../src/contract/contract.ts';
import { fakeWorkstation } from '../fakes/workstation.ts';
import { openHost } from './transports.ts';

interface Operation {
  readonly summary?: string;
  readonly responses: Record<string, { content?: Record<string, unknown> }>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly security: unknown;
}

function paths(router: AnyContractRouter, path: readonly string[] = []): (readonly string[])[] {
  if (isContractProcedure(router)) return [path];
  return Object.entries(router).flatMap(([name, part]: [string, AnyContractRouter]) => paths(part, [...path, name]));
}
const all = paths(contract);

describe('every procedure of the contract', () => {
  const api = createApi(fakeWorkstation().workstation);
  let document: Document;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const opened = await openHost(fakeWorkstation().workstation);
    ({ close } = opened);
    const answer = await fetch(`http://127.0.0.1:${opened.host.port}/api/openapi.json`, {
      headers: { authorization: `Bearer ${opened.host.token}` },
    });
    document = (await answer.json()) as Document;
  });
  afterAll(() => close());

  test.each(all.map((path) => [path.join('.'), path] as const))('%s is implemented and described', (_name, path) => {
    expect(isProcedure(getRouter(api.router, path))).toBe(true);
    let part: AnyContractRouter = contract;
    for (const name of path) part = (part as Record<string, AnyContractRouter>)[name] ?? part;
    if (!isContractProcedure(part)) throw new Error('not a procedure');
    const { route, meta } = part['~orpc'];
    const operation = document.paths[route.path ?? '']?.[(route.method ?? '').toLowerCase()];
    expect(operation?.summary).toBe(route.summary);
    const content = operation?.responses['200']?.content ?? {};
    expect(Object.keys(content)).toEqual([
      (meta as { stream: boolean }).stream ? 'text/event-stream' : 'application/json',
    ]);
    for (const status of ['404', '409', '422', '503']) expect(operation?.responses).toHaveProperty(status);
  });

  test('the document describes nothing else and asks for the token', () => {
    const described = Object.values(document.paths).flatMap((methods) => Object.keys(methods));
    expect(described).toHaveLength(all.length);
    expect(document.openapi).toMatch(/^3\.1/);
    expect(document.security).toEqual([{ token: [] }]);
  });
});
