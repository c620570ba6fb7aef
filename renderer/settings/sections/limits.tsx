import { useState } from 'react';
import { toast } from 'sonner';
import type { RiskLimits, RiskLimitsState } from '../../../src/contract/types.ts';
import { Answered } from '../../controls/answered.tsx';
import { Button } from '../../controls/button.tsx';
import { Field } from '../../controls/field.tsx';
import { useAnswer } from '../../connection/use-answer.ts';
import { COMMAND_TIMEOUT_MS } from '../../connection/connection.ts';
import { useDesk } from '../../desk/desk.ts';
import { useConnected } from '../../desk/window-state.ts';
import { dateTimeOf, bothZones } from '../../format/time.ts';
import { LIMIT_FIELDS, limitText, limitWords, readLimit, unitWord, type LimitName } from '../limit-fields.ts';
import { SettingsGroup } from '../setting.tsx';
import { useSettings } from '../settings.ts';

type Typed = Readonly<Partial<Record<LimitName, string>>>;

/** What was typed and differs from what is in force, as the contract takes it, and what is wrong with it. */
function readAll(typed: Typed, inForce: RiskLimits) {
  const changes: Partial<Record<LimitName, string | number | null>> = {};
  const problems: Partial<Record<LimitName, string>> = {};
  for (const { name, unit } of LIMIT_FIELDS) {
    const text = typed[name];
    if (text === undefined || text === limitText(unit, inForce[name])) continue;
    const read = readLimit(unit, text);
    if (read.kind === 'problem') problems[name] = read.sentence;
    else changes[name] = read.value;
  }
  return { changes: changes as Partial<RiskLimits>, problems };
}

function LimitsForm({ state, onSaved }: { readonly state: RiskLimitsState; readonly onSaved: () => void }) {
  const desk = useDesk();
  const connected = useConnected();
  const zone = useSettings((settings) => settings.zone);
  const [typed, setTyped] = useState<Typed>({});
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { changes, problems } = readAll(typed, state.limits);
  const changed = LIMIT_FIELDS.filter(({ name }) => Object.hasOwn(changes, name));
  const isDirty = changed.length > 0 || Object.keys(problems).length > 0;
  const save = async () => {
    if (reason.trim().length < 3) return setProblem('Say why: the reason is kept with the change.');
    setBusy(true);
    const outcome = await desk.connection.call(
      (client, options) => client.risk.setLimits({ limits: changes, reason: reason.trim() }, options),
      COMMAND_TIMEOUT_MS,
    );
    setBusy(false);
    if (outcome.kind === 'ok') {
      setTyped({});
      setReason('');
      setProblem(null);
      toast('Limits changed', { description: changed.map(({ title }) => title).join(', ') });
    } else {
      setProblem(
        outcome.kind === 'unknown'
          ? `${outcome.sentence} The limits below are what the engine says now; change them again if yours are missing.`
          : outcome.sentence,
      );
    }
    onSaved();
  };
  return (
    <form
      className="flex flex-col"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <p className="px-4 pb-3 text-ink-2">
        In force for every account, paper and live. An empty field switches a limit off where the engine allows it.{' '}
        {state.changedAt === null ? (
          'These are the limits the engine came with.'
        ) : (
          <span title={bothZones(state.changedAt)}>
            Changed {dateTimeOf(state.changedAt, zone)} {zone} by {state.changedBy ?? 'somebody'}
            {state.reason === null ? '' : `: “${state.reason}”`}.
          </span>
        )}
      </p>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(15rem,1fr))] gap-x-4 gap-y-3 px-4">
        {LIMIT_FIELDS.map((field) => (
          <div key={field.name} className="flex flex-col gap-0.5">
            <Field
              label={field.title}
              value={typed[field.name] ?? limitText(field.unit, state.limits[field.name])}
              onChange={(text) => setTyped((before) => ({ ...before, [field.name]: text }))}
              unit={unitWord(field.unit)}
              placeholder="off"
              problem={problems[field.name] ?? null}
              disabled={!connected || busy}
            />
            <p className="text-2xs text-ink-2">{field.hint}</p>
          </div>
        ))}
      </div>
      <div className="sticky bottom-0 mt-4 flex flex-col gap-2 border-t border-line bg-panel px-4 py-3">
        {changed.length === 0 ? null : (
          <ul aria-label="Changes" className="flex flex-wrap gap-x-4 gap-y-1">
            {changed.map((field) => (
              <li key={field.name}>
                <span className="text-ink-2">{field.title}</span> {limitWords(field, state.limits[field.name])} →{' '}
                <span className="font-semibold">{limitWords(field, changes[field.name] ?? null)}</span>
              </li>
            ))}
          </ul>
        )}
        <div className="flex items-end gap-3">
          <Field
            label="Reason, kept in the audit log"
            value={reason}
            onChange={setReason}
            inputMode="text"
            className="flex-1 [&_input]:text-left"
            disabled={!connected || busy}
            maxLength={500}
          />
          <Button disabled={!isDirty || busy} onClick={() => setTyped({})}>
            Discard
          </Button>
          <Button
            type="submit"
            tone="accent"
            disabled={!connected || busy || changed.length === 0 || Object.keys(problems).length > 0}
          >
            {busy ? 'Saving…' : `Change ${changed.length === 1 ? 'one limit' : `${changed.length} limits`}`}
          </Button>
        </div>
        {problem === null ? null : (
          <p role="alert" className="font-semibold text-halt">
            {problem}
          </p>
        )}
        {connected ? null : <p className="text-warn">🔒 Read-only: the engine is not reachable.</p>}
      </div>
    </form>
  );
}

export function LimitsSection() {
  const answer = useAnswer('limits', (client, options) => client.risk.limits({}, options));
  return (
    <SettingsGroup title="Risk limits">
      <Answered answer={answer} what="the limits">
        {(state) => <LimitsForm state={state} onSaved={answer.reload} />}
      </Answered>
    </SettingsGroup>
  );
}
