import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { startWindowHost, type WindowHost } from './support/host.ts';
import { ladderOf } from './support/ladder.ts';
import { openWindow, type OpenedWindow } from './support/page.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

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

async function violations(): Promise<string[]> {
  const found = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  );
}

/** Rows of 50 USDT: an order some rows below the touch rests, wherever the market goes meanwhile. */
async function coarseRows(): Promise<void> {
  await page.getByRole('combobox', { name: 'Price distance of a row' }).click();
  await page.getByRole('option', { name: '50', exact: true }).click();
}

describe('the ladder on the real engine', () => {
  test('a click becomes a working order in the ladder, the blotter and the chart; a crossing one is filled', async () => {
    const ladder = ladderOf(page);
    await ladder.best('bid');
    await coarseRows();
    await ladder.arm('0.01');
    const low = await ladder.place('bid', 5);
    await page.mouse.click(low.x, low.y);
    const resting = ladder.root.getByRole('button', { name: /^Buy 0.01 at/ });
    await resting.waitFor();
    await expect
      .poll(() => page.evaluate(() => globalThis.window.chartState?.()?.lines.map(({ id }) => id.split('/')[1]) ?? []))
      .toContain('price');
    await page.getByRole('tab', { name: 'Working orders' }).click();
    await page.locator('[data-panel="working"] [row-id]').first().waitFor();
    await ladder.root.getByRole('button', { name: 'Cancel buy 0.01' }).first().click();
    await resting.waitFor({ state: 'hidden' });
    // Turning to the blotter disarmed it.
    expect(await ladder.isArmed()).toBe(false);
    await ladder.arm('0.01');
    await ladder.root.getByRole('button', { name: 'Buy mkt' }).click();
    await ladder.root.getByText(/^Filled · BUY 0.01 BTC at market/).waitFor();
    await ladder.root.getByText(/^Long 0.01 @/).waitFor();
  });

  test('what the engine refuses is not sent, says why and goes to the ticket', async () => {
    const ladder = ladderOf(page);
    await ladder.best('bid');
    await ladder.arm('900');
    const at = await ladder.place('bid', 3);
    await page.mouse.click(at.x, at.y);
    await ladder.root.getByText(/^Not sent:/).waitFor();
    await ladder.root.getByRole('button', { name: 'Open in the ticket' }).click();
    expect(await page.getByLabel('Quantity', { exact: true }).inputValue()).toBe('900');
    expect(Number(await page.getByLabel('Limit price').inputValue())).toBe(Number(at.price));
    await expect.poll(() => ladder.isArmed()).toBe(false);
  });

  test('has no accessibility violation while armed with an own order, with menus open', async () => {
    const ladder = ladderOf(page);
    await ladder.best('bid');
    await coarseRows();
    await ladder.arm('0.01');
    const low = await ladder.place('bid', 5);
    await page.mouse.click(low.x, low.y);
    await ladder.root.getByRole('button', { name: /^Buy 0.01 at/ }).waitFor();
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'Indicators' }).click();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Workspace' }).click();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /Chart: link group A/ }).click();
    expect(await violations()).toEqual([]);
  });
});

describe('time and sales', () => {
  const rows = () => page.locator('[data-panel="tape"] .tape-row:not([hidden])');
  /** As drawn: the row on top first. */
  const shown = () =>
    rows().evaluateAll((elements) =>
      elements
        .map((element) => ({
          index: Number(element.getAttribute('aria-rowindex')),
          side: (element as HTMLElement).dataset['side'] ?? '',
          large: (element as HTMLElement).dataset['large'] === 'true',
          price: element.children[1]?.textContent ?? '',
          size: Number((element.children[2]?.textContent ?? '').replaceAll(',', '')),
          time: element.children[0]?.textContent ?? '',
        }))
        .toSorted((a, b) => a.index - b.index),
    );

  test('shows trades newest first, with the aggressor as colour and glyph', async () => {
    await expect.poll(async () => (await shown()).length).toBeGreaterThan(5);
    const trades = await shown();
    expect(trades.map(({ time }) => time)).toEqual(
      trades
        .map(({ time }) => time)
        .toSorted()
        .toReversed(),
    );
    for (const { side, price } of trades) expect(price.startsWith(side === 'buy' ? '▲' : '▼')).toBe(true);
    // No more rows than are in sight, however many trades there were.
    const box = await page.locator('[data-panel="tape"] [role="region"]').boundingBox();
    expect(await rows().count()).toBeLessThanOrEqual(Math.ceil((box?.height ?? 0) / 20) + 8);
  });

  test('filters by aggressor and size, and highlights large trades', async () => {
    await expect.poll(async () => (await shown()).length).toBeGreaterThan(5);
    await page.locator('[data-panel="tape"]').getByRole('button', { name: '▲' }).click();
    await expect.poll(async () => (await shown()).every(({ side }) => side === 'buy')).toBe(true);
    await page.getByLabel('Smallest size shown').fill('0.02');
    await expect.poll(async () => (await shown()).every(({ size }) => size >= 0.02)).toBe(true);
    await page.getByLabel('Size that stands out').fill('0.05');
    await expect.poll(async () => (await shown()).every(({ size, large }) => large === size >= 0.05)).toBe(true);
    await page.getByLabel('Size that stands out').fill('0.0001');
    await expect.poll(async () => (await shown()).every(({ large }) => large)).toBe(true);
  });

  test('keeps the trades a reader looks at in place while newer ones come', async () => {
    await expect.poll(async () => (await shown()).length).toBeGreaterThan(8);
    const region = page.locator('[data-panel="tape"] [role="region"]');
    await region.evaluate((element) => element.scrollTo({ top: 60 }));
    await page.getByRole('button', { name: '↑ Newest' }).waitFor();
    const top = () => region.evaluate((element) => element.scrollTop);
    const first = await top();
    await expect.poll(top).toBeGreaterThan(first);
    await page.getByRole('button', { name: '↑ Newest' }).click();
    await expect.poll(top).toBe(0);
  });

  test('a tick renders no React: rows are the same elements before and after', async () => {
    await expect.poll(async () => (await shown()).length).toBeGreaterThan(5);
    await rows()
      .first()
      .evaluate((element) => Object.assign(element, { kept: true }));
    const newest = async () => (await shown())[0];
    const before = await newest();
    await expect.poll(newest).not.toEqual(before);
    expect(
      await rows()
        .first()
        .evaluate((element) => (element as HTMLElement & { kept?: boolean }).kept),
    ).toBe(true);
  });
});
