import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { KillLatch } from '../../src/risk/kill-latch.ts';
import { blank } from '../fakes/lively-workstation.ts';
import { launchBrowser } from '../support/browser.ts';
import { type FakeHost, startFakeHost } from './support/host.ts';
import { openWindow } from './support/page.ts';
import { type EngineHost, startEngineHost } from './support/real-host.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const LAUNCHER = resolve(import.meta.dirname, '../../src/cli/tradewright.mjs');
const run = promisify(execFile);

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include('#safety-panel').withTags(TAGS).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  );
}

async function open(url: string, settings?: Record<string, string>): Promise<Page> {
  const window = await openWindow(browser, url, async (page) => {
    if (settings === undefined) return;
    await page.addInitScript((state) => {
      localStorage.setItem('tradewright.settings', JSON.stringify({ state, version: 1 }));
    }, settings);
  });
  onTestFinished(() => window.close());
  return window.page;
}

async function fake(): Promise<FakeHost> {
  const host = await startFakeHost();
  onTestFinished(() => host.close());
  host.lively.take({ ...blank('paper', 'BTCUSDT.BINANCE', 'buy', '0.25'), idempotencyKey: 'seed-0001' });
  return host;
}

function real(): Promise<EngineHost> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tradewright-emergency-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  return startEngineHost(dataDir);
}

const safety = (page: Page) => page.getByRole('complementary', { name: 'Safety' });
const halt = (page: Page) => page.getByRole('button', { name: 'HALT', exact: true });

async function flattenByKey(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: /Hold to FLATTEN/ });
  await button.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Press Enter/ }).waitFor();
  // The second press counts only some time after the first.
  await page.waitForTimeout(450);
  await page.keyboard.press('Enter');
}

describe('the safety panel', () => {
  test('says what flattening would cost on the button that confirms it', async () => {
    const page = await open((await fake()).url);
    await page.getByRole('button', { name: 'Safety', exact: true }).click();
    await page.getByRole('button', { name: 'Hold to FLATTEN 1 position' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Press Enter: flatten 1 position, est. cost 12.40 USDT' }).waitFor();
  });

  test('NOT FLAT names what is left and what to do, offers retry and queue, and stays until it is acknowledged', async () => {
    const host = await fake();
    host.lively.control.stays = {
      account: 'paper-nse',
      instrument: 'TCS.NSE',
      quantity: '-12',
      venue: 'paper-nse',
      code: 'MARKET_CLOSED',
      sentence: 'TCS cannot be closed now: the NSE opens at 09:15.',
    };
    const page = await open(host.url);
    await page.getByRole('button', { name: 'Safety', exact: true }).click();
    await flattenByKey(page);
    const alert = page.getByRole('alert', { name: 'Not flat' });
    await alert.getByText('TCS.NSE short 12 on paper-nse').waitFor();
    await alert.getByText('the NSE opens at 09:15').waitFor();
    // Closing the panel loses nothing.
    await safety(page).getByRole('button', { name: 'Close', exact: true }).click();
    await page.getByRole('button', { name: 'Safety', exact: true }).click();
    await alert.getByRole('button', { name: 'Acknowledge' }).click();
    await expect.poll(() => alert.getByRole('button', { name: 'Acknowledge' }).count()).toBe(0);
    expect(await violationsOf(page)).toEqual([]);
    await alert.getByRole('button', { name: 'Queue until the market opens' }).click();
    await expect.poll(() => host.lively.control.flattened).toBe(2);
    await alert.getByRole('button', { name: 'Acknowledge' }).waitFor();
    host.lively.control.stays = null;
    await alert.getByRole('button', { name: 'Retry' }).click();
    await page.getByText(/FLAT ✓ verified/).waitFor();
  });

  test('LOCK wants its word typed and a reason; locked, RESUME waits', async () => {
    const page = await open((await fake()).url);
    await page.getByRole('button', { name: 'Safety', exact: true }).click();
    const lock = page.getByRole('button', { name: 'LOCK trading' });
    expect(await lock.isDisabled()).toBe(true);
    await page.getByLabel('Reason to lock (goes into the audit log)').fill('Three losses in a row.');
    await page.getByLabel('Type LOCK to confirm').fill('lock');
    expect(await lock.isDisabled()).toBe(true);
    await page.getByLabel('Type LOCK to confirm').fill('LOCK');
    await lock.click();
    await page.getByText(/^LOCKED until/).waitFor();
    await page.getByText('The lock still holds.').waitFor();
    await page.getByLabel('Reason to resume (goes into the audit log)').fill('I want to trade.');
    expect(await page.getByRole('button', { name: 'RESUME waits for the checks' }).isDisabled()).toBe(true);
    expect(await violationsOf(page)).toEqual([]);
  });

  test('the drill shows its checklist and its measured times', async () => {
    const page = await open((await fake()).url);
    await page.getByRole('button', { name: 'Safety', exact: true }).click();
    await page.getByText('A drill is due').waitFor();
    await page.getByRole('button', { name: /^Drill in .+ · PAPER$/ }).click();
    await page.getByRole('list', { name: 'Drill checklist' }).getByText('Halt latched on disk.').waitFor();
    await page.getByText('Drill: FLAT ✓ verified. latch 2 ms · first cancel 3 ms · flat 0.18 s').waitFor();
  });

  test.each([['dark'], ['light']])('nothing that axe objects to, active and halted (%s)', async (theme) => {
    const page = await open((await fake()).url, { theme });
    await page.getByRole('button', { name: 'Safety', exact: true }).click();
    await page.getByRole('button', { name: /^Drill in/ }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await halt(page).click();
    await page.getByText('Trading is HALTED').waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });
});

describe('with the real engine', () => {
  test('a drill through the window is flat, measured, and leaves trading active', async () => {
    const host = await real();
    onTestFinished(() => host.close());
    const page = await open(host.url);
    await page.getByRole('button', { name: 'Safety', exact: true }).click();
    await page.getByRole('button', { name: /^Drill in/ }).click();
    await page.getByText(/^Drill: FLAT ✓ verified\. latch \d+ ms · first cancel \d+ ms · flat \d+\.\d\d s$/).waitFor();
    await page.getByText(/^Last drill .+: flat in/).waitFor();
    await page.getByText('Trading is ACTIVE').waitFor();
    expect(new KillLatch(host.dataDir).read().halted).toBe(false);
  });

  test('HALT with the renderer dead: the command line halts the engine, and the next window shows it', async () => {
    const host = await real();
    onTestFinished(() => host.close());
    const page = await open(host.url);
    const session = await page.context().newCDPSession(page);
    const crashed = new Promise((done) => page.once('crash', done));
    void session.send('Page.crash').catch(() => {});
    await crashed;
    await run(process.execPath, [LAUNCHER, 'kill', '--data-dir', host.dataDir, '--reason', 'the window died']);
    expect(new KillLatch(host.dataDir).read()).toMatchObject({ halted: true, reason: 'the window died' });
    const next = await open(host.url);
    await next.getByRole('alert').filter({ hasText: 'TRADING HALTED' }).getByText('The window died.').waitFor();
  });

  test('HALT, then the engine is killed and started again: still halted, paper selected, lifted only with a reason', async () => {
    const host = await real();
    const page = await open(host.url);
    await halt(page).click();
    await page.getByText('Halt latched on disk at').waitFor();
    await host.kill();
    const again = await startEngineHost(host.dataDir);
    onTestFinished(() => again.close());
    const next = await open(again.url);
    await next.getByRole('alert').filter({ hasText: 'TRADING HALTED' }).waitFor();
    expect(await next.title()).toMatch(/^HALTED · PAPER/);
    await expect.poll(() => next.locator('[data-mode]').first().getAttribute('data-mode')).toBe('PAPER');
    await next.getByRole('button', { name: 'HALTED' }).click();
    await next.getByLabel('Reason to resume (goes into the audit log)').fill('It was a test.');
    await next.getByRole('button', { name: 'RESUME trading' }).click();
    await next.getByText('Trading is ACTIVE').waitFor();
  });
});
