import { Select } from '@base-ui/react/select';
import { cx } from './cx.ts';

interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly detail?: string;
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onChange: (value: T) => void;
  readonly className?: string;
  readonly disabled?: boolean;
}

export function Choice<T extends string>({
  label,
  value,
  options,
  onChange,
  className,
  disabled = false,
}: ChoiceProps<T>) {
  const labelOf = (key: T) => options.find((option) => option.value === key)?.label ?? key;
  return (
    <Select.Root
      value={value}
      disabled={disabled}
      onValueChange={(next) => {
        if (next !== null) onChange(next);
      }}
    >
      <Select.Trigger
        aria-label={label}
        className={cx(
          'inline-flex h-7 min-w-0 items-center justify-between gap-2 rounded-sm border border-line-strong bg-raised px-2 text-xs text-ink select-none hover:bg-hover',
          'data-[disabled]:border-line data-[disabled]:text-ink-3',
          className,
        )}
      >
        <Select.Value>{(current: T) => <span className="truncate">{labelOf(current)}</span>}</Select.Value>
        <Select.Icon className="text-ink-3" aria-hidden>
          ▾
        </Select.Icon>
      </Select.Trigger>
      <Select.Portal>
        <Select.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50">
          <Select.Popup className="max-h-80 min-w-[var(--anchor-width)] overflow-auto rounded-sm border border-line-strong bg-raised py-1 text-xs text-ink">
            {options.map((option) => (
              <Select.Item
                key={option.value}
                value={option.value}
                className="flex min-h-7 items-center justify-between gap-4 px-2 outline-none select-none data-[highlighted]:bg-hover data-[selected]:font-semibold"
              >
                <Select.ItemText>{option.label}</Select.ItemText>
                {option.detail === undefined ? null : <span className="text-ink-2">{option.detail}</span>}
              </Select.Item>
            ))}
          </Select.Popup>
        </Select.Positioner>
      </Select.Portal>
    </Select.Root>
  );
}
