import { useState } from 'react';
import { toast } from 'sonner';
import { nameOf } from '../blotter/cells.ts';
import { useAnswer } from '../connection/use-answer.ts';
import { Answered } from '../controls/answered.tsx';
import { Button } from '../controls/button.tsx';
import { Choice } from '../controls/choice.tsx';
import { Segmented } from '../controls/segmented.tsx';
import { Empty } from '../controls/states.tsx';
import type { AccountView } from '../../src/contract/types.ts';
import { useAccount, useWindow } from '../desk/window-state.ts';
import { AccountChoice } from '../performance/account-choice.tsx';
import { useRevision } from '../performance/use-revision.ts';
import { Entry } from '../trade-journal/entry.tsx';
import { NO_FILTER, passes, type JournalFilter } from '../trade-journal/journal-filter.ts';
import { useJournal } from '../trade-journal/journal-state.ts';
import { TradeTable } from '../trade-journal/trade-table.tsx';
import { useJournalTrades } from '../trade-journal/use-journal-trades.ts';
import { ScreenHeader } from './screen-header.tsx';

const SIDES = [
  { value: 'all', label: 'Both sides' },
  { value: 'long', label: 'Long' },
  { value: 'short', label: 'Short' },
] as const;
const RESULTS = [
  { value: 'all', label: 'All results' },
  { value: 'won', label: 'Won' },
  { value: 'lost', label: 'Lost' },
] as const;
const NOTES = [
  { value: 'all', label: 'All' },
  { value: 'noted', label: 'With entry' },
  { value: 'open', label: 'Without' },
] as const;
const ANY_TAG = '*';

function Filters({
  filter,
  onChange,
  revision,
}: {
  readonly filter: JournalFilter;
  readonly onChange: (next: JournalFilter) => void;
  readonly revision: number;
}) {
  const used = useAnswer('tags', (client, options) => client.analytics.tags({}, options), revision);
  const tags = used.value?.tags ?? [];
  return (
    <div
      role="group"
      aria-label="Filters"
      className="flex min-h-9 shrink-0 flex-wrap items-center gap-2 border-b border-line bg-panel px-3 py-1"
    >
      <input
        type="search"
        aria-label="Search the trades"
        placeholder="Symbol, strategy, word of a note"
        value={filter.text}
        onChange={(event) => onChange({ ...filter, text: event.target.value })}
        className="h-6 w-56 rounded-sm border border-line-strong bg-canvas px-2 text-ink placeholder:text-ink-3"
      />
      <Segmented label="Side" value={filter.side} segments={SIDES} onChange={(side) => onChange({ ...filter, side })} />
      <Segmented
        label="Result"
        value={filter.result}
        segments={RESULTS}
        onChange={(result) => onChange({ ...filter, result })}
      />
      <Segmented
        label="Entry"
        value={filter.note}
        segments={NOTES}
        onChange={(note) => onChange({ ...filter, note })}
      />
      <Choice
        label="Tag"
        value={filter.tag ?? ANY_TAG}
        options={[
          { value: ANY_TAG, label: 'Any tag' },
          ...tags.map(({ tag, trades }) => ({ value: tag, label: tag, detail: String(trades) })),
        ]}
        onChange={(tag) => onChange({ ...filter, tag: tag === ANY_TAG ? null : tag })}
        className="w-36"
      />
      {filter === NO_FILTER ? null : (
        <Button size="small" onClick={() => onChange(NO_FILTER)}>
          Clear
        </Button>
      )}
    </div>
  );
}

function Journal({ account }: { readonly account: AccountView }) {
  const chosen = useJournal((state) => state.trade);
  const [filter, setFilter] = useState(NO_FILTER);
  const [saves, setSaves] = useState(0);
  const revision = useRevision() + saves;
  const { answer, trades, hasOlder, loadOlder } = useJournalTrades(account.id, revision);
  const shown = trades.filter((trade) => passes(trade, filter, nameOf(trade.instrument)));
  const open = trades.find(({ id }) => id === chosen) ?? shown[0];
  return (
    <>
      <Filters filter={filter} onChange={setFilter} revision={revision} />
      <Answered answer={answer} what="the trades">
        {() =>
          trades.length === 0 ? (
            <Empty
              title="No closed trades yet"
              hint="A trade appears here by itself when a position is closed, with its result, its R and room for a note."
            />
          ) : (
            <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)_24rem] gap-px bg-line">
              {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keys */}
              <div className="min-h-0 overflow-auto bg-panel" tabIndex={0} role="region" aria-label="Trades">
                {shown.length === 0 ? (
                  <Empty
                    title="No trade passes the filters"
                    action={{ label: 'Clear the filters', run: () => setFilter(NO_FILTER) }}
                  />
                ) : (
                  <TradeTable
                    trades={shown}
                    currency={account.currency}
                    chosen={open?.id ?? null}
                    onChoose={(trade) => useJournal.setState({ trade })}
                  />
                )}
                <p className="flex items-center gap-3 border-t border-line px-3 py-2 text-ink-2">
                  {shown.length} of {trades.length} trades{hasOlder ? ' read so far' : ''}
                  {hasOlder ? (
                    <Button
                      size="small"
                      onClick={() =>
                        void loadOlder().then((problem) => {
                          if (problem !== null) toast.error('Older trades cannot be read', { description: problem });
                        })
                      }
                    >
                      Read older ones
                    </Button>
                  ) : null}
                </p>
              </div>
              {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keys */}
              <div className="min-h-0 overflow-y-auto bg-panel" tabIndex={0} role="region" aria-label="Entry">
                {open === undefined ? (
                  <Empty title="No trade chosen" />
                ) : (
                  <Entry trade={open} currency={account.currency} onSaved={() => setSaves((count) => count + 1)} />
                )}
              </div>
            </div>
          )
        }
      </Answered>
    </>
  );
}

export function JournalScreen() {
  const current = useAccount();
  const accounts = useWindow((state) => state.accounts);
  const chosen = useJournal((state) => state.account);
  const account = accounts.find(({ id }) => id === chosen) ?? current;
  if (account === null) {
    return (
      <>
        <ScreenHeader title="Trade journal" />
        <Empty title="No account yet" hint="Trades appear with the first account of a session." />
      </>
    );
  }
  return (
    <>
      <ScreenHeader title="Trade journal">
        <AccountChoice account={account} onChange={(id) => useJournal.setState({ account: id, trade: null })} />
      </ScreenHeader>
      <Journal key={account.id} account={account} />
    </>
  );
}
