import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { contentSecurityPolicy, createNonce } from './guard.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.wasm': 'application/wasm',
};

export interface WindowFile {
  readonly body: Buffer | string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The path inside the window's folder that a URL path names; null when it names nothing we serve. Decodes once. */
export function windowPath(urlPath: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  if (!path.startsWith('/') || /[\0\\:]/.test(path)) return null;
  const parts = path === '/' ? ['index.html'] : path.slice(1).split('/');
  if (parts.some((part) => part === '' || part.startsWith('.'))) return null;
  const file = parts.join(sep);
  return Object.hasOwn(TYPES, extname(file)) ? file : null;
}

const BUILD_HINT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Tradewright</title>
<p>The engine runs, but the window is not built. Run <code>npm run build</code> and reload.</p></html>`;

/** Null when there is no such file. Symbolic links out of the folder count as no such file. */
export async function readWindowFile(folder: string, urlPath: string): Promise<WindowFile | null> {
  const name = windowPath(urlPath);
  if (name === null) return null;
  const type = TYPES[extname(name)] ?? 'application/octet-stream';
  let body: Buffer | string;
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, name));
    if (!file.startsWith(root + sep) || !(await stat(file)).isFile()) return null;
    body = await readFile(file);
  } catch {
    if (name !== 'index.html') return null;
    body = BUILD_HINT;
  }
  if (extname(name) !== '.html') {
    // Names under assets/ carry a hash of their content.
    const cache = name.startsWith(`assets${sep}`) ? 'private, max-age=31536000, immutable' : 'no-store';
    return { body, headers: { 'content-type': type, 'cache-control': cache } };
  }
  const nonce = createNonce();
  return {
    body: body.toString('utf8').replaceAll('__CSP_NONCE__', nonce),
    headers: { 'content-type': type, 'content-security-policy': contentSecurityPolicy(nonce) },
  };
}
