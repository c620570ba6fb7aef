import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { RefusalError } from '../domain/refusal.ts';
import type { Feed } from '../market/feed.ts';
import { mergeFeeds } from '../market/feeds/merge-feeds.ts';
import { onlySymbols } from '../market/feeds/only-symbols.ts';
import { openRecordedFeed } from '../market/feeds/recorded.ts';
import { SimulatedFeed } from '../market/feeds/simulated.ts';
import { simulatedUniverse } from '../market/feeds/sim-universe.ts';
import type { FileFeedConfig, SessionConfig } from './session-config.ts';

export async function fileDigest(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** The config of a recorded file as it is now. Throws RefusalError when there is none. */
export async function fileFeed(path: string, symbol?: string): Promise<FileFeedConfig> {
  if (!existsSync(path))
    throw new RefusalError({ code: 'FILE_NOT_FOUND', sentence: `There is no file "${path}"; check the path.` });
  return { kind: 'file', path, ...(symbol === undefined ? {} : { symbol }), sha256: await fileDigest(path) };
}

/**
 * Opens the feeds of a session as one. Recorded files are one source together, since a stream may be cut into several.
 * Throws RefusalError for a symbol nobody has.
 */
export async function openSessionFeed(config: SessionConfig): Promise<Feed> {
  const feeds: Feed[] = [];
  const only = config.symbols ?? undefined;
  const found = new Set<string>();
  for (const feed of config.feeds) {
    if (feed.kind !== 'sim') continue;
    const { symbols } = simulatedUniverse(feed.market, only === undefined ? {} : { only });
    for (const { instrument } of simulatedUniverse(feed.market).symbols) found.add(instrument.symbol);
    if (symbols.length > 0)
      feeds.push(
        new SimulatedFeed({ market: feed.market, seed: config.seed, start: feed.start, end: feed.end, symbols }),
      );
  }
  const files = config.feeds.filter((feed) => feed.kind === 'file');
  if (files.length > 0) {
    const opened = await openRecordedFeed(
      files.map(({ path, symbol }) => (symbol === undefined ? { path } : { path, symbol })),
    );
    if (!opened.ok) throw new RefusalError(opened.error);
    for (const { symbol } of opened.value.instruments) found.add(symbol);
    const wanted = only === undefined ? null : new Set(only.map(plainSymbol));
    const feed = wanted === null ? opened.value : onlySymbols(opened.value, wanted);
    if (feed.instruments.length > 0) feeds.push(feed);
  }
  const missing = (only ?? []).filter((name) => !found.has(plainSymbol(name)));
  const first = feeds[0];
  if (missing.length > 0 || first === undefined) {
    throw new RefusalError({
      code: 'SYMBOL_UNKNOWN',
      sentence: `No feed of this session has ${missing.length > 0 ? missing.join(', ') : 'any instrument'}; there are ${[...found].join(', ') || 'none'}.`,
    });
  }
  return feeds.length === 1 ? first : mergeFeeds(feeds);
}

/** "btc/usdt" and "BTCUSDT.SIM" mean BTCUSDT. */
function plainSymbol(name: string): string {
  return name
    .toUpperCase()
    .replace(/\.[A-Z0-9]+$/, '')
    .replaceAll(/[/_-]/g, '');
}
