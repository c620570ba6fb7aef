import * as z from 'zod';
import { reasonCode, sentence } from './scalars.ts';

export const riskCheck = z.object({
  code: reasonCode,
  severity: z.enum(['info', 'warn', 'block']),
  /** The figure that was judged and the bound it was judged by: decimal strings or words. */
  value: z.string(),
  limit: z.string(),
  sentence,
  /** Whose limit it is where it is not that of all accounts, e.g. "strategy sma-cross@BTCUSDT". */
  scope: z.string().max(200).optional(),
});

/** Every expected "no" looks like this, whatever its status: a stable code, a sentence that says what to do, the figures. */
export const refusal = z.object({
  code: reasonCode,
  sentence,
  value: z.string().optional(),
  limit: z.string().optional(),
  /** Of a denied order: it is in the history under this id, with every check. */
  orderId: z.string().optional(),
  checks: z.array(riskCheck).optional(),
});

export const contractErrors = {
  /** A rule said no: risk, venue rules, bad figures, a missing acknowledgement. */
  REFUSED: { status: 422, message: 'Refused', data: refusal },
  /** No such instrument, account, order, session or strategy. */
  NOT_FOUND: { status: 404, message: 'Not found', data: refusal },
  /** It collides with what is already there: a running session, an idempotency key used for another order. */
  CONFLICT: { status: 409, message: 'Conflict', data: refusal },
  /** The engine cannot take commands now: stopped, journal not writable, no feed. Nothing was done. */
  UNAVAILABLE: { status: 503, message: 'Unavailable', data: refusal },
} as const;

export type ContractErrorCode = keyof typeof contractErrors;
