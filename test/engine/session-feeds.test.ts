import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileFeed, openSessionFeed } from '../../src/engine/session-feeds.ts';
import type { SessionConfig } from '../../src/engine/session-config.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'session-feeds-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Three days of two shares in one file. */
async function openWith(symbols: readonly string[] | null) {
  const path = join(folder, 'two.csv');
  const rows = [1, 2, 3].flatMap((day) => [`AAA,2024-01-0${day},10,12,9,11,5`, `BBB,2024-01-0${day},20,22,19,21,5`]);
  writeFileSync(path, `symbol,date,open,high,low,close,volume\n${rows.join('\n')}\n`);
  const config: Pick<SessionConfig, 'feeds' | 'symbols' | 'seed'> = { feeds: [await fileFeed(path)], symbols, seed: 1 };
  const feed = await openSessionFeed(config as SessionConfig);
  const seen = new Set<string>();
  for await (const batch of feed.batches()) for (const event of batch) seen.add(event.instrument);
  return { feed, seen };
}

test('the symbols of a session restrict a recorded file, and the rows of the others are accounted for', async () => {
  const { feed, seen } = await openWith(['bbb']);
  expect(feed.instruments.map(({ symbol }) => symbol)).toEqual(['BBB']);
  expect([...seen]).toEqual(feed.instruments.map(({ id }) => id));
  expect(feed.report()).toMatchObject({ read: 6, kept: 3, dropped: { 'other-symbol': 3 } });
});

test('without symbols every instrument of the file is in the session', async () => {
  const { feed, seen } = await openWith(null);
  expect(seen.size).toBe(2);
  expect(feed.report()).toMatchObject({ read: 6, kept: 6, dropped: {} });
});

test('a symbol the file does not have is refused by name', async () => {
  await expect(openWith(['CCC'])).rejects.toThrow('CCC');
});
