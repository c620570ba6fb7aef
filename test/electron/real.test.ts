import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeRealElectron } from '../support/electron.ts';

// The only suite that runs Electron itself: everything that the fake cannot prove.
describeRealElectron('the shell in a real Electron', (executablePath) => {
  let dataDir = '';
  let application: ElectronApplication;
  let page: Page;
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'tradewright-electron-'));
    // Terminals of some editors set it, and Electron would then start as plain Node.
    const { ELECTRON_RUN_AS_NODE: _ignored, ...environment } = process.env;
    application = await _electron.launch({
      executablePath,
      args: [resolve(import.meta.dirname, '../..')],
      env: { ...environment, TRADEWRIGHT_HOME: dataDir } as Record<string, string>,
    });
    page = await application.firstWindow();
    await page.getByRole('button', { name: /halt/i }).first().waitFor();
  });
  afterAll(async () => {
    await application.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('a window opens with the title of the page, on our own origin', async () => {
    expect(await page.title()).toContain('Tradewright');
    expect(page.url()).toMatch(/^app:\/\/terminal\//);
    expect(application.windows()).toHaveLength(1);
  });

  test('the page is isolated: no Node, one key with one function', async () => {
    const found = await page.evaluate(() => ({
      process: typeof (globalThis as Record<string, unknown>)['process'],
      require: typeof (globalThis as Record<string, unknown>)['require'],
      keys: Object.keys(window.terminalHost ?? {}),
    }));
    expect(found).toEqual({ process: 'undefined', require: 'undefined', keys: ['connect'] });
  });

  test('13, 14: it leads nowhere: links, frames, windows, redirects', async () => {
    const before = page.url();
    for (const attack of ['https://example.test/?next=app://terminal/', 'app://evil/', 'file:///etc/passwd']) {
      await page.evaluate((url) => {
        const link = document.createElement('a');
        link.href = url;
        document.body.append(link);
        link.click();
        link.remove();
        window.open(url);
      }, attack);
    }
    await page.waitForTimeout(300);
    expect(page.url()).toBe(before);
    expect(application.windows()).toHaveLength(1);
  });

  test('7: no violation of the policy, and no network', async () => {
    const refused = await page.evaluate(async () => {
      const answer = await fetch('https://example.test/').then(
        () => 'loaded',
        () => 'refused',
      );
      return answer;
    });
    expect(refused).toBe('refused');
  });

  test('axe finds nothing serious', async () => {
    // Electron has no second page for axe to finish in.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  });

  test('HALT from the menu shows on the page', async () => {
    await application.evaluate(({ Menu, dialog }) => {
      dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false });
      Menu.getApplicationMenu()?.getMenuItemById('halt')?.click();
    });
    await page.getByText('HALTED').first().waitFor();
  });
});
