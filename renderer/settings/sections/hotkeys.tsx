import { useState } from 'react';
import { Button } from '../../controls/button.tsx';
import { SCREEN_NAMES, SCREEN_TITLES } from '../../screens/screen-state.ts';
import {
  FIXED_KEYS,
  KEY_ACTIONS,
  keyProblem,
  keysOf,
  keysOfPress,
  SCREEN_KEYS,
  showKeys,
  type KeyAction,
  type KeyActionId,
} from '../keys.ts';
import { SettingsGroup } from '../setting.tsx';
import { useSettings } from '../settings.ts';

function rebind(id: KeyActionId, keys: string | null): void {
  const { [id]: _old, ...others } = useSettings.getState().keys;
  const standard = KEY_ACTIONS.find((action) => action.id === id)?.keys;
  useSettings.setState({ keys: keys === standard ? others : { ...others, [id]: keys } });
}

const KBD = 'rounded-sm border border-line-strong bg-raised px-1.5 py-0.5 font-sans text-2xs whitespace-nowrap';

function Keys({ keys }: { readonly keys: string | null }) {
  return keys === null ? <span className="text-ink-2">none</span> : <kbd className={KBD}>{showKeys(keys)}</kbd>;
}

/** Listens for one press. Escape keeps what was; HALT's own keys go on halting. */
function Capture({
  id,
  title,
  onDone,
}: {
  readonly id: KeyActionId;
  readonly title: string;
  readonly onDone: () => void;
}) {
  const changes = useSettings((settings) => settings.keys);
  const [heard, setHeard] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <span className="flex min-w-0 items-center gap-2">
      <button
        type="button"
        data-captures-keys
        autoFocus
        aria-label={`Press the new keys for ${title}, Escape to leave it`}
        aria-describedby={`keys-${id}`}
        className="h-6 min-w-32 rounded-sm border border-accent bg-canvas px-2 text-left text-ink"
        onBlur={onDone}
        onKeyDown={(event) => {
          if (event.key === 'Escape') return onDone();
          if (event.key === 'Tab') return;
          event.preventDefault();
          const keys = keysOfPress(event.nativeEvent);
          if (keysOf('halt', changes) === keys && id !== 'halt') {
            setHeard(showKeys(keys));
            return setProblem(keyProblem(id, keys, changes));
          }
          event.stopPropagation();
          setHeard(showKeys(keys));
          if (/(^|\+)(mod|alt|shift|ctrl|meta)$/.test(keys)) return setProblem(null);
          const sentence = keyProblem(id, keys, changes);
          setProblem(sentence);
          if (sentence === null) {
            rebind(id, keys);
            onDone();
          }
        }}
      >
        {heard === '' ? 'Press keys…' : heard}
      </button>
      <span id={`keys-${id}`} role="status" className="min-w-0 text-warn">
        {problem ?? ''}
      </span>
    </span>
  );
}

function Row({ action }: { readonly action: KeyAction & { readonly id: KeyActionId } }) {
  const changes = useSettings((settings) => settings.keys);
  const [capturing, setCapturing] = useState(false);
  const keys = keysOf(action.id, changes);
  const changed = keys !== action.keys;
  const resetProblem = changed ? keyProblem(action.id, action.keys, changes) : null;
  return (
    <tr className="h-[var(--row)] border-t border-line">
      <th scope="row" className="px-4 py-1 font-medium">
        {action.title}
      </th>
      <td className="py-1">
        {capturing ? (
          <Capture id={action.id} title={action.title} onDone={() => setCapturing(false)} />
        ) : (
          <Keys keys={keys} />
        )}
      </td>
      <td className="px-4 py-1 print:hidden">
        <span className="flex justify-end gap-1">
          <Button size="small" aria-label={`Change the keys of ${action.title}`} onClick={() => setCapturing(true)}>
            Change
          </Button>
          <Button
            size="small"
            aria-label={`Remove the keys of ${action.title}`}
            disabled={keys === null || action.mandatory === true}
            title={action.mandatory === true ? 'HALT always has a key' : undefined}
            onClick={() => rebind(action.id, null)}
          >
            Remove
          </Button>
          <Button
            size="small"
            aria-label={`Reset the keys of ${action.title}`}
            disabled={!changed || resetProblem !== null}
            title={resetProblem ?? undefined}
            onClick={() => rebind(action.id, action.keys)}
          >
            Reset
          </Button>
        </span>
      </td>
    </tr>
  );
}

const SCOPES = [
  { scope: 'everywhere', title: 'Everywhere, also while typing' },
  { scope: 'window', title: 'In the window, outside of fields and dialogs' },
] as const;

const HEAD = 'px-4 pt-3 pb-1 text-left text-2xs font-semibold text-ink-2';

export function HotkeysSection() {
  const changes = useSettings((settings) => settings.keys);
  return (
    <SettingsGroup title="Hotkeys">
      <div className="flex items-center justify-between gap-3 px-4 pb-2 print:hidden">
        <p className="text-ink-2">
          Keys are found by their place on the keyboard. HALT works everywhere and always has a key.
        </p>
        <span className="flex shrink-0 gap-2">
          <Button disabled={Object.keys(changes).length === 0} onClick={() => useSettings.setState({ keys: {} })}>
            Reset all
          </Button>
          <Button onClick={() => window.print()}>Print this sheet</Button>
        </span>
      </div>
      <div data-print-sheet className="grid grid-cols-1 border-t border-line">
        <table className="w-full text-left">
          {SCOPES.map(({ scope, title }) => (
            <tbody key={scope}>
              <tr>
                <th scope="colgroup" colSpan={3} className={HEAD}>
                  {title}
                </th>
              </tr>
              {KEY_ACTIONS.filter((action) => action.scope === scope).map((action) => (
                <Row key={action.id} action={action} />
              ))}
            </tbody>
          ))}
          <tbody>
            <tr>
              <th scope="colgroup" colSpan={3} className={HEAD}>
                Screens
              </th>
            </tr>
            {SCREEN_NAMES.slice(0, SCREEN_KEYS.length).map((name, index) => (
              <tr key={name} className="h-[var(--row)] border-t border-line">
                <th scope="row" className="px-4 py-1 font-medium">
                  {SCREEN_TITLES[name]}
                </th>
                <td className="py-1" colSpan={2}>
                  <Keys keys={SCREEN_KEYS[index] ?? null} />
                </td>
              </tr>
            ))}
          </tbody>
          {FIXED_KEYS.map(({ scope, rows }) => (
            <tbody key={scope}>
              <tr>
                <th scope="colgroup" colSpan={3} className={HEAD}>
                  {scope}, while it has the focus
                </th>
              </tr>
              {rows.map(({ title, keys }) => (
                <tr key={title} className="h-[var(--row)] border-t border-line">
                  <th scope="row" className="px-4 py-1 font-medium">
                    {title}
                  </th>
                  <td className="py-1" colSpan={2}>
                    <span className="flex gap-1">
                      {keys.map((each) => (
                        <Keys key={each} keys={each} />
                      ))}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </div>
    </SettingsGroup>
  );
}
