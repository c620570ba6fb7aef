import { useCallback, useEffect, useRef, useState } from 'react';
import type { ContractClient } from '../../src/contract/types.ts';
import { useDesk } from '../desk/desk.ts';
import { useConnected } from '../desk/window-state.ts';

export interface Answer<T> {
  /** The newest answer to this very question; null before it came. */
  readonly value: T | null;
  /** Why it cannot be read now. With a value beside it, that value is the last known one. */
  readonly problem: string | null;
  readonly reload: () => void;
}

interface Kept<T> {
  readonly question: string;
  readonly value: T | null;
  readonly problem: string | null;
}

/**
 * Asks the engine whenever `question` changes, after a reconnection, and when `revision` moves. The answer to another
 * question is never shown for this one.
 */
export function useAnswer<T>(
  question: string,
  send: (client: ContractClient, options: { readonly signal: AbortSignal }) => Promise<T>,
  revision = 0,
): Answer<T> {
  const desk = useDesk();
  const connected = useConnected();
  const [kept, setKept] = useState<Kept<T> | null>(null);
  const [round, setRound] = useState(0);
  const latest = useRef(send);
  useEffect(() => {
    latest.current = send;
  });
  useEffect(() => {
    if (!connected) return undefined;
    let isCurrent = true;
    void desk.connection
      .call((client, options) => latest.current(client, options))
      .then((outcome) => {
        if (!isCurrent) return;
        setKept((before) =>
          outcome.kind === 'ok'
            ? { question, value: outcome.value, problem: null }
            : { question, value: before?.question === question ? before.value : null, problem: outcome.sentence },
        );
      });
    return () => {
      isCurrent = false;
    };
  }, [desk, connected, question, round, revision]);
  const reload = useCallback(() => setRound((count) => count + 1), []);
  const mine = kept?.question === question ? kept : null;
  const lost = connected ? null : 'The engine is not reachable; these are the last known figures.';
  return { value: mine?.value ?? null, problem: mine?.problem ?? lost, reload };
}
