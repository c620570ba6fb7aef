// The window lists whose work is in the product: a module made at build time from the packages themselves.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';

const root = import.meta.dirname;
const MODULE = 'virtual:licences';
/** Used to build and to test; nothing of them is delivered. */
const TOOLS =
  /^(?:@types\/|@axe-core\/|@sparticuz\/|@tailwindcss\/|@vitejs\/|electron-(?:builder|vite)$|fast-check$|knip$|node$|oxfmt$|oxlint|playwright$|tailwindcss$|typescript$|vite$|vitest$)/;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function manifest(folder: string): Manifest | null {
  const file = join(folder, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : null;
}

function licenceText(folder: string): string {
  const name = readdirSync(folder).find((file) => /^(?:licen[cs]e|copying)(?:\.|$|-)/i.test(file));
  return name === undefined ? '' : readFileSync(join(folder, name), 'utf8').trim();
}

/** Everything reachable from what the product depends on, by name. */
function delivered(): { name: string; version: string; licence: string; text: string }[] {
  const own = manifest(root);
  const waiting = Object.keys({ ...own?.dependencies, ...own?.devDependencies }).filter((name) => !TOOLS.test(name));
  const seen = new Map<string, { name: string; version: string; licence: string; text: string }>();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    const folder = resolve(root, 'node_modules', name);
    const found = manifest(folder);
    if (found === null) continue;
    const { version, license = 'not stated' } = found;
    seen.set(name, { name, version, licence: license, text: licenceText(folder) });
    // Electron's own dependencies fetch it; what it contains has its licences beside the binary.
    if (name !== 'electron') waiting.push(...Object.keys(found.dependencies ?? {}));
  }
  return [...seen.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

export const licences = (): Plugin => ({
  name: 'licences',
  resolveId: (id) => (id === MODULE ? `\0${MODULE}` : null),
  load: (id) => (id === `\0${MODULE}` ? `export default ${JSON.stringify(delivered())};` : null),
});
