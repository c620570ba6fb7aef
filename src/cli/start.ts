// `npm start`: the Electron window where its binary and a display are there, else the same window on loopback.
import { downloadElectron, FAILURE_FILE, officialElectron } from './electron-download.ts';
import { runElectron } from './electron-window.ts';
import { endWithNpm, loadMain } from './launch.mjs';
import { findElectron, missingDisplay, PRODUCT_ROOT } from './node-modules.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const args = process.argv.slice(2);
endWithNpm();
const display = missingDisplay(process.env, process.platform);
const why = await electronWindow();
if (why !== null) {
  say(`No Electron window because ${why}; serving the same window on this machine only.`);
  const main = await loadMain();
  await main(['serve', ...(display === null ? ['--open'] : []), ...args]);
}

/** Runs the Electron window to its end, or tells why there is none. */
async function electronWindow(): Promise<string | null> {
  const dataDir = onlyDataDir();
  if (dataDir === undefined) return 'the options given are those of the served window';
  if (display !== null) return display;
  let electron = findElectron(process.env);
  if (electron.path === null && process.env['ELECTRON_PATH'] === undefined) {
    if (process.env['TRADEWRIGHT_NO_DOWNLOAD'] !== undefined) return electron.reason;
    const failure = await downloadElectron(officialElectron(), { failureFile: FAILURE_FILE, now: Date.now(), say });
    if (failure !== null) return failure;
    electron = findElectron(process.env);
  }
  if (electron.path === null) return electron.reason;
  say('Opening Tradewright in its Electron window.');
  const environment = dataDir === null ? process.env : { ...process.env, TRADEWRIGHT_HOME: dataDir };
  const end = await runElectron(electron.path, [PRODUCT_ROOT], environment);
  if (end.kind === 'failed') return end.reason;
  process.exitCode = end.status;
  return null;
}

/** The folder of `--data-dir`, null without options, undefined with any other option. */
function onlyDataDir(): string | null | undefined {
  const [first = '', second] = args;
  if (args.length === 0) return null;
  if (args.length === 2 && first === '--data-dir') return second;
  return args.length === 1 && first.startsWith('--data-dir=') ? first.slice('--data-dir='.length) : undefined;
}
