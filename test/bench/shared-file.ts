import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const root = process.env['TRADEWRIGHT_DATA'] ?? resolve(import.meta.dirname, '../../../shared/data');

/** Path of a file of the shared data set, null when it is not on this machine. */
export function sharedFile(relativePath: string): string | null {
  const path = resolve(root, relativePath);
  return existsSync(path) ? path : null;
}
