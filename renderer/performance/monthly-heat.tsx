import { signOf } from '../format/decimal-text.ts';
import { figures, money } from '../format/money.ts';
import { heat, largestOf, yearRows, type YearRow } from './month-table.ts';
import type { BreakdownRow } from './types.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** The hue of a result at its strength; figures keep the colour of text on it. */
export function heatStyle(value: string, largest: number): { readonly background?: string } {
  const sign = signOf(value);
  return sign === 0
    ? {}
    : { background: `color-mix(in srgb, var(${sign > 0 ? '--up' : '--down'}) ${heat(value, largest)}%, transparent)` };
}

function Year({
  row,
  currency,
  largest,
}: {
  readonly row: YearRow;
  readonly currency: string;
  readonly largest: number;
}) {
  const digits = largest >= 1_000 ? 0 : 2;
  return (
    <tr className="border-t border-line">
      <th scope="row" className="px-3 py-1.5 text-left font-semibold">
        {row.year}
      </th>
      {row.months.map((value, index) => (
        <td
          key={MONTHS[index]}
          className="px-1 py-1.5 text-right whitespace-nowrap"
          style={value === null ? {} : heatStyle(value, largest)}
          title={value === null ? undefined : money(value, currency, { sign: 'always' })}
        >
          {value === null ? (
            <span className="text-ink-3">·</span>
          ) : (
            figures(value, { currency, digits, sign: 'always' })
          )}
        </td>
      ))}
      <td className="px-3 py-1.5 text-right font-semibold whitespace-nowrap">
        {figures(row.total, { currency, digits, sign: 'always' })}
      </td>
    </tr>
  );
}

/** Realised profit of each month, as a table first and a picture second. */
export function MonthlyHeat({ rows, currency }: { readonly rows: readonly BreakdownRow[]; readonly currency: string }) {
  const years = yearRows(rows.map(({ key, figures: { realised } }) => ({ key, realised })));
  const largest = largestOf(years.flatMap(({ months }) => months));
  return (
    <table className="w-full table-fixed">
      <thead>
        <tr className="text-2xs text-ink-2">
          <th scope="col" className="w-14 px-3 py-1 text-left font-semibold">
            Year
          </th>
          {MONTHS.map((name) => (
            <th key={name} scope="col" className="px-1 py-1 text-right font-semibold">
              {name}
            </th>
          ))}
          <th scope="col" className="w-24 px-3 py-1 text-right font-semibold">
            Year
          </th>
        </tr>
      </thead>
      <tbody>
        {years.map((row) => (
          <Year key={row.year} row={row} currency={currency} largest={largest} />
        ))}
      </tbody>
    </table>
  );
}
