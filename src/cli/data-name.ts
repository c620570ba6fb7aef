import { existsSync } from 'node:fs';

export interface DataName {
  readonly path: string;
  readonly symbol: string | null;
}

/**
 * FILE or FILE:SYMBOL. A file that exists under the whole name wins, then the longest path before a colon that exists,
 * so that symbols may hold colons ("BTC/USDT:USDT"). The colon of a Windows drive letter is no separator.
 */
export function splitDataName(text: string, exists: (path: string) => boolean = existsSync): DataName {
  if (exists(text)) return { path: text, symbol: null };
  const drive = /^[A-Za-z]:[\\/]/.test(text) ? 2 : 0;
  const last = text.lastIndexOf(':');
  for (let colon = last; colon >= drive && colon > 0; colon = text.lastIndexOf(':', colon - 1)) {
    const path = text.slice(0, colon);
    if (exists(path)) return { path, symbol: text.slice(colon + 1) };
  }
  if (last <= drive) return { path: text, symbol: null };
  // Nothing exists: name what the sentence about the missing file should show.
  return { path: text.slice(0, last), symbol: text.slice(last + 1) };
}
