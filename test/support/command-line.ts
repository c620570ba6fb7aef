import { runCommandLine } from '../../src/cli/main.ts';

export interface CommandResult {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process. */
export async function tradewright(...args: readonly string[]): Promise<CommandResult> {
  let out = '';
  let err = '';
  const status = await runCommandLine(args, {
    out: (text) => (out += text),
    err: (text) => (err += text),
    isErrTty: false,
    stdin: () => Promise.resolve(''),
  });
  return { status, out, err };
}

/** Runs with --json and parses; fails loudly when stdout is anything but one JSON document. */
export async function tradewrightJson(...args: readonly string[]): Promise<Record<string, unknown>> {
  const result = await tradewright(...args, '--json');
  if (result.status !== 0) throw new Error(`status ${result.status}: ${result.err}`);
  return JSON.parse(result.out) as Record<string, unknown>;
}
