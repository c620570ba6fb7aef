import type { SessionStatus } from '../../src/contract/types.ts';
import { Button } from '../controls/button.tsx';
import { COMMAND_TIMEOUT_MS } from '../connection/connection.ts';
import { useDesk } from '../desk/desk.ts';
import { report } from './use-strategies.ts';

/** State of the session, and pausing it as a whole. */
export function SessionControls({ session, reload }: { readonly session: SessionStatus; readonly reload: () => void }) {
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
