import { useEffect, useState } from 'react';
import type { ParentOrderView } from '../../src/contract/types.ts';
import { useDesk } from '../desk/desk.ts';

const EVERY_MS = 500;

/** Parent orders while they are looked at, newest first; null before the first answer. */
export function useParents(): { readonly parents: readonly ParentOrderView[] | null; readonly problem: string | null } {
  const desk = useDesk();
  const [parents, setParents] = useState<readonly ParentOrderView[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(
    () =>
      desk.connection.follow(
        (client, options) => client.algorithms.stream({ intervalMs: EVERY_MS }, options),
        (state) => setParents(state.parents.toSorted((a, b) => b.startedAt - a.startedAt)),
        setProblem,
      ),
    [desk],
  );
  return { parents, problem };
}
