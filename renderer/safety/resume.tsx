import { useState } from 'react';
import { Button } from '../controls/button.tsx';
import { Field } from '../controls/field.tsx';
import { useDesk } from '../desk/desk.ts';
import { useWindow } from '../desk/window-state.ts';
import { Line } from './checklist.tsx';
import { resume } from './safety.ts';

/** The way back: every check green and a reason in words. Strategies stay paused, live accounts stay disarmed. */
export function Resume() {
  const desk = useDesk();
  const checks = useWindow((state) => state.risk?.emergency.rearm ?? []);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const green = checks.every((check) => check.ok);
  const ready = green && reason.trim().length >= 3;
  const submit = async () => {
    setBusy(true);
    setProblem(await resume(desk, reason.trim()));
    setBusy(false);
    setReason('');
  };
  return (
    <form
      aria-label="Resume"
      className="flex flex-col gap-2 border-t border-line pt-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !busy) void submit();
      }}
    >
      <ul className="flex flex-col gap-1" aria-label="Before trading can go on">
        {checks.map((check) => (
          <Line key={check.code} done={check.ok}>
            {check.sentence}
          </Line>
        ))}
      </ul>
      <Field
        label="Reason to resume (goes into the audit log)"
        value={reason}
        onChange={setReason}
        inputMode="text"
        style={{ textAlign: 'left' }}
        maxLength={500}
        placeholder="What was wrong, and why it is safe now"
        problem={problem}
      />
      <Button type="submit" size="large" disabled={!ready || busy}>
        {!green ? 'RESUME waits for the checks' : ready ? 'RESUME trading' : 'RESUME needs a reason'}
      </Button>
      <p className="text-ink-2">Strategies stay paused and live accounts stay disarmed until you start them.</p>
    </form>
  );
}
