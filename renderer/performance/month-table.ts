import { plus } from '../format/decimal-text.ts';

export interface YearRow {
  readonly year: string;
  /** January first; null where nothing was closed. */
  readonly months: readonly (string | null)[];
  readonly total: string;
}

/** Realised profit by month as years of twelve, newest year first. Keys are "2026-11". */
export function yearRows(rows: readonly { readonly key: string; readonly realised: string }[]): YearRow[] {
  const years = new Map<string, (string | null)[]>();
  for (const { key, realised } of rows) {
    const [year = '', month = '0'] = key.split('-');
    const months = years.get(year) ?? Array.from({ length: 12 }, () => null);
    const index = Number(month) - 1;
    months[index] = plus(months[index] ?? '0', realised) ?? realised;
    years.set(year, months);
  }
  return [...years]
    .toSorted(([a], [b]) => (a < b ? 1 : -1))
    .map(([year, months]) => ({
      year,
      months,
      total: months.reduce<string>((sum, value) => (value === null ? sum : (plus(sum, value) ?? sum)), '0'),
    }));
}

/** How strong a cell is coloured, in per cent of the hue: the largest result of all is 40, text stays readable on it. */
export function heat(value: string, largest: number): number {
  const size = Math.abs(Number(value));
  return largest > 0 && size > 0 ? Math.round(8 + (32 * size) / largest) : 0;
}

export function largestOf(values: readonly (string | null)[]): number {
  return values.reduce((most, value) => (value === null ? most : Math.max(most, Math.abs(Number(value)))), 0);
}
