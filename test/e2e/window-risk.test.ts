import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { startWindowHost, type WindowHost } from './support/host.ts';
import { openWindow, type OpenedWindow } from './support/page.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const PALETTES = ['green-red', 'red-green', 'blue-orange'];

let browser: Browser;
let host: WindowHost;
let window: OpenedWindow;
let page: Page;
beforeAll(async () => {
  browser = await launchBrowser();
  host = await startWindowHost();
});
beforeEach(async () => {
  window = await openWindow(browser, host.url);
  ({ page } = window);
});
afterEach(() => window.close());
afterAll(async () => {
  await browser?.close();
  await host?.close();
});

async function expectAccessible(what: string, palettes = ['green-red']): Promise<void> {
  for (const theme of ['light', 'dark']) {
    for (const palette of palettes) {
      await page.evaluate(
        ([light, colours]) => Object.assign(document.documentElement.dataset, { theme: light, palette: colours }),
        [theme, palette] as const,
      );
      const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
      const found = violations.map(({ id, nodes }) => `${what} ${theme} ${palette} ${id}: ${nodes[0]?.html}`);
      expect(found).toEqual([]);
    }
  }
}

const primary = () => page.getByTestId('primary');
const parents = () => page.getByRole('table', { name: 'Parent orders' }).locator('tbody tr');

describe('the risk monitor on the real engine', () => {
  test('a limit is changed with a reason, holds at once, and its change is kept with before and after', async () => {
    await page.keyboard.press('Control+4');
    await page.getByRole('button', { name: 'Edit the limit of Daily loss' }).click();
    await page.getByLabel('Daily loss of all accounts').fill('4');
    const change = page.getByRole('button', { name: /Change the limit|Say why first/ });
    expect(await change.isDisabled()).toBe(true);
    await page.getByLabel('Reason, kept with the change').fill('smaller account this week');
    await expectAccessible('limit dialog');
    await change.click();
    await page.getByRole('row', { name: /^Daily loss.*4\.0%/ }).waitFor();
    await page.getByRole('button', { name: 'Changes of limits' }).click();
    const row = page.getByRole('table', { name: 'Changes of limits' }).getByRole('row', { name: /Daily loss/ });
    expect(await row.textContent()).toMatch(/5 %4 %smaller account this week/);
    await page.getByRole('button', { name: 'Limits', exact: true }).click();
    await page.getByText('smaller account this week').first().waitFor();
    await page.getByRole('button', { name: 'Scenarios and value at risk' }).click();
    await page.getByLabel('Asset', { exact: true }).fill('eth');
    await page.getByLabel('Move', { exact: true }).fill('-20');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('ETH −20 %').waitFor();
    await page.getByText('Unavailable:').waitFor();
    await page.locator('[data-screen]').getByRole('button', { name: 'Acknowledge all' }).click();
    await page.locator('[data-screen]').getByText('all acknowledged').waitFor();
    await expectAccessible('risk monitor', PALETTES);
    expect(window.errors).toEqual([]);
    expect(await window.violations()).toEqual([]);
  });

  test('HALT says who and since when, and RESUME asks for a reason', async () => {
    await page.keyboard.press('Control+4');
    await page.getByRole('button', { name: 'HALT all trading' }).click();
    await expect.poll(() => page.getByRole('status', { name: 'Trading state' }).textContent()).toBe('HALTED');
    await page.getByText(/by a person since \d\d:\d\d:\d\d/).waitFor();
    await page.locator('#safety-panel').getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'RESUME…' }).click();
    await expectAccessible('halted risk monitor');
    await page.getByLabel('Reason to resume').fill('tested the halt');
    await page.getByRole('button', { name: 'RESUME trading' }).click();
    await expect.poll(() => page.getByRole('status', { name: 'Trading state' }).textContent()).toBe('OK');
  });
});

describe('an algorithm from the ticket on the real engine', () => {
  test('five presses of Enter begin one parent, which is listed, paused and cancelled', async () => {
    await page.locator('.dv-tab').filter({ hasText: 'Algorithms' }).first().click();
    await page.getByText('No parent orders').waitFor();
    await page.getByRole('button', { name: 'Algorithm', exact: true }).click();
    // Far from the market: it rests until it is cancelled.
    await page.getByRole('combobox', { name: 'Algorithm', exact: true }).click();
    await page.getByRole('option', { name: /Iceberg/ }).click();
    await page.getByLabel('Worst price').fill('58000');
    await page.getByLabel('Shown at a time').fill('0.1');
    await page.getByLabel('Quantity', { exact: true }).fill('0.4');
    for (let press = 0; press < 5; press += 1) await page.keyboard.press('Enter');
    await page.getByTestId('review').waitFor();
    await expectAccessible('algorithm review');
    await expect.poll(() => primary().getAttribute('aria-disabled')).toBe('false');
    await primary().focus();
    for (let press = 0; press < 5; press += 1) await page.keyboard.press('Enter');
    await page.getByText('Begun ·').waitFor();
    await parents().first().waitFor();
    expect(await parents().count()).toBe(1);
    await page.getByRole('button', { name: /^Pause / }).click();
    await page.getByRole('button', { name: /^Resume / }).waitFor();
    await page.getByRole('button', { name: /^Cancel .*BTC/ }).click();
    await parents().filter({ hasText: 'Cancelled' }).waitFor();
    expect(await parents().count()).toBe(1);
  });

  test('a blocked one has no control that begins it, and says whose rule it is', async () => {
    await page.locator('.dv-tab').filter({ hasText: 'Algorithms' }).first().click();
    await parents().first().waitFor();
    const before = await parents().count();
    await page.getByRole('button', { name: 'Algorithm', exact: true }).click();
    await page.getByLabel('Quantity', { exact: true }).fill('150');
    await page.keyboard.press('Enter');
    await page.getByText('BLOCKED').waitFor();
    expect(await primary().count()).toBe(0);
    await page.getByRole('button', { name: 'Explain this block' }).first().click();
    await page.getByText('Allowed', { exact: true }).waitFor();
    await page.keyboard.press('Control+Enter');
    await page.waitForTimeout(500);
    await page.keyboard.press('Control+Enter');
    expect(await parents().count()).toBe(before);
    expect(await page.getByText('Begun ·').count()).toBe(0);
  });
});

test('a strategy starts within its bounds, and stopping it says what becomes of the position', async () => {
  await page.keyboard.press('Control+5');
  const start = page.getByRole('button', { name: /^Start on BTC\/USDT · PAPER/ });
  await page.getByLabel('fast', { exact: true }).fill('0');
  await page.getByText('Between 1 and 2000.').waitFor();
  expect(await start.isDisabled()).toBe(true);
  await page.getByLabel('fast', { exact: true }).fill('7');
  await start.click();
  const run = page.getByRole('table', { name: 'Strategy runs' }).locator('tbody tr');
  await run.first().waitFor();
  await page.getByText('fast 7').waitFor();
  await expectAccessible('strategies');
  await page.getByRole('button', { name: /^Stop Moving-average cross/ }).click();
  await page.getByText('nothing closes it by itself').first().waitFor();
  await page.waitForTimeout(450);
  await page.getByRole('button', { name: 'Stop the run' }).click();
  await run.filter({ hasText: 'stopped' }).waitFor();
});
