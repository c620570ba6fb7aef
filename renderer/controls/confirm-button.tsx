import { useEffect, useState } from 'react';
import { Button } from './button.tsx';

const COUNTS_AFTER_MS = 400;
const EXPIRES_MS = 5_000;

interface ConfirmButtonProps {
  readonly label: string;
  readonly confirmLabel: string;
  readonly onConfirm: () => void;
}

/** Two presses in the same place: the first names what the second will do. */
export function ConfirmButton({ label, confirmLabel, onConfirm }: ConfirmButtonProps) {
  const [askedAt, setAskedAt] = useState<number | null>(null);
  useEffect(() => {
    if (askedAt === null) return undefined;
    const timer = setTimeout(() => setAskedAt(null), EXPIRES_MS);
    return () => clearTimeout(timer);
  }, [askedAt]);
  return (
    <Button
      size="small"
      tone={askedAt === null ? 'plain' : 'halt'}
      onKeyDown={(event) => {
        if (event.repeat) event.preventDefault();
      }}
      onClick={() => {
        if (askedAt === null) setAskedAt(performance.now());
        else if (performance.now() - askedAt >= COUNTS_AFTER_MS) {
          setAskedAt(null);
          onConfirm();
        }
      }}
    >
      {askedAt === null ? label : confirmLabel}
    </Button>
  );
}
