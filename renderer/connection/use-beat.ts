import { useEffect, useState } from 'react';

/** Counts up every `everyMs`: the `revision` of a question that is asked again and again. */
export function useBeat(everyMs: number): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setCount((before) => before + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return count;
}
