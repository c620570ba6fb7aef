import type { Row } from './columns.ts';

/** SQL with its values; several are joined by AND. */
export type Condition = readonly [sql: string, values: readonly (string | number)[]];

export function whereText(conditions: Condition[], column: string, value: string | undefined): void {
  if (value !== undefined) conditions.push([`${column} = ?`, [value]]);
}

export function whereBegins(conditions: Condition[], column: string, prefix: string | undefined): void {
  if (prefix !== undefined) conditions.push([`${column} >= ? AND ${column} < ?`, [prefix, `${prefix}\uffff`]]);
}

export function where(conditions: readonly Condition[]): string {
  return conditions.length === 0 ? '' : ` WHERE ${conditions.map(([sql]) => sql).join(' AND ')}`;
}

/** `next` asks for the page after this one; null on the last. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly next: number | null;
}

/** `rows` holds one row more than the page when there is another page; its first column is the cursor. */
export function page<T>(rows: readonly Row[], limit: number, decode: (row: Row) => T): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown.map(decode), next: rows.length > limit && last !== undefined ? Number(last[0]) : null };
}
