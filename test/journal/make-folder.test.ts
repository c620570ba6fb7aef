import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeFolder } from '../../src/journal/make-folder.ts';

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewright-folder-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

it('makes what is missing above, and takes what is there', () => {
  const folder = join(scratch(), 'a', 'b', 'c');
  makeFolder(folder, 0o700);
  makeFolder(folder, 0o700);
  expect(statSync(folder).isDirectory()).toBe(true);
});

it('says what is in the way', () => {
  const file = join(scratch(), 'file');
  writeFileSync(file, '');
  expect(() => makeFolder(file)).toThrow('EEXIST');
  expect(() => makeFolder(join(file, 'below'))).toThrow('ENOTDIR');
});

// In a process of its own, since what it guards against is a call that never returns.
it.skipIf(!existsSync('/proc/self'))('ends where the system refuses folders', () => {
  const module = join(import.meta.dirname, '../../src/journal/make-folder.ts');
  const code = `import { makeFolder } from ${JSON.stringify(module)};
    try { makeFolder('/proc/tradewright/halt') } catch (error) { process.stdout.write(error.code) }`;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    timeout: 5_000,
    encoding: 'utf8',
  });
  expect(said).toBe('ENOENT');
});
