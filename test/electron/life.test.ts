import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openJournal } from '../../src/journal/sqlite-journal.ts';
import { BUILT_MAIN, describeBuilt, Shell } from '../support/electron.ts';

const entry = resolve(import.meta.dirname, '../../electron/main.ts');

describe('an engine that cannot start', () => {
  test('is a native box with the sentence and the end, never a window', async () => {
    await using shell = await Shell.start({ entry, engine: 'fails' });
    expect(await shell.ask('seen')).toMatchObject({
      boxes: [
        {
          title: 'Tradewright cannot start',
          content: 'process 4711 is already writing to /data. Stop it first.',
        },
      ],
      exits: [1],
      windows: [],
    });
  });

  describeBuilt('with the real engine, as built', [BUILT_MAIN], () => {
    test('a data folder that another process writes to', async () => {
      const dataDir = mkdtempSync(join(tmpdir(), 'tradewright-locked-'));
      const journal = openJournal(dataDir);
      try {
        await using shell = await Shell.start({ entry: BUILT_MAIN, dataDir });
        const { boxes, exits, windows } = await shell.ask('seen');
        expect(boxes[0]?.content).toMatch(/already writing to .* Stop it first/);
        expect({ exits, windows }).toEqual({ exits: [1], windows: [] });
      } finally {
        journal.close();
        rmSync(dataDir, { recursive: true, force: true });
      }
    });

    test('a journal that is no journal', async () => {
      const dataDir = mkdtempSync(join(tmpdir(), 'tradewright-corrupt-'));
      try {
        openJournal(dataDir).close();
        writeFileSync(join(dataDir, 'journal.sqlite'), 'not a database at all '.repeat(500));
        await using shell = await Shell.start({ entry: BUILT_MAIN, dataDir });
        const { boxes, exits, windows } = await shell.ask('seen');
        expect(boxes[0]?.content).toMatch(/damaged or is not a Tradewright journal/);
        expect(boxes[0]?.content).not.toContain('    at ');
        expect({ exits, windows }).toEqual({ exits: [1], windows: [] });
      } finally {
        rmSync(dataDir, { recursive: true, force: true });
      }
    });
  });

  test('a data folder that cannot be made', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tradewright-file-'));
    writeFileSync(join(folder, 'file'), '');
    try {
      await using shell = await Shell.start({ entry, engine: 'fake', dataDir: join(folder, 'file', 'data') });
      const { boxes, exits, windows } = await shell.ask('seen');
      expect(boxes[0]?.content).toMatch(/cannot be written; choose another with TRADEWRIGHT_HOME/);
      expect({ exits, windows }).toEqual({ exits: [1], windows: [] });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('22: a packaged application', () => {
  test.each(['remote-debugging-port', 'inspect-brk', 'js-flags'])('does not start with --%s', async (name) => {
    await using shell = await Shell.start({ entry, engine: 'fake', world: { packaged: true, switches: [name] } });
    const { boxes, exits, windows } = await shell.ask('seen');
    expect(boxes[0]?.content).toContain(`--${name}`);
    expect({ exits, windows }).toEqual({ exits: [1], windows: [] });
  });

  test('has no developer tools', async () => {
    await using shell = await Shell.start({ entry, engine: 'fake', world: { packaged: true } });
    expect((await shell.ask('seen')).windows[0]?.options.webPreferences).toMatchObject({ devTools: false });
  });
});

describe('one instance', () => {
  test('23: a second one leaves at once, before it touches the engine', async () => {
    await using shell = await Shell.start({ entry, engine: 'fake', world: { otherInstance: true } });
    const { quits, windows, boxes, calls } = await shell.ask('seen');
    expect({ quits, windows, boxes }).toEqual({ quits: 1, windows: [], boxes: [] });
    // The lock belongs to the profile, so the profile comes first.
    expect(calls.indexOf('setPath userData')).toBeGreaterThanOrEqual(0);
    expect(calls.indexOf('setPath userData')).toBeLessThan(calls.indexOf('requestSingleInstanceLock'));
  });

  test('the first one comes to the front', async () => {
    await using shell = await Shell.start({ entry, engine: 'fake' });
    await shell.ask('window', { minimized: true });
    await shell.ask('appEvent', 'second-instance');
    expect((await shell.ask('seen')).windows[0]?.shown).toEqual(['show', 'restore', 'focus']);
    await shell.ask('window', { destroyed: true });
    await shell.ask('appEvent', 'second-instance');
    expect((await shell.ask('seen')).windows[0]?.shown).toEqual(['show', 'restore', 'focus']);
  });
});

describe('quitting', () => {
  test('waits for the engine, however often it is asked', async () => {
    await using shell = await Shell.start({ entry, engine: 'fake' });
    await shell.ask('appEvent', 'window-all-closed');
    await shell.ask('quit');
    await shell.ask('appEvent', 'window-all-closed');
    expect(await shell.ask('seen')).toMatchObject({ quits: 0, engine: { closes: 1 } });
    await expect.poll(async () => (await shell.ask('seen')).quits, { timeout: 5_000 }).toBe(1);
    expect(await shell.ask('seen')).toMatchObject({ exits: [], engine: { closes: 1 } });
  });

  test('an engine that fails to end is logged, and the application ends', async () => {
    await using shell = await Shell.start({ entry, engine: 'close-throws' });
    await shell.ask('quit');
    await expect.poll(async () => (await shell.ask('seen')).quits, { timeout: 5_000 }).toBe(1);
    expect(shell.stderr).toContain('the engine did not end in order');
  });
});

describe('the menu', () => {
  test('has HALT, which reaches the engine without the page and says so', async () => {
    await using shell = await Shell.start({ entry, engine: 'fake' });
    expect((await shell.ask('seen')).menu).toContain(
      '"label":"HALT all trading","accelerator":"CommandOrControl+Shift+H"',
    );
    await shell.ask('clickHalt');
    const { engine, messages } = await shell.ask('seen');
    expect(engine.haltReasons).toEqual(['HALT was chosen in the menu']);
    expect(messages).toMatchObject([{ message: 'All trading is halted', detail: expect.stringContaining('2') }]);
  });
});

describe('a page that dies again and again', () => {
  test('is opened again once, then the user decides', async () => {
    await using shell = await Shell.start({ entry, engine: 'fake' });
    const loads = async (): Promise<number> => (await shell.ask('seen')).windows[0]?.urls.length ?? 0;
    await shell.ask('crash', 'oom');
    expect(await loads()).toBe(2);
    await shell.ask('answer', 0);
    await shell.ask('crash', 'oom');
    expect(await loads()).toBe(3);
    expect((await shell.ask('seen')).messages).toMatchObject([{ detail: expect.stringContaining('oom') }]);
    await shell.ask('answer', 1);
    await shell.ask('crash', 'oom');
    expect(await loads()).toBe(3);
    await expect.poll(async () => (await shell.ask('seen')).quits, { timeout: 5_000 }).toBe(1);
  });

  test('its port is closed while the user is asked', async () => {
    await using shell = await Shell.start({ entry, engine: 'fake' });
    await shell.ask('crash', 'oom');
    await shell.ask('connect', { frame: { url: 'app://terminal/index.html' } });
    await shell.ask('answer', -1);
    await shell.ask('crash', 'oom');
    expect(await shell.ask('closed')).toEqual([true]);
  });

  test('a window whose page does not load is shown all the same: its menu has HALT', async () => {
    await using shell = await Shell.start({ entry, engine: 'fake', world: { loadFails: true } });
    expect((await shell.ask('seen')).windows[0]?.shown).toEqual(['show']);
    expect(shell.stderr).toContain('the page did not load');
  });
});
