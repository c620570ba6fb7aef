import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CONTEXT, launchBrowser } from '../support/browser.ts';
import { type FakeHost, startFakeHost } from './support/host.ts';
import { openWindow, type OpenedWindow } from './support/page.ts';

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

const rows = () => page.locator('[data-panel="watchlist"] [role="row"][row-id]');
const filter = () => page.getByRole('searchbox');

async function lists(item: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: 'Lists' }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

async function newList(name: string): Promise<void> {
  await lists('New list…');
  await page.getByLabel('Name').fill(name);
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: 'List', exact: true }).filter({ hasText: name }).waitFor();
}

/** Times at which a cell began to flash, by row, as the page saw them. */
async function flashes(target: Page, ms: number): Promise<Record<string, number[]>> {
  return target.evaluate(async (span) => {
    const seen: Record<string, number[]> = {};
    const observer = new MutationObserver((changes) => {
      // One flash changes the class several times within one turn.
      const cells = new Set(
        changes
          .filter(({ oldValue }) => !(oldValue ?? '').split(/\s+/).includes('ag-cell-data-changed'))
          .map(({ target: cell }) => cell as HTMLElement)
          .filter((cell) => cell.classList.contains('ag-cell-data-changed')),
      );
      for (const cell of cells) {
        const key = `${cell.closest('[row-id]')?.getAttribute('row-id')} ${cell.getAttribute('col-id')}`;
        (seen[key] ??= []).push(performance.now());
      }
    });
    const panel = document.querySelector('[data-panel="watchlist"]');
    if (panel !== null)
      observer.observe(panel, { subtree: true, attributes: true, attributeFilter: ['class'], attributeOldValue: true });
    await new Promise((done) => setTimeout(done, span));
    observer.disconnect();
    return seen;
  }, ms);
}

describe('the watchlist', () => {
  test('keeps named lists of symbols: added from the filter, removed with a key, there after a reload', async () => {
    const all = await rows().count();
    await newList('Majors');
    await expect.poll(() => rows().count()).toBe(1);
    await filter().fill('eth');
    await page.getByRole('button', { name: /ETH\/USDT.*add to Majors/ }).click();
    await expect.poll(() => rows().count()).toBe(2);
    await filter().fill('infy');
    await page.getByRole('button', { name: /INFY.*add to Majors/ }).click();
    await expect.poll(() => rows().count()).toBe(3);
    await page.reload();
    await expect.poll(() => rows().count()).toBe(3);
    await page.locator('[data-panel="watchlist"] [row-id="INFY.NSE"] [col-id="symbol"]').click();
    await page.keyboard.press('Delete');
    await expect.poll(() => rows().count()).toBe(2);
    await lists(/^Delete Majors/);
    await expect.poll(() => rows().count()).toBe(all);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => rows().count()).toBe(2);
  });

  test('an empty list says how to fill it, and a name is used once', async () => {
    await newList('One');
    await page.locator('[data-panel="watchlist"] [row-id] [col-id="symbol"]').first().click();
    await page.keyboard.press('Delete');
    await page.getByText('One is empty').waitFor();
    await lists('New list…');
    await page.getByLabel('Name').fill('One');
    await page.keyboard.press('Enter');
    await page.getByText('"One" exists already').waitFor();
  });

  test('draws the last hour of the rows in sight', async () => {
    const lines = page.locator('[data-panel="watchlist"] [col-id="spark"] path');
    await expect.poll(() => lines.count(), { timeout: 30_000 }).toBeGreaterThan(5);
    expect(await lines.first().getAttribute('d')).toMatch(/^M0\.0 [\d.]+(L[\d.]+ [\d.]+){10,}/);
  });

  test('a thousand symbols that tick: only rows in sight have elements, and the filter finds any of them', async () => {
    const { market } = host.lively.control;
    const model = market.instruments.get('SOLUSDT.BINANCE');
    if (model === undefined) throw new Error('the market has no SOL');
    for (let index = 0; index < 1_000; index += 1) {
      const base = `C${String(index).padStart(4, '0')}`;
      const id = `${base}USDT.BINANCE`;
      market.instruments.set(id, { ...model, id, base, symbol: `${base}USDT` });
      market.last.set(id, 100 + index);
      market.opens.set(id, 100 + index);
    }
    await page.reload();
    await page.getByRole('combobox', { name: 'List', exact: true }).click();
    await page.getByRole('option', { name: /All\s*1016/ }).click();
    expect(await rows().count()).toBeLessThan(80);
    await filter().fill('c0777');
    await expect.poll(() => rows().count()).toBe(1);
    await filter().fill('');
    await expect.poll(() => rows().count()).toBeGreaterThan(10);
    // A row far down has no element until it is scrolled to.
    const far = page.locator('[data-panel="watchlist"] [row-id="C0990USDT.BINANCE"]');
    expect(await far.count()).toBe(0);
    await page.locator('[data-panel="watchlist"] [row-id]').first().hover();
    await expect
      .poll(async () => {
        await page.mouse.wheel(0, 8_000);
        return far.count();
      })
      .toBe(1);
  });

  test('no cell flashes more than three times in any second', async () => {
    const seen = await flashes(page, 4_000);
    expect(Object.keys(seen).length).toBeGreaterThan(0);
    for (const times of Object.values(seen)) {
      for (const [index, time] of times.entries()) {
        const fourth = times[index + 3];
        if (fourth !== undefined) expect(fourth - time).toBeGreaterThan(950);
      }
    }
  });

  test('nothing flashes under reduced motion', async () => {
    const context = await browser.newContext({ ...CONTEXT, reducedMotion: 'reduce' });
    const calm = await context.newPage();
    await calm.goto(host.url);
    await calm.locator('[data-panel="watchlist"] [role="row"][row-id]').first().waitFor();
    expect(await flashes(calm, 1_500)).toEqual({});
    await context.close();
  });
});
