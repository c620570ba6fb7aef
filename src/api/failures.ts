import { randomBytes } from 'node:crypto';
import { mapEventIterator } from '@orpc/client';
import { ORPCError } from '@orpc/server';
import { contractErrors } from '../contract/errors.ts';

/** Where the API writes about failures; a pino logger fits. */
export interface ApiLog {
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Expected by the contract, or the caller's own mistake (bad input): says what it says. */
function isExpected(error: unknown): boolean {
  return error instanceof ORPCError && (Object.hasOwn(contractErrors, error.code) || error.status < 500);
}

/** A bug is logged whole under a reference; the caller learns the reference and nothing else. */
function concealFailure(error: unknown, procedure: string, log: ApiLog): unknown {
  if (isExpected(error)) return error;
  const reference = randomBytes(6).toString('hex');
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  log.error({ reference, procedure, err: cause }, 'a call failed unexpectedly');
  return new ORPCError('INTERNAL_SERVER_ERROR', {
    message: `Unexpected failure; look for reference ${reference} in the log.`,
    data: { reference },
  });
}

function isStream(output: unknown): output is AsyncIterator<unknown, unknown, void> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output && 'next' in output;
}

interface InterceptedCall {
  readonly path: readonly string[];
  readonly signal?: AbortSignal | undefined;
  next(): Promise<unknown>;
}

/** Interceptor of both handlers: around input check, procedure and output check, and around each event of a stream. */
export function concealing(log: ApiLog) {
  return async (call: InterceptedCall): Promise<unknown> => {
    const name = call.path.join('.');
    const conceal = (error: unknown): unknown =>
      call.signal?.aborted === true ? error : concealFailure(error, name, log);
    try {
      const output = await call.next();
      if (!isStream(output)) return output;
      return mapEventIterator(output, {
        value: (event: unknown) => Promise.resolve(event),
        error: (error) => Promise.resolve(conceal(error)),
      });
    } catch (error) {
      throw conceal(error);
    }
  };
}
