import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { PRODUCT_ROOT } from './node-modules.ts';

export interface ElectronSource {
  /** Fetches the archive into the installer's cache; `onBytes` is called as it arrives. */
  fetchArchive(onBytes: () => void, signal: AbortSignal): Promise<void>;
  /** Unpacks the archive from the cache. */
  unpack(): Promise<void>;
}

export interface DownloadOptions {
  /** Remembers a failure, so that a machine without a way out is asked once a day. */
  readonly failureFile: string;
  readonly now: number;
  readonly say: (line: string) => void;
  /** Until the first bytes. A closed network must not hold up the start. */
  readonly patienceMs?: number;
  /** Between bytes, once they come. */
  readonly stallMs?: number;
}

const DAY_MS = 86_400_000;
export const FAILURE_FILE = join(
  PRODUCT_ROOT,
  'node_modules',
  '.cache',
  'tradewright',
  'electron-download-failed.json',
);

/** Null when the binary is there afterwards, otherwise why not, to follow "because". */
export async function downloadElectron(
  source: ElectronSource,
  { failureFile, now, say, patienceMs = 3_000, stallMs = 15_000 }: DownloadOptions,
): Promise<string | null> {
  const failed = readFailure(failureFile);
  if (failed !== null && now >= failed.at && now - failed.at < DAY_MS) {
    return `the Electron binary is not here and its download failed within the last day (${failed.reason}); to try now: npx install-electron`;
  }
  const gone = new AbortController();
  let timer = setTimeout(() => gone.abort(new Error('no answer')), patienceMs);
  let isComing = false;
  try {
    const aborted = new Promise<never>((_resolve, reject) => {
      gone.signal.addEventListener('abort', () => reject(gone.signal.reason as Error));
    });
    const onBytes = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => gone.abort(new Error('the connection stalled')), stallMs);
      if (!isComing) say('Downloading Electron once, about 120 MB ...');
      isComing = true;
    };
    await Promise.race([source.fetchArchive(onBytes, gone.signal), aborted]);
    clearTimeout(timer);
    await source.unpack();
    rmSync(failureFile, { force: true });
    return null;
  } catch (error) {
    const reason = reasonOf(error);
    remember(failureFile, { at: now, reason });
    return `the Electron binary is not here and could not be downloaded (${reason})`;
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function readFailure(file: string): { readonly at: number; readonly reason: string } | null {
  try {
    const { at, reason } = JSON.parse(readFileSync(file, 'utf8')) as { at?: unknown; reason?: unknown };
    return typeof at === 'number' && typeof reason === 'string' ? { at, reason } : null;
  } catch {
    return null;
  }
}

function remember(file: string, failure: { at: number; reason: string }): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(failure));
  } catch {
    // A folder that cannot be written only means that the next start tries again.
  }
}

interface Getter {
  downloadArtifact(what: {
    readonly version: string;
    readonly artifactName: 'electron';
    readonly checksums: Readonly<Record<string, string>>;
    readonly cacheRoot: string | undefined;
    readonly downloadOptions: { quiet: true; signal: AbortSignal; getProgressCallback: () => Promise<void> };
  }): Promise<string>;
}

/** What the installed `electron` package would fetch, by its own downloader: same version, checksums and cache. */
export function officialElectron(): ElectronSource {
  const ofElectron = createRequire(join(PRODUCT_ROOT, 'node_modules', 'electron', 'package.json'));
  return {
    async fetchArchive(onBytes, signal) {
      if (process.env['HTTPS_PROXY'] !== undefined || process.env['https_proxy'] !== undefined) {
        http.setGlobalProxyFromEnv();
      }
      const { version } = ofElectron('./package.json') as { version: string };
      const getter = (await import(pathToFileURL(ofElectron.resolve('@electron/get')).href)) as Getter;
      await getter.downloadArtifact({
        version,
        artifactName: 'electron',
        checksums: ofElectron('./checksums.json') as Record<string, string>,
        cacheRoot: process.env['electron_config_cache'],
        downloadOptions: {
          quiet: true,
          signal,
          getProgressCallback() {
            onBytes();
            return Promise.resolve();
          },
        },
      });
    },
    async unpack() {
      await promisify(execFile)(process.execPath, [ofElectron.resolve('./install.js')], { timeout: 120_000 });
    },
  };
}
