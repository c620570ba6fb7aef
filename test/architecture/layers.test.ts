import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
let house = '';

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'tradewright-house-'));
  cpSync(join(root, '.oxlint'), join(house, '.oxlint'), { recursive: true });
  cpSync(join(root, '.oxlintrc.json'), join(house, '.oxlintrc.json'));
});
afterAll(() => rmSync(house, { recursive: true, force: true }));

/** Lints one planted file and returns the messages of our own rules. */
function lint(path: string, code: string): string {
  const file = join(house, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, code);
  try {
    return execFileSync(join(root, 'node_modules/.bin/oxlint'), [path], {
      cwd: house,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    return String((error as { stdout?: string }).stdout ?? error);
  } finally {
    rmSync(file);
  }
}

const planted: [name: string, path: string, code: string, message: string][] = [
  [
    'the domain reaches up',
    'src/domain/bad.ts',
    "import { x } from '../market/book.ts';\nexport const y = x;\n",
    'domain may not import market',
  ],
  [
    'the domain opens a file',
    'src/domain/bad.ts',
    "import { readFileSync } from 'node:fs';\nexport const y = readFileSync;\n",
    'domain may not import package node:fs',
  ],
  [
    'the contract opens a file',
    'src/contract/bad.ts',
    "import { readFileSync } from 'node:fs';\nexport const y = readFileSync;\n",
    'contract may not import package node:fs',
  ],
  [
    'the venue writes the journal',
    'src/venue/bad.ts',
    "import { x } from '../journal/journal.ts';\nexport const y = x;\n",
    'venue may not import journal',
  ],
  [
    'risk reaches execution',
    'src/risk/bad.ts',
    "export { x } from '../execution/order-manager.ts';\n",
    'risk may not import execution',
  ],
  [
    'a strategy sends orders',
    'src/strategies/bad.ts',
    "import { x } from '../execution/order-manager.ts';\nexport const y = x;\n",
    'strategies may not import execution',
  ],
  [
    'the engine serves HTTP',
    'src/engine/bad.ts',
    "import x from 'fastify';\nexport const y = x;\n",
    'engine may not import package fastify',
  ],
  [
    'the window takes a value of the contract',
    'renderer/bad.ts',
    "import { contract } from '../src/contract/contract.ts';\nexport const y = contract;\n",
    'renderer may not import contract',
  ],
  [
    'the window takes a type of the engine',
    'renderer/bad.ts',
    "import type { x } from '../src/engine/workstation.ts';\nexport type Y = x;\n",
    'renderer may not import engine',
  ],
  [
    'the window talks to Electron',
    'renderer/bad.ts',
    "import { ipcRenderer } from 'electron';\nexport const y = ipcRenderer;\n",
    'renderer may not import package electron',
  ],
  [
    'src talks to Electron',
    'src/api/bad.ts',
    "import { app } from 'electron/main';\nexport const y = app;\n",
    'api may not import package electron/main',
  ],
  [
    'a lazy import sneaks through',
    'src/market/bad.ts',
    "export const y = () => import('../engine/core.ts');\n",
    'market may not import engine',
  ],
  [
    'a new room appears',
    'src/utils/bad.ts',
    "import { x } from '../domain/order.ts';\nexport const y = x;\n",
    'src/utils is no room',
  ],
  ['the core reads the machine clock', 'src/venue/bad.ts', 'export const y = Date.now();\n', 'Date.now in the core'],
  ['the core rolls dice', 'src/execution/bad.ts', 'export const y = Math.random();\n', 'Math.random in the core'],
  [
    'the core sets a timer',
    'src/risk/bad.ts',
    'export const y = () => setTimeout(() => undefined, 1);\n',
    'setTimeout in the core',
  ],
  [
    'a link is opened anywhere',
    'electron/bad.ts',
    "import { shell } from 'electron/main';\nexport const y = () => shell.openExternal('x');\n",
    'no shell.openExternal',
  ],
  [
    'a second IPC door',
    'electron/bad.ts',
    "import { ipcMain } from 'electron/main';\nipcMain.handle('x', () => 1);\n",
    'no ipcMain.handle',
  ],
];

it.each(planted)('the rule bites when %s', (_name, path, code, message) => {
  expect(lint(path, code)).toContain(message);
});

it('stays silent on what the table allows', () => {
  expect(lint('src/venue/good.ts', "import { x } from '../market/book.ts';\nexport const y = x;\n")).not.toContain(
    'may not import',
  );
  expect(
    lint('renderer/good.ts', "import type { x } from '../src/contract/types.ts';\nexport type Y = x;\n"),
  ).not.toContain('may not import');
  expect(lint('src/clock/live.ts', 'export const y = Date.now();\n')).not.toContain('in the core');
});
