import type { OrderId } from '../../domain/order.ts';
import type { InstrumentId } from '../../domain/instrument.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';
import type { Protection } from './ticket.ts';

/** What a user wants of a position, as the journal keeps it. */
export interface StoredWish {
  readonly accountId: string;
  readonly instrument: InstrumentId;
  readonly protection: Protection;
  readonly entries: readonly OrderId[];
}

/** Refuses PROTECTION_DAMAGED: what cannot be read is never taken for "no protection". */
export function readWishes(text: string): Result<StoredWish[]> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return damaged('it is not JSON');
  }
  if (!Array.isArray(value)) return damaged('it is no list');
  const wishes: StoredWish[] = [];
  for (const one of value as unknown[]) {
    if (!isWish(one)) return damaged('an entry is damaged');
    wishes.push(one);
  }
  return ok(wishes);
}

function damaged(why: string): Result<never> {
  return refuse(
    'PROTECTION_DAMAGED',
    `The record of stop-losses, take-profits and trailing stops cannot be read (${why}); set them again for every open position.`,
  );
}

function isWish(value: unknown): value is StoredWish {
  if (typeof value !== 'object' || value === null) return false;
  const { accountId, instrument, protection, entries } = value as Record<string, unknown>;
  if (typeof accountId !== 'string' || typeof instrument !== 'string') return false;
  if (!Array.isArray(entries) || !entries.every((entry) => typeof entry === 'string')) return false;
  if (typeof protection !== 'object' || protection === null) return false;
  const { stopLoss, takeProfit, trailing } = protection as Record<string, unknown>;
  return [stopLoss, takeProfit, trailing].every((level) => level === null || Number.isSafeInteger(level));
}
