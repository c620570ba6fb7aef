import type { App, Session, WebContents } from 'electron/main';
import { allowPermission, REFUSED_REQUESTS } from './policy.ts';

/** What lockdown needs of Electron; the fake in the tests is typed against the same. */
export type LockableApp = Pick<App, 'enableSandbox' | 'on'>;
export type LockableSession = Pick<
  Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
> & { readonly webRequest: Pick<Session['webRequest'], 'onBeforeRequest'> };

/** Before `ready`: sandbox for every process, and rules for every page that will ever exist. */
export function lockApp(app: LockableApp): void {
  app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => lockContents(contents));
}

export function lockSession(session: LockableSession): void {
  session.setPermissionRequestHandler((_contents, permission, decide) => decide(allowPermission(permission)));
  session.setPermissionCheckHandler((_contents, permission) => allowPermission(permission));
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest({ urls: REFUSED_REQUESTS }, (_details, decide) => decide({ cancel: true }));
}

function lockContents(contents: WebContents): void {
  const refuse = (event: { preventDefault(): void }): void => event.preventDefault();
  contents.on('will-navigate', refuse);
  contents.on('will-redirect', refuse);
  contents.on('will-frame-navigate', refuse);
  contents.on('will-attach-webview', refuse);
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
