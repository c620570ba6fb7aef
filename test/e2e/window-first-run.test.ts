import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { apiOf } from './support/api.ts';
import { startWindowHost, type WindowHost } from './support/host.ts';
import { openWindow } from './support/page.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

let browser: Browser;
let host: WindowHost;
beforeAll(async () => {
  browser = await launchBrowser();
  host = await startWindowHost();
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
});

/** A window that was never open before; what it keeps from then on stays over a reload. */
async function neverOpened(page: Page): Promise<void> {
  await page.addInitScript(() => {
    if (sessionStorage.getItem('begun') !== null) return;
    sessionStorage.setItem('begun', 'yes');
    localStorage.removeItem('tradewright.first-run');
  });
}

const guide = (page: Page) => page.getByRole('complementary', { name: 'First steps' });

async function expectAccessible(page: Page, step: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(TAGS)
    .include('aside[aria-label="First steps"]')
    .analyze();
  expect(
    violations.map(({ id, nodes }) => `${step} ${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`),
  ).toEqual([]);
}

describe('the first steps', () => {
  test('lead from looks to a protected paper trade and HALT, resume where they were left, and never come again', async () => {
    const window = await openWindow(browser, host.url, neverOpened);
    const { page } = window;
    const api = apiOf(host.url);
    try {
      await guide(page).getByRole('heading', { name: 'How it looks' }).waitFor();
      await guide(page).getByRole('button', { name: 'Blue / orange' }).click();
      await expectAccessible(page, 'looks');
      await guide(page).getByRole('button', { name: 'Looks right' }).click();

      await guide(page).getByRole('heading', { name: 'Paper money' }).waitFor();
      await expectAccessible(page, 'account');
      await page.reload();
      await page.getByTestId('primary').waitFor();
      await guide(page).getByRole('heading', { name: 'Paper money' }).waitFor();
      expect(await page.evaluate(() => document.documentElement.dataset['palette'])).toBe('blue-orange');
      await guide(page).getByLabel('Another starting capital').fill('25,000');
      await guide(page).getByRole('button', { name: 'Begin again with this capital' }).click();
      await guide(page).getByText('25,000.00 USDT').waitFor();
      await guide(page).getByRole('button', { name: /^Use / }).click();

      await guide(page).getByRole('heading', { name: 'Two limits that must be' }).waitFor();
      await expectAccessible(page, 'limits');
      expect(await guide(page).getByLabel('Largest single order').inputValue()).toBe('2500');
      await guide(page).getByLabel('Largest single order').fill('');
      expect(await guide(page).getByRole('button', { name: 'Set these limits' }).isDisabled()).toBe(true);
      await guide(page).getByLabel('Largest single order').fill('3000');
      await guide(page).getByLabel('Loss of a day that halts').fill('4');
      await guide(page).getByRole('button', { name: 'Set these limits' }).click();

      await guide(page)
        .getByRole('heading', { name: /first paper trade/ })
        .waitFor();
      const { limits } = (await api.get('/risk/limits')) as { limits: Record<string, string | null> };
      expect(limits).toMatchObject({ maxOrderNotional: '3000', maxDailyLossFraction: '0.04' });
      await guide(page)
        .getByRole('button', { name: /^Fill in the ticket/ })
        .click();
      await expect.poll(() => page.getByLabel('Stop-loss', { exact: true }).inputValue()).toMatch(/^\d+/);
      await page.getByTestId('primary').click();
      await page.getByTestId('review').waitFor();
      await expectAccessible(page, 'trade');
      await expect
        .poll(
          async () => {
            if ((await page.getByTestId('review').count()) > 0)
              await page
                .getByTestId('primary')
                .click({ timeout: 2_000 })
                .catch(() => {});
            return guide(page)
              .getByText(/its stop stands/)
              .count();
          },
          { timeout: 60_000, interval: 500 },
        )
        .toBe(1);
      await guide(page).getByRole('button', { name: 'Go on' }).click();

      await guide(page).getByRole('heading', { name: 'Press HALT once' }).waitFor();
      expect(await guide(page).getByRole('button', { name: 'Finish' }).isDisabled()).toBe(true);
      await page.keyboard.press('Control+Shift+H');
      await guide(page)
        .getByText(/still be so after a restart/)
        .waitFor();
      await expectAccessible(page, 'halt');
      await guide(page).getByRole('button', { name: 'Resume trading' }).click();
      await guide(page).getByRole('button', { name: 'Finish' }).click();
      await guide(page).waitFor({ state: 'detached' });

      await page.reload();
      await page.getByTestId('primary').waitFor();
      expect(await guide(page).count()).toBe(0);
      expect(window.errors).toEqual([]);
      expect(await window.violations()).toEqual([]);
    } finally {
      await window.close();
    }
  });

  test('can be put away and opened again from the settings', async () => {
    const window = await openWindow(browser, host.url, neverOpened);
    const { page } = window;
    try {
      await guide(page).getByRole('button', { name: 'Skip for good' }).click();
      await guide(page).waitFor({ state: 'detached' });
      await page.reload();
      await page.getByTestId('primary').waitFor();
      expect(await guide(page).count()).toBe(0);
      await page.keyboard.press('Control+Comma');
      await page.getByRole('button', { name: 'About and licences' }).click();
      await page.getByRole('button', { name: 'Open the first steps' }).click();
      await guide(page).getByRole('heading', { name: 'How it looks' }).waitFor();
    } finally {
      await window.close();
    }
  });
});
