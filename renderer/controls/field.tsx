import { useId, type ComponentProps, type ReactNode } from 'react';
import { cx } from './cx.ts';

interface FieldProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value'> {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Printed inside the field: a number never stands without its unit. */
  readonly unit?: string;
  readonly problem?: string | null;
  readonly trailing?: ReactNode;
  readonly large?: boolean;
}

/** A labelled text field for a figure. Right-aligned, its unit inside, its problem below. */
export function Field({
  label,
  value,
  onChange,
  unit,
  problem,
  trailing,
  large = false,
  className,
  id: givenId,
  ...rest
}: FieldProps) {
  const ownId = useId();
  const id = givenId ?? ownId;
  const problemId = `${id}-problem`;
  return (
    <div className={cx('flex min-w-0 flex-col gap-1', className)}>
      <div className="flex items-center justify-between gap-2">
        <label htmlFor={id} className="text-2xs font-medium text-ink-2">
          {label}
        </label>
        {trailing}
      </div>
      <div
        className={cx(
          'flex items-center gap-1.5 rounded-sm border bg-canvas px-2 focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-[var(--focus)]',
          problem ? 'border-halt' : 'border-line-strong',
          large ? 'h-9' : 'h-7',
        )}
      >
        <input
          id={id}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          inputMode="decimal"
          autoComplete="off"
          spellCheck={false}
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? problemId : undefined}
          className={cx(
            'min-w-0 flex-1 bg-transparent text-right outline-none placeholder:text-ink-3',
            large ? 'text-base font-semibold' : 'text-sm',
          )}
          {...rest}
        />
        {unit === undefined ? null : <span className="shrink-0 text-ink-2">{unit}</span>}
      </div>
      {problem ? (
        <p id={problemId} className="text-2xs text-halt">
          {problem}
        </p>
      ) : null}
    </div>
  );
}
