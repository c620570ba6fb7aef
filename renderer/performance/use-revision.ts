import { useEffect, useState } from 'react';
import { useDesk } from '../desk/desk.ts';
import { useRowCount } from '../market/use-rows.ts';

const EVERY_MS = 15_000;

/** Moves with every fill and every quarter of a minute: reports are asked for again then. */
export function useRevision(): number {
  const { fills } = useDesk();
  const count = useRowCount(fills);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setRound((before) => before + 1);
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return count + round * 1_000_000;
}
