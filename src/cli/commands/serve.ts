import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import type { Host } from '../../api/http/host.ts';
import type { Workstation } from '../../engine/workstation.ts';
import { findBrowser, launch, launchOf } from '../browser.ts';
import { checkedIntraday, DEFAULT_INTRADAY, type IntradayTerms } from '../../engine/intraday.ts';
import { usable } from '../option-values.ts';
import { type Command, type CommandIo, UsageError } from '../command.ts';
import { defaultDataDir } from '../data-dir.ts';
import { missingDisplay, PRODUCT_ROOT } from '../node-modules.ts';
import { usageOf } from '../usage.ts';

const help = `tradewright serve [--port N] [--open] [--data-dir D] [--token-file F] [--json]

Runs the engine with its API and window on this machine only (127.0.0.1). Ctrl+C ends it in order.

  --port        port to listen on; a free one when left out
  --open        open the window: a Chromium app window, else the default browser
  --data-dir    folder of the journal and settings
  --entry-until HH:MM  --square-off HH:MM   of intraday accounts on NSE, India time (default 15:00 and 15:10; before 15:15)
  --token-file  write the access token of this run there (readable by you only); removed at the end
  --json        print the ready line as JSON

The printed address holds the token; REST and events are under /api with "Authorization: Bearer TOKEN",
described by /api/openapi.json.`;

export interface ServeOptions {
  readonly port: number;
  readonly open: boolean;
  readonly dataDir: string;
  readonly tokenFile: string | undefined;
  readonly json: boolean;
}

async function openWindow(host: Host, dataDir: string, io: CommandIo): Promise<void> {
  const display = missingDisplay(process.env, process.platform);
  if (display !== null) {
    io.err(`No window is opened because ${display}; open the address above in a browser on this machine.\n`);
    return;
  }
  const program = launchOf(host.launchUrl(), join(dataDir, 'window'), findBrowser(process.env));
  const failure = await launch(program);
  io.err(
    failure === null
      ? `Opening ${program.what}.\n`
      : `Could not open ${program.what} (${failure}); open the address above in a browser on this machine.\n`,
  );
}

export type BuildEngine = (dataDir: string) => Promise<Workstation & { close(): Promise<void> }>;

const buildEngine = async (dataDir: string, intraday?: IntradayTerms): ReturnType<BuildEngine> => {
  // An engine allocates little and steadily: a young generation that grows only costs memory (measured with a thousand
  // symbols: 220 MB become 160 MB).
  setFlagsFromString('--semi-space-growth-factor=1');
  const { createWorkstation } = await import('../../engine/create-workstation.ts');
  return createWorkstation({ dataDir, ...(intraday === undefined ? {} : { intraday }) });
};

/** Runs until `stop` is aborted. The engine is built while the host's libraries load. */
export async function serve(
  options: ServeOptions,
  io: CommandIo,
  stop: AbortSignal,
  build: BuildEngine = buildEngine,
): Promise<number> {
  const hostModule = import('../../api/http/host.ts');
  const logModule = import('../../api/log.ts');
  const workstation = await build(options.dataDir);
  try {
    const [{ startHost }, { createLog }] = await Promise.all([hostModule, logModule]);
    const host = await startHost(workstation, {
      port: options.port,
      windowFolder: join(PRODUCT_ROOT, 'out', 'renderer'),
      log: createLog(),
      tokenFile: options.tokenFile,
    });
    try {
      io.out(
        options.json
          ? `${JSON.stringify({ ready: true, url: host.url, port: host.port, pid: process.pid, dataDir: options.dataDir })}\n`
          : `ready ${host.url}\n`,
      );
      if (options.open) await openWindow(host, options.dataDir, io);
      if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
    } finally {
      await host.close();
    }
  } finally {
    await workstation.close();
  }
  return 0;
}

function readPort(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port < 0 || port > 65_535) throw new UsageError(`--port "${text}" is not a port; use a number from 0 to 65535.`);
  return port;
}

export const command: Command = {
  name: 'serve',
  summary: 'engine, API and window on this machine',
  help,
  async run(args, io) {
    const { values } = usageOf(() =>
      parseArgs({
        args: [...args],
        options: {
          port: { type: 'string' },
          open: { type: 'boolean', default: false },
          'data-dir': { type: 'string' },
          'token-file': { type: 'string' },
          'entry-until': { type: 'string', default: DEFAULT_INTRADAY.entryUntil },
          'square-off': { type: 'string', default: DEFAULT_INTRADAY.squareOffAt },
          json: { type: 'boolean', default: false },
          help: { type: 'boolean', default: false },
        },
        strict: true,
      }),
    );
    if (values.help) {
      io.out(`${help}\n`);
      return 0;
    }
    const options: ServeOptions = {
      port: readPort(values.port),
      open: values.open,
      dataDir: values['data-dir'] ?? defaultDataDir(process.env, process.platform, homedir()),
      tokenFile: values['token-file'],
      json: values.json,
    };
    const { 'entry-until': entryUntil, 'square-off': squareOffAt } = values;
    const intraday = usable(checkedIntraday({ ...DEFAULT_INTRADAY, entryUntil, squareOffAt }));
    const stop = new AbortController();
    let askedAt: number | null = null;
    const onSignal = (): void => {
      askedAt ??= performance.now();
      // Ctrl+C may arrive twice, from the terminal and from the launcher. A later one means: leave at once.
      // The journal is safe at any instant.
      if (performance.now() - askedAt > 1000) process.exit(1);
      stop.abort();
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    for (const signal of signals) process.on(signal, onSignal);
    try {
      return await serve(options, io, stop.signal, (dataDir) => buildEngine(dataDir, intraday));
    } finally {
      for (const signal of signals) process.off(signal, onSignal);
    }
  },
};
