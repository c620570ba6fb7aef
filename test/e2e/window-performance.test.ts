import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { apiOf, placeOrder } from './support/api.ts';
import { startWindowHost, type WindowHost } from './support/host.ts';
import { openWindow, type OpenedWindow } from './support/page.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const ACCOUNT = 'paper-usdt';
const BTC = 'BTCUSDT.SIM';
const WAIT = { timeout: 60_000, interval: 100 };

interface Trade {
  readonly id: string;
  readonly pnl: string;
}

let browser: Browser;
let host: WindowHost;
let window: OpenedWindow;
let trades: readonly Trade[];

/** Two positions by hand, one with a stop, both closed. */
beforeAll(async () => {
  browser = await launchBrowser();
  host = await startWindowHost();
  const api = apiOf(host.url);
  const closed = async () => ((await api.get(`/analytics/trades?account=${ACCOUNT}`)) as { trades: Trade[] }).trades;
  const price = async () => {
    const path = `/market/history?instrument=${BTC}&timeframe=1m&limit=1`;
    const { bars } = (await api.get(path)) as { bars: { close: string }[] };
    return Number(bars.at(-1)?.close ?? 0);
  };
  const until = async (condition: () => Promise<boolean>) => {
    await vi.waitFor(async () => {
      if (!(await condition())) throw new Error('not yet');
    }, WAIT);
  };
  await until(async () => (await price()) > 0);
  const stops = [{}, { stopLoss: ((await price()) * 0.98).toFixed(0) }];
  for (const [index, stop] of stops.entries()) {
    await placeOrder(api, { account: ACCOUNT, instrument: BTC, side: 'buy', quantity: '0.02', ...stop });
    await until(async () => {
      const { positions } = (await api.get(`/portfolio?account=${ACCOUNT}`)) as { positions: unknown[] };
      return positions.length === 1;
    });
    const idempotencyKey = `performance-${index}-close`;
    await api.post('/positions/close', { account: ACCOUNT, instrument: BTC, fraction: 1, idempotencyKey });
    await until(async () => (await closed()).length === index + 1);
  }
  trades = await closed();
});
beforeEach(async () => {
  window = await openWindow(browser, host.url);
});
afterEach(() => window.close());
afterAll(async () => {
  await browser?.close();
  await host?.close();
});

async function open(page: Page, name: 'Results' | 'Journal'): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name }).click();
  await page.locator('[data-screen] h2').first().waitFor();
}

async function violationsOf(page: Page, name: string): Promise<string[]> {
  await expect
    .poll(() =>
      page
        .locator('[data-screen]')
        .getByText(/^Loading/)
        .count(),
    )
    .toBe(0);
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  return violations.map(({ id, nodes }) => `${name} ${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

/** "−8.21 USDT" of the screen and "-8.2100" of the engine as the same cents. */
const cents = (text: string | null) =>
  Math.round(Number((text ?? '').replace('−', '-').replaceAll(/[^-\d.]/g, '')) * 100);

describe('performance', () => {
  test('adds up to the engine’s trades, gives reasons for what is missing, and is accessible in every view', async () => {
    const { page } = window;
    await open(page, 'Results');
    const sum = trades.reduce((total, { pnl }) => total + Number(pnl), 0);
    const figures = page.getByLabel('Key figures');
    await expect.poll(async () => cents(await figures.locator('dd').first().textContent())).toBe(Math.round(sum * 100));
    await figures.getByText('2', { exact: true }).waitFor();
    await page
      .getByText(/it needs more than 5 days of equity/)
      .first()
      .waitFor();
    for (const view of ['Overview', 'Calendar', 'Breakdown', 'Execution']) {
      await page.getByRole('button', { name: view, exact: true }).click();
      expect(await violationsOf(page, view)).toEqual([]);
    }
    expect(window.errors).toEqual([]);
    expect(await window.violations()).toEqual([]);
  });

  test('the calendar has the day of the trades, and its trades lead to the journal', async () => {
    const { page } = window;
    await open(page, 'Results');
    await page.getByRole('button', { name: 'Calendar', exact: true }).click();
    const day = page.getByRole('button', { name: /2 trades/ });
    await day.click();
    expect(await day.getAttribute('aria-pressed')).toBe('true');
    const list = page.getByRole('region', { name: 'Trades of the day' });
    await expect.poll(() => list.getByRole('button').count()).toBe(2);
    // By keys, not by the mouse.
    await list.getByRole('button').first().focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-screen="journal"]').waitFor();
    await page.getByRole('article', { name: 'Journal entry' }).waitFor();
  });

  test('a journal entry is kept by the engine, found by its tag and its words', async () => {
    const { page } = window;
    await open(page, 'Journal');
    await page.getByLabel('Note').fill('Sold into the retest');
    await page.getByLabel('Tags, with commas between').fill('Breakout, news');
    await page.getByRole('button', { name: 'too early' }).click();
    await page.getByRole('group', { name: 'Rating' }).getByRole('button', { name: '4' }).click();
    await page.getByRole('button', { name: 'Save the entry' }).click();
    await page.getByText(/^✓ Saved /).waitFor();
    const api = apiOf(host.url);
    const { trades: stored } = (await api.get(`/analytics/trades?account=${ACCOUNT}`)) as {
      trades: { note: { note: string; tags: string[]; rating: number } | null }[];
    };
    expect(stored.map(({ note }) => note).filter((note) => note !== null)).toEqual([
      expect.objectContaining({
        note: 'Sold into the retest',
        tags: ['breakout', 'news', 'mistake:too early'],
        rating: 4,
      }),
    ]);

    await page.reload();
    await page.getByTestId('primary').waitFor();
    await open(page, 'Journal');
    await page.getByText('2 of 2 trades').waitFor();
    await page.getByLabel('Search the trades').fill('retest');
    await page.getByText('1 of 2 trades').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('button', { name: 'Without', exact: true }).click();
    await page.getByText('1 of 2 trades').waitFor();
    await page.getByLabel('Search the trades').fill('retest');
    await page.getByText('No trade passes the filters').waitFor();
    expect(await violationsOf(page, 'journal')).toEqual([]);
  });
});
