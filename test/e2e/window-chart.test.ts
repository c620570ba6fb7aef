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
let orderId: string;
beforeAll(async () => {
  browser = await launchBrowser();
});
beforeEach(async () => {
  host = await startFakeHost();
  const last = Number(host.lively.control.market.quote(BTC)?.last ?? 0);
  orderId = host.lively.take({
    ...blank('paper', BTC, 'buy', '0.1'),
    type: 'limit',
    price: (last * 0.9985).toFixed(2),
    idempotencyKey: 'seed-0001',
  }).id;
  window = await openWindow(browser, host.url);
  ({ page } = window);
  await expect.poll(() => line()).not.toBeNull();
  // The scale of the chart follows its prices: with moving ones the line may have left before the button goes down.
  host.lively.control.frozen = true;
  await expect
    .poll(async () => {
      const before = (await line())?.y;
      await page.waitForTimeout(250);
      const after = (await line())?.y;
      return typeof before === 'number' && before === after;
    })
    .toBe(true);
});
afterEach(async () => {
  await window.close();
  await host.close();
});
afterAll(() => browser?.close());

const line = () => page.evaluate(() => globalThis.window.chartState?.()?.lines[0] ?? null);
const dialog = () => page.getByRole('dialog');

/** Where the line is on the screen, away from its label. */
async function grip(): Promise<{ x: number; y: number; bottom: number }> {
  const box = await page.locator('[data-panel="chart"] [role="img"]').boundingBox();
  const at = await line();
  if (box === null || at?.y === null || at === null) throw new Error('the chart shows no line');
  return { x: box.x + 220, y: box.y + at.y, bottom: box.y + box.height };
}

async function drag(dx: number, dy: number): Promise<void> {
  const from = await grip();
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + dx / 2, from.y + dy / 2, { steps: 5 });
  await page.mouse.move(from.x + dx, from.y + dy, { steps: 5 });
}

describe('an order line of the chart', () => {
  test('dropped elsewhere asks for a change on the tick grid, and only the confirmation sends it', async () => {
    const before = await line();
    await drag(0, 40);
    await page.mouse.up();
    await dialog().getByText('Move the limit of buy').waitFor();
    expect((await line())?.price).toBe(before?.price);
    const words = await dialog()
      .getByRole('button', { name: /^Modify to/ })
      .textContent();
    const price = /to ([\d,.]+) · PAPER/.exec(words ?? '')?.[1]?.replaceAll(',', '') ?? '';
    expect(price).toMatch(/^\d+\.\d{2}$/);
    expect(Number(price)).toBeLessThan(before?.price ?? 0);
    await page.waitForTimeout(450);
    await dialog()
      .getByRole('button', { name: /^Modify to/ })
      .click();
    await expect.poll(async () => (await line())?.price).toBe(Number(price));
  });

  test('dropped outside of the chart changes nothing, also not with the next pan', async () => {
    const before = await line();
    await drag(0, 40);
    await page.mouse.move(700, 850);
    await page.mouse.up();
    await page.waitForTimeout(300);
    expect(await dialog().count()).toBe(0);
    const at = await grip();
    await page.mouse.move(at.x, at.y - 90);
    await page.mouse.down();
    await page.mouse.move(at.x - 60, at.y - 40, { steps: 5 });
    await page.mouse.up();
    await page.waitForTimeout(300);
    expect(await dialog().count()).toBe(0);
    expect((await line())?.price).toBe(before?.price);
  });

  test('goes back on Escape', async () => {
    const before = await line();
    await drag(0, 40);
    await page.keyboard.press('Escape');
    await page.mouse.up();
    await page.waitForTimeout(300);
    expect(await dialog().count()).toBe(0);
    expect((await line())?.price).toBe(before?.price);
  });

  test('stays where it is on a click and survives a right click', async () => {
    const at = await grip();
    await page.mouse.click(at.x, at.y);
    await page.mouse.click(at.x, at.y, { button: 'right' });
    await page.waitForTimeout(300);
    expect(await dialog().count()).toBe(0);
    expect(await line()).not.toBeNull();
    const drawn = await page.evaluate(() => globalThis.window.chartState?.()?.lines.length);
    expect(drawn).toBe(1);
  });

  test('cannot be dragged while its price is stale', async () => {
    host.lively.control.market.staleSince.set(BTC, Date.now() - 14_000);
    host.lively.control.market.onQuote.emit(BTC);
    await page.locator(`[data-panel="watchlist"] [row-id="${BTC}"].stale-hatch`).waitFor();
    await page.waitForTimeout(700);
    await drag(0, 40);
    await page.mouse.up();
    await page.waitForTimeout(300);
    expect(await dialog().count()).toBe(0);
  });

  test('goes when its order is cancelled', async () => {
    host.lively.workstation.orders.cancel(orderId);
    await expect.poll(() => line()).toBeNull();
  });
});
