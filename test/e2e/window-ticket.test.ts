import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RiskCheckView } from '../../src/contract/types.ts';
import { launchBrowser } from '../support/browser.ts';
import { type FakeHost, startFakeHost } from './support/host.ts';
import { keyboardOnly, openWindow, type OpenedWindow } from './support/page.ts';

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

const check = (severity: RiskCheckView['severity'], sentence: string): RiskCheckView => ({
  code: `CHECK_${sentence.length}`,
  severity,
  value: '1',
  limit: '2',
  sentence,
});

async function typeOrder(quantity = '0.5'): Promise<void> {
  await page.keyboard.press('b');
  await page.keyboard.type(quantity);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type('61000');
}

const primary = () => page.getByTestId('primary');
const placed = () => host.lively.control.placed;

describe('the order ticket', () => {
  test('goes from the first key to the sent order without a mouse', async () => {
    keyboardOnly(page);
    await typeOrder();
    expect(await page.getByLabel('Limit price').inputValue()).toBe('61000');
    expect(await primary().textContent()).toBe('Review BUY 0.5 BTC · PAPER');
    await page.keyboard.press('Enter');
    await page.getByTestId('review').waitFor();
    expect(await primary().textContent()).toBe('BUY 0.5 BTC · PAPER');
    expect(await primary().evaluate((button) => button === document.activeElement)).toBe(true);
    await page.waitForTimeout(450);
    await page.keyboard.press('Enter');
    await page.getByText('Working ·').waitFor();
    expect(placed()).toHaveLength(1);
    expect(placed()[0]).toMatchObject({
      side: 'buy',
      type: 'limit',
      quantity: '0.5',
      price: '61000',
      account: 'paper',
    });
    expect(await page.getByLabel('Limit price').inputValue()).toBe('');
  });

  test('takes five quick presses of Enter for one, and a held key for one', async () => {
    await typeOrder();
    for (let press = 0; press < 5; press += 1) await page.keyboard.press('Enter');
    await page.getByTestId('review').waitFor();
    for (let press = 0; press < 4; press += 1) await page.keyboard.press('Enter');
    expect(placed()).toHaveLength(0);
    await page.waitForTimeout(450);
    await page.keyboard.down('Enter');
    for (let repeat = 0; repeat < 5; repeat += 1) await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    await page.getByText('Working ·').waitFor();
    expect(placed()).toHaveLength(1);
  });

  test('a key held from the review on never sends', async () => {
    await typeOrder();
    await page.keyboard.down('Enter');
    await page.getByTestId('review').waitFor();
    await page.waitForTimeout(450);
    for (let repeat = 0; repeat < 10; repeat += 1) await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    expect(placed()).toHaveLength(0);
  });

  test('a block has no control that sends', async () => {
    host.lively.control.verdict = 'block';
    host.lively.control.checks = [check('block', 'Blocked by the limit of 50,000 USDT: make the order smaller.')];
    await typeOrder();
    await page.keyboard.press('Enter');
    await page.getByText('Blocked by the limit of 50,000 USDT').waitFor();
    expect(await primary().count()).toBe(0);
    await page.keyboard.press('Control+Enter');
    await page.waitForTimeout(500);
    await page.keyboard.press('Control+Enter');
    expect(placed()).toHaveLength(0);
  });

  test('shows three of twelve warnings and the rest on demand; Enter does not wave them through', async () => {
    host.lively.control.verdict = 'warn';
    host.lively.control.checks = Array.from({ length: 12 }, (_, index) =>
      check('warn', `Warning${'.'.repeat(index + 1)}`),
    );
    await typeOrder();
    await page.keyboard.press('Enter');
    await page.getByText('12 warnings').waitFor();
    expect(await page.getByText(/^Warning\.+$/).count()).toBe(3);
    await page.waitForTimeout(500);
    await page.keyboard.press('Enter');
    expect(placed()).toHaveLength(0);
    await page.getByRole('button', { name: '+9 more' }).click();
    expect(await page.getByText(/^Warning\.+$/).count()).toBe(12);
    await primary().click();
    await page.getByText('Working ·').waitFor();
    expect(placed()[0]?.reviewToken).toBe('review-0');
  });

  test('an edit ends the review, and the next review has another key', async () => {
    await typeOrder();
    await page.keyboard.press('Enter');
    await page.getByTestId('review').waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByLabel('Quantity').fill('0.25');
    await page.keyboard.press('Enter');
    await page.getByTestId('review').waitFor();
    await page.waitForTimeout(450);
    await page.keyboard.press('Enter');
    await page.getByText('Working ·').waitFor();
    await page.getByLabel('Limit price').fill('60000');
    await page.keyboard.press('Enter');
    await page.getByTestId('review').waitFor();
    await page.waitForTimeout(450);
    await page.keyboard.press('Enter');
    await expect.poll(() => placed().length).toBe(2);
    expect(placed().map(({ quantity }) => quantity)).toEqual(['0.25', '0.25']);
    expect(placed()[0]?.idempotencyKey).not.toBe(placed()[1]?.idempotencyKey);
  });

  test('a lost answer is UNKNOWN, is looked up and is never sent again', async () => {
    host.lively.control.placing = 'hang';
    await typeOrder();
    await page.keyboard.press('Enter');
    await page.getByTestId('review').waitFor();
    await page.waitForTimeout(450);
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'UNKNOWN: checking' }).waitFor({ timeout: 15_000 });
    expect(await primary().isDisabled()).toBe(true);
    await page.getByText('Working ·').waitFor({ timeout: 15_000 });
    expect(placed()).toHaveLength(1);
  });

  test('an order that the engine never took is said to be not placed', async () => {
    host.lively.control.placing = 'lose';
    await typeOrder();
    await page.keyboard.press('Enter');
    await page.getByTestId('review').waitFor();
    await page.waitForTimeout(450);
    await page.keyboard.press('Enter');
    await page.getByText('it was not placed').waitFor({ timeout: 30_000 });
    expect(placed()).toHaveLength(1);
  });

  test('says what is wrong with a figure and asks the engine nothing', async () => {
    await page.keyboard.press('b');
    await page.keyboard.type('abc');
    await page.keyboard.press('Enter');
    await page.getByText('"abc" is not a number.').waitFor();
    await page.getByText('Enter a limit price.').waitFor();
    expect(await page.getByTestId('review').count()).toBe(0);
  });

  test('a single letter in a field trades nothing, and HALT works there', async () => {
    await page.getByLabel('Quantity').focus();
    await page.keyboard.type('s');
    expect(await page.getByRole('button', { name: '▲ Buy' }).getAttribute('aria-pressed')).toBe('true');
    await page.keyboard.press('Control+Shift+H');
    await expect.poll(() => host.lively.control.halts).toBe(1);
  });
});
