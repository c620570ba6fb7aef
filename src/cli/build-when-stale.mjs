// Before `npm start`: builds what the window and the shell are made of, unless that is done already.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BUILT_COMMAND_LINE, COMMAND_LINE_INPUTS, isFresh } from './freshness.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const outputs = [BUILT_COMMAND_LINE, 'out/main/index.js', 'out/preload/index.cjs', 'out/renderer/index.html'];
if (!isFresh(root, outputs, [...COMMAND_LINE_INPUTS, 'electron', 'renderer'])) {
  process.stderr.write('Building Tradewright, which takes a few seconds ...\n');
  const { status } = spawnSync('npm run --silent build', { cwd: root, stdio: 'inherit', shell: true });
  process.exitCode = status ?? 1;
}
