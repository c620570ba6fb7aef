import { useRef, useState } from 'react';
import { toast } from 'sonner';
import { Answered } from '../../controls/answered.tsx';
import { Button } from '../../controls/button.tsx';
import { useAnswer } from '../../connection/use-answer.ts';
import { useDesk } from '../../desk/desk.ts';
import { useConnected } from '../../desk/window-state.ts';
import { bothZones, dateTimeOf } from '../../format/time.ts';
import { loadSettings, saveSettings } from '../backup.ts';
import { Setting, SettingsGroup } from '../setting.tsx';
import { useSettings } from '../settings.ts';

const COUNT = new Intl.NumberFormat('en-US');

function bytesText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** "openOrders" as "Open orders". */
function wordsOf(name: string): string {
  const words = name.replaceAll(/([A-Z])/g, ' $1').toLowerCase();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

function JournalStats() {
  const answer = useAnswer('journal stats', (client, options) => client.journal.stats({}, options));
  return (
    <Answered answer={answer} what="the journal">
      {(stats) => (
        <div className="flex w-full flex-col gap-2">
          <p>
            <span className={stats.ok ? 'font-semibold' : 'font-semibold text-halt'}>
              {stats.ok ? '✓ Healthy' : '■ Damaged'}
            </span>{' '}
            · {bytesText(stats.bytes)} · schema {stats.schemaVersion}
          </p>
          {stats.problems.map((sentence) => (
            <p key={sentence} className="text-halt">
              {sentence}
            </p>
          ))}
          <dl aria-label="Rows of the journal" className="grid w-full grid-cols-2 gap-x-6">
            {Object.entries(stats.rows).map(([table, rows]) => (
              <div key={table} className="flex justify-between border-b border-line py-1">
                <dt className="text-ink-2">{wordsOf(table)}</dt>
                <dd>{COUNT.format(rows)}</dd>
              </div>
            ))}
          </dl>
          <Button className="self-start" onClick={answer.reload}>
            Count again
          </Button>
        </div>
      )}
    </Answered>
  );
}

function AuditLog() {
  const zone = useSettings((settings) => settings.zone);
  const answer = useAnswer('audit', (client, options) => client.journal.audit({ limit: 20 }, options));
  return (
    <Answered answer={answer} what="the audit log">
      {({ entries }) =>
        entries.length === 0 ? (
          <p className="text-ink-2">No entries yet: the first change of a limit, order or session makes one.</p>
        ) : (
          <table className="w-full text-left" aria-label="Newest entries of the audit log">
            <tbody>
              {entries.map((entry) => (
                <tr key={entry.sequence} className="border-b border-line align-top last:border-b-0">
                  <td className="py-1 pr-3 whitespace-nowrap text-ink-2" title={bothZones(entry.at)}>
                    {dateTimeOf(entry.at, zone)}
                  </td>
                  <td className="py-1 pr-3">{entry.actor}</td>
                  <td className="py-1 pr-3 font-medium">{entry.action}</td>
                  <td className="py-1 break-words text-ink-2">{entry.reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )
      }
    </Answered>
  );
}

function VerifyAudit() {
  const desk = useDesk();
  const connected = useConnected();
  const [said, setSaid] = useState<string | null>(null);
  const verify = async () => {
    setSaid('Checking…');
    const outcome = await desk.connection.call((client, options) => client.journal.verify({}, options), 60_000);
    if (outcome.kind !== 'ok') setSaid(outcome.sentence);
    else if (outcome.value.ok)
      setSaid(`✓ All ${COUNT.format(outcome.value.entries)} entries follow each other unchanged.`);
    else setSaid(`■ Changed or missing: ${outcome.value.problems.map(({ sentence }) => sentence).join(' ')}`);
  };
  return (
    <>
      <Button disabled={!connected} onClick={() => void verify()}>
        Verify the audit log
      </Button>
      <p role="status">{said ?? ''}</p>
    </>
  );
}

export function DataSection() {
  const file = useRef<HTMLInputElement>(null);
  const load = async (chosen: File | undefined) => {
    if (chosen === undefined) return;
    const read = await loadSettings(chosen);
    if ('problem' in read) toast.warning(read.problem);
    else {
      useSettings.setState(read.settings);
      toast(`Settings of ${chosen.name} are in use`);
    }
  };
  return (
    <SettingsGroup title="Data">
      <Setting
        title="Journal"
        hint={
          <>
            Orders, fills and decisions, on this machine only. Its copy and its export are made by the command line
            while the engine runs: <code>tradewright journal backup</code>, <code>tradewright journal export</code>.
          </>
        }
      >
        <JournalStats />
      </Setting>
      <Setting title="Audit log" hint="Every command that changed something, chained by hashes so that a change shows.">
        <VerifyAudit />
      </Setting>
      <div className="border-b border-line px-4 py-2">
        <AuditLog />
      </div>
      <Setting title="Settings of this window" hint="Looks, keys and notices as a file, for another machine.">
        <span className="flex gap-2">
          <Button onClick={() => saveSettings(useSettings.getState())}>Save to a file</Button>
          <Button onClick={() => file.current?.click()}>Load from a file</Button>
          <input
            ref={file}
            type="file"
            accept="application/json,.json"
            className="sr-only"
            tabIndex={-1}
            aria-label="File of settings"
            onChange={(event) => {
              void load(event.target.files?.[0]);
              event.target.value = '';
            }}
          />
        </span>
      </Setting>
    </SettingsGroup>
  );
}
