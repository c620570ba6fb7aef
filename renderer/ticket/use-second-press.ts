import { useEffect, useState } from 'react';
import { SECOND_PRESS_MS } from './flow.ts';

/** True once the second press of the review that opened at `openedAt` counts; null while none is open. */
export function useSecondPress(openedAt: number | null): boolean {
  const [readyFor, setReadyFor] = useState<number | null>(null);
  useEffect(() => {
    if (openedAt === null) return undefined;
    const timer = setTimeout(() => setReadyFor(openedAt), Math.max(0, openedAt + SECOND_PRESS_MS - performance.now()));
    return () => clearTimeout(timer);
  }, [openedAt]);
  return openedAt !== null && readyFor === openedAt;
}
