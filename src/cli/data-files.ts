import { existsSync } from 'node:fs';
import { RefusalError } from '../domain/refusal.ts';
import type { Feed } from '../market/feed.ts';
import { openRecordedFeed } from '../market/feeds/recorded.ts';
import { accepted } from './backtest-options.ts';

/** FILE or FILE:SYMBOL. A file that exists under the whole name wins; a Windows drive letter is no separator. */
export function splitDataName(text: string): { path: string; symbol?: string } {
  if (existsSync(text)) return { path: text };
  const colon = text.lastIndexOf(':');
  if (colon <= 1) return { path: text };
  return { path: text.slice(0, colon), symbol: text.slice(colon + 1) };
}

/** Opens recorded files as one feed. Throws RefusalError for a file that is missing or in no known format. */
export async function openData(
  names: readonly string[],
  strict: boolean,
  timeBase: 'event' | 'local' = 'event',
): Promise<Feed> {
  const specs = names.map(splitDataName);
  for (const { path } of specs) {
    if (!existsSync(path))
      throw new RefusalError({ code: 'FILE_NOT_FOUND', sentence: `There is no file "${path}"; check the path.` });
  }
  return accepted(await openRecordedFeed(specs, { strict, timeBase }));
}
