import type { ComponentProps } from 'react';
import { cx } from './cx.ts';

export type ButtonTone = 'plain' | 'quiet' | 'accent' | 'buy' | 'sell' | 'halt' | 'live';

const TONES: Readonly<Record<ButtonTone, string>> = {
  plain: 'border-line-strong bg-raised text-ink hover:bg-hover',
  quiet: 'border-transparent bg-transparent text-ink-2 hover:bg-hover hover:text-ink',
  accent: 'border-transparent bg-accent text-on-accent hover:brightness-110',
  buy: 'border-transparent bg-buy text-on-side hover:brightness-110',
  sell: 'border-transparent bg-sell text-on-side hover:brightness-110',
  halt: 'border-transparent bg-halt-bar text-on-halt hover:brightness-110',
  live: 'border-transparent bg-live text-on-live hover:brightness-105',
};

export interface ButtonProps extends ComponentProps<'button'> {
  tone?: ButtonTone;
  size?: 'small' | 'medium' | 'large';
}

const SIZES = { small: 'h-6 px-2 text-xs', medium: 'h-7 px-3 text-xs', large: 'h-10 px-4 text-sm font-semibold' };

export function Button({ tone = 'plain', size = 'medium', className, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={cx(
        'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-sm border font-medium whitespace-nowrap select-none',
        'disabled:cursor-not-allowed disabled:border-line disabled:bg-raised disabled:text-ink-3 disabled:brightness-100',
        SIZES[size],
        TONES[tone],
        className,
      )}
      {...rest}
    />
  );
}
