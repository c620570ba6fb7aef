/** Keys as react-hotkeys-hook names them: "mod+shift+h", by the place of the key (event.code), never by its letter. */
export type KeyScope = 'everywhere' | 'window';

export interface KeyAction {
  readonly id: string;
  readonly title: string;
  readonly scope: KeyScope;
  readonly keys: string;
  /** It may move to other keys, but it always has some. */
  readonly mandatory?: boolean;
}

export const KEY_ACTIONS = [
  { id: 'halt', title: 'HALT', scope: 'everywhere', keys: 'mod+shift+h', mandatory: true },
  { id: 'palette', title: 'Search or command', scope: 'everywhere', keys: 'mod+k' },
  { id: 'settings', title: 'Open the settings', scope: 'everywhere', keys: 'mod+comma' },
  { id: 'buy', title: 'Buy: go to the ticket', scope: 'window', keys: 'b' },
  { id: 'sell', title: 'Sell: go to the ticket', scope: 'window', keys: 's' },
  { id: 'filter', title: 'Filter the watchlist', scope: 'window', keys: 'slash' },
  { id: 'freeze', title: 'Freeze quotes', scope: 'window', keys: 'f' },
] as const satisfies readonly KeyAction[];

export type KeyActionId = (typeof KEY_ACTIONS)[number]['id'];
/** What differs from the defaults; null = no key. */
export type KeyChanges = Readonly<Partial<Record<KeyActionId, string | null>>>;

interface FixedKeys {
  readonly title: string;
  readonly keys: readonly string[];
}

/** Keys of one panel, while it has the focus. They stay where they are. */
export const FIXED_KEYS: readonly { readonly scope: string; readonly rows: readonly FixedKeys[] }[] = [
  {
    scope: 'Order ticket',
    rows: [
      { title: 'Review, then send', keys: ['mod+enter'] },
      { title: 'Review', keys: ['enter'] },
    ],
  },
  {
    scope: 'Depth ladder',
    rows: [
      { title: 'Move the price cursor', keys: ['up', 'down'] },
      { title: 'Centre on the touch', keys: ['c'] },
      { title: 'Buy, sell at the cursor, when armed', keys: ['shift+b', 'shift+s'] },
      { title: 'Cancel own orders at the cursor', keys: ['delete'] },
    ],
  },
  {
    scope: 'Chart',
    rows: [
      { title: 'Move the crosshair', keys: ['left', 'right'] },
      { title: 'Zoom', keys: ['+', '-'] },
      { title: 'Newest candle', keys: ['end'] },
      { title: 'Delete the chosen drawing', keys: ['delete'] },
    ],
  },
];

export const SCREEN_KEYS = Array.from({ length: 9 }, (_, index) => `mod+${index + 1}`);

export function keysOf(id: KeyActionId, changes: KeyChanges): string | null {
  const changed = changes[id];
  const known = KEY_ACTIONS.find((action) => action.id === id)?.keys ?? null;
  return changed === undefined ? known : changed;
}

const MODIFIERS = new Set(['mod', 'ctrl', 'alt', 'shift', 'meta']);
/** Of the window, the grids and text fields. */
const TAKEN = new Set(
  (
    'mod+a mod+c mod+v mod+x mod+z mod+y mod+r mod+w mod+q mod+p mod+enter mod+shift+i mod+shift+r ' +
    'tab shift+tab enter space escape backspace delete f5 f11 f12 left right up down home end pageup pagedown'
  ).split(' '),
);

const FUNCTION_KEY = /^f([1-9]|1\d|2[0-4])$/;

/** Why these keys cannot be used for this action; null when they can. */
export function keyProblem(id: KeyActionId, keys: string | null, changes: KeyChanges): string | null {
  const action: KeyAction | undefined = KEY_ACTIONS.find((each) => each.id === id);
  if (action === undefined) return 'There is no such action.';
  if (keys === null) return action.mandatory === true ? `${action.title} always has a key.` : null;
  const parts = keys.split('+');
  const last = parts.at(-1) ?? '';
  if (last === '' || MODIFIERS.has(last)) return 'Press a key together with Ctrl, Alt or Shift.';
  const strong = parts.includes('mod') || parts.includes('alt') || FUNCTION_KEY.test(last);
  if (action.scope === 'everywhere' && !strong)
    return `${action.title} works while you type: use Ctrl, Alt or a function key with it.`;
  if (TAKEN.has(keys)) return `${showKeys(keys)} belongs to the window and to text fields.`;
  if (SCREEN_KEYS.includes(keys)) return `${showKeys(keys)} opens a screen.`;
  const other = KEY_ACTIONS.find((each) => each.id !== id && keysOf(each.id, changes) === keys);
  if (other !== undefined) return `${showKeys(keys)} is "${other.title}". Change that one first.`;
  const panel = FIXED_KEYS.find(({ rows }) => rows.some((row) => row.keys.includes(keys)));
  return panel === undefined ? null : `${showKeys(keys)} is a key of the panel "${panel.scope}".`;
}

/** Only changes that hold together: a stored key that clashes, or HALT without one, is dropped. */
export function soundChanges(stored: Readonly<Record<string, unknown>>): KeyChanges {
  const sound: Partial<Record<KeyActionId, string | null>> = {};
  for (const { id, keys } of KEY_ACTIONS) {
    const value = stored[id];
    if (value === undefined || value === keys || (value !== null && typeof value !== 'string')) continue;
    if (value === null && keyProblem(id, null, {}) === null) sound[id] = null;
    else if (typeof value === 'string') sound[id] = value;
  }
  // One at a time, so that two actions that exchanged their keys both stay.
  for (const { id } of KEY_ACTIONS) {
    const value = sound[id];
    if (typeof value === 'string' && keyProblem(id, value, sound) !== null) delete sound[id];
  }
  return sound;
}

interface KeyPress {
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const CODES: Readonly<Record<string, string>> = {
  ShiftLeft: 'shift',
  ShiftRight: 'shift',
  AltLeft: 'alt',
  AltRight: 'alt',
  ControlLeft: 'ctrl',
  ControlRight: 'ctrl',
  MetaLeft: 'meta',
  MetaRight: 'meta',
  OSLeft: 'meta',
  OSRight: 'meta',
};

/** The keys of a press, as they are stored. */
export function keysOfPress(press: KeyPress): string {
  const key = CODES[press.code] ?? press.code.replace(/^(?:Key|Digit|Numpad|Arrow)/, '').toLowerCase();
  const modifiers = [
    press.ctrlKey || press.metaKey ? 'mod' : '',
    press.altKey ? 'alt' : '',
    press.shiftKey ? 'shift' : '',
  ].filter((name) => name !== '');
  return MODIFIERS.has(key) ? [...new Set(modifiers)].join('+') : [...modifiers, key].join('+');
}

const NAMES: Readonly<Record<string, string>> = {
  mod: 'Ctrl',
  alt: 'Alt',
  shift: 'Shift',
  comma: ',',
  period: '.',
  slash: '/',
  backslash: '\\',
  semicolon: ';',
  quote: "'",
  bracketleft: '[',
  bracketright: ']',
  minus: '-',
  equal: '=',
  backquote: '`',
  left: '←',
  right: '→',
  up: '↑',
  down: '↓',
  escape: 'Esc',
  delete: 'Del',
  pageup: 'Page up',
  pagedown: 'Page down',
};

/** "Ctrl Shift H". */
export function showKeys(keys: string | null): string {
  if (keys === null) return 'none';
  if (keys === '+') return '+';
  return keys
    .split('+')
    .map((part) => NAMES[part] ?? part.slice(0, 1).toUpperCase() + part.slice(1))
    .join(' ');
}
