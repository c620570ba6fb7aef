import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { blank } from '../fakes/lively-workstation.ts';
import { launchBrowser } from '../support/browser.ts';
import { type FakeHost, startFakeHost } from './support/host.ts';
import { openWindow, type OpenedWindow } from './support/page.ts';

const BTC = 'BTCUSDT.BINANCE';

let browser: Browser;
let host: FakeHost;
let window: OpenedWindow;
let page: Page;
beforeAll(async () => {
  browser = await launchBrowser();
});
beforeEach(async () => {
  host = await startFakeHost();
  window = await openWindow(browser, host.url);
  ({ page } = window);
});
afterEach(async () => {
  await window.close();
  await host.close();
});
afterAll(() => browser?.close());

const row = () => page.locator(`[data-panel="watchlist"] [role="row"][row-id="${BTC}"]`);

describe('states of the panels', () => {
  test('empty panels say why and offer one action', async () => {
    await page.getByText('No open positions').waitFor();
    await page.getByRole('button', { name: 'Go to the order ticket' }).click();
    expect(await page.getByLabel('Quantity').evaluate((field) => field === document.activeElement)).toBe(true);
    for (const [tab, words] of [
      ['Working orders', 'No working orders'],
      ['Order history', 'No closed orders yet'],
      ['Fills', 'No fills yet'],
      ['Alerts', 'No alerts'],
    ] as const) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByText(words).waitFor();
    }
  });

  test('a stale quote is hatched, shows its age and marks chart and depth', async () => {
    host.lively.control.market.staleSince.set(BTC, Date.now() - 14_000);
    host.lively.control.market.onQuote.emit(BTC);
    host.lively.control.market.onBook.get(BTC)?.emit();
    await expect.poll(() => row().getAttribute('class')).toContain('stale-hatch');
    await expect.poll(() => row().locator('[col-id="age"]').textContent()).toMatch(/^1[4-9] s$/);
    await page.getByText(/DEPTH STALE 1\d s/).waitFor();
    await page.getByText('1 of 16 stale').waitFor();
  });

  test('a position on a stale mark is printed as about, with the age of the mark', async () => {
    host.lively.take({ ...blank('paper', BTC, 'buy', '0.25'), idempotencyKey: 'seed-0001' });
    await page.locator('[data-panel="positions"] [row-id]').waitFor();
    host.lively.control.market.staleSince.set(BTC, Date.now() - 14_000);
    const unrealised = page.locator('[data-panel="positions"] [row-id] [col-id="unrealised"]');
    await expect.poll(() => unrealised.textContent()).toMatch(/^≈ .+ · 1\d s$/);
  });

  test('without the engine every figure is in doubt and the ticket sends nothing', async () => {
    await host.close();
    await page.getByText('Engine not reachable').waitFor();
    await expect.poll(() => row().getAttribute('class')).toContain('stale-hatch');
    await page.getByText('NOT CONNECTED').waitFor();
    expect(await page.getByTestId('primary').isDisabled()).toBe(true);
  });

  test('frozen quotes stand still and go on', async () => {
    const last = row().locator('[col-id="last"]');
    await page.keyboard.press('f');
    await page.getByRole('button', { name: 'Quotes frozen' }).waitFor();
    await page.waitForTimeout(300);
    const held = await last.textContent();
    await page.waitForTimeout(1_000);
    expect(await last.textContent()).toBe(held);
    await page.keyboard.press('f');
    await expect.poll(() => last.textContent()).not.toBe(held);
  });

  test('a cell flashes at most three times a second', async () => {
    const flashes = await row()
      .locator('[col-id="last"]')
      .evaluate(
        (cell) =>
          new Promise<number>((resolve) => {
            let count = 0;
            const observer = new MutationObserver((records) => {
              const flashing = (classes: string) => /ag-cell-data-changed(?!-)/.test(classes);
              // What a record led to is what the next one found.
              const states = [...records.map((record) => record.oldValue ?? ''), cell.className].map(flashing);
              count += states.filter((now, index) => now && index > 0 && states[index - 1] === false).length;
            });
            observer.observe(cell, { attributes: true, attributeFilter: ['class'], attributeOldValue: true });
            setTimeout(() => resolve(count), 4_000);
          }),
      );
    expect(flashes).toBeGreaterThan(0);
    expect(flashes).toBeLessThanOrEqual(12);
  });

  test('a share is counted in lakh and crore, a coin in thousands', async () => {
    host.lively.take({ ...blank('paper-nse', 'RELIANCE.NSE', 'buy', '40'), idempotencyKey: 'seed-0003' });
    const value = page.locator('[data-panel="positions"] [row-id] [col-id="value"]');
    await expect.poll(() => value.textContent()).toMatch(/^1,1\d,\d{3}\.\d{2}$/);
    await expect.poll(() => page.locator('header').textContent()).toMatch(/10\d,\d{3}\.\d{2} USDT/);
  });

  test('closing half of a position sends one reduce-only order of half of it', async () => {
    host.lively.take({ ...blank('paper', BTC, 'buy', '0.25'), idempotencyKey: 'seed-0001' });
    await page.getByRole('button', { name: 'Close BTC/USDT' }).click();
    await page.getByRole('button', { name: '50 %' }).click();
    await page.waitForTimeout(450);
    await page.getByRole('button', { name: 'SELL 0.125 BTC · PAPER' }).click();
    await expect
      .poll(() => page.locator('[data-panel="positions"] [row-id] [col-id="quantity"]').textContent())
      .toBe('0.12500');
  });
});
