import { Checkbox } from '@base-ui/react/checkbox';
import { useId } from 'react';

interface CheckProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
  readonly title?: string;
}

export function Check({ label, checked, onChange, disabled = false, title }: CheckProps) {
  const id = useId();
  return (
    <span className="inline-flex h-6 shrink-0 items-center gap-1.5 whitespace-nowrap" title={title}>
      <Checkbox.Root
        aria-labelledby={id}
        checked={checked}
        disabled={disabled}
        onCheckedChange={onChange}
        className="flex size-4 items-center justify-center rounded-[3px] border border-line-strong bg-canvas data-[checked]:border-accent data-[checked]:bg-accent data-[disabled]:border-line"
      >
        <Checkbox.Indicator className="text-2xs leading-none font-bold text-on-accent">✓</Checkbox.Indicator>
      </Checkbox.Root>
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the box itself takes the keys */}
      <span
        id={id}
        className={disabled ? 'text-ink-3' : 'text-ink-2'}
        onClick={() => {
          if (!disabled) onChange(!checked);
        }}
      >
        {label}
      </span>
    </span>
  );
}
