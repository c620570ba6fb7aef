import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright';

function onPath(): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) {
      const file = join(folder, name);
      if (folder !== '' && existsSync(file)) return file;
    }
  }
  return null;
}

async function packaged(): Promise<string> {
  const { default: sparticuz } = await import('@sparticuz/chromium');
  return sparticuz.executablePath();
}

/** CHROMIUM_PATH, then Playwright's own, then one of the system, then the packaged one. */
async function browserPath(): Promise<string> {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') return named;
  const own = chromium.executablePath();
  if (own !== '' && existsSync(own)) return own;
  return onPath() ?? (await packaged());
}

export async function launchBrowser(): Promise<Browser> {
  // Not the packaged browser's own arguments: some of them switch off what these tests are about.
  return chromium.launch({ executablePath: await browserPath(), args: ['--no-sandbox'] });
}

/** Its default locale under LANG=C is no language tag, which breaks Intl. */
export const CONTEXT = { locale: 'en-US', viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 } as const;
