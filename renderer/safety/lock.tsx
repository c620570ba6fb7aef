import { useState } from 'react';
import { Button } from '../controls/button.tsx';
import { Choice } from '../controls/choice.tsx';
import { Field } from '../controls/field.tsx';
import { COMMAND_TIMEOUT_MS } from '../connection/connection.ts';
import { useDesk } from '../desk/desk.ts';
import { useWindow } from '../desk/window-state.ts';
import { bothZones } from '../format/time.ts';

const WORD = 'LOCK';

/** A cool-down that nobody can end early. Its friction is the word, typed. */
export function Lock() {
  const desk = useDesk();
  const accounts = useWindow((state) => state.accounts);
  const lock = useWindow((state) => state.risk?.emergency.lock ?? null);
  const [until, setUntil] = useState('24h');
  const [time, setTime] = useState('');
  const [reason, setReason] = useState('');
  const [word, setWord] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const at = until === 'time' ? new Date(time).getTime() : null;
  const ready = word === WORD && reason.trim().length >= 3 && (at === null || Number.isFinite(at));
  const submit = async () => {
    setBusy(true);
    const account = accounts.find(({ id }) => until === `session ${id}`)?.id;
    const outcome = await desk.connection.call(
      (client, options) =>
        client.risk.lock(
          {
            until: at ?? (until === '24h' ? '24h' : 'next-session'),
            confirm: WORD,
            reason: reason.trim(),
            ...(account === undefined ? {} : { account }),
          },
          options,
        ),
      COMMAND_TIMEOUT_MS,
    );
    setBusy(false);
    setProblem(outcome.kind === 'ok' ? null : outcome.sentence);
    if (outcome.kind !== 'ok') return;
    setWord('');
    setReason('');
  };
  return (
    <section aria-label="Lock" className="flex flex-col gap-2 border-t border-line pt-2">
      <h3 className="text-2xs font-semibold text-ink-2">Lock: halt until a time; nobody can lift or shorten it</h3>
      {lock === null ? null : (
        <p role="status" className="rounded-sm border border-halt p-2 font-semibold">
          LOCKED until {bothZones(lock.until)}
          <span className="block font-medium text-ink-2">{lock.reason}</span>
        </p>
      )}
      <form
        className="flex flex-col gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !busy) void submit();
        }}
      >
        <Choice
          label="Lock until"
          value={until}
          options={[
            { value: '24h', label: 'For 24 hours' },
            ...accounts.map(({ id, name }) => ({
              value: `session ${id}`,
              label: `Until the next session day of ${name}`,
            })),
            { value: 'session all', label: 'Until the next session day of every account' },
            { value: 'time', label: 'Until a time' },
          ]}
          onChange={setUntil}
        />
        {until === 'time' ? (
          <Field label="Locked until (time of this computer)" type="datetime-local" value={time} onChange={setTime} />
        ) : null}
        <Field
          label="Reason to lock (goes into the audit log)"
          value={reason}
          onChange={setReason}
          inputMode="text"
          style={{ textAlign: 'left' }}
          maxLength={500}
        />
        <Field
          label={`Type ${WORD} to confirm`}
          value={word}
          onChange={setWord}
          inputMode="text"
          style={{ textAlign: 'left' }}
          maxLength={8}
          problem={problem}
        />
        <Button type="submit" disabled={!ready || busy}>
          {lock === null ? 'LOCK trading' : 'LOCK for longer'}
        </Button>
      </form>
    </section>
  );
}
