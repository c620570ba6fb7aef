import type { ReactNode } from 'react';
import { cx } from './cx.ts';

interface PlainColumn {
  readonly name: string;
  readonly right?: boolean;
  /** Read aloud, not shown: a column of buttons or pictures. */
  readonly hidden?: boolean;
  readonly width?: string;
}

interface PlainTableProps {
  readonly label: string;
  readonly columns: readonly PlainColumn[];
  readonly children: ReactNode;
}

/** A short table of slow figures. What streams or is long belongs in a grid. */
export function PlainTable({ label, columns, children }: PlainTableProps) {
  return (
    <table className="w-full text-left" aria-label={label}>
      <thead className="text-2xs text-ink-2">
        <tr className="h-6">
          {columns.map(({ name, right = false, hidden = false, width }) => (
            <th
              key={name}
              scope="col"
              className={cx('px-2 font-semibold whitespace-nowrap', right && 'text-right')}
              style={width === undefined ? undefined : { width }}
            >
              {hidden ? <span className="sr-only">{name}</span> : name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

export const TABLE_ROW = 'h-[var(--row)] border-t border-line';

interface CellProps {
  readonly children: ReactNode;
  readonly right?: boolean;
  readonly className?: string;
  readonly title?: string | undefined;
}

export function Cell({ children, right = false, className, title }: CellProps) {
  return (
    <td className={cx('px-2', right && 'text-right whitespace-nowrap', className)} title={title}>
      {children}
    </td>
  );
}
