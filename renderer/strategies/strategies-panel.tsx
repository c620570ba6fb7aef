import { useCallback, useEffect, useState } from 'react';
import { toast } from 'sonner';
import type {
  AccountView,
  ContractOutputs,
  InstrumentView,
  SessionStatus,
  StrategyRun,
} from '../../src/contract/types.ts';
import { nameOf } from '../blotter/cells.ts';
import { Button } from '../controls/button.tsx';
import { Choice } from '../controls/choice.tsx';
import { cx } from '../controls/cx.ts';
import { Empty, Failed, Loading } from '../controls/states.tsx';
import { COMMAND_TIMEOUT_MS } from '../connection/connection.ts';
import type { Outcome } from '../connection/outcome.ts';
import { useDesk } from '../desk/desk.ts';
import { displayName } from '../desk/instruments.ts';
import { useAccount, useConnected, useInstrument } from '../desk/window-state.ts';
import { signOf } from '../format/decimal-text.ts';
import { figures } from '../format/money.ts';
import { timeOf } from '../format/time.ts';
import { modeSuffix } from '../frame/mode-chip.tsx';
import { useSettings } from '../settings/settings.ts';

type Listed = ContractOutputs['strategies']['list'];
const EVERY_MS = 2_000;

function report(what: string, outcome: Outcome<unknown>): void {
  if (outcome.kind === 'ok') toast(what);
  else toast.error(`Not done: ${what}`, { description: outcome.sentence, duration: 10_000 });
}

/** Lists are asked for while the panel is there; a run changes by commands and by bars, not by ticks. */
function useStrategies(): {
  listed: Listed | null;
  session: SessionStatus | null;
  problem: string | null;
  reload: () => void;
} {
  const desk = useDesk();
  const connected = useConnected();
  const [listed, setListed] = useState<Listed | null>(null);
  const [session, setSession] = useState<SessionStatus | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const reload = useCallback(() => {
    void Promise.all([
      desk.connection.call((client, options) => client.strategies.list({}, options)),
      desk.connection.call((client, options) => client.session.status({}, options)),
    ]).then(([list, status]) => {
      if (list.kind === 'ok') setListed(list.value);
      if (status.kind === 'ok') setSession(status.value);
      setProblem(list.kind === 'ok' ? null : list.sentence);
    });
  }, [desk]);
  useEffect(() => {
    if (!connected) return undefined;
    reload();
    const timer = setInterval(reload, EVERY_MS);
    return () => clearInterval(timer);
  }, [connected, reload]);
  return { listed, session, problem, reload };
}

function RunRow({ run, reload }: { readonly run: StrategyRun; readonly reload: () => void }) {
  const desk = useDesk();
  const zone = useSettings((settings) => settings.zone);
  const act = async (verb: 'start' | 'pause' | 'stop') => {
    const { strategy, instrument, account, parameters, id } = run;
    const outcome = await desk.connection.call(
      (client, options): Promise<StrategyRun> =>
        verb === 'start'
          ? client.strategies.start({ strategy, instrument, account, parameters }, options)
          : verb === 'pause'
            ? client.strategies.pause({ id }, options)
            : client.strategies.stop({ id }, options),
      COMMAND_TIMEOUT_MS,
    );
    report(`${verb} ${run.title} on ${nameOf(instrument)}`, outcome);
    reload();
  };
  const active = run.state === 'running' || run.state === 'warming-up';
  const sign = signOf(run.realised);
  return (
    <tr className="h-[var(--row)] border-t border-line">
      <td className="px-2 font-semibold">{run.title}</td>
      <td className="px-2">{nameOf(run.instrument)}</td>
      <td
        className={cx('px-2', run.state === 'failed' ? 'font-semibold text-halt' : active ? 'text-ink' : 'text-ink-2')}
      >
        {run.state}
      </td>
      <td className="px-2 text-right">{run.signals}</td>
      <td className="px-2 text-right">{run.orders}</td>
      <td className={cx('px-2 text-right', sign > 0 ? 'text-up' : sign < 0 ? 'text-down' : '')}>
        {figures(run.realised, { currency: '', digits: 2, sign: 'always' })}
      </td>
      <td className="max-w-72 truncate px-2 text-ink-2" title={run.sentence ?? run.lastSignal?.reason}>
        {run.sentence ??
          (run.lastSignal === null
            ? 'no signal yet'
            : `${run.lastSignal.direction} ${timeOf(run.lastSignal.at, zone)} · ${run.lastSignal.reason}`)}
      </td>
      <td className="px-1">
        <div className="flex justify-end gap-1">
          {active ? (
            <Button
              size="small"
              onClick={() => void act('pause')}
              title="Keeps its position and exits, opens nothing new"
            >
              Pause
            </Button>
          ) : (
            <Button size="small" onClick={() => void act('start')}>
              Start
            </Button>
          )}
          <Button
            size="small"
            disabled={run.state === 'stopped'}
            onClick={() => void act('stop')}
            title="Cancels its opening orders; its position stays protected"
          >
            Stop
          </Button>
        </div>
      </td>
    </tr>
  );
}

interface StartProps {
  readonly listed: Listed;
  readonly account: AccountView;
  readonly instrument: InstrumentView;
  readonly reload: () => void;
}

function StartStrategy({ listed, account, instrument, reload }: StartProps) {
  const desk = useDesk();
  const [strategy, setStrategy] = useState<string | null>(null);
  const chosen = listed.available.find(({ id }) => id === strategy) ?? listed.available[0];
  if (chosen === undefined) return null;
  const start = async () => {
    const outcome = await desk.connection.call(
      (client, options) =>
        client.strategies.start({ strategy: chosen.id, instrument: instrument.id, account: account.id }, options),
      COMMAND_TIMEOUT_MS,
    );
    report(`start ${chosen.title} on ${displayName(instrument)}`, outcome);
    reload();
  };
  return (
    <>
      <Choice
        label="Strategy"
        value={chosen.id}
        options={listed.available.map(({ id, title }) => ({ value: id, label: title }))}
        onChange={setStrategy}
        className="h-6 w-44"
      />
      <Button size="small" title={chosen.description} onClick={() => void start()}>
        Start on {displayName(instrument)} · {modeSuffix(account)}
      </Button>
    </>
  );
}

function SessionControls({ session, reload }: { readonly session: SessionStatus; readonly reload: () => void }) {
  const desk = useDesk();
  const act = async (verb: 'start' | 'pause' | 'resume' | 'stop') => {
    const outcome = await desk.connection.call(
      (client, options) => client.session[verb]({}, options),
      COMMAND_TIMEOUT_MS,
    );
    report(`${verb} session`, outcome);
    reload();
  };
  const { state } = session;
  const running = state === 'running' || state === 'paused';
  return (
    <>
      <span title={session.sentence ?? undefined}>
        <span className="text-ink-2">Session</span> <span className="font-semibold">{state}</span>
        {session.mode === null ? '' : ` · ${session.mode}`}
      </span>
      {state === 'running' ? (
        <Button size="small" onClick={() => void act('pause')}>
          Pause session
        </Button>
      ) : null}
      {state === 'paused' ? (
        <Button size="small" onClick={() => void act('resume')}>
          Resume session
        </Button>
      ) : null}
      {running ? null : (
        <Button size="small" onClick={() => void act('start')}>
          Start session
        </Button>
      )}
    </>
  );
}

export function StrategiesPanel() {
  const { listed, session, problem, reload } = useStrategies();
  const account = useAccount();
  const instrument = useInstrument();
  if (problem !== null && listed === null)
    return <Failed what="Strategies cannot be read" stillSafe={problem} onRetry={reload} />;
  if (listed === null) return <Loading what="strategies" />;
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-8 shrink-0 items-center gap-2 border-b border-line px-2">
        {session === null ? null : <SessionControls session={session} reload={reload} />}
        <span className="flex-1" />
        {account === null || instrument === null ? null : (
          <StartStrategy listed={listed} account={account} instrument={instrument} reload={reload} />
        )}
      </div>
      {listed.runs.length === 0 ? (
        <Empty title="No strategy runs" hint="Choose a strategy above and start it on the instrument of the chart." />
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keys
        <div className="min-h-0 flex-1 overflow-auto" tabIndex={0} role="region" aria-label="Strategy runs">
          <table className="w-full text-left">
            <thead className="text-2xs text-ink-2">
              <tr className="h-6">
                {['Strategy', 'Instrument', 'State'].map((name) => (
                  <th key={name} className="px-2 font-semibold">
                    {name}
                  </th>
                ))}
                {['Signals', 'Orders', 'Realised'].map((name) => (
                  <th key={name} className="px-2 text-right font-semibold">
                    {name}
                  </th>
                ))}
                <th className="px-2 font-semibold">Last signal</th>
                <th>
                  <span className="sr-only">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {listed.runs.map((run) => (
                <RunRow key={run.id} run={run} reload={reload} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
