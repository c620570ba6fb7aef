import { cx } from './cx.ts';

interface MeterBarProps {
  readonly label: string;
  /** "3,120 / 5,000 USDT": the figures behind the bar. */
  readonly figures: string;
  /** Used share of the limit; above 1 is a breach. */
  readonly share: number;
  readonly title?: string;
}

function toneOf(share: number): string {
  if (share >= 1) return 'halt-hatch';
  if (share >= 0.8) return 'bg-warn';
  return 'bg-accent';
}

/** Use of one limit: a 6 px track with ticks at 50, 80 and 100 %. The words carry the meaning, the colour supports it. */
export function MeterBar({ label, figures, share, title }: MeterBarProps) {
  const whole = Math.round(share * 100);
  const text = `${figures} · ${whole} %`;
  return (
    <div className="flex flex-col gap-1" title={title}>
      <div className="flex items-baseline justify-between gap-2">
        <span className="truncate text-ink-2">{label}</span>
        <span
          className={cx('shrink-0', share >= 1 ? 'font-semibold text-halt' : share >= 0.8 ? 'text-warn' : 'text-ink')}
        >
          {text}
        </span>
      </div>
      <div
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.min(100, Math.max(0, whole))}
        aria-valuetext={`${label} ${text}`}
        className="relative h-1.5 overflow-hidden rounded-[3px] bg-raised"
      >
        <span
          className={cx('absolute inset-y-0 left-0', toneOf(share))}
          style={{ width: `${Math.min(100, Math.max(0, share * 100))}%` }}
        />
        <span className="absolute inset-y-0 left-1/2 w-px bg-panel" aria-hidden />
        <span className="absolute inset-y-0 left-[80%] w-px bg-panel" aria-hidden />
      </div>
    </div>
  );
}
