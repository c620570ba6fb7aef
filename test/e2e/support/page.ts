import type { Browser, Page } from 'playwright';
import { CONTEXT } from '../../support/browser.ts';

const FIRST_RUN_DONE = JSON.stringify({ step: 'looks', done: true, finished: [] });

export interface OpenedWindow {
  readonly page: Page;
  /** Violations of the content security policy so far. */
  readonly violations: () => Promise<readonly string[]>;
  /** Errors of the page and its console so far. */
  readonly errors: readonly string[];
  readonly close: () => Promise<void>;
}

/** A window of its own, with nothing kept from others, at the moment when quotes stand in the watchlist. */
export async function openWindow(
  browser: Browser,
  url: string,
  prepare?: (page: Page) => Promise<void>,
): Promise<OpenedWindow> {
  const context = await browser.newContext(CONTEXT);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { seenViolations: seen });
    document.addEventListener('securitypolicyviolation', (event) =>
      seen.push(
        `${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`,
      ),
    );
  });
  // As after the first steps, which take the width of a panel; a test of them says so itself.
  await page.addInitScript(
    (done) => localStorage.getItem('tradewright.first-run') ?? localStorage.setItem('tradewright.first-run', done),
    FIRST_RUN_DONE,
  );
  await prepare?.(page);
  await page.goto(url);
  await page.locator('[data-panel="watchlist"] [role="row"][row-id]').first().waitFor();
  await page.getByTestId('primary').waitFor();
  return {
    page,
    violations: () => page.evaluate(() => (globalThis as unknown as { seenViolations: string[] }).seenViolations),
    errors,
    close: () => context.close(),
  };
}

/** Any use of the mouse from now on fails the test. */
export function keyboardOnly(page: Page): void {
  const refuse = () => {
    throw new Error('this test may not use the mouse');
  };
  Object.assign(page.mouse, { click: refuse, down: refuse, up: refuse, move: refuse, dblclick: refuse, wheel: refuse });
  Object.assign(page, { click: refuse, tap: refuse, hover: refuse, dragAndDrop: refuse });
}
