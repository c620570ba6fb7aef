import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import * as fake from '../fakes/electron.ts';

const FOLDER = resolve(import.meta.dirname, '../../electron');
const code = readdirSync(FOLDER)
  .filter((name) => name !== 'preload.ts')
  .map((name) => readFileSync(join(FOLDER, name), 'utf8'))
  .join('\n')
  .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');

/** Values that main.ts takes from Electron. */
const imported = [...code.matchAll(/import \{([^}]*)\} from 'electron\/main'/g)].flatMap(([, names = '']) =>
  names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== ''),
);

const words = code.replaceAll(/'[^'\n]*'/g, "''");

function has(owner: unknown, member: string): boolean {
  return typeof owner === 'function' ? member in owner : typeof owner === 'object' && owner !== null && member in owner;
}

test('the fake has every value that the shell takes from Electron', () => {
  expect(imported.length).toBeGreaterThan(5);
  for (const name of imported) expect({ name, faked: name in fake }).toEqual({ name, faked: true });
});

test('and every member of it that the shell uses', () => {
  const used = new Set([
    ...imported.flatMap((name) =>
      [...words.matchAll(new RegExp(`\\b${name}\\.(\\w+)`, 'g'))].map(([, member]) => `${name}.${member}`),
    ),
    // Handed on under another name.
    ...[...words.matchAll(/\bwindow\.(\w+)/g)].map(([, member]) => `window.${member}`),
    ...[...words.matchAll(/\bcontents\.(\w+)/g)].map(([, member]) => `contents.${member}`),
  ]);
  fake.becomeReady();
  const window = new fake.BrowserWindow({});
  const owners: Readonly<Record<string, unknown>> = {
    ...fake,
    window,
    contents: window.webContents,
    // In lockdown.ts the name is that of one session.
    session: Object.assign(Object.create(fake.session.defaultSession) as object, { defaultSession: null }),
  };
  expect(used.size).toBeGreaterThan(20);
  const missing = [...used].filter((path) => {
    const [owner = '', member = ''] = path.split('.');
    return !has(owners[owner], member);
  });
  expect(missing).toEqual([]);
});

test('one file takes values from Electron, the preload aside: the rest gets what it needs as parameters', () => {
  const takers = readdirSync(FOLDER).filter((name) =>
    /import \{[^}]*\} from 'electron/.test(readFileSync(join(FOLDER, name), 'utf8')),
  );
  expect(takers.sort()).toEqual(['main.ts', 'preload.ts']);
});
