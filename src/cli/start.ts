// `npm start`: the Electron window where its binary and a display are there, else the same window on loopback.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { main } from './main.ts';
import { findElectron, missingDisplay, PRODUCT_ROOT } from './node-modules.ts';

/** Electron's own installer fetches the binary; on a closed network it fails, and that is fine. */
function tryDownload(): void {
  spawnSync(process.execPath, [join(PRODUCT_ROOT, 'node_modules/electron/install.js')], {
    stdio: 'ignore',
    timeout: 120_000,
    env: { ...process.env, ELECTRON_GET_USE_PROXY: '1' },
  });
}

const noDisplay = missingDisplay(process.env, process.platform);
let electron = findElectron(process.env);
if (electron.path === null && noDisplay === null && process.env['TRADEWRIGHT_NO_DOWNLOAD'] === undefined) {
  tryDownload();
  electron = findElectron(process.env);
}

if (electron.path !== null && noDisplay === null) {
  process.stderr.write('Opening Tradewright in its Electron window.\n');
  // With ELECTRON_RUN_AS_NODE set (terminals of some editors set it) Electron would start as plain Node.
  const { ELECTRON_RUN_AS_NODE: _ignored, ...environment } = process.env;
  const child = spawn(electron.path, [PRODUCT_ROOT, ...process.argv.slice(2)], { stdio: 'inherit', env: environment });
  child.on('exit', (code) => process.exit(code ?? 0));
} else {
  const why = noDisplay ?? (electron.path === null ? electron.reason : '');
  process.stderr.write(`No Electron window because ${why}; serving the same window on this machine only.\n`);
  await main(['serve', '--open', ...process.argv.slice(2)]);
}
