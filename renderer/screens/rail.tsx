import { cx } from '../controls/cx.ts';
import { RAIL_ICONS } from './rail-icons.ts';
import { openScreen, SCREEN_NAMES, SCREEN_TITLES, useScreen, type ScreenName } from './screen-state.ts';
import { SCREEN_KEYS } from '../settings/keys.ts';

const SHORT: Readonly<Record<ScreenName, string>> = {
  workspace: 'Trade',
  positions: 'Positions',
  orders: 'Orders',
  risk: 'Risk',
  strategies: 'Strategies',
  performance: 'Results',
  journal: 'Journal',
  settings: 'Settings',
};

/** First-level screens, in the order of their hotkeys. */
export function Rail() {
  const screen = useScreen((state) => state.screen);
  return (
    <nav aria-label="Screens" className="flex w-15 shrink-0 flex-col border-r border-line bg-panel py-1">
      {SCREEN_NAMES.map((name, index) => (
        <button
          key={name}
          type="button"
          title={index < SCREEN_KEYS.length ? `${SCREEN_TITLES[name]} (Ctrl ${index + 1})` : SCREEN_TITLES[name]}
          aria-current={name === screen ? 'page' : undefined}
          onClick={() => openScreen(name)}
          className={cx(
            'flex h-12 flex-col items-center justify-center gap-1 border-l-2 text-2xs',
            name === screen
              ? 'border-accent bg-raised font-semibold text-ink'
              : 'border-transparent text-ink-2 hover:bg-hover hover:text-ink',
          )}
        >
          <svg viewBox="0 0 16 16" aria-hidden className="size-4 fill-none stroke-current stroke-[1.4]">
            <path d={RAIL_ICONS[name]} strokeLinecap="round" strokeLinejoin="round" />
          </svg>
          {SHORT[name]}
        </button>
      ))}
    </nav>
  );
}
