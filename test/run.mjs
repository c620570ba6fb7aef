// The whole test run: build what the window and shell tests need, run every suite, end with one line that counts.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '../src/cli/require-node.mjs';

const run = (command, args) =>
  spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32', env: process.env }).status ?? 1;

if (run('electron-vite', ['build', '--logLevel', 'warn']) !== 0) {
  console.log('Tests: 0 passed, 1 failed, 0 skipped');
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'tradewright-tests-'));
const output = join(folder, 'results.json');
const status = run('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${output}`]);

let results;
try {
  results = JSON.parse(readFileSync(output, 'utf8'));
} catch {
  console.log('Tests: 0 passed, 1 failed, 0 skipped');
  process.exit(1);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const tests = results.testResults.flatMap((file) => file.assertionResults);
const skipped = tests.filter(
  (test) => test.status === 'skipped' || test.status === 'pending' || test.status === 'todo',
);
for (const test of skipped) console.log(`SKIPPED ${test.fullName}`);
// A file that fails to load has no tests of its own; it still is a failure.
const brokenFiles = results.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.length === 0,
);
const failed =
  results.numFailedTests +
  brokenFiles.length +
  (status !== 0 && results.numFailedTests === 0 && brokenFiles.length === 0 ? 1 : 0);
console.log(`Tests: ${results.numPassedTests} passed, ${failed} failed, ${skipped.length} skipped`);
process.exit(failed === 0 && status === 0 ? 0 : 1);
