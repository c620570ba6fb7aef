import { useId, useState } from 'react';
import { useAnswer } from '../connection/use-answer.ts';
import { COMMAND_TIMEOUT_MS } from '../connection/connection.ts';
import { Button } from '../controls/button.tsx';
import { Field } from '../controls/field.tsx';
import { Segmented } from '../controls/segmented.tsx';
import { cx } from '../controls/cx.ts';
import { useDesk } from '../desk/desk.ts';
import { useConnected } from '../desk/window-state.ts';
import { bothZones, dateTimeOf } from '../format/time.ts';
import type { ClosedTrade } from '../performance/types.ts';
import { useSettings } from '../settings/settings.ts';
import { labelsOf, MISTAKES, readTags, storedLabels } from './labels.ts';

const RATINGS = [
  { value: '0', label: 'none' },
  { value: '1', label: '1' },
  { value: '2', label: '2' },
  { value: '3', label: '3' },
  { value: '4', label: '4' },
  { value: '5', label: '5' },
] as const;
type Rating = (typeof RATINGS)[number]['value'];

const LONGEST = 10_000;

/** What the trader has to say about a trade. Kept in the journal of the engine, every change in its audit log. */
export function NoteForm({ trade, onSaved }: { readonly trade: ClosedTrade; readonly onSaved: () => void }) {
  const desk = useDesk();
  const connected = useConnected();
  const zone = useSettings((settings) => settings.zone);
  const noteId = useId();
  const saved = labelsOf(trade.note?.tags ?? []);
  const [note, setNote] = useState(trade.note?.note ?? '');
  const [tags, setTags] = useState(saved.tags.join(', '));
  const [mistakes, setMistakes] = useState<readonly string[]>(saved.mistakes);
  const [rating, setRating] = useState<Rating>(() => ratingOf(trade.note?.rating ?? null));
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const used = useAnswer('tags', (client, options) => client.analytics.tags({}, options), trade.note?.at ?? 0);
  const typed = readTags(tags);
  const suggestions = (used.value?.tags ?? [])
    .map(({ tag }) => tag)
    .filter((tag) => !tag.startsWith('mistake:') && !typed.tags.includes(tag))
    .slice(0, 8);
  const save = async () => {
    if (typed.problem !== null) return;
    setBusy(true);
    const outcome = await desk.connection.call(
      (client, options) =>
        client.analytics.setNote(
          {
            trade: trade.id,
            note,
            tags: storedLabels({ tags: typed.tags, mistakes }),
            rating: rating === '0' ? null : Number(rating),
          },
          options,
        ),
      COMMAND_TIMEOUT_MS,
    );
    setBusy(false);
    setProblem(outcome.kind === 'ok' ? null : outcome.sentence);
    onSaved();
  };
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div className="flex flex-col gap-1">
        <label htmlFor={noteId} className="text-2xs font-medium text-ink-2">
          Note
        </label>
        <textarea
          id={noteId}
          value={note}
          maxLength={LONGEST}
          rows={5}
          disabled={!connected || busy}
          placeholder="Why in, why out, what to do again"
          onChange={(event) => setNote(event.target.value)}
          className="w-full resize-y rounded-sm border border-line-strong bg-canvas px-2 py-1.5 text-sm text-ink placeholder:text-ink-3"
        />
      </div>
      <Field
        label="Tags, with commas between"
        value={tags}
        onChange={setTags}
        inputMode="text"
        placeholder="breakout, news"
        problem={typed.problem}
        disabled={!connected || busy}
        className="[&_input]:text-left"
      />
      {suggestions.length === 0 ? null : (
        <ul aria-label="Tags used before" className="flex flex-wrap gap-1">
          {suggestions.map((tag) => (
            <li key={tag}>
              <Button size="small" onClick={() => setTags([...typed.tags, tag].join(', '))}>
                + {tag}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-col gap-1">
        <span className="text-2xs font-medium text-ink-2">Rating of the decision, not of the result</span>
        <span className="flex">
          <Segmented
            label="Rating"
            value={rating}
            segments={RATINGS}
            disabled={!connected || busy}
            onChange={setRating}
          />
        </span>
      </div>
      <fieldset className="flex flex-col gap-1">
        <legend className="mb-1 text-2xs font-medium text-ink-2">Mistakes</legend>
        <div className="flex flex-wrap gap-1">
          {[...new Set([...MISTAKES, ...saved.mistakes])].map((mistake) => {
            const chosen = mistakes.includes(mistake);
            return (
              <button
                key={mistake}
                type="button"
                aria-pressed={chosen}
                disabled={!connected || busy}
                onClick={() =>
                  setMistakes(chosen ? mistakes.filter((each) => each !== mistake) : [...mistakes, mistake])
                }
                className={cx(
                  'h-6 rounded-sm border px-2',
                  chosen
                    ? 'border-warn bg-raised font-semibold text-warn'
                    : 'border-line-strong text-ink-2 hover:bg-hover',
                )}
              >
                {chosen ? '✓ ' : ''}
                {mistake}
              </button>
            );
          })}
        </div>
      </fieldset>
      {problem === null ? null : (
        <p role="alert" className="font-semibold text-halt">
          {problem}
        </p>
      )}
      <div className="flex items-center justify-between gap-3">
        <span
          role="status"
          className="text-2xs text-ink-2"
          title={trade.note === null ? undefined : bothZones(trade.note.at)}
        >
          {trade.note === null ? 'No entry yet' : `✓ Saved ${dateTimeOf(trade.note.at, zone)} ${zone}`}
        </span>
        <Button type="submit" tone="accent" disabled={!connected || busy || typed.problem !== null}>
          {busy ? 'Saving…' : 'Save the entry'}
        </Button>
      </div>
      {connected ? null : <p className="text-warn">🔒 Read-only: the engine is not reachable.</p>}
    </form>
  );
}

function ratingOf(stored: number | null): Rating {
  return RATINGS.find(({ value }) => value === String(stored ?? 0))?.value ?? '0';
}
