import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { startWindowHost, type WindowHost } from './support/host.ts';
import { keyboardOnly, openWindow, type OpenedWindow } from './support/page.ts';

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

const heading = (panel: string) => page.locator(`[data-panel="${panel}"] h2`).first();
const panels = () =>
  page
    .locator('[data-panel]')
    .evaluateAll((all) => all.map((each) => each.getAttribute('data-panel') ?? '').toSorted());
const storedLayout = () => page.evaluate(() => localStorage.getItem('tradewright.layout.1') ?? '');

async function workspace(item: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: 'Workspace', exact: true }).click();
  await page.getByRole('menuitem', { name: item, exact: typeof item === 'string' }).click();
}

async function link(panel: string, choice: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^${panel}: `) }).click();
  await page.getByRole('menuitemradio', { name: choice }).click();
}

async function choose(symbol: string): Promise<void> {
  await page.locator('[data-panel="watchlist"]').getByRole('searchbox').fill(symbol);
  await page.keyboard.press('Enter');
}

async function command(name: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Symbol or command').fill(name);
  await page.keyboard.press('Enter');
}

describe('link groups', () => {
  test('panels of one group follow one symbol, and a panel of another group keeps its own', async () => {
    await workspace('New chart');
    await heading('chart-2').waitFor();
    await link('Chart 2', 'Group B');
    await choose('ETH');
    for (const panel of ['chart', 'depth', 'tape', 'ticket'])
      await expect.poll(() => heading(panel).textContent()).toContain('ETH');
    expect(await heading('chart-2').textContent()).toContain('BTC');
    // The watchlist leads the group it is in.
    await link('Watchlist', 'Group B');
    await choose('SOL');
    await expect.poll(() => heading('chart-2').textContent()).toContain('SOL');
    expect(await heading('ticket').textContent()).toContain('ETH');
    // A joiner shows what the group shows, at once.
    await link('Time & sales', 'Group B');
    await expect.poll(() => heading('tape').textContent()).toContain('SOL');
    await link('Depth', 'Not linked');
    await link('Watchlist', 'Group A');
    await choose('DOGE');
    await expect.poll(() => heading('chart').textContent()).toContain('DOGE');
    expect(await heading('depth').textContent()).toContain('ETH');
  });

  test('a chart of another group trades on the account that can pay for its symbol', async () => {
    await link('Depth', 'Group B');
    await link('Watchlist', 'Group B');
    await choose('RELIANCE');
    await expect.poll(() => heading('depth').textContent()).toContain('RELIANCE');
    expect(await heading('ticket').textContent()).toContain('BTC');
    expect(await page.getByRole('combobox', { name: 'Account' }).textContent()).toContain('USDT');
  });

  test('the crosshair of one chart is on the others of its group', async () => {
    await workspace('Two charts');
    await heading('chart-2').waitFor();
    const state = (panel: string) => page.evaluate((name) => globalThis.window.chartState?.(name) ?? null, panel);
    await expect.poll(async () => (await state('chart-2'))?.bars ?? 0).toBeGreaterThan(10);
    await expect.poll(async () => (await state('chart'))?.bars ?? 0).toBeGreaterThan(10);
    const box = await page.locator('[data-panel="chart"] [role="img"]').boundingBox();
    if (box === null) throw new Error('no chart');
    await page.mouse.move(box.x + 40, box.y + 60);
    await page.mouse.move(box.x + 60, box.y + 80, { steps: 3 });
    await expect.poll(async () => (await state('chart-2'))?.crosshair ?? null).not.toBeNull();
    const [one, two] = [await state('chart'), await state('chart-2')];
    expect(two?.crosshair).toBe(one?.crosshair);
    await link('Chart 2', 'Group C');
    await page.mouse.move(box.x + 90, box.y + 80, { steps: 3 });
    await expect.poll(async () => (await state('chart'))?.crosshair).not.toBe(one?.crosshair);
    expect((await state('chart-2'))?.crosshair ?? one?.crosshair).toBe(one?.crosshair);
  });
});

describe('layouts', () => {
  test('a named layout comes back with its panels, symbols and settings', async () => {
    await workspace('Two charts');
    await heading('chart-2').waitFor();
    await link('Chart 2', 'Group B');
    await page.locator('[data-panel="chart-2"]').getByRole('combobox', { name: 'Timeframe' }).click();
    await page.getByRole('option', { name: '15m', exact: true }).click();
    await workspace('Save layout as…');
    await page.getByLabel('Name').fill('Two screens');
    await page.keyboard.press('Enter');
    await page.getByText('Layout saved as "Two screens"').waitFor();
    await workspace('Reset layout');
    await expect.poll(() => panels()).not.toContain('chart-2');
    await page.reload();
    await heading('chart').waitFor();
    await choose('ETH');
    await expect.poll(() => heading('ticket').textContent()).toContain('ETH');
    await workspace('Two screens');
    await heading('chart-2').waitFor();
    await expect
      .poll(() => page.locator('[data-panel="chart-2"]').getByRole('combobox', { name: 'Timeframe' }).textContent())
      .toContain('15m');
    await page.getByRole('button', { name: 'Chart 2: link group B' }).waitFor();
    await expect.poll(() => heading('ticket').textContent()).toContain('BTC');
    await page.getByRole('button', { name: 'Workspace', exact: true }).click();
    await page.getByRole('menuitem', { name: /Delete a layout/ }).click();
    await page.getByRole('menuitem', { name: 'Delete Two screens' }).click();
    await page.getByText('Layout "Two screens" deleted').waitFor();
  });

  test('an exported layout can be imported, and a file that is none changes nothing', async () => {
    await workspace('Four charts');
    await heading('chart-4').waitFor();
    const downloading = page.waitForEvent('download');
    await workspace('Export layout');
    const file = await (await downloading).path();
    const exported = JSON.parse(await readFile(file, 'utf8')) as { panels: object };
    expect(Object.keys(exported.panels)).toContain('chart-4');
    await workspace('One chart');
    await expect.poll(() => panels()).not.toContain('chart-4');
    await page.getByLabel('Layout file').setInputFiles(file);
    await expect.poll(() => panels()).toContain('chart-4');
    const before = await panels();
    for (const text of [
      '{"grid":',
      '[]',
      '{"grid":{},"panels":{"gone":{"contentComponent":"gone"}}}',
      '{"grid":{"root":{}},"panels":{"chart":{}}}',
    ]) {
      await page
        .getByLabel('Layout file')
        .setInputFiles({ name: 'broken.json', mimeType: 'application/json', buffer: Buffer.from(text) });
      await page.getByText('broken.json is no layout of this version').first().waitFor();
      expect(await panels()).toEqual(before);
    }
  });

  test('a damaged layout in the store becomes the default one with a notice', async () => {
    await expect.poll(() => storedLayout()).toContain('"panels"');
    for (const damage of [
      (text: string) => text.slice(0, text.length / 2),
      (text: string) => text.replaceAll('"contentComponent":"tape"', '"contentComponent":"chart"'),
      (text: string) => text.replace('"grid":{', '"grid":{"root":null,"x":{') + '}',
    ]) {
      const text = damage(await storedLayout());
      await page.evaluate((stored) => localStorage.setItem('tradewright.layout.1', stored), text);
      await page.reload();
      await page.getByText('The saved layout could not be read').waitFor();
      await page.getByTestId('primary').waitFor();
      expect(await panels()).toContain('tape');
      await expect.poll(() => storedLayout()).toContain('"contentComponent":"tape"');
    }
  });

  test('panels are added, moved and closed with the keyboard alone', async () => {
    keyboardOnly(page);
    await command('New chart');
    await heading('chart-2').waitFor();
    const left = async () => (await page.locator('[data-panel="chart-2"]').boundingBox())?.x ?? 0;
    const before = await left();
    await command('Move panel right');
    await expect.poll(left).not.toBe(before);
    await command('Close panel');
    await expect.poll(() => panels()).not.toContain('chart-2');
  });
});
