import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { blank } from '../fakes/lively-workstation.ts';
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
  host.lively.take({ ...blank('paper', 'BTCUSDT.BINANCE', 'buy', '0.25'), idempotencyKey: 'seed-0001' });
  host.lively.take({
    ...blank('paper', 'BTCUSDT.BINANCE', 'buy', '0.1'),
    type: 'limit',
    price: '60000.00',
    idempotencyKey: 'seed-0002',
  });
  window = await openWindow(browser, host.url);
  ({ page } = window);
});
afterEach(async () => {
  await window.close();
  await host.close();
});
afterAll(() => browser?.close());

const halt = () => page.getByRole('button', { name: 'HALT', exact: true });
const flatten = () => page.getByRole('button', { name: /FLATTEN|flatten/ });

describe('HALT', () => {
  test('takes one press, asks nothing, shows its checklist and the hatch', async () => {
    await halt().click();
    await page.getByText('Halt latched on disk at').waitFor();
    await page.getByText('1 cancel requested, none working').waitFor();
    await page.getByRole('alert').filter({ hasText: 'TRADING HALTED' }).waitFor();
    expect(await page.getByRole('button', { name: 'HALTED' }).isVisible()).toBe(true);
    expect(await page.title()).toMatch(/^HALTED · PAPER/);
    expect(host.lively.control.halts).toBe(1);
  });

  test('keeps its place and size in every state', async () => {
    const before = await halt().boundingBox();
    await halt().click();
    const after = await page.getByRole('button', { name: 'HALTED' }).boundingBox();
    expect(after).toEqual(before);
    expect(before?.width).toBe(96);
    expect(before?.height).toBe(32);
  });

  test('stays in reach of the mouse with a dialog or the palette open', async () => {
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Symbol or command').waitFor();
    await halt().click();
    await expect.poll(() => host.lively.control.halts).toBe(1);
    await page.getByLabel('Reason to resume (goes into the audit log)').fill('It was a drill.');
    await page.getByRole('button', { name: 'RESUME trading' }).click();
    await page.getByText('Trading is ACTIVE').waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).first().click();
    await page.getByRole('button', { name: 'Close BTC/USDT' }).click();
    await page.getByRole('dialog').waitFor();
    await halt().click();
    await expect.poll(() => host.lively.control.halts).toBe(2);
  });

  test('RESUME needs a reason, and a refusal of the engine is shown', async () => {
    await halt().click();
    const resume = page.getByRole('button', { name: /RESUME/ });
    await resume.waitFor();
    expect(await resume.isDisabled()).toBe(true);
    const reason = page.getByLabel('Reason to resume (goes into the audit log)');
    await reason.fill('please refuse');
    await resume.click();
    await page.getByText('One order is unknown').waitFor();
    await reason.fill('It was a drill.');
    await resume.click();
    await page.getByText('Trading is ACTIVE').waitFor();
    await halt().waitFor();
  });

  test('pressed without an engine is kept and said, not dropped', async () => {
    await host.close();
    await page.getByText('Engine not reachable').waitFor();
    await halt().click();
    await page.getByText('HALT is sent as soon as the engine answers').waitFor();
    expect(await page.getByText('Halt latched on disk at').count()).toBe(0);
  });
});

describe('FLATTEN', () => {
  test('is held for a second and a half; letting go earlier does nothing', async () => {
    await page.getByRole('button', { name: 'Safety' }).click();
    const box = await flatten().boundingBox();
    if (box === null) throw new Error('no FLATTEN');
    await page.mouse.move(box.x + 20, box.y + 10);
    await page.mouse.down();
    await page.waitForTimeout(700);
    await page.mouse.up();
    await page.waitForTimeout(1_200);
    expect(host.lively.control.flattened).toBe(0);
    await page.mouse.down();
    await page.waitForTimeout(1_800);
    await page.mouse.up();
    await page.getByText(/FLAT ✓ verified/).waitFor();
    expect(host.lively.control.flattened).toBe(1);
  });

  test('has a way for the keyboard: a press, then Enter; a held key is not the second press', async () => {
    keyboardOnly(page);
    await page.getByRole('button', { name: 'Safety' }).focus();
    await page.keyboard.press('Enter');
    await flatten().focus();
    await page.keyboard.down('Enter');
    await page.waitForTimeout(600);
    for (let repeat = 0; repeat < 5; repeat += 1) await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    expect(host.lively.control.flattened).toBe(0);
    await page.getByRole('button', { name: 'Press Enter: flatten 1 position' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText(/FLAT ✓ verified/).waitFor();
    expect(host.lively.control.flattened).toBe(1);
  });
});
