import { resolve } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';
import { licences } from './electron.vite.licences.ts';

const root = import.meta.dirname;

/** sonner adds a `<style>` while it loads and knows no nonce: its CSS is imported as a file instead (renderer/main.tsx). */
const sonnerWithoutInjectedStyle = (): Plugin => ({
  name: 'sonner-css',
  enforce: 'pre',
  transform: {
    filter: { id: /sonner[\\/]dist[\\/]index\.mjs/ },
    handler(code) {
      const out = code.replace(/^__insertCSS\(".*"\);?$/m, '');
      if (out === code) this.error('sonner no longer inserts its CSS the way this build expects');
      return { code: out, map: null };
    },
  },
});

/** One chunk per large library, so that a product update does not invalidate them. */
const library = (name: string, packages: string) => ({
  name,
  test: new RegExp(`node_modules[\\\\/](?:${packages})[\\\\/].*(?<!\\.css)$`),
});

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      // Everything but the native modules is in the bundle: one file opens faster than hundreds.
      externalizeDeps: { include: ['better-sqlite3', '@napi-rs/keyring'], exclude: ['fastify', 'pino', 'ws'] },
      // The command line shares the engine's chunks with the desktop shell.
      rolldownOptions: {
        input: { index: resolve(root, 'electron/main.ts'), cli: resolve(root, 'src/cli/main.ts') },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rolldownOptions: {
        input: { index: resolve(root, 'electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    base: './',
    // The host replaces the placeholder by a fresh nonce in every response.
    html: { cspNonce: '__CSP_NONCE__' },
    plugins: [react(), tailwindcss(), sonnerWithoutInjectedStyle(), licences()],
    build: {
      minify: true,
      assetsInlineLimit: 0,
      // AG Grid alone is 810 kB; the window loads from this machine.
      chunkSizeWarningLimit: 1_000,
      outDir: resolve(root, 'out/renderer'),
      rolldownOptions: {
        input: resolve(root, 'renderer/index.html'),
        output: {
          codeSplitting: {
            groups: [
              library('react', 'react|react-dom|scheduler'),
              library('ag-grid', 'ag-grid-community|ag-grid-react|ag-stack'),
              library('dockview', 'dockview|dockview-core|dockview-react'),
              library('klinecharts', 'klinecharts'),
              library('base-ui', '@base-ui|@floating-ui'),
            ],
          },
        },
      },
    },
  },
});
