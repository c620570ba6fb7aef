import { RefusalError } from '../domain/refusal.ts';
import { type Command, type CommandIo, UsageError } from './command.ts';

/** Loaded on demand, so that `calendar` does not pay for the engine. */
const COMMANDS: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  serve: () => import('./commands/serve.ts'),
  paper: () => import('./commands/paper.ts'),
  backtest: () => import('./commands/backtest.ts'),
  compare: () => import('./commands/compare.ts'),
  bars: () => import('./commands/bars.ts'),
  metrics: () => import('./commands/metrics.ts'),
  indicators: () => import('./commands/indicators.ts'),
  'what-if': () => import('./commands/what-if.ts'),
  charges: () => import('./commands/charges.ts'),
  tca: () => import('./commands/tca.ts'),
  size: () => import('./commands/size.ts'),
  risk: () => import('./commands/risk.ts'),
  calendar: () => import('./commands/calendar.ts'),
  journal: () => import('./commands/journal.ts'),
  session: () => import('./commands/session.ts'),
  kill: () => import('./commands/kill.ts'),
  doctor: () => import('./commands/doctor.ts'),
};

async function overview(): Promise<string> {
  const lines = ['tradewright COMMAND [options]   (each command has --help)', ''];
  for (const [name, load] of Object.entries(COMMANDS))
    lines.push(`  ${name.padEnd(12)} ${(await load()).command.summary}`);
  return `${lines.join('\n')}\n`;
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}

/** Runs one command line. Never throws; the status is cli.md's: 0 done, 1 refused or failed, 2 wrong usage. */
export async function runCommandLine(args: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = args;
  try {
    if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
      io.out(await overview());
      return name === undefined ? 2 : 0;
    }
    if (!Object.hasOwn(COMMANDS, name))
      throw new UsageError(`There is no command "${name}". Known: ${Object.keys(COMMANDS).join(', ')}.`);
    const load = COMMANDS[name];
    if (load === undefined) return 2;
    const { command } = await load();
    return await command.run(rest, io);
  } catch (error) {
    if (error instanceof UsageError) {
      io.err(`${error.message}\nSee: tradewright ${name ?? ''} --help\n`);
      return 2;
    }
    if (error instanceof RefusalError) {
      io.err(`${error.refusal.sentence} [${error.refusal.code}]\n`);
      return 1;
    }
    if (isSystemError(error)) {
      io.err(`The system refused ${error.syscall} (${error.message}). Check the path, its permissions and the disk.\n`);
      return 1;
    }
    io.err(
      `Unexpected failure, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return 1;
  }
}

/** A folder in place of a file, no permission, a full disk: of the user's machine and no fault of the program. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'errno' in error;
}

export async function main(args: readonly string[]): Promise<void> {
  // A reader that goes away (`| head`) is not a failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
  process.exitCode = await runCommandLine(args, {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    isErrTty: process.stderr.isTTY,
    stdin: readStdin,
  });
}
