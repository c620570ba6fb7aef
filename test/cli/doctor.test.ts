import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { tradewright, tradewrightJson } from '../support/command-line.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradewright-doctor-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('doctor', () => {
  test('finds this machine fit, leaves nothing behind, and says what is narrower than it could be', async () => {
    const dataDir = join(folder, 'not', 'there', 'yet');
    const found = await tradewrightJson('doctor', '--data-dir', dataDir);
    expect(found).toMatchObject({
      ok: true,
      problems: [],
      node: process.versions.node,
      sqlite: expect.stringMatching(/^3\./),
      dataDir,
      dataDirWritable: true,
      diskFreeBytes: expect.any(Number),
      clockStepMs: expect.any(Number),
    });
    for (const [key, value] of Object.entries(found)) {
      if (key !== 'problems' && key !== 'notes')
        expect({ key, type: typeof value }).not.toMatchObject({ type: 'undefined' });
    }
    expect(existsSync(dataDir)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a data folder that cannot be is a problem with a way out, and status 1', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const { status, out, err } = await tradewright('doctor', '--data-dir', join(file, 'data'), '--json');
    expect({ status, err }).toEqual({ status: 1, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      dataDirWritable: false,
      problems: [expect.stringMatching(/not writable; choose another with --data-dir/)],
    });
    rmSync(file);
  });

  test('names a broken ELECTRON_PATH and a missing display', async () => {
    vi.stubEnv('ELECTRON_PATH', join(folder, 'no-electron'));
    vi.stubEnv('DISPLAY', '');
    vi.stubEnv('WAYLAND_DISPLAY', undefined);
    try {
      const found = await tradewrightJson('doctor', '--data-dir', folder);
      expect(found).toMatchObject({ ok: true, electron: null });
      const notes = (found['notes'] as string[]).join('\n');
      expect(notes).toContain('no-electron, which does not exist');
      if (process.platform === 'linux') expect(notes).toContain('there is no display');
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test('prints a line per finding for people', async () => {
    const { status, out } = await tradewright('doctor', '--data-dir', folder);
    expect(status).toBe(0);
    expect(out).toMatch(/^ok +true$/m);
    expect(out).toMatch(/^node +\d+/m);
    expect(out).not.toContain('[object');
  });

  test('wrong usage is status 2', async () => {
    expect(await tradewright('doctor', '--deep')).toMatchObject({ status: 2 });
    expect(await tradewright('doctor', 'all')).toMatchObject({ status: 2 });
  });
});
