import AxeBuilder from '@axe-core/playwright';
import type { Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { startWindowHost, type WindowHost } from './support/host.ts';
import { openWindow, type OpenedWindow } from './support/page.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const LOOKS = [
  { theme: 'dark', palette: 'green-red' },
  { theme: 'light', palette: 'green-red' },
  { theme: 'dark', palette: 'blue-orange' },
  { theme: 'light', palette: 'blue-orange' },
  { theme: 'dark', palette: 'red-green' },
  { theme: 'light', palette: 'red-green' },
] as const;

let browser: Browser;
let host: WindowHost;
let window: OpenedWindow;
beforeAll(async () => {
  browser = await launchBrowser();
  host = await startWindowHost();
});
beforeEach(async () => {
  window = await openWindow(browser, host.url);
});
afterEach(() => window.close());
afterAll(async () => {
  await browser?.close();
  await host?.close();
});

const rail = () => window.page.getByRole('navigation', { name: 'Screens' });

describe('the screens', () => {
  test('open from the rail, are named there, show HALT, and have no accessibility violation', async () => {
    const { page } = window;
    const names = await rail().getByRole('button').allTextContents();
    expect(names.length).toBeGreaterThan(4);
    for (const name of names.slice(1)) {
      await rail().getByRole('button', { name }).click();
      await page.locator('[data-screen]').waitFor();
      expect(await rail().getByRole('button', { name }).getAttribute('aria-current')).toBe('page');
      expect(await page.getByRole('button', { name: 'HALT', exact: true }).isVisible()).toBe(true);
      await page.locator('[data-screen] h2').first().waitFor();
      for (const { theme, palette } of LOOKS) {
        await page.evaluate((look) => Object.assign(document.documentElement.dataset, look), { theme, palette });
        // Only colours differ between looks: the rest is asked once.
        const axe = new AxeBuilder({ page });
        const isFirst = theme === LOOKS[0].theme && palette === LOOKS[0].palette;
        const { violations } = await (isFirst ? axe.withTags(TAGS) : axe.withRules(['color-contrast'])).analyze();
        expect(
          violations.map(
            ({ id, nodes }) =>
              `${name} ${theme} ${palette} ${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
          ),
        ).toEqual([]);
      }
    }
    expect(window.errors).toEqual([]);
    expect(await window.violations()).toEqual([]);
  });

  test('leave the workspace and a half-written ticket as they were; B goes back to it from anywhere', async () => {
    const { page } = window;
    await page.getByLabel('Quantity', { exact: true }).fill('0.125');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+2');
    await page.locator('[data-screen="positions"]').waitFor();
    // Nothing behind the screen can be reached.
    await page.getByLabel('Quantity', { exact: true }).evaluate((field) => field.focus());
    expect(await page.evaluate(() => document.activeElement?.id)).not.toBe('ticket-quantity');
    await page.keyboard.press('Control+1');
    await page.locator('[data-screen]').waitFor({ state: 'detached' });
    expect(await page.getByLabel('Quantity', { exact: true }).inputValue()).toBe('0.125');
    await page.locator('body').click({ position: { x: 4, y: 60 } });
    await page.keyboard.press('Control+3');
    await page.locator('[data-screen="orders"]').waitFor();
    await page.keyboard.press('b');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('ticket-quantity');
    expect(await page.locator('[data-screen]').count()).toBe(0);
  });

  test('say what they are when the engine is gone: last known, read-only, or not to be read', async () => {
    const own = await startWindowHost();
    const lost = await openWindow(browser, own.url);
    const { page } = lost;
    try {
      const screens = page.getByRole('navigation', { name: 'Screens' });
      // In a browser the page itself comes from the engine: only what was opened once is there without it.
      for (const [name, heading] of [
        ['Results', 'Performance'],
        ['Journal', 'Trade journal'],
      ] as const) {
        await screens.getByRole('button', { name }).click();
        await page.getByRole('heading', { name: heading }).waitFor();
      }
      await screens.getByRole('button', { name: 'Settings' }).click();
      await page.getByRole('button', { name: 'Risk limits' }).click();
      await page.getByLabel('Drawdown').waitFor();
      await own.close();
      await page.getByText('Engine not reachable').waitFor();
      await page.getByText('Read-only: the engine is not reachable.').waitFor();
      expect(await page.getByLabel('Drawdown').isDisabled()).toBe(true);
      await page.getByText(/these are the last known figures/).waitFor();
      await screens.getByRole('button', { name: 'Results' }).click();
      await page.getByText('The performance cannot be read').waitFor();
      await screens.getByRole('button', { name: 'Journal' }).click();
      await page.getByText('The trades cannot be read').waitFor();
      const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
      expect(violations.map(({ id }) => id)).toEqual([]);
    } finally {
      await lost.close();
    }
  });
});
