import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The checkout or package that this runs from: the nearest folder with a package.json, whether from src/ or from out/. */
export const PRODUCT_ROOT = folderWithPackage(import.meta.dirname);

function folderWithPackage(folder: string): string {
  const parent = dirname(folder);
  return parent === folder || existsSync(join(folder, 'package.json')) ? folder : folderWithPackage(parent);
}

/**
 * The Electron binary, or null with the reason. Looks at files only: asking the `electron` package for its path would
 * start a download on machines where it is missing.
 */
export function findElectron(environment: NodeJS.ProcessEnv): { path: string } | { path: null; reason: string } {
  const given = environment['ELECTRON_PATH'];
  if (given !== undefined)
    return existsSync(given)
      ? { path: given }
      : { path: null, reason: `ELECTRON_PATH names ${given}, which does not exist` };
  const folder = join(PRODUCT_ROOT, 'node_modules/electron');
  const pointer = join(folder, 'path.txt');
  if (!existsSync(pointer)) return { path: null, reason: 'the Electron binary is not downloaded' };
  const binary = join(folder, 'dist', readFileSync(pointer, 'utf8').trim());
  return existsSync(binary)
    ? { path: binary }
    : { path: null, reason: `the Electron binary is missing from ${dirname(binary)}` };
}

/** Null when a window can be shown, otherwise why not. */
export function missingDisplay(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | null {
  if (platform !== 'linux') return null;
  const display = environment['WAYLAND_DISPLAY'] ?? environment['DISPLAY'];
  return display === undefined || display === '' ? 'there is no display' : null;
}
