import { existsSync } from 'node:fs';
import { RefusalError } from '../domain/refusal.ts';
import type { Feed } from '../market/feed.ts';
import { openRecordedFeed } from '../market/feeds/recorded.ts';
import { accepted } from './backtest-options.ts';
import { splitDataName } from './data-name.ts';

/** Opens FILE[:SYMBOL] names as one feed. Throws RefusalError for a file that is missing or in no known format. */
export async function openData(names: readonly string[], strict: boolean): Promise<Feed> {
  const specs = names.map((name) => {
    const { path, symbol } = splitDataName(name);
    if (!existsSync(path))
      throw new RefusalError({ code: 'FILE_NOT_FOUND', sentence: `There is no file "${path}"; check the path.` });
    return symbol === null ? { path } : { path, symbol };
  });
  return accepted(await openRecordedFeed(specs, { strict }));
}
