import { useDesk } from '../desk/desk.ts';
import { useWindow } from '../desk/window-state.ts';
import { cx } from '../controls/cx.ts';
import { halt } from './safety.ts';

/** Always on the screen, always the same place and size. When halted it opens the panel that shows why. */
export function HaltButton() {
  const desk = useDesk();
  const state = useWindow((window) => window.risk?.state ?? 'ACTIVE');
  const pending = useWindow((window) => window.safety.halt === 'pending');
  const open = useWindow((window) => window.safetyOpen);
  const halted = state === 'HALTED';
  return (
    <div className="flex items-center gap-1">
      <button
        type="button"
        aria-expanded={open}
        aria-controls="safety-panel"
        onClick={() => useWindow.setState({ safetyOpen: !open })}
        className="h-8 rounded-sm border border-line-strong bg-raised px-2 font-medium text-ink hover:bg-hover"
      >
        Safety
      </button>
      <button
        type="button"
        onClick={(event) => {
          // A held key must not toggle anything, but a repeated HALT is harmless.
          event.preventDefault();
          if (halted && !pending) useWindow.setState({ safetyOpen: true });
          else void halt(desk);
        }}
        title="Stop all opening orders and strategies and cancel working orders (Ctrl+Shift+H)"
        className={cx(
          'h-8 w-24 rounded-sm border-2 text-sm font-bold tracking-wide',
          halted ? 'halt-hatch border-halt' : 'border-transparent bg-halt-bar text-on-halt hover:brightness-115',
        )}
      >
        {pending ? 'HALTING' : halted ? 'HALTED' : 'HALT'}
      </button>
    </div>
  );
}
