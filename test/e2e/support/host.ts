import { resolve } from 'node:path';
import { pino } from 'pino';
import { type Host, startHost } from '../../../src/api/http/host.ts';
import { livelyWorkstation } from '../../fakes/lively-workstation.ts';

export const WINDOW_FOLDER = resolve(import.meta.dirname, '../../../out/renderer');

export type Lively = ReturnType<typeof livelyWorkstation>;

export interface WindowHost {
  /** With the token in the fragment. */
  readonly url: string;
  /** The workstation behind it, when it is the fake one. */
  readonly lively: Lively;
  readonly close: () => Promise<void>;
}

/** The real loopback host over a workstation that gives every answer a test wants. */
export async function startFakeHost(): Promise<WindowHost> {
  const lively = livelyWorkstation();
  const host: Host = await startHost(lively.workstation, {
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
