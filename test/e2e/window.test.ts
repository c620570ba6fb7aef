import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { startWindowHost, type WindowHost } from './support/host.ts';
import { openWindow } from './support/page.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const BLOTTERS = ['Working orders', 'Order history', 'Fills', 'Strategies', 'Alerts', 'Positions'];

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

async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  );
}

async function preset(page: Page, settings: Record<string, string>): Promise<void> {
  await page.addInitScript((state) => {
    localStorage.setItem('tradewright.settings', JSON.stringify({ state, version: 1 }));
  }, settings);
}

describe('the window', () => {
  test('says PAPER in the bar and the title, takes the token out of the address and shows no error', async () => {
    const window = await openWindow(browser, host.url);
    expect(await window.page.getByTestId('mode').textContent()).toBe('PAPER');
    expect(await window.page.title()).toMatch(/^PAPER .+ · Tradewright$/);
    expect(window.page.url()).not.toContain('token');
    expect(await window.page.getByRole('button', { name: 'HALT', exact: true }).isVisible()).toBe(true);
    await window.page.reload();
    await window.page.locator('[row-id]').first().waitFor();
    expect(window.errors).toEqual([]);
    await window.close();
  });

  test('draws candles with volume and averages', async () => {
    const window = await openWindow(browser, host.url);
    await expect.poll(() => window.page.evaluate(() => globalThis.window.chartState?.()?.bars ?? 0)).toBeGreaterThan(1);
    const state = await window.page.evaluate(() => globalThis.window.chartState?.());
    expect(state?.indicators.toSorted()).toEqual(['MA', 'VOL']);
    await window.page.getByRole('combobox', { name: 'Timeframe' }).click();
    await window.page.getByRole('option', { name: '5m', exact: true }).click();
    await expect.poll(() => window.page.evaluate(() => globalThis.window.chartState?.()?.bars ?? 0)).toBeGreaterThan(0);
    await window.close();
  });

  test('breaks no content security policy with every panel, menu and dialog used', async () => {
    const window = await openWindow(browser, host.url);
    const { page } = window;
    for (const name of BLOTTERS) await page.getByRole('tab', { name }).click();
    await page.getByRole('button', { name: 'View', exact: true }).click();
    await page.getByRole('menuitemradio', { name: 'Light' }).click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Symbol or command').fill('eth');
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Time in force' }).click();
    // Escape closes what has the focus: the list must have it first.
    await page.getByRole('option', { name: 'GTC' }).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('option');
    await page.keyboard.press('Escape');
    await page.getByRole('option', { name: 'GTC' }).waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Safety' }).click();
    await page.getByRole('button', { name: 'Close', exact: true }).first().click();
    await page.getByRole('searchbox', { name: 'Filter symbols' }).fill('btc');
    await page.locator('[data-panel="watchlist"] .ag-header-cell').first().click();
    expect(await window.violations()).toEqual([]);
    // The control: the policy is there and the listener hears it.
    await page.evaluate(() => {
      const style = document.createElement('style');
      style.textContent = 'body{outline:0}';
      document.head.append(style);
    });
    await expect.poll(async () => (await window.violations()).length).toBe(1);
    await window.close();
  });

  for (const theme of ['dark', 'light']) {
    for (const palette of ['green-red', 'blue-orange', 'red-green']) {
      test(`has no accessibility violation in ${theme} with ${palette}`, async () => {
        const window = await openWindow(browser, host.url, (page) =>
          preset(page, { theme, palette, density: 'default', zone: 'IST' }),
        );
        expect(await violationsOf(window.page)).toEqual([]);
        await window.page.getByRole('button', { name: 'Safety' }).click();
        await window.page.getByRole('tab', { name: 'Strategies' }).click();
        expect(await violationsOf(window.page)).toEqual([]);
        await window.page.keyboard.press('Control+k');
        await window.page.getByPlaceholder('Symbol or command').waitFor();
        expect(await violationsOf(window.page)).toEqual([]);
        await window.close();
      });
    }
  }

  test('brings a changed layout back, and a corrupt one becomes the default with a notice', async () => {
    const window = await openWindow(browser, host.url);
    const { page } = window;
    await page.getByRole('tab', { name: 'Fills' }).click();
    await expect
      .poll(() => page.evaluate(() => localStorage.getItem('tradewright.layout.1') ?? ''))
      .toContain('"activeView":"fills"');
    await page.reload();
    await page.locator('[data-panel="watchlist"] [row-id]').first().waitFor();
    expect(await page.getByRole('tab', { name: 'Fills' }).getAttribute('aria-selected')).toBe('true');
    await page.evaluate(() => localStorage.setItem('tradewright.layout.1', '{"grid":{},"panels":{"nonsense":{}}}'));
    await page.reload();
    await page.getByText('The saved layout could not be read').waitFor();
    await page.getByTestId('primary').waitFor();
    await window.close();
  });

  test('filters the watchlist and changes chart, ticket and depth together', async () => {
    const window = await openWindow(browser, host.url);
    const { page } = window;
    await page.keyboard.press('/');
    await page.keyboard.type('ETH');
    await expect.poll(() => page.locator('[data-panel="watchlist"] [role="row"][row-id]').count()).toBe(1);
    await page.keyboard.press('Enter');
    await page.locator('[data-panel="ticket"] h2', { hasText: 'ETH' }).waitFor();
    await page.locator('[data-panel="chart"] h2', { hasText: 'ETH' }).waitFor();
    await page.getByRole('table', { name: /Order book of ETH/ }).waitFor();
    await window.close();
  });
});
