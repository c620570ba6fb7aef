import { useState } from 'react';
import { useAnswer } from '../connection/use-answer.ts';
import { useBeat } from '../connection/use-beat.ts';
import { Answered } from '../controls/answered.tsx';
import { Button } from '../controls/button.tsx';
import { Field } from '../controls/field.tsx';
import { Cell, PlainTable, TABLE_ROW } from '../controls/plain-table.tsx';
import { useDesk } from '../desk/desk.ts';
import { useConnected } from '../desk/window-state.ts';
import { DialogFrame } from '../dialogs/frame.tsx';
import { dateTimeOf } from '../format/time.ts';
import { useSettings } from '../settings/settings.ts';
import { lockScope, ruleTitle, ruleWords, type ProtectionLockView } from './protection-words.ts';
import { riskCommand } from './risk-command.ts';

const EVERY_MS = 5_000;

interface LiftProps {
  readonly lock: ProtectionLockView;
  readonly onClose: () => void;
}

/** Ends a lock early. The reason goes into the audit log. */
function LiftDialog({ lock, onClose }: LiftProps) {
  const desk = useDesk();
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const lift = async () => {
    const sentence = await riskCommand(desk, `${ruleTitle(lock.rule)} lifted`, (client, options) =>
      client.riskControls.liftLock({ id: lock.id, reason: reason.trim() }, options),
    );
    if (sentence === null) onClose();
    else setProblem(sentence);
  };
  return (
    <DialogFrame title={`Lift ${ruleTitle(lock.rule)} before its time`} onClose={onClose}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim().length >= 3) void lift();
        }}
      >
        <p>{lock.reason}</p>
        <p className="text-ink-2">It keeps {lockScope(lock)} from being opened.</p>
        <Field
          label="Reason, kept in the audit log"
          value={reason}
          onChange={setReason}
          inputMode="text"
          className="[&_input]:text-left"
          maxLength={500}
          problem={problem}
          autoFocus
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" disabled={reason.trim().length < 3}>
            Lift the lock
          </Button>
        </div>
      </form>
    </DialogFrame>
  );
}

/** Locks that hold now with their end and their reason, and the rules that set them. */
export function ProtectionsView() {
  const zone = useSettings((settings) => settings.zone);
  const connected = useConnected();
  const beat = useBeat(EVERY_MS);
  const answer = useAnswer('protections', (client, options) => client.riskControls.protections({}, options), beat);
  const [lifted, setLifted] = useState<ProtectionLockView | null>(null);
  return (
    <Answered answer={answer} what="the protections">
      {({ rules, locks }) => (
        <div className="grid grid-cols-[3fr_2fr] gap-4 py-2">
          <section aria-label="Locks that hold now">
            <h3 className="px-2 text-2xs font-semibold text-ink-2">Locks that hold now</h3>
            {locks.length === 0 ? (
              <p className="px-2 py-1">No lock holds: no rule keeps anything from being opened.</p>
            ) : (
              <PlainTable
                label="Locks that hold now"
                columns={[
                  { name: 'Rule' },
                  { name: 'Keeps from opening' },
                  { name: `Until ${zone}` },
                  { name: 'Reason' },
                  { name: 'Lift', hidden: true },
                ]}
              >
                {locks.map((lock) => (
                  <tr key={lock.id} className={TABLE_ROW}>
                    <Cell className="font-medium whitespace-nowrap">{ruleTitle(lock.rule)}</Cell>
                    <Cell>{lockScope(lock)}</Cell>
                    <Cell className="whitespace-nowrap">
                      {lock.until === null ? 'a person lifts it' : dateTimeOf(lock.until, zone)}
                    </Cell>
                    <Cell className="text-ink-2">{lock.reason}</Cell>
                    <td className="pr-1 text-right">
                      <Button size="small" disabled={!connected} onClick={() => setLifted(lock)}>
                        Lift…
                      </Button>
                    </td>
                  </tr>
                ))}
              </PlainTable>
            )}
          </section>
          <section aria-label="Rules">
            <h3 className="px-2 text-2xs font-semibold text-ink-2">Rules</h3>
            {rules.length === 0 ? (
              <p className="px-2 py-1 text-ink-2">No rule is set. The limits hold in any case.</p>
            ) : (
              <ul>
                {rules.map((rule) => (
                  <li key={JSON.stringify(rule)} className="border-b border-line px-2 py-1">
                    <span className="font-medium">{ruleTitle(rule.kind)}</span> · {ruleWords(rule)}
                  </li>
                ))}
              </ul>
            )}
          </section>
          {lifted === null ? null : (
            <LiftDialog
              lock={lifted}
              onClose={() => {
                setLifted(null);
                answer.reload();
              }}
            />
          )}
        </div>
      )}
    </Answered>
  );
}
