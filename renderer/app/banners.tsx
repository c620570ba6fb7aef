import { useWindow } from '../desk/window-state.ts';
import { timeOf } from '../format/time.ts';

/** What the user must not miss: the engine is gone, or trading is halted. Over no panel. */
export function Banners() {
  const connection = useWindow((state) => state.connection);
  const risk = useWindow((state) => state.risk);
  const lists = useWindow((state) => state.troubles['lists']);
  return (
    <>
      {connection.phase === 'open' ? null : (
        <div
          role="alert"
          className="stale-hatch flex min-h-7 shrink-0 items-center gap-2 border-b border-line bg-raised px-2"
        >
          <span className="font-semibold text-warn">
            {connection.phase === 'lost' ? '▲ Engine not reachable' : 'Connecting to the engine'}
          </span>
          <span>
            {connection.phase === 'lost'
              ? `since ${timeOf(connection.since, 'IST')} IST. Every figure is the last known one. ${connection.sentence ?? ''} Reconnecting (attempt ${connection.attempt}).`
              : (connection.sentence ?? '')}
          </span>
        </div>
      )}
      {lists === undefined ? null : (
        <div role="alert" className="shrink-0 border-b border-line bg-raised px-2 py-1 text-warn">
          ▲ Instruments or accounts could not be read: {lists}
        </div>
      )}
      {risk?.state === 'HALTED' ? (
        <div role="alert" className="halt-hatch flex min-h-7 shrink-0 items-center gap-3 px-2 font-semibold">
          TRADING HALTED
          <span className="min-w-0 flex-1 truncate font-medium">{risk.causes[0]?.sentence ?? ''}</span>
          <button
            type="button"
            className="h-6 rounded-sm border border-current px-2"
            onClick={() => useWindow.setState({ safetyOpen: true })}
          >
            Open safety
          </button>
        </div>
      ) : null}
    </>
  );
}
