import { useEffect, useRef, useState } from 'react';
import { Button, type ButtonProps } from '../controls/button.tsx';
import { cx } from '../controls/cx.ts';

const HOLD_MS = 1_500;
const CONFIRM_MS = 5_000;

interface HoldButtonProps {
  readonly label: string;
  /** Shown to the keyboard as the second step. */
  readonly confirmLabel: string;
  readonly onConfirm: () => void;
  readonly disabled?: boolean;
  readonly holdMs?: number;
  readonly tone?: NonNullable<ButtonProps['tone']>;
  readonly size?: NonNullable<ButtonProps['size']>;
  readonly title?: string;
}

/**
 * Pointer: hold (1.5 s unless told otherwise) while the ring fills; letting go or leaving cancels. Keyboard: press once, then press Enter
 * within 5 s on the button, which now names what it will do. A held key never counts as the second press.
 */
export function HoldButton({
  label,
  confirmLabel,
  onConfirm,
  disabled = false,
  holdMs = HOLD_MS,
  tone = 'halt',
  size = 'large',
  title,
}: HoldButtonProps) {
  const [held, setHeld] = useState(0);
  const [armed, setArmed] = useState(false);
  const frame = useRef(0);
  const armedAt = useRef(0);

  const release = () => {
    cancelAnimationFrame(frame.current);
    setHeld(0);
  };
  useEffect(() => release, []);
  useEffect(() => {
    if (!armed) return undefined;
    const timer = setTimeout(() => setArmed(false), CONFIRM_MS);
    return () => clearTimeout(timer);
  }, [armed]);

  const press = () => {
    const start = performance.now();
    const step = () => {
      const share = (performance.now() - start) / holdMs;
      if (share >= 1) {
        release();
        onConfirm();
        return;
      }
      setHeld(share);
      frame.current = requestAnimationFrame(step);
    };
    step();
  };

  const confirmByKey = () => {
    if (armed && performance.now() - armedAt.current >= 400) {
      setArmed(false);
      onConfirm();
    } else if (!armed) {
      armedAt.current = performance.now();
      setArmed(true);
    }
  };

  return (
    <Button
      tone={tone}
      size={size}
      disabled={disabled}
      title={title}
      className={cx('relative overflow-hidden', size === 'large' && 'w-full')}
      onPointerDown={(event) => {
        if (event.button === 0 && !disabled) press();
      }}
      onPointerUp={release}
      onPointerLeave={release}
      onPointerCancel={release}
      onBlur={() => setArmed(false)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.repeat) event.preventDefault();
      }}
      onClick={(event) => {
        // Keys and screen readers click without a pointer; a short pointer click does nothing.
        if (event.detail === 0) confirmByKey();
      }}
    >
      <span
        aria-hidden
        className="absolute inset-y-0 left-0 bg-black/35"
        style={{ width: `${Math.round(held * 100)}%` }}
      />
      <svg
        aria-hidden
        viewBox="0 0 20 20"
        className={cx('relative -rotate-90', size === 'large' ? 'size-5' : 'size-4')}
      >
        <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" strokeOpacity="0.35" strokeWidth="3" />
        <circle
          cx="10"
          cy="10"
          r="7"
          fill="none"
          stroke="currentColor"
          strokeWidth="3"
          strokeDasharray={`${held * 44} 44`}
        />
      </svg>
      <span className="relative">{armed ? `Press Enter: ${confirmLabel}` : label}</span>
    </Button>
  );
}
