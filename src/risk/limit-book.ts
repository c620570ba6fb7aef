import { ok, refuse, type Result } from '../domain/refusal.ts';
import type { EpochMs } from '../domain/units.ts';
import { limitsOfScope, sameScope, scopeText } from './limit-scopes.ts';
import {
  complaint,
  isLimitName,
  LIMIT_NAMES,
  type LimitName,
  type LimitScope,
  type LimitScopeKind,
  readLimits,
  type RiskLimits,
  type ScopedLimits,
} from './limits.ts';

export interface LimitChange {
  readonly at: EpochMs;
  readonly owner: string;
  readonly reason: string;
  /** Null: all accounts. */
  readonly scope: LimitScope | null;
  readonly name: LimitName;
  /** "null" = off. */
  readonly before: string;
  readonly after: string;
}

/** Limits with the history of who changed what, when and why. */
export interface LimitBook {
  readonly limits: RiskLimits;
  readonly changes: readonly LimitChange[];
}

export interface ChangeBy {
  readonly owner: string;
  readonly reason: string;
  readonly at: EpochMs;
}

/** Refuses LIMIT_REASON_MISSING without an owner and a reason, besides the refusals of `readLimits` and `readScoped`. */
export function changeLimits(
  book: LimitBook,
  input: unknown,
  by: ChangeBy,
  scope: LimitScope | null = null,
): Result<LimitBook> {
  if (by.owner.trim() === '' || by.reason.trim() === '') {
    return refuse(
      'LIMIT_REASON_MISSING',
      'A change of risk limits needs a name and a reason; both are kept in the audit log.',
    );
  }
  return scope === null ? changeAll(book, input, by) : changeScope(book, input, by, scope);
}

function changeAll(book: LimitBook, input: unknown, by: ChangeBy): Result<LimitBook> {
  const read = readLimits(input, book.limits);
  if (!read.ok) return read;
  return ok({ limits: read.value, changes: [...book.changes, ...differences(book.limits, read.value, by, null)] });
}

function changeScope(book: LimitBook, input: unknown, by: ChangeBy, scope: LimitScope): Result<LimitBook> {
  const scopes = book.limits.scopes ?? [];
  const before = scopes.find((one) => sameScope(one.scope, scope))?.limits ?? {};
  const read = readScoped(scope, input);
  if (!read.ok) return read;
  const named: Record<string, unknown> = { ...before, ...read.value.limits };
  const after = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== null && value !== undefined));
  const next: ScopedLimits = { scope, limits: after };
  const others = scopes.filter((one) => !sameScope(one.scope, scope));
  const kept = Object.keys(after).length === 0 ? others : [...others, next];
  return ok({
    limits: { ...book.limits, scopes: kept },
    changes: [...book.changes, ...differences(before, after, by, scope)],
  });
}

function differences(
  before: ScopedLimits['limits'],
  after: ScopedLimits['limits'],
  by: ChangeBy,
  scope: LimitScope | null,
): LimitChange[] {
  return LIMIT_NAMES.filter((name) => (before[name] ?? null) !== (after[name] ?? null)).map((name) => ({
    ...by,
    scope,
    name,
    before: String(before[name] ?? null),
    after: String(after[name] ?? null),
  }));
}

const KINDS: ReadonlySet<unknown> = new Set<LimitScopeKind>(['account', 'strategy', 'symbol', 'broker']);

/** Refuses LIMIT_SCOPE, LIMIT_UNKNOWN and LIMIT_INVALID. A limit of null is taken away. */
function readScoped(scope: LimitScope, input: unknown): Result<ScopedLimits> {
  if (!KINDS.has(scope.kind) || typeof scope.id !== 'string' || scope.id.trim() === '') {
    return refuse('LIMIT_SCOPE', 'A limit belongs to an account, a strategy, a symbol or a broker, named by its id.');
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return refuse('LIMIT_INVALID', `The limits of ${scopeText(scope)} must be an object.`);
  }
  const allowed = limitsOfScope(scope.kind);
  for (const [name, value] of Object.entries(input)) {
    if (!isLimitName(name) || !allowed.has(name)) {
      return refuse(
        'LIMIT_UNKNOWN',
        `A ${scope.kind} cannot have a limit "${name}"; it can have ${[...allowed].join(', ')}.`,
        { value: name },
      );
    }
    const problem = value === null ? null : complaint(name, value);
    if (problem !== null) return refuse('LIMIT_INVALID', problem, { value: String(value) });
  }
  return ok({ scope, limits: input });
}

/** Scoped limits out of storage. Refuses whatever cannot be understood. */
export function readScopes(input: unknown): Result<readonly ScopedLimits[]> {
  if (!Array.isArray(input)) return refuse('LIMIT_INVALID', 'Scoped limits must be a list.');
  const scopes: ScopedLimits[] = [];
  for (const one of input as unknown[]) {
    const { scope, limits } = (one ?? {}) as { scope?: LimitScope; limits?: unknown };
    if (typeof scope !== 'object' || scope === null) return refuse('LIMIT_SCOPE', 'A scoped limit has no scope.');
    const read = readScoped({ kind: scope.kind, id: scope.id }, limits);
    if (!read.ok) return read;
    scopes.push(read.value);
  }
  return ok(scopes);
}
