import { OpenAPIHandler } from '@orpc/openapi/fastify';
import { experimental_ZodSmartCoercionPlugin as ZodSmartCoercionPlugin } from '@orpc/zod/zod4';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ApiLog, concealing } from '../failures.ts';
import { type CallContext, UNHINDERED } from '../flow.ts';
import type { ApiRouter } from '../router.ts';

export type AnswerRest = (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>;

/** The contract as REST under /api; streams are text/event-stream with a comment as heartbeat. Loaded at the first call. */
export function createRest(router: ApiRouter, log: ApiLog): AnswerRest {
  const handler = new OpenAPIHandler<CallContext>(router, {
    clientInterceptors: [concealing(log)],
    // A query string knows only text.
    plugins: [new ZodSmartCoercionPlugin()],
    eventIteratorKeepAliveEnabled: true,
    eventIteratorKeepAliveInterval: 5000,
  });
  return async (request, reply) => {
    // A command without input may come without a body.
    if (request.method === 'POST') request.body ??= {};
    const { matched } = await handler.handle(request, reply, { prefix: '/api', context: { flow: UNHINDERED } });
    return matched;
  };
}
