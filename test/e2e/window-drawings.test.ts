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
  await expect.poll(async () => (await state())?.bars ?? 0).toBeGreaterThan(100);
});
afterEach(() => window.close());
afterAll(async () => {
  await browser?.close();
  await host?.close();
});

const state = () => page.evaluate(() => globalThis.window.chartState?.() ?? null);
const chart = () => page.locator('[data-panel="chart"]');

async function area(): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await chart().locator('[role="img"]').boundingBox();
  if (box === null) throw new Error('there is no chart');
  return box;
}

/** Places the points of a tool with presses far enough apart to be no double click. */
async function draw(tool: string, points: readonly (readonly [number, number])[]): Promise<void> {
  const count = (await state())?.drawings.length ?? 0;
  await chart().getByRole('button', { name: /^Draw/ }).click();
  await page.getByRole('menuitem', { name: tool, exact: true }).click();
  const { x, y } = await area();
  for (const [dx, dy] of points) {
    await page.mouse.move(x + dx, y + dy, { steps: 3 });
    await page.mouse.click(x + dx, y + dy);
    await page.waitForTimeout(700);
  }
  await expect.poll(async () => (await state())?.drawings.length).toBe(count + 1);
}

async function timeframe(name: string): Promise<void> {
  await chart().getByRole('combobox', { name: 'Timeframe' }).click();
  await page.getByRole('option', { name, exact: true }).click();
}

/** Without where they are on the screen: what is kept of them. */
const kept = async () =>
  (await state())?.drawings.map(({ id, tool, points }) => ({
    id,
    tool,
    points: points.map(({ time, price }) => ({ time, price })),
  }));

describe('drawings', () => {
  test('are kept per symbol over a reload and another timeframe, and deleted with Undo', async () => {
    await draw('Trend line', [
      [80, 90],
      [220, 160],
    ]);
    await draw('Rectangle', [
      [120, 120],
      [260, 200],
    ]);
    const before = await kept();
    expect(before?.map(({ tool }) => tool)).toEqual(['segment', 'box']);
    await page.reload();
    await expect.poll(kept).toEqual(before);
    await timeframe('5m');
    await expect.poll(kept).toEqual(before);
    await page.locator('[data-panel="watchlist"]').getByRole('searchbox').fill('ETH');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await state())?.drawings.length).toBe(0);
    await page.locator('[data-panel="watchlist"]').getByRole('searchbox').fill('BTC');
    await page.keyboard.press('Enter');
    await expect.poll(kept).toEqual(before);
    await chart().getByRole('button', { name: /^Draw/ }).click();
    await page.getByRole('menuitem', { name: /^Delete all/ }).click();
    await expect.poll(async () => (await state())?.drawings.length).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(kept).toEqual(before);
  });

  test('stand at their moment and price when older candles come in before them', async () => {
    await draw('Trend line', [
      [80, 90],
      [220, 160],
    ]);
    const before = await state();
    const drawn = await kept();
    const { x, y, width } = await area();
    await expect
      .poll(
        async () => {
          await page.mouse.move(x + 20, y + 120);
          await page.mouse.wheel(0, 300);
          await page.mouse.down();
          await page.mouse.move(x + width - 80, y + 120, { steps: 4 });
          await page.mouse.up();
          return (await state())?.firstTime ?? Number.POSITIVE_INFINITY;
        },
        { timeout: 60_000 },
      )
      .toBeLessThan(before?.firstTime ?? 0);
    expect((await state())?.bars).toBeGreaterThan(before?.bars ?? 0);
    expect(await kept()).toEqual(drawn);
    // Back at the end the points are over their own candles again: the same distance apart in candles.
    await chart().getByRole('button', { name: 'Latest' }).click();
    await expect
      .poll(async () => {
        const now = await state();
        const [first, last] = now?.drawings[0]?.points ?? [];
        if (now === null || first === undefined || last === undefined) return null;
        return Math.round((last.x - first.x) / now.barSpace);
      })
      .toBe(Math.round(((drawn?.[0]?.points[1]?.time ?? 0) - (drawn?.[0]?.points[0]?.time ?? 0)) / 60_000));
  });

  test('a damaged store costs the damaged drawings and nothing else', async () => {
    await draw('Horizontal line', [[150, 130]]);
    await page.evaluate(() => {
      const stored = JSON.parse(localStorage.getItem('tradewright.drawings') ?? '{}') as {
        state: { symbols: Record<string, unknown[]> };
      };
      for (const list of Object.values(stored.state.symbols)) list.push({ tool: 'gone' }, 7, null);
      localStorage.setItem('tradewright.drawings', JSON.stringify(stored));
    });
    await page.reload();
    await expect.poll(async () => (await state())?.drawings.length).toBe(1);
    await page.evaluate(() => localStorage.setItem('tradewright.drawings', '{"state":'));
    await page.reload();
    await expect.poll(async () => (await state())?.bars ?? 0).toBeGreaterThan(100);
    expect((await state())?.drawings).toEqual([]);
  });
});

describe('the chart', () => {
  test('keeps zoom, timeframe, indicators and their numbers in the layout', async () => {
    await chart().getByRole('button', { name: 'Indicators' }).click();
    await page.getByText('Relative strength').click();
    await page.getByLabel('Moving average: Lengths').fill('5, 20, 50');
    await page.keyboard.press('Escape');
    await timeframe('15m');
    await chart()
      .getByRole('group', { name: /chart\. Left and right/ })
      .focus();
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    const space = (await state())?.barSpace;
    expect(space).toBeGreaterThan(8);
    await expect
      .poll(() => page.evaluate(() => localStorage.getItem('tradewright.layout.1') ?? ''))
      .toContain('"barSpace":12.5');
    await page.reload();
    await expect.poll(async () => (await state())?.indicators).toEqual(['MA', 'VOL', 'RSI']);
    expect((await state())?.barSpace).toBe(space);
    expect(await chart().getByRole('combobox', { name: 'Timeframe' }).textContent()).toContain('15m');
  });

  test('says what is wrong with the numbers of an indicator and goes on with the old ones', async () => {
    await chart().getByRole('button', { name: 'Indicators' }).click();
    await page.getByLabel('Moving average: Lengths').fill('0, x');
    await page.getByText('One to 5 lengths from 1 to 500').waitFor();
    expect((await state())?.indicators).toEqual(['MA', 'VOL']);
  });

  test('shows every timeframe of the contract and three time zones', async () => {
    for (const name of ['1s', '3m', '30m', '4h', '1d']) {
      await timeframe(name);
      await expect.poll(async () => (await state())?.bars ?? 0).toBeGreaterThan(0);
    }
    for (const [name, zone] of [
      ['UTC', 'UTC'],
      ['IST', 'Asia/Kolkata'],
    ] as const) {
      await chart().getByRole('combobox', { name: 'Time zone' }).click();
      await page.getByRole('option', { name, exact: true }).click();
      await expect.poll(async () => (await state())?.zone).toBe(zone);
    }
  });

  test('is read candle by candle with the keyboard, and as a table', async () => {
    keyboardOnly(page);
    await chart()
      .getByRole('group', { name: /chart\. Left and right/ })
      .focus();
    await page.keyboard.press('ArrowLeft');
    const spoken = chart().locator('[aria-live="polite"]');
    await expect.poll(() => spoken.textContent()).toMatch(/^\d\d:\d\d IST: open [\d,.]+, high [\d,.]+, low/);
    const first = await spoken.textContent();
    await page.keyboard.press('Shift+ArrowLeft');
    await expect.poll(() => spoken.textContent()).not.toBe(first);
    await chart().getByRole('button', { name: 'Table' }).focus();
    await page.keyboard.press('Enter');
    const table = chart().getByRole('table');
    await table.waitFor();
    expect(await table.getByRole('row').count()).toBe(101);
    expect(await chart().locator('[role="img"]').getAttribute('aria-label')).toMatch(
      /1m candles\. Newest at \d\d:\d\d IST: open/,
    );
  });

  test('keeps its place and zoom when the connection comes back', async () => {
    const { x, y, width } = await area();
    await page.mouse.move(x + 60, y + 120);
    await page.mouse.down();
    await page.mouse.move(x + width - 120, y + 120, { steps: 5 });
    await page.mouse.up();
    const before = await state();
    await page.context().setOffline(true);
    await page.getByText('Engine not reachable').waitFor({ timeout: 30_000 });
    const lost = (await state())?.lastClose;
    await page.context().setOffline(false);
    await page.getByText('Engine not reachable').waitFor({ state: 'hidden', timeout: 60_000 });
    // The candles run on again.
    await expect.poll(async () => (await state())?.lastClose).not.toBe(lost);
    const after = await state();
    expect(after?.barSpace).toBe(before?.barSpace);
    expect(Math.abs((after?.visible.to ?? 0) - (before?.visible.to ?? 0))).toBeLessThanOrEqual(3);
  });
});
