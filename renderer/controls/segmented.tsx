import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import { cx } from './cx.ts';

interface Segment<T extends string> {
  readonly value: T;
  readonly label: string;
  /** Class of the pressed segment, for Buy and Sell. */
  readonly pressed?: string;
  readonly title?: string;
}

interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly segments: readonly Segment<T>[];
  readonly onChange: (value: T) => void;
  readonly disabled?: boolean;
  readonly stretch?: boolean;
  readonly size?: 'small' | 'large';
  /** In rows of so many, where one row is too narrow. */
  readonly columns?: 2 | 3;
}

/** One choice of a few, all visible. Arrow keys move, and a second press does not clear it. */
export function Segmented<T extends string>({
  label,
  value,
  segments,
  onChange,
  disabled = false,
  stretch = false,
  size = 'small',
  columns,
}: SegmentedProps<T>) {
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      disabled={disabled}
      onValueChange={(next) => {
        const chosen = segments.find((segment) => segment.value === next[0]);
        if (chosen !== undefined) onChange(chosen.value);
      }}
      className={cx(
        'gap-px rounded-sm border border-line bg-canvas p-px',
        columns === undefined ? 'flex' : columns === 2 ? 'grid grid-cols-2' : 'grid grid-cols-3',
        stretch && 'w-full',
      )}
    >
      {segments.map((segment) => (
        <Toggle
          key={segment.value}
          value={segment.value}
          title={segment.title}
          className={cx(
            'rounded-[3px] px-1.5 font-medium whitespace-nowrap text-ink-2 select-none hover:bg-hover hover:text-ink',
            size === 'large' ? 'h-8 text-sm font-semibold' : 'h-6 text-xs',
            stretch && 'flex-1',
            segment.value === value && (segment.pressed ?? 'bg-raised text-ink hover:bg-raised'),
          )}
        >
          {segment.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
