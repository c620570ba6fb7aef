import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** 256 bits, new at every start. Its alphabet is legal in a URL fragment, a header and a subprotocol name. */
export function createToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Hashed first, so that the comparison takes the same time for every length. */
export function isToken(given: string | undefined, token: string): boolean {
  if (given === undefined || given.length > 200) return false;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

export function bearerToken(headers: IncomingHttpHeaders): string | undefined {
  return /^Bearer ([\w-]+)$/.exec(headers.authorization ?? '')?.[1];
}

export const SUBPROTOCOL = 'tradewright';

/** "tradewright, TOKEN": a browser can send no header with a WebSocket but this. */
export function socketToken(headers: IncomingHttpHeaders): string | undefined {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  return offered.length === 2 && offered[0] === SUBPROTOCOL ? offered[1] : undefined;
}

/**
 * Names by which this machine may call us. A page of another site can make a browser send requests here (and a name
 * of its own resolve to 127.0.0.1), but it cannot choose these two headers.
 */
export function isLocalRequest(headers: IncomingHttpHeaders, port: number): boolean {
  const site = headers['sec-fetch-site'];
  return isOurAddress(headers, port) && (site === undefined || site === 'same-origin' || site === 'none');
}

function isOurAddress(headers: IncomingHttpHeaders, port: number): boolean {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (headers.host === undefined || !hosts.includes(headers.host)) return false;
  const { origin } = headers;
  return origin === undefined || hosts.some((host) => origin === `http://${host}`);
}

/** Somebody followed a link to the window, in a mail say: a whole page, which no other site can look into. */
export function isLinkFollowed(headers: IncomingHttpHeaders, url: string, port: number): boolean {
  return (
    isOurAddress(headers, port) &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document' &&
    !url.startsWith('/api')
  );
}

export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

export function createNonce(): string {
  return randomBytes(18).toString('base64url');
}

/** On every response; the window's pages add their own policy with a nonce. */
export const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'cache-control': 'no-store',
} as const;
