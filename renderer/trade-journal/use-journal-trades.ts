import { useCallback, useState } from 'react';
import { useAnswer, type Answer } from '../connection/use-answer.ts';
import { useDesk } from '../desk/desk.ts';
import type { ClosedTrade } from '../performance/types.ts';

const PAGE = 200;

interface Page {
  readonly trades: readonly ClosedTrade[];
  readonly next: string | null;
}

interface JournalTrades {
  readonly answer: Answer<Page>;
  /** The newest page and the older ones that were asked for, newest exit first. */
  readonly trades: readonly ClosedTrade[];
  readonly hasOlder: boolean;
  readonly loadOlder: () => Promise<string | null>;
}

/** Closed trades of an account, page by page. A trade of an older page is replaced when a newer page has it too. */
export function useJournalTrades(account: string, revision: number): JournalTrades {
  const desk = useDesk();
  const answer = useAnswer(
    `journal ${account}`,
    (client, options) => client.analytics.trades({ account, limit: PAGE }, options),
    revision,
  );
  const [older, setOlder] = useState<{ readonly account: string; readonly pages: readonly Page[] } | null>(null);
  const pages = older?.account === account ? older.pages : [];
  const newest = answer.value?.trades ?? [];
  const known = new Set(newest.map(({ id }) => id));
  const trades = [...newest, ...pages.flatMap((page) => page.trades).filter(({ id }) => !known.has(id))];
  const next = pages.length === 0 ? (answer.value?.next ?? null) : (pages.at(-1)?.next ?? null);
  const loadOlder = useCallback(async () => {
    if (next === null) return null;
    const outcome = await desk.connection.call((client, options) =>
      client.analytics.trades({ account, limit: PAGE, cursor: next }, options),
    );
    if (outcome.kind !== 'ok') return outcome.sentence;
    setOlder((before) => ({
      account,
      pages: [...(before?.account === account ? before.pages : []), outcome.value],
    }));
    return null;
  }, [desk, account, next]);
  return { answer, trades, hasOlder: next !== null, loadOlder };
}
