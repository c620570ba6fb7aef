import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { startWindowHost, type WindowHost } from './support/host.ts';
import { openWindow, type OpenedWindow } from './support/page.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

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

const sections = (page: Page) => page.getByRole('navigation', { name: 'Settings' });

async function openSection(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+Comma');
  await page.locator('[data-screen="settings"]').waitFor();
  await sections(page).getByRole('button', { name }).click();
  await page.locator('[data-screen="settings"] h3').first().waitFor();
}

const row = (page: Page, name: string) =>
  page.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });

async function store(page: Page, text: string): Promise<void> {
  await page.addInitScript((value) => localStorage.setItem('tradewright.settings', value), text);
}

describe('settings', () => {
  test('every section is free of accessibility violations', async () => {
    const { page } = window;
    await openSection(page, 'Appearance');
    for (const name of await sections(page).getByRole('button').allTextContents()) {
      await sections(page).getByRole('button', { name }).click();
      await expect
        .poll(() =>
          page
            .locator('[data-screen="settings"]')
            .getByText(/^Loading/)
            .count(),
        )
        .toBe(0);
      const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
      expect(
        violations.map(({ id, nodes }) => `${name} ${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`),
      ).toEqual([]);
    }
    expect(window.errors).toEqual([]);
    expect(await window.violations()).toEqual([]);
  });

  test('a key moves to other keys, a clash is refused, HALT keeps one', async () => {
    const { page } = window;
    await openSection(page, 'Hotkeys');
    const removeHalt = page.getByRole('button', { name: 'Remove the keys of HALT' });
    expect(await removeHalt.isDisabled()).toBe(true);

    await page.getByRole('button', { name: 'Change the keys of Freeze quotes' }).click();
    await page.keyboard.press('b');
    await page.getByText('B is "Buy: go to the ticket". Change that one first.').waitFor();
    // What clashed did nothing either: still here, and not in the ticket.
    expect(await page.locator('[data-screen="settings"]').count()).toBe(1);
    await page.keyboard.press('z');
    await row(page, 'Freeze quotes').getByText('Z', { exact: true }).waitFor();

    await page.reload();
    await page.getByTestId('primary').waitFor();
    await page.locator('body').click({ position: { x: 4, y: 500 } });
    await page.keyboard.press('f');
    expect(await page.getByRole('button', { name: 'Quotes frozen' }).count()).toBe(0);
    await page.keyboard.press('z');
    await page.getByRole('button', { name: 'Quotes frozen' }).waitFor();
  });

  test('HALT works while new keys are listened for, and on its own new keys', async () => {
    const own = await startWindowHost();
    const second = await openWindow(browser, own.url);
    try {
      const { page } = second;
      await openSection(page, 'Hotkeys');
      await page.getByRole('button', { name: 'Change the keys of HALT' }).click();
      await page.keyboard.press('h');
      await page.getByText(/works while you type/).waitFor();
      await page.keyboard.press('F9');
      await row(page, 'HALT').getByText('F9', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Change the keys of Search or command' }).click();
      await page.keyboard.press('F9');
      await page.getByText('TRADING HALTED').waitFor();
      expect(await row(page, 'HALT').getByText('F9', { exact: true }).count()).toBe(1);
    } finally {
      await second.close();
      await own.close();
    }
  });

  test('a limit is changed with a reason, and the engine says who and why', async () => {
    const { page } = window;
    await openSection(page, 'Risk limits');
    await page.getByLabel('Drawdown').fill('8');
    await page.getByText('10 % → 8 %').waitFor();
    await page.getByRole('button', { name: 'Change one limit' }).click();
    await page.getByText('Say why: the reason is kept with the change.').waitFor();
    await page.getByLabel('Reason, kept in the audit log').fill('smaller swings this week');
    await page.getByRole('button', { name: 'Change one limit' }).click();
    await page.getByText(/“smaller swings this week”/).waitFor();
    await page.getByLabel('Orders per second').fill('1.5');
    await page.getByText('It must be a whole number.').waitFor();
    await sections(page).getByRole('button', { name: 'Data' }).click();
    await page
      .getByRole('table', { name: 'Newest entries of the audit log' })
      .getByText('smaller swings this week')
      .first()
      .waitFor();
  });

  test('settings that cannot be read fall back with a notice, and are kept', async () => {
    const broken = await openWindow(browser, host.url, (page) => store(page, '{"state":{"theme"'));
    try {
      const { page } = broken;
      await page
        .getByText(/settings of this window could not be read/)
        .first()
        .waitFor();
      expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
      expect(await page.evaluate(() => localStorage.getItem('tradewright.settings.unreadable'))).toBe(
        '{"state":{"theme"',
      );
    } finally {
      await broken.close();
    }
  });

  test('confirmations can be raised: the quantity again, no click trading; the ticket starts with the default value', async () => {
    const state = { confirmTicket: 'retype', clickTrading: 'never', orderValue: { USDT: '1000' } };
    const careful = await openWindow(browser, host.url, (page) => store(page, JSON.stringify({ state, version: 2 })));
    try {
      const { page } = careful;
      const quantity = page.getByLabel('Quantity', { exact: true });
      await expect.poll(() => quantity.inputValue()).toMatch(/^0\.\d+$/);
      const worth = await quantity.inputValue();
      await page.getByRole('button', { name: 'Market', exact: true }).click();
      await quantity.press('Enter');
      await page.getByTestId('review').waitFor();
      const again = page.getByLabel('Type the quantity again to send');
      await again.fill('7');
      await page.getByText('Not the quantity of this order.').waitFor();
      // The 400 ms of a second press have passed when this is refused for the quantity alone.
      await page.waitForTimeout(500);
      await page.getByTestId('primary').click({ force: true });
      await page.keyboard.press('Control+Enter');
      expect(await page.getByTestId('review').count()).toBe(1);
      await again.fill(worth);
      await page.getByTestId('primary').click();
      await page.getByTestId('review').waitFor({ state: 'detached' });
      await page
        .getByTitle('Not now: click trading is switched off in the settings')
        .first()
        .waitFor({ state: 'attached' });
    } finally {
      await careful.close();
    }
  });
});
