import type { MenuItemConstructorOptions } from 'electron/main';

/**
 * The native menu. HALT is here so that it works when the window does not draw: it calls the engine in this process, not the
 * page.
 */
export function menuTemplate(halt: () => void, platform: NodeJS.Platform): MenuItemConstructorOptions[] {
  const trading: MenuItemConstructorOptions = {
    label: 'Trading',
    submenu: [{ label: 'HALT all trading', accelerator: 'CommandOrControl+Shift+H', click: halt }],
  };
  const mac: MenuItemConstructorOptions[] = platform === 'darwin' ? [{ role: 'appMenu' }] : [];
  return [...mac, { role: 'editMenu' }, trading, { role: 'windowMenu' }];
}
