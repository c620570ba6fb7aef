import AxeBuilder from '@axe-core/playwright';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { apiOf, placeOrder, type Api } from './support/api.ts';
import { startWindowHost, type WindowHost } from './support/host.ts';
import { openWindow, type OpenedWindow } from './support/page.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const ACCOUNT = 'paper-usdt';
const WAIT = { timeout: 60_000, interval: 100 };

let browser: Browser;
let host: WindowHost;
let api: Api;
let window: OpenedWindow;

async function openPositions(): Promise<number> {
  return ((await api.get(`/portfolio?account=${ACCOUNT}`)) as { positions: unknown[] }).positions.length;
}

/** BTC with a stop, ETH without one, and a sale of half the ETH. */
beforeAll(async () => {
  browser = await launchBrowser();
  host = await startWindowHost();
  api = apiOf(host.url);
  const price = async () => {
    const { bars } = (await api.get('/market/history?instrument=BTCUSDT.SIM&timeframe=1m&limit=1')) as {
      bars: { close: string }[];
    };
    const last = Number(bars.at(-1)?.close ?? 0);
    if (last === 0) throw new Error('no price yet');
    return last;
  };
  const last = await vi.waitFor(price, WAIT);
  await placeOrder(api, {
    account: ACCOUNT,
    instrument: 'BTCUSDT.SIM',
    side: 'buy',
    quantity: '0.02',
    stopLoss: (last * 0.97).toFixed(0),
  });
  await placeOrder(api, { account: ACCOUNT, instrument: 'ETHUSDT.SIM', side: 'buy', quantity: '0.5' });
  await vi.waitFor(async () => expect(await openPositions()).toBe(2), WAIT);
  await placeOrder(api, { account: ACCOUNT, instrument: 'ETHUSDT.SIM', side: 'sell', quantity: '0.25' });
});
beforeEach(async () => {
  window = await openWindow(browser, host.url);
});
afterEach(() => window.close());
afterAll(async () => {
  await browser?.close();
  await host?.close();
});

async function open(page: Page, name: 'Orders' | 'Positions'): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name }).click();
  await page.locator(`[data-screen="${name.toLowerCase()}"] h2`).waitFor();
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual(
    [],
  );
}

describe('orders', () => {
  test('a chip filters the table, and the file has exactly those rows in both zones', async () => {
    const { page } = window;
    await open(page, 'Orders');
    await page.getByRole('button', { name: 'History', exact: true }).click();
    const rows = page.locator('[data-screen="orders"] [role="row"][row-id]');
    await expect.poll(() => rows.count()).toBe(3);
    await page.getByRole('button', { name: '+ Filter' }).click();
    await page.getByRole('menuitem', { name: 'Sell', exact: true }).click();
    await expect.poll(() => rows.count()).toBe(1);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ]);
    const [header = '', line = '', ...rest] = readFileSync(await file.path(), 'utf8').split('\r\n');
    expect(rest).toEqual(['']);
    expect(header).toMatch(/^created_utc,created_ist,/);
    const stamp = (index: number) => Date.parse(`${(line.split(',')[index] ?? '').replace(' ', 'T')}Z`);
    expect(stamp(1) - stamp(0)).toBe(19_800_000);
    expect(line).toContain('ETHUSDT.SIM,sell');

    // The chip is there again in the next window, and goes at a press.
    await page.reload();
    await page.getByTestId('primary').waitFor();
    await open(page, 'Orders');
    await page.getByRole('button', { name: 'History', exact: true }).click();
    await expect.poll(() => rows.count()).toBe(1);
    await page.getByRole('button', { name: /Side: Sell/ }).click();
    await expect.poll(() => rows.count()).toBe(3);
  });

  test('a row opens every moment of its order, by keys too', async () => {
    const { page } = window;
    await open(page, 'Orders');
    await page.getByRole('button', { name: 'History', exact: true }).click();
    const cell = page
      .locator('[data-screen="orders"] [role="row"][row-id]')
      .first()
      .locator('[role="gridcell"]')
      .first();
    await cell.focus();
    await page.keyboard.press('Enter');
    const detail = page.getByRole('complementary', { name: 'Order in detail' });
    const moments = detail.getByRole('list', { name: 'What happened' }).getByRole('listitem');
    await expect.poll(() => moments.count()).toBeGreaterThan(2);
    const words = (await moments.allTextContents()).join(' ');
    expect(words).toMatch(/intent.*submitted.*accepted.*filled/);
    await detail.getByText(/^0\.25.* of 0\.25/).waitFor();
    await expectAccessible(page);
    await detail.getByRole('button', { name: 'Close the detail' }).click();
    expect(await detail.count()).toBe(0);
    expect(window.errors).toEqual([]);
    expect(await window.violations()).toEqual([]);
  });
});

describe('positions', () => {
  test('what has no stop is found, and gets one', async () => {
    const { page } = window;
    await open(page, 'Positions');
    const rows = page.locator('[data-screen="positions"] [role="row"][row-id]');
    await expect.poll(() => rows.count()).toBe(2);
    await page.getByText('1 without a stop').waitFor();
    await page.getByRole('button', { name: 'Unprotected', exact: true }).click();
    await expect.poll(() => rows.count()).toBe(1);
    await rows.first().click();
    const detail = page.getByRole('complementary', { name: 'Position in detail' });
    await detail.getByRole('table', { name: 'Fills of the position' }).getByText('2 fills').waitFor();
    await expectAccessible(page);
    await detail.getByRole('button', { name: 'Set the stop-loss of ETH/USDT' }).click();
    await detail.getByRole('button', { name: 'Review' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Set to/ })
      .click({ delay: 0, trial: true });
    const confirm = page.getByRole('dialog').getByRole('button', { name: /^Set to/ });
    // The dialog takes no press in its first 400 ms.
    await expect
      .poll(async () => {
        if ((await confirm.count()) > 0) await confirm.click();
        return page.getByRole('dialog').count();
      }, WAIT)
      .toBe(0);
    await page.getByText('1 without a stop').waitFor({ state: 'detached' });
    const { positions } = (await api.get(`/portfolio?account=${ACCOUNT}`)) as {
      positions: { instrument: string; stopLoss: string | null }[];
    };
    expect(positions.every(({ stopLoss }) => stopLoss !== null)).toBe(true);
    expect(window.errors).toEqual([]);
  });
});
