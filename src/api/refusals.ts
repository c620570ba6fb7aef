import { ORPCError } from '@orpc/server';
import { contractErrors, type ContractErrorCode } from '../contract/errors.ts';
import type { Refusal, Result } from '../domain/refusal.ts';
import type { OrderRefusal } from '../engine/workstation.ts';

/** Refusal codes that are answered with another error than REFUSED. */
const MEANING: ReadonlyMap<string, ContractErrorCode> = new Map([
  ['INSTRUMENT_UNKNOWN', 'NOT_FOUND'],
  ['ACCOUNT_UNKNOWN', 'NOT_FOUND'],
  ['ORDER_UNKNOWN', 'NOT_FOUND'],
  ['TRADE_UNKNOWN', 'NOT_FOUND'],
  ['POSITION_UNKNOWN', 'NOT_FOUND'],
  ['SESSION_UNKNOWN', 'NOT_FOUND'],
  ['STRATEGY_UNKNOWN', 'NOT_FOUND'],
  ['FEED_UNKNOWN', 'NOT_FOUND'],
  ['IDEMPOTENCY_CONFLICT', 'CONFLICT'],
  ['SESSION_RUNNING', 'CONFLICT'],
  ['SESSION_NOT_RUNNING', 'CONFLICT'],
  ['REVIEW_STALE', 'CONFLICT'],
  ['ENGINE_STOPPED', 'UNAVAILABLE'],
  ['ENGINE_STARTING', 'UNAVAILABLE'],
  ['JOURNAL_FAILED', 'UNAVAILABLE'],
  ['ANALYTICS_UNAVAILABLE', 'UNAVAILABLE'],
]);

/** The typed error of a refusal. Only the named fields cross: whatever else the engine hangs on it stays here. */
export function refusalError(refusal: Refusal | OrderRefusal): ORPCError<string, unknown> {
  const code = MEANING.get(refusal.code) ?? 'REFUSED';
  const { status, message } = contractErrors[code];
  return new ORPCError(code, {
    status,
    message,
    data: {
      code: refusal.code,
      sentence: refusal.sentence,
      value: refusal.value,
      limit: refusal.limit,
      orderId: 'orderId' in refusal ? refusal.orderId : undefined,
      checks: 'checks' in refusal ? refusal.checks : undefined,
    },
  });
}

export function unwrap<T>(result: Result<T, Refusal | OrderRefusal>): T {
  if (!result.ok) throw refusalError(result.error);
  return result.value;
}
