// Is something that was built as new as what it was built from? Plain JavaScript: it runs before anything is loaded, and
// loading Node's TypeScript support for it would cost more than it saves.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** @returns {number} time of change in ms; 0 for what is not there */
function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/**
 * True when every output is there and nothing in the inputs changed since. Folders count with all they hold, and
 * themselves, for a file that was removed changes its folder.
 * @param {string} root
 * @param {readonly string[]} outputs
 * @param {readonly string[]} inputs
 */
export function isFresh(root, outputs, inputs) {
  const built = Math.min(...outputs.map((path) => changedAt(join(root, path))));
  return built > 0 && inputs.every((input) => isOlder(join(root, input), built));
}

function isOlder(path, built) {
  const info = statSync(path, { throwIfNoEntry: false });
  if (info === undefined) return true;
  if (info.mtimeMs >= built) return false;
  return !info.isDirectory() || readdirSync(path).every((name) => isOlder(`${path}/${name}`, built));
}

export const BUILT_COMMAND_LINE = 'out/main/cli.js';
/** What the build of the command line depends on. */
export const COMMAND_LINE_INPUTS = ['src', 'electron.vite.config.ts', 'package-lock.json'];
