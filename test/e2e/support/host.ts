import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { startHost } from '../../../src/api/http/host.ts';
import { livelyWorkstation } from '../../fakes/lively-workstation.ts';
import { startEngineHost } from './real-host.ts';

const WINDOW_FOLDER = resolve(import.meta.dirname, '../../../out/renderer');

export interface WindowHost {
  /** With the token in the fragment. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

export interface FakeHost extends WindowHost {
  readonly lively: ReturnType<typeof livelyWorkstation>;
}

/** The real loopback host over a workstation that gives every answer a test wants, also those of a broken engine. */
export async function startFakeHost(): Promise<FakeHost> {
  if (!existsSync(join(WINDOW_FOLDER, 'index.html')))
    throw new Error('The window is not built: run "npm run build" first.');
  const lively = livelyWorkstation();
  const host = await startHost(lively.workstation, {
    port: 0,
    windowFolder: WINDOW_FOLDER,
    log: pino({ level: 'silent' }),
  });
  return {
    url: host.url,
    lively,
    close: async () => {
      lively.stop();
      await host.close();
    },
  };
}

/** What the tests of window.test.ts run against: the real engine in its own process. */
export const startWindowHost: () => Promise<WindowHost> = () => startEngineHost();
