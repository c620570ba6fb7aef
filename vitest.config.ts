import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: ['test/e2e/**', 'node_modules/**'],
          // Engines and servers in processes of their own on a loaded build machine; what is wrong fails twice.
          retry: process.env['CI'] === undefined ? 0 : 1,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // After the unit tests and one file at a time: a browser and an engine need the two cores for themselves.
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Waits end when the condition holds; how long that takes on a loaded machine says nothing.
          expect: { poll: { timeout: 15_000 } },
          fileParallelism: false,
          // A loaded build machine may miss a frame between a mouse move and its press; a broken window fails three times.
          retry: process.env['CI'] === undefined ? 0 : 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
