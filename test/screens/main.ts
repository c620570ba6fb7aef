// Pictures of the window for people to look at: node test/screens/main.ts [folder]. Not compared with anything.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright';
import { startWindowHost } from '../e2e/support/host.ts';
import { openWindow } from '../e2e/support/page.ts';
import { makeTrades } from './trades.ts';
import { launchBrowser } from '../support/browser.ts';

const folder = resolve(process.argv[2] ?? join(import.meta.dirname, '../../docs/screens'));
mkdirSync(folder, { recursive: true });

async function order(page: Page, side: 'b' | 's', type: 'Market' | 'Limit', quantity: string, away = 0): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: type, exact: true }).click();
  await page.keyboard.press(side);
  await page.getByLabel('Quantity', { exact: true }).fill(quantity);
  if (type === 'Limit') {
    await page.getByRole('button', { name: 'touch' }).click();
    const price = Number(await page.getByLabel('Limit price').inputValue());
    await page.getByLabel('Limit price').fill((price * (1 + away)).toFixed(0));
  }
  await page.getByTestId('primary').click();
  await page.getByTestId('review').waitFor();
  await page.waitForTimeout(600);
}

async function send(page: Page): Promise<void> {
  const primary = page.getByTestId('primary');
  if ((await primary.count()) > 0) await primary.click();
  await page.waitForTimeout(800);
  const back = page.getByRole('button', { name: 'Change the order' });
  if ((await back.count()) > 0) await back.click();
}

async function open(name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name, exact: true }).click();
  await page.locator('[data-screen] h2').first().waitFor();
  await page.waitForTimeout(1_200);
}

async function choose(name: string): Promise<void> {
  await page.locator('[data-screen]').getByRole('button', { name, exact: true }).click();
  await page.waitForTimeout(1_200);
}

/** Every screen behind the rail, with what has been traded by now. */
async function screens(): Promise<void> {
  await open('Positions');
  await page.locator('[data-screen] [role="row"][row-id]').first().click();
  await page.waitForTimeout(500);
  await picture('6-positions');
  await open('Orders');
  await choose('History');
  await page.locator('[data-screen] [role="row"][row-id]').first().click();
  await page.waitForTimeout(800);
  await picture('7-orders');
  await open('Risk');
  await picture('8-risk');
  await open('Strategies');
  await picture('9-strategies');
  await open('Results');
  await picture('10-performance');
  for (const [index, view] of ['Calendar', 'Breakdown', 'Execution'].entries()) {
    await choose(view);
    await picture(`${11 + index}-performance-${view.toLowerCase()}`);
  }
  await open('Journal');
  await page.getByLabel('Note').fill('Bought the retest of the morning high, out at the plan.');
  await page.getByLabel('Tags, with commas between').fill('breakout, retest');
  await page.getByRole('group', { name: 'Rating' }).getByRole('button', { name: '4' }).click();
  await page.getByRole('button', { name: 'Save the entry' }).click();
  await page.getByText(/^✓ Saved /).waitFor();
  await page.waitForTimeout(800);
  await picture('14-journal');
  await open('Settings');
  await picture('15-settings');
  for (const [index, section] of ['Risk limits', 'Hotkeys', 'Data'].entries()) {
    await page.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name: section }).click();
    await page.waitForTimeout(800);
    await picture(`${16 + index}-settings-${section.toLowerCase().replace(' ', '-')}`);
  }
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name: 'About' }).click();
  await page.getByRole('button', { name: 'Open the first steps' }).click();
  await page.keyboard.press('Control+1');
  const guide = page.getByRole('complementary', { name: 'First steps' });
  await guide.getByRole('listitem').getByRole('button', { name: 'Money' }).click();
  await page.waitForTimeout(800);
  await picture('19-first-steps');
  await guide.getByRole('button', { name: 'Later' }).click();
}

const browser = await launchBrowser();
const host = await startWindowHost();
const { page, errors, close } = await openWindow(browser, host.url);
const picture = (name: string) => page.screenshot({ path: join(folder, `${name}.png`) });
const waitMs = Number(process.env['SCREENS_WARMUP_MS'] ?? 3_000);
await page.waitForTimeout(waitMs);
await picture('1-start');
await order(page, 'b', 'Market', '0.1');
await send(page);
await order(page, 'b', 'Limit', '0.05', -0.001);
await send(page);
await order(page, 's', 'Limit', '0.05', 0.001);
await send(page);
await picture('2-trading');
await order(page, 'b', 'Limit', '0.1', -0.0005);
await picture('3-review');
await page.keyboard.press('Escape');
await makeTrades(
  host.url,
  Number(process.env['SCREENS_ROUNDS'] ?? 10),
  Number(process.env['SCREENS_PAUSE_MS'] ?? 9_000),
);
await screens();
await page.keyboard.press('Control+Shift+H');
await page.waitForTimeout(1_000);
await picture('4-halted');
await page.getByRole('button', { name: 'View', exact: true }).click();
await page.getByRole('menuitemradio', { name: 'Light' }).click();
await page.getByRole('menuitemradio', { name: /colour-vision/ }).click();
await page.keyboard.press('Escape');
await page.getByRole('button', { name: 'Close', exact: true }).first().click();
await page.getByRole('tab', { name: 'Order history' }).click();
await page.waitForTimeout(500);
await picture('5-light');
for (const error of errors) console.error(error);
console.log(`pictures in ${folder}`);
await close();
await browser.close();
await host.close();
process.exit(errors.length === 0 ? 0 : 1);
