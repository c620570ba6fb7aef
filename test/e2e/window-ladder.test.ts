import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { blank } from '../fakes/lively-workstation.ts';
import { launchBrowser } from '../support/browser.ts';
import { type FakeHost, startFakeHost } from './support/host.ts';
import { ladderOf } from './support/ladder.ts';
import { keyboardOnly, openWindow, type OpenedWindow } from './support/page.ts';

const BTC = 'BTCUSDT.BINANCE';

let browser: Browser;
let host: FakeHost;
let window: OpenedWindow;
let page: Page;
let ladder: ReturnType<typeof ladderOf>;
beforeAll(async () => {
  browser = await launchBrowser();
});
beforeEach(async () => {
  host = await startFakeHost();
  // Prices that stand still: what is pressed is what was aimed at.
  host.lively.control.frozen = true;
  window = await openWindow(browser, host.url);
  ({ page } = window);
  ladder = ladderOf(page);
  await ladder.best('bid');
});
afterEach(async () => {
  await window.close();
  await host.close();
});
afterAll(() => browser?.close());

const placed = () => host.lively.control.placed;

describe('click trading in the ladder', () => {
  test('is disarmed at the start: a click sends nothing and says so', async () => {
    expect(await ladder.isArmed()).toBe(false);
    await ladder.size.fill('0.05');
    const at = await ladder.place('bid', 2);
    await page.mouse.click(at.x, at.y);
    await ladder.root.getByText('Disarmed: nothing was sent').waitFor();
    expect(placed()).toHaveLength(0);
    await page.reload();
    await ladder.best('bid');
    expect(await ladder.isArmed()).toBe(false);
  });

  test('is armed by a held padlock only, and not without a size', async () => {
    await expect.poll(() => ladder.holdButton.isDisabled()).toBe(true);
    await ladder.size.fill('0.05');
    await expect.poll(() => ladder.holdButton.isEnabled()).toBe(true);
    await ladder.holdButton.click();
    await page.waitForTimeout(300);
    expect(await ladder.isArmed()).toBe(false);
    await ladder.arm();
    expect(await ladder.isArmed()).toBe(true);
    expect(await ladder.size.isDisabled()).toBe(true);
  });

  test('armed, one click is one limit order of the preset size at the price of its row', async () => {
    await ladder.arm();
    const buy = await ladder.place('bid', 2);
    await page.mouse.click(buy.x, buy.y);
    await expect.poll(() => placed().length).toBe(1);
    const sell = await ladder.place('ask', -4);
    await page.mouse.click(sell.x, sell.y);
    await expect.poll(() => placed().length).toBe(2);
    expect(placed()[0]).toMatchObject({
      account: 'paper',
      instrument: BTC,
      side: 'buy',
      type: 'limit',
      quantity: '0.05',
    });
    expect(Number(placed()[0]?.price)).toBe(Number(buy.price));
    expect(placed()[1]).toMatchObject({ side: 'sell', quantity: '0.05' });
    expect(Number(placed()[1]?.price)).toBe(Number(sell.price));
    expect(placed()[0]?.idempotencyKey).not.toBe(placed()[1]?.idempotencyKey);
    await ladder.root.getByRole('button', { name: /^Buy 0.05 at/ }).waitFor();
  });

  test('a double click is one order', async () => {
    await ladder.arm();
    const at = await ladder.place('bid', 3);
    // Slow enough that the first press is answered before the second one counts.
    await page.mouse.dblclick(at.x, at.y, { delay: 120 });
    await expect.poll(() => placed().length).toBe(1);
    await page.waitForTimeout(600);
    expect(placed()).toHaveLength(1);
  });

  test('a press that goes down on one price and up on another is none', async () => {
    await ladder.arm();
    const from = await ladder.place('bid', 2);
    const to = await ladder.place('bid', 4);
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
    // The same cell, but another price has come under the pointer.
    await page.mouse.down();
    await page.mouse.wheel(0, 100);
    await expect.poll(async () => (await ladder.place('bid', 0)).y).not.toBe(to.y - 4 * 24);
    await page.mouse.up();
    await page.waitForTimeout(300);
    expect(placed()).toHaveLength(0);
  });

  test('a press right after the rows had to follow the market is none', async () => {
    await ladder.arm();
    const at = await ladder.place('bid', 2);
    await page.mouse.move(at.x, at.y);
    const { market } = host.lively.control;
    market.last.set(BTC, (market.last.get(BTC) ?? 0) * 1.01);
    const before = await ladder.best('bid');
    // Pressed by the page itself, in the same turn in which the rows moved: no machine is too slow for that.
    await page.evaluate((old) => {
      const body = document.querySelector('[data-panel="depth"] .ladder tbody');
      const pressed = new Promise<void>((done) => {
        const observer = new MutationObserver(() => {
          const best = body?.querySelector('tr.best-bid');
          const bid = best?.querySelector('[data-cell="bid"]');
          const price = best?.querySelector('[data-cell="price"]')?.textContent ?? old;
          if (bid === null || bid === undefined || price === old) return;
          observer.disconnect();
          bid.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, button: 0 }));
          bid.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 }));
          done();
        });
        if (body !== null)
          observer.observe(body, { subtree: true, childList: true, characterData: true, attributes: true });
      });
      Object.assign(globalThis, { pressed });
    }, before);
    market.onBook.get(BTC)?.emit();
    await page.evaluate(() => (globalThis as unknown as { pressed: Promise<void> }).pressed);
    await ladder.root.getByText('The rows had just moved').waitFor();
    expect(placed()).toHaveLength(0);
  });

  test('stale depth covers the ladder, disarms it, and a click on it sends nothing', async () => {
    await ladder.arm();
    const at = await ladder.place('bid', 2);
    host.lively.control.market.staleSince.set(BTC, Date.now() - 14_000);
    host.lively.control.market.onQuote.emit(BTC);
    await ladder.root.getByText(/DEPTH STALE/).waitFor();
    await expect.poll(() => ladder.isArmed()).toBe(false);
    await page.mouse.click(at.x, at.y);
    await page.waitForTimeout(300);
    expect(placed()).toHaveLength(0);
    expect(await ladder.holdButton.isDisabled()).toBe(true);
  });

  test('HALT disarms it', async () => {
    await ladder.arm();
    await page.keyboard.press('Control+Shift+H');
    await expect.poll(() => ladder.isArmed()).toBe(false);
    const at = await ladder.place('bid', 2);
    await page.mouse.click(at.x, at.y);
    await page.waitForTimeout(300);
    expect(placed()).toHaveLength(0);
  });

  test('another symbol disarms it', async () => {
    await ladder.arm();
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Symbol or command').fill('ETH/USDT');
    await page.keyboard.press('Enter');
    await page.getByRole('table', { name: /Order book of ETH/ }).waitFor();
    expect(await ladder.isArmed()).toBe(false);
  });

  test('turning to another panel, or leaving the window, disarms it', async () => {
    await ladder.arm();
    await page.locator('[data-panel="positions"]').click();
    await expect.poll(() => ladder.isArmed()).toBe(false);
    await ladder.root.getByText('you turned to another panel').waitFor();
    await ladder.arm();
    await page.evaluate(() => globalThis.window.dispatchEvent(new Event('blur')));
    await expect.poll(() => ladder.isArmed()).toBe(false);
  });

  test('a lost answer is UNKNOWN, disarms, is looked up and is never sent again', async () => {
    await ladder.arm();
    host.lively.control.placing = 'hang';
    const at = await ladder.place('bid', 2);
    await page.mouse.click(at.x, at.y);
    await expect.poll(() => placed().length).toBe(1);
    // No double click any more, and still the same order.
    await page.waitForTimeout(600);
    await page.mouse.click(at.x, at.y);
    await ladder.root.getByText('UNKNOWN: checking').waitFor({ timeout: 20_000 });
    expect(await ladder.isArmed()).toBe(false);
    await ladder.root.getByText(/^Working ·/).waitFor({ timeout: 20_000 });
    expect(placed()).toHaveLength(1);
  });

  test('works without a mouse: two keys arm, arrows choose, Shift B buys once however long it is held', async () => {
    keyboardOnly(page);
    await ladder.size.focus();
    await page.keyboard.type('0.05');
    await expect.poll(() => ladder.holdButton.isEnabled()).toBe(true);
    await ladder.holdButton.focus();
    await page.keyboard.press('Enter');
    await page.waitForTimeout(450);
    await page.keyboard.press('Enter');
    await expect.poll(() => ladder.isArmed()).toBe(true);
    await ladder.host.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await ladder.root.locator('tr.cursor').waitFor();
    await page.keyboard.down('Shift');
    for (let repeat = 0; repeat < 5; repeat += 1) await page.keyboard.down('B');
    await page.keyboard.up('B');
    await page.keyboard.up('Shift');
    await expect.poll(() => placed().length).toBe(1);
    expect(placed()[0]).toMatchObject({ side: 'buy', type: 'limit', quantity: '0.05' });
    await page.keyboard.press('Delete');
    await ladder.root.getByRole('button', { name: /^Buy 0.05 at/ }).waitFor({ state: 'hidden' });
  });

  test('a plain letter in the ladder trades nothing', async () => {
    await ladder.arm();
    await ladder.host.focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('c');
    await page.keyboard.press('Enter');
    await page.keyboard.press(' ');
    await page.waitForTimeout(300);
    expect(placed()).toHaveLength(0);
  });
});

describe('own orders in the ladder', () => {
  let orderId = '';
  const order = () => {
    const list = host.lively.workstation.orders.list({ scope: 'working', limit: 10 });
    return 'items' in list ? list.items.find((each) => each.id === orderId) : undefined;
  };
  const chip = () => ladder.root.getByRole('button', { name: /^Buy 0.1 at/ });

  beforeEach(async () => {
    const { price } = await ladder.place('bid', 2);
    orderId = host.lively.take({
      ...blank('paper', BTC, 'buy', '0.1'),
      type: 'limit',
      price,
      idempotencyKey: 'seed-0001',
    }).id;
    await chip().waitFor();
  });

  async function shownPrice(): Promise<number> {
    const cell = chip().locator('xpath=ancestor::tr').locator('[data-cell="price"]');
    return Number(((await cell.textContent()) ?? '').replaceAll(',', ''));
  }

  async function dragChip(rows: number, release = true): Promise<void> {
    const box = await chip().boundingBox();
    if (box === null) throw new Error('the order is not in the ladder');
    const x = box.x + box.width / 2;
    const y = box.y + box.height / 2;
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x, y + rows * 24, { steps: 6 });
    if (release) await page.mouse.up();
  }

  test('stand at their price, and are cancelled there without arming', async () => {
    expect(await shownPrice()).toBe(Number(order()?.price));
    await ladder.root.getByRole('button', { name: /^Cancel buy 0.1/ }).click();
    await chip().waitFor({ state: 'hidden' });
    expect(order()).toBeUndefined();
  });

  test('dragged while disarmed ask first; nothing moves without the confirmation', async () => {
    const before = order()?.price;
    await dragChip(2);
    await page.getByRole('dialog').getByText('Move the limit of buy').waitFor();
    expect(order()?.price).toBe(before);
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect(order()?.price).toBe(before);
  });

  test('dragged while armed move at once, to the price of the row', async () => {
    await ladder.arm();
    const before = Number(order()?.price);
    await dragChip(2);
    await expect.poll(() => Number(order()?.price)).toBeLessThan(before);
    await expect.poll(() => shownPrice()).toBe(Number(order()?.price));
    expect(placed()).toHaveLength(0);
  });

  test('a drag that ends with Escape or outside of the ladder changes nothing', async () => {
    await ladder.arm();
    const before = order()?.price;
    await dragChip(2, false);
    await page.keyboard.press('Escape');
    await page.mouse.up();
    await dragChip(1, false);
    await page.mouse.move(300, 300, { steps: 4 });
    await page.mouse.up();
    await page.waitForTimeout(300);
    expect(order()?.price).toBe(before);
    expect(await page.getByRole('dialog').count()).toBe(0);
  });
});
