import { lazy, Suspense, useEffect } from 'react';
import { toast, Toaster } from 'sonner';
import { cx } from '../controls/cx.ts';
import { useAccount, useWindow } from '../desk/window-state.ts';
import { Dialogs } from '../dialogs/dialogs.tsx';
import { useFirstRun } from '../first-run/first-run-state.ts';
import { modeOf, type ModeName } from '../frame/mode-chip.tsx';
import { StatusBar } from '../frame/status-bar.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import { Palette } from '../palette/palette.tsx';
import { SafetyPanel } from '../safety/safety-panel.tsx';
import { Rail } from '../screens/rail.tsx';
import { Screens } from '../screens/screens.tsx';
import { settingsNotice, useSettings } from '../settings/settings.ts';
import { Banners } from './banners.tsx';
import { PanelBoundary } from './error-boundary.tsx';
import { useWindowHotkeys } from './hotkeys.ts';

const FirstRun = lazy(async () => ({ default: (await import('../first-run/first-run.tsx')).FirstRun }));

const FRAMES: Readonly<Record<ModeName, string>> = {
  PAPER: 'frame-paper',
  LIVE: 'frame-live',
  'LIVE DISARMED': 'frame-live-disarmed',
  'NO ACCOUNT': 'border-2 border-transparent',
};

/** The same words in the title, which the task switcher and the taskbar show. */
function useTitle(mode: ModeName, name: string | undefined, halted: boolean): void {
  useEffect(() => {
    const parts = [halted ? 'HALTED' : '', mode === 'NO ACCOUNT' ? '' : `${mode} ${name ?? ''}`.trim(), 'Tradewright'];
    document.title = parts.filter((part) => part !== '').join(' · ');
  }, [mode, name, halted]);
}

/** Said once, when the window opens; the settings screen goes on saying it. */
function useSettingsNotice(): void {
  useEffect(() => {
    if (settingsNotice !== null) toast.warning(settingsNotice, { id: 'settings', duration: 12_000 });
  }, []);
}

export function App() {
  const account = useAccount();
  const halted = useWindow((state) => state.risk?.state === 'HALTED');
  const theme = useSettings((settings) => settings.theme);
  const firstRun = useFirstRun((state) => state.open);
  const mode = modeOf(account);
  useTitle(mode, account?.name, halted);
  useWindowHotkeys();
  useSettingsNotice();
  return (
    <div data-mode={mode} className={cx('relative flex h-full flex-col bg-canvas', FRAMES[mode])}>
      <TopBar />
      <Banners />
      <div className="relative flex min-h-0 flex-1">
        <Rail />
        {firstRun ? (
          <PanelBoundary title="First steps">
            <Suspense fallback={null}>
              <FirstRun />
            </Suspense>
          </PanelBoundary>
        ) : null}
        <main className="flex min-h-0 min-w-0 flex-1 flex-col">
          <h1 className="sr-only">Tradewright workstation</h1>
          <Screens />
        </main>
      </div>
      <StatusBar />
      <SafetyPanel />
      <Dialogs />
      <Palette />
      <Toaster theme={theme} position="bottom-right" visibleToasts={4} closeButton />
    </div>
  );
}
