import type { Instrument } from '../../domain/instrument.ts';
import { RefusalError } from '../../domain/refusal.ts';
import { readScopes } from '../../risk/limit-book.ts';
import { DEFAULT_LIMITS, isLimitName, limitKind, readLimits, type RiskLimits } from '../../risk/limits.ts';
import { isObject, type Json, objectOf } from '../what-if/script-json.ts';

/** Limits of a file over the defaults. Numbers arrive as text there; whole ones become numbers again. */
export function fileLimits(value: Json | undefined, instrument: Pick<Instrument, 'id' | 'symbol'>): RiskLimits {
  if (value === undefined) return DEFAULT_LIMITS;
  const { scopes, ...all } = objectOf(value, 'limits');
  const read = readLimits(withNumbers(all), DEFAULT_LIMITS);
  if (!read.ok) throw new RefusalError(read.error);
  if (scopes === undefined || scopes === null) return read.value;
  const list = Array.isArray(scopes)
    ? (scopes as readonly Json[]).map((one) =>
        isObject(one) && isObject(one['limits']) ? { ...one, limits: withNumbers(one['limits']) } : one,
      )
    : scopes;
  const scoped = readScopes(list);
  if (!scoped.ok) throw new RefusalError(scoped.error);
  // A file may name the symbol alone; the engine's limits are of an instrument.
  const named = scoped.value.map((one) =>
    one.scope.kind === 'symbol' && one.scope.id.toUpperCase() === instrument.symbol
      ? { ...one, scope: { ...one.scope, id: instrument.id } }
      : one,
  );
  return { ...read.value, scopes: named };
}

function withNumbers(limits: Readonly<Record<string, Json>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(limits).map(([name, value]) => [
      name,
      isLimitName(name) && limitKind(name) === 'whole' && typeof value === 'string' && /^\d{1,15}$/.test(value)
        ? Number(value)
        : value,
    ]),
  );
}
