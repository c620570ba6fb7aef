import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe } from 'vitest';

const root = process.env['TRADEWRIGHT_DATA'] ?? resolve(import.meta.dirname, '../../../shared/data');

/** Path of a file of the shared data set, or null when the set is not on this machine. */
export function sharedData(relativePath: string): string | null {
  const path = resolve(root, relativePath);
  return existsSync(path) ? path : null;
}

/** A suite over shared data. Without the data it is skipped, and its name says what is missing. */
export function describeWithData(name: string, relativePaths: readonly string[], suite: () => void): void {
  const missing = relativePaths.filter((path) => sharedData(path) === null);
  if (missing.length === 0) describe(name, suite);
  else describe.skip(`${name} [SKIPPED: shared data absent: ${missing.join(', ')}]`, suite);
}
