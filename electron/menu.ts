import type { MenuItemConstructorOptions } from 'electron/main';

/**
 * The native menu. HALT is here so that it works when the window does not draw: it calls the engine in this process, not the
 * page.
 */
export function menuTemplate(platform: NodeJS.Platform, halt: () => void): MenuItemConstructorOptions[] {
  const accelerator = 'CommandOrControl+Shift+H';
  return [
    { role: platform === 'darwin' ? 'appMenu' : 'fileMenu' },
    { role: 'editMenu' },
    { role: 'viewMenu' },
    { label: 'Trading', submenu: [{ id: 'halt', label: 'HALT all trading', accelerator, click: () => halt() }] },
    { role: 'windowMenu' },
  ];
}
