import { spawn } from 'node:child_process';

export type WindowEnd =
  | { readonly kind: 'ended'; readonly status: number }
  /** It never became a window; `reason` follows "because". */
  | { readonly kind: 'failed'; readonly reason: string };

/** An end this early, other than by its own refusal, is a machine that cannot run Electron: system libraries, root. */
const START_MS = 10_000;
/** The shell showed a box that said why. */
const REFUSED = 1;

/** Runs the desktop shell until it ends. A signal to this process is one to the shell, which ends its engine in order. */
export function runElectron(
  binary: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<WindowEnd> {
  // With ELECTRON_RUN_AS_NODE (terminals of some editors set it) Electron would start as plain Node.
  const { ELECTRON_RUN_AS_NODE: _ignored, ...env } = environment;
  const startedAt = performance.now();
  const child = spawn(binary, args, { stdio: 'inherit', env });
  let isAsked = false;
  const pass = (signal: NodeJS.Signals): void => {
    // A terminal sends Ctrl+C to both of us, and a second one makes Chromium leave at once.
    if (!isAsked && !(signal === 'SIGINT' && process.stdin.isTTY)) child.kill(signal);
    isAsked = true;
  };
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, pass);
  return new Promise<WindowEnd>((resolve) => {
    child.once('error', (error) => resolve({ kind: 'failed', reason: `Electron could not be run (${error.message})` }));
    child.once('exit', (code, signal) => {
      const isOrderly = signal === null && (code === 0 || code === REFUSED);
      if (isAsked || isOrderly || performance.now() - startedAt > START_MS) {
        resolve({ kind: 'ended', status: isAsked ? 0 : (code ?? 1) });
      } else {
        resolve({ kind: 'failed', reason: `Electron ended at its start (${signal ?? `status ${code}`})` });
      }
    });
  }).finally(() => {
    for (const signal of signals) process.off(signal, pass);
  });
}
