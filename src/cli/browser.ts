import { spawn } from 'node:child_process';
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The newest Chromium that Playwright has downloaded. */
function playwrightBrowser(environment: Environment, platform: NodeJS.Platform, home: string): string[] {
  const usual =
    platform === 'darwin'
      ? join(home, 'Library', 'Caches', 'ms-playwright')
      : platform === 'win32'
        ? join(environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'ms-playwright')
        : join(home, '.cache', 'ms-playwright');
  const root = environment['PLAYWRIGHT_BROWSERS_PATH'] ?? usual;
  const inside =
    platform === 'darwin'
      ? ['chrome-mac/Chromium.app/Contents/MacOS/Chromium', 'chrome-mac-arm64/Chromium.app/Contents/MacOS/Chromium']
      : platform === 'win32'
        ? ['chrome-win/chrome.exe', 'chrome-win64/chrome.exe']
        : ['chrome-linux/chrome', 'chrome-linux64/chrome'];
  return entries(root)
    .filter((name) => /^chromium-\d+$/.test(name))
    .sort((a, b) => Number(b.slice(9)) - Number(a.slice(9)))
    .flatMap((name) => inside.map((path) => join(root, name, path)));
}

function installedBrowsers(environment: Environment, platform: NodeJS.Platform): string[] {
  if (platform === 'darwin') {
    return ['Chromium', 'Google Chrome', 'Microsoft Edge'].map((name) =>
      join('/Applications', `${name}.app`, 'Contents', 'MacOS', name),
    );
  }
  if (platform === 'win32') {
    const roots = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((name) => environment[name] ?? []);
    return roots.flatMap((root) => [
      join(root, 'Chromium', 'Application', 'chrome.exe'),
      join(root, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      join(root, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ]);
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/** A browser that can show an app window: CHROMIUM_PATH, Playwright's, then Chromium, Chrome or Edge of the system. */
export function findBrowser(
  environment: Environment,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string | null {
  const given = environment['CHROMIUM_PATH'];
  if (given !== undefined && given !== '' && isExecutable(given)) return given;
  const candidates = [...playwrightBrowser(environment, platform, home), ...installedBrowsers(environment, platform)];
  return candidates.find((path) => isExecutable(path)) ?? null;
}

export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  /** What is being opened, for the user. */
  readonly what: string;
}

/** The program to start for `url`; no shell is involved, so nothing in it can be more than an argument. */
export function launchOf(
  url: string,
  profileFolder: string,
  browser: string | null,
  platform: NodeJS.Platform = process.platform,
): Launch {
  if (browser !== null) {
    const args = [`--app=${url}`, `--user-data-dir=${profileFolder}`, '--no-first-run', '--no-default-browser-check'];
    return { file: browser, args, what: 'a Chromium app window' };
  }
  const what = 'the default browser';
  if (platform === 'darwin') return { file: 'open', args: [url], what };
  if (platform === 'win32') return { file: 'rundll32', args: ['url.dll,FileProtocolHandler', url], what };
  return { file: 'xdg-open', args: [url], what };
}

/** Starts it on its own. Resolves to null, or to the reason why it did not start. */
export function launch(program: Launch): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(program.file, program.args, { detached: true, stdio: 'ignore', shell: false });
    child.once('error', (error) => resolve(error.message));
    child.once('spawn', () => {
      child.unref();
      resolve(null);
    });
  });
}
