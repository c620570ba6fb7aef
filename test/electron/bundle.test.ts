import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BUILT_WINDOW, describeBuilt } from '../support/electron.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const filesOf = (folder: string, ending: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => ending.test(name));
const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8');

describeBuilt('1: the window as built loads nothing from elsewhere', [BUILT_WINDOW], () => {
  test('pages name only files of the bundle, and every script and style has the nonce', () => {
    const pages = filesOf(BUILT_WINDOW, /\.html$/);
    expect(pages).toContain('index.html');
    for (const page of pages) {
      const html = read(BUILT_WINDOW, page);
      const sources = [...html.matchAll(/(?:src|href|action|data|poster|srcset)\s*=\s*"([^"]*)"/g)].map(([, to]) => to);
      expect(sources.length).toBeGreaterThan(0);
      for (const source of sources) expect(source).toMatch(/^\.\/[\w./-]+$/);
      for (const [tag] of html.matchAll(/<(?:script|style)\b[^>]*>/g)) expect(tag).toContain('nonce="__CSP_NONCE__"');
      expect(html).not.toMatch(
        /<style|\sstyle=|\son\w+=|<iframe|<object|<embed|<base|http-equiv|<script(?![^>]*\ssrc=)/i,
      );
    }
  });

  test('styles name only files of the bundle', () => {
    const sheets = filesOf(BUILT_WINDOW, /\.css$/);
    expect(sheets.length).toBeGreaterThan(0);
    for (const sheet of sheets) {
      const css = read(BUILT_WINDOW, sheet);
      expect(css).not.toMatch(/@import|https?:\/\//);
      for (const [, target = ''] of css.matchAll(/url\(\s*['"]?([^'")]*)/g)) {
        expect(target).toMatch(/^(?:\.\/|\.\.\/|data:|#|[\w-]+\.)/);
      }
    }
  });

  test('scripts load no other host: every address in them is a name or a text', () => {
    const texts = new Set([
      'http://www.w3.org', // names of XML vocabularies
      'https://react.dev', // error texts
      'https://base-ui.com',
      'https://www.ag-grid.com',
      'http://orpc', // placeholder of the client; nothing is sent there
      'https://${', // the tables' loader of web fonts, which no theme of ours asks for; the policy refuses it as well
    ]);
    for (const script of filesOf(BUILT_WINDOW, /\.js$/)) {
      const code = read(BUILT_WINDOW, script);
      // The licences of the parts, word for word, and nothing else.
      if (/^(?:.*\/)?licences-[\w-]+\.js$/.test(script)) continue;
      for (const [host] of code.matchAll(/https?:\/\/[^\s"'`/\\)<>;]*/g)) {
        const known = [...texts].some((text) => host.startsWith(text));
        expect({ script, host, known }).toMatchObject({ known: true });
      }
      expect(code).not.toMatch(/\bimport\(\s*["'`]https?:/);
    }
  });
});

describe('6, 8-10, 17: words that the shell and the window must not contain', () => {
  const sources = ['electron', 'renderer'].flatMap((folder) =>
    filesOf(join(ROOT, folder), /\.tsx?$/).map((name) => ({
      name: `${folder}/${name}`,
      code: read(join(ROOT, folder), name),
    })),
  );
  test.each([
    'allowRunningInsecureContent',
    'enableBlinkFeatures',
    'experimentalFeatures',
    'webSecurity: false',
    'sandbox: false',
    'nodeIntegration: true',
    'contextIsolation: false',
    'ipcMain.handle',
    'openExternal',
    'executeJavaScript',
    'insertCSS',
    'crashReporter',
    'dangerouslySetInnerHTML',
    'googleFont',
  ])('%s', (word) => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.filter(({ code }) => code.includes(word)).map(({ name }) => name)).toEqual([]);
  });
});
