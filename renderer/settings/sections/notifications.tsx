import { useState } from 'react';
import { Button } from '../../controls/button.tsx';
import { Check } from '../../controls/check.tsx';
import { announce } from '../../notices/notices.ts';
import { Setting, SettingsGroup } from '../setting.tsx';
import { useSettings } from '../settings.ts';
import { NOTICE_KINDS, type NoticeKind } from '../stored-settings.ts';

const TITLES: Readonly<Record<NoticeKind, { readonly title: string; readonly hint: string }>> = {
  fill: { title: 'Fills', hint: 'Every execution, also of strategies' },
  refusal: { title: 'Refused orders', hint: 'Rejected by a venue, or denied to a strategy' },
  warning: { title: 'Warnings', hint: 'Stale feeds, limits above 80 %' },
  critical: { title: 'Critical alerts', hint: 'Halts, breaches, orders of unknown fate' },
};

function choose(kind: NoticeKind, change: { toast?: boolean; sound?: boolean }): void {
  const { notices } = useSettings.getState();
  useSettings.setState({ notices: { ...notices, [kind]: { ...notices[kind], ...change } } });
}

export function NotificationsSection() {
  const { notices, volume } = useSettings();
  const [tested, setTested] = useState('');
  const test = async (kind: NoticeKind) => {
    const { title } = TITLES[kind];
    const choice = notices[kind];
    const sounded = await announce({ kind, title: `Test: ${title.toLowerCase()}`, detail: 'This is how it looks.' });
    if (!choice.toast && !choice.sound) setTested(`${title} neither show nor sound now.`);
    else if (choice.sound && !sounded) setTested('There was no sound: this system has no audio device or blocks it.');
    else setTested('');
  };
  return (
    <SettingsGroup title="Notifications and sounds">
      <table className="w-full text-left">
        <thead>
          <tr className="border-b border-line text-2xs text-ink-2">
            <th scope="col" className="px-4 py-1 font-semibold">
              What happened
            </th>
            <th scope="col" className="px-4 py-1 font-semibold">
              In the window
            </th>
            <th scope="col" className="px-4 py-1 font-semibold">
              Sound
            </th>
            <th scope="col" className="px-4 py-1 text-right font-semibold">
              Test
            </th>
          </tr>
        </thead>
        <tbody>
          {NOTICE_KINDS.map((kind) => (
            <tr key={kind} className="border-b border-line">
              <th scope="row" className="px-4 py-1.5 font-semibold">
                {TITLES[kind].title}
                <span className="block font-normal text-ink-2">{TITLES[kind].hint}</span>
              </th>
              <td className="px-4">
                <Check
                  label={`Show ${TITLES[kind].title.toLowerCase()}`}
                  checked={notices[kind].toast}
                  onChange={(shown) => choose(kind, { toast: shown })}
                />
              </td>
              <td className="px-4">
                <Check
                  label={`Sound for ${TITLES[kind].title.toLowerCase()}`}
                  checked={notices[kind].sound}
                  onChange={(sound) => choose(kind, { sound })}
                />
              </td>
              <td className="px-4 text-right">
                <Button
                  size="small"
                  aria-label={`Test ${TITLES[kind].title.toLowerCase()}`}
                  onClick={() => void test(kind)}
                >
                  Test
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p role="status" className="min-h-6 px-4 pt-1 text-warn">
        {tested}
      </p>
      <Setting title="Volume" hint="The alarm of a position that could not be closed does not follow it.">
        <span className="flex w-full items-center gap-3">
          <input
            type="range"
            aria-label="Volume"
            min={0}
            max={100}
            step={5}
            value={Math.round(volume * 100)}
            onChange={(event) => useSettings.setState({ volume: Number(event.target.value) / 100 })}
            className="h-6 w-56 accent-[var(--accent)]"
          />
          {Math.round(volume * 100)} %
        </span>
      </Setting>
    </SettingsGroup>
  );
}
