// What every way of starting the command line shares. It loads on Node 20 as well.
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { BUILT_COMMAND_LINE, COMMAND_LINE_INPUTS, isFresh } from './freshness.mjs';

/** The command line: from its bundle, which starts in a third of the time, unless a source changed after it was made. */
export async function loadMain() {
  const root = new URL('../../', import.meta.url);
  const isBuilt = isFresh(fileURLToPath(root), [BUILT_COMMAND_LINE], COMMAND_LINE_INPUTS);
  // Halves the start from the sources; the bundle gains nothing by it.
  if (!isBuilt) module.enableCompileCache(fileURLToPath(new URL('node_modules/.cache/tradewright/compiled', root)));
  return (await import(isBuilt ? new URL(BUILT_COMMAND_LINE, root) : './main.ts')).main;
}

const PARENT_POLL_MS = 250;

/**
 * npm and npx run a command through a shell that does not pass signals on. Ended from outside they would leave an engine
 * behind that keeps the port and the journal; so it ends, in order, when its parent is gone.
 */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, PARENT_POLL_MS);
  watch.unref();
}
