import type { Protocol } from 'electron/main';
import { readWindowFile } from '../src/api/http/window-files.ts';
import { ownPath } from './policy.ts';

export type PageProtocol = Pick<Protocol, 'registerSchemesAsPrivileged' | 'handle'>;

/** Before `ready`: app:// is a standard, secure origin, so that modules, fetch and storage work without file: URLs. */
export function registerAppScheme(protocol: Pick<PageProtocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the window's bundle and nothing else. GET only; every page gets its own style nonce in the policy. */
export function servePages(protocol: Pick<PageProtocol, 'handle'>, folder: string): void {
  protocol.handle('app', async (request) => {
    const path = request.method === 'GET' ? ownPath(request.url) : null;
    const file = path === null ? null : await readWindowFile(folder, path);
    if (file === null) return new Response(null, { status: 404 });
    const body = typeof file.body === 'string' ? file.body : new Uint8Array(file.body);
    return new Response(body, { status: 200, headers: { ...file.headers, 'x-content-type-options': 'nosniff' } });
  });
}
