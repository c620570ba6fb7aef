#!/usr/bin/env node
// Plain JavaScript on purpose: it must run on the machine's own Node (20 or later) and hand over to the Node 24 that
// `npm ci` brings, because the SQLite binding crashes on Node 20 instead of throwing.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { endWithNpm, loadMain } from './launch.mjs';

endWithNpm();
const major = Number(process.versions.node.split('.')[0]);
if (major >= 24) {
  const main = await loadMain();
  await main(process.argv.slice(2));
} else {
  const candidates = ['../../node_modules/node/bin/node', '../../node_modules/node/bin/node.exe'];
  const node = candidates.map((path) => fileURLToPath(new URL(path, import.meta.url))).find((path) => existsSync(path));
  if (node === undefined) {
    process.stderr.write(
      `tradewright needs Node 24 (this is ${process.version}); run "npm ci" in the checkout, it brings one.\n`,
    );
    process.exit(1);
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ended from outside, this process must take the engine along and wait for its orderly end: an orphan would keep the
  // port and the journal.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
}
