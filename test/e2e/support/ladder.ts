import type { Locator, Page } from 'playwright';
import { expect } from 'vitest';

/** The depth ladder of a window, as a user finds it. */
export function ladderOf(page: Page, panel = 'depth') {
  const root = page.locator(`[data-panel="${panel}"]`);
  const row = (price: string): Locator => root.locator('.ladder tbody tr', { hasText: price }).first();
  return {
    root,
    host: root.locator('.ladder-host'),
    status: root.locator('[role="status"], [role="alert"]').last(),
    armedButton: root.getByRole('button', { name: /ARMED/ }),
    holdButton: root.getByRole('button', { name: /Hold to arm|Press Enter/ }),
    size: root.getByRole('textbox', { name: 'Size of one click' }),
    row,
    /** The price cell of the best bid or ask, as shown. */
    async best(side: 'bid' | 'ask'): Promise<string> {
      const cell = root.locator(`tr.best-${side} [data-cell="price"]`);
      await cell.waitFor();
      return (await cell.textContent()) ?? '';
    },
    /** Where a price is on the screen: a locator could follow the text to another row. */
    async place(side: 'bid' | 'ask', away: number): Promise<{ x: number; y: number; price: string }> {
      const best = root.locator('tr.best-bid');
      await best.waitFor();
      const count = await root.locator('.ladder tbody tr').count();
      const index = Math.min(count - 1, Math.max(0, Number(await best.getAttribute('data-index')) + away));
      const line = root.locator(`.ladder tbody tr[data-index="${index}"]`);
      const box = await line.locator(`[data-cell="${side}"]`).boundingBox();
      if (box === null) throw new Error(`no row ${index} in the ladder`);
      const price = (await line.locator('[data-cell="price"]').textContent()) ?? '';
      return { x: box.x + box.width / 2, y: box.y + box.height / 2, price: price.replaceAll(',', '') };
    },
    async arm(size = '0.05'): Promise<void> {
      await this.size.fill(size);
      await expect.poll(() => this.holdButton.isEnabled()).toBe(true);
      await this.holdButton.hover();
      await page.mouse.down();
      await this.armedButton.waitFor();
      await page.mouse.up();
    },
    async isArmed(): Promise<boolean> {
      return (await this.host.getAttribute('data-armed')) === 'true';
    },
  };
}
