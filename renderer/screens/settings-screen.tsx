import { useState, type FunctionComponent } from 'react';
import { cx } from '../controls/cx.ts';
import { AboutSection } from '../settings/sections/about.tsx';
import { AppearanceSection } from '../settings/sections/appearance.tsx';
import { DataSection } from '../settings/sections/data.tsx';
import { FormatsSection } from '../settings/sections/formats.tsx';
import { HotkeysSection } from '../settings/sections/hotkeys.tsx';
import { LimitsSection } from '../settings/sections/limits.tsx';
import { NotificationsSection } from '../settings/sections/notifications.tsx';
import { TradingSection } from '../settings/sections/trading.tsx';
import { settingsNotice } from '../settings/settings.ts';
import { ScreenHeader } from './screen-header.tsx';

const SECTIONS = {
  appearance: { title: 'Appearance', body: AppearanceSection },
  formats: { title: 'Time and numbers', body: FormatsSection },
  trading: { title: 'Trading', body: TradingSection },
  limits: { title: 'Risk limits', body: LimitsSection },
  hotkeys: { title: 'Hotkeys', body: HotkeysSection },
  notifications: { title: 'Notifications and sounds', body: NotificationsSection },
  data: { title: 'Data', body: DataSection },
  about: { title: 'About and licences', body: AboutSection },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly body: FunctionComponent }>>;

type SectionName = keyof typeof SECTIONS;

export function SettingsScreen() {
  const [shown, setShown] = useState<SectionName>('appearance');
  const Body: FunctionComponent = SECTIONS[shown].body;
  return (
    <>
      <ScreenHeader title="Settings" />
      {settingsNotice === null ? null : (
        <p role="status" className="border-b border-line bg-raised px-4 py-1.5 text-warn">
          ▲ {settingsNotice} What was stored is kept beside them.
        </p>
      )}
      <div className="flex min-h-0 flex-1">
        <nav aria-label="Settings" className="flex w-52 shrink-0 flex-col border-r border-line bg-panel py-2">
          {(Object.keys(SECTIONS) as SectionName[]).map((name) => (
            <button
              key={name}
              type="button"
              aria-current={name === shown ? 'true' : undefined}
              onClick={() => setShown(name)}
              className={cx(
                'h-8 border-l-2 px-4 text-left',
                name === shown
                  ? 'border-accent bg-raised font-semibold text-ink'
                  : 'border-transparent text-ink-2 hover:bg-hover hover:text-ink',
              )}
            >
              {SECTIONS[name].title}
            </button>
          ))}
        </nav>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keys */}
        <div
          className="min-w-0 flex-1 overflow-y-auto bg-panel"
          tabIndex={0}
          role="region"
          aria-label={SECTIONS[shown].title}
        >
          <div className="max-w-[62rem] pb-6">
            <Body key={shown} />
          </div>
        </div>
      </div>
    </>
  );
}
