import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KillLatch, LATCH_FILE } from '../../src/risk/kill-latch.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'latch-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('the halt latch', () => {
  it('is off before it was ever set, also where there is no directory yet', () => {
    expect(new KillLatch(join(directory, 'new')).read()).toMatchObject({ halted: false, readable: true, history: [] });
  });

  it('holds over a restart with its reason, until a person clears it with a reason', () => {
    expect(new KillLatch(join(directory, 'new')).halt('cli', 'fat finger', 5).ok).toBe(true);
    const latch = new KillLatch(join(directory, 'new'));
    expect(latch.read()).toMatchObject({ halted: true, since: 5, reason: 'fat finger', readable: true });
    expect(latch.clear('user', '  ', 6)).toMatchObject({ ok: false, error: { code: 'REASON_MISSING' } });
    expect(latch.read().halted).toBe(true);
    expect(latch.clear('user', 'positions checked', 7).ok).toBe(true);
    expect(latch.read()).toMatchObject({ halted: false, since: null });
    expect(latch.clear('user', 'again', 8)).toMatchObject({ ok: false, error: { code: 'NOT_HALTED' } });
    expect(latch.history()).toEqual([
      { at: 5, action: 'halt', actor: 'cli', reason: 'fat finger' },
      { at: 7, action: 'clear', actor: 'user', reason: 'positions checked' },
    ]);
  });

  it('keeps the last 200 entries', () => {
    const latch = new KillLatch(directory);
    for (let at = 0; at < 205; at += 1) latch.halt('risk', 'x', at);
    expect(latch.history()).toHaveLength(200);
    expect(latch.history()[0]?.at).toBe(5);
  });

  it.each([
    ['empty', ''],
    ['torn', '{"version":1,"halted":fal'],
    ['another version', '{"version":2,"halted":false,"history":[]}'],
    ['not a latch', '[]'],
    ['a number for the flag', '{"version":1,"halted":0,"history":[]}'],
    ['a broken entry', '{"version":1,"halted":false,"history":[{"at":"x"}]}'],
    ['binary', '\u0000\u0001'],
  ])('a file that is %s counts as halted, can be cleared, and is kept as evidence', (_, text) => {
    writeFileSync(join(directory, LATCH_FILE), text);
    const latch = new KillLatch(directory);
    expect(latch.read()).toMatchObject({ halted: true, readable: false });
    expect(latch.clear('user', 'disk replaced', 9).ok).toBe(true);
    expect(latch.read().halted).toBe(false);
    const kept = readdirSync(directory).find((name) => name.includes('damaged'));
    expect(readFileSync(join(directory, kept ?? ''), 'utf8')).toBe(text);
  });

  it('a path that cannot be read counts as halted and cannot be cleared by accident', () => {
    mkdirSync(join(directory, LATCH_FILE));
    const latch = new KillLatch(directory);
    expect(latch.read()).toMatchObject({ halted: true, readable: false });
    expect(latch.clear('user', 'x', 1)).toMatchObject({ ok: false, error: { code: 'LATCH_NOT_WRITTEN' } });
    expect(latch.halt('user', 'x', 1)).toMatchObject({ ok: false, error: { code: 'LATCH_NOT_WRITTEN' } });
    expect(latch.read().halted).toBe(true);
  });

  it('with no room for the new text the old file is emptied, which is a halt too', () => {
    const latch = new KillLatch(directory);
    latch.halt('user', 'first', 1);
    latch.clear('user', 'fine', 2);
    // The file to write beside cannot be opened: a directory stands there.
    mkdirSync(join(directory, `${LATCH_FILE}.new`));
    expect(latch.halt('user', 'second', 3).ok).toBe(true);
    expect(latch.read()).toMatchObject({ halted: true, readable: false });
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'a directory that takes nothing is refused with what to do',
    () => {
      chmodSync(directory, 0o500);
      expect(new KillLatch(directory).halt('user', 'x', 1)).toMatchObject({
        ok: false,
        error: { code: 'LATCH_NOT_WRITTEN' },
      });
      chmodSync(directory, 0o700);
    },
  );
});

describe('the lock', () => {
  const DAY = 86_400_000;

  it('cannot be lifted before its time, whatever restarts and whatever the clock does', () => {
    expect(new KillLatch(directory).lock('user', 'tilt', 2 * DAY, DAY).ok).toBe(true);
    const latch = new KillLatch(directory);
    for (const at of [DAY, 2 * DAY - 1, 0, -5 * DAY]) {
      expect(latch.clear('user', 'please', at)).toMatchObject({ ok: false, error: { code: 'LOCKED' } });
      expect(latch.lockAt(at)).toMatchObject({ until: 2 * DAY, reason: 'tilt' });
    }
    // Forward and back again: what looked over is in force again.
    expect(latch.lockAt(3 * DAY)).toBeNull();
    expect(latch.lockAt(DAY)).not.toBeNull();
    expect(latch.read().halted).toBe(true);
    expect(latch.clear('user', 'slept over it', 2 * DAY).ok).toBe(true);
    expect(latch.read().halted).toBe(false);
  });

  it('only grows, and outlives halts in between', () => {
    const latch = new KillLatch(directory);
    latch.lock('user', 'tilt', 5 * DAY, DAY);
    expect(latch.lock('user', 'shorter', 4 * DAY, DAY)).toMatchObject({ error: { code: 'LOCK_CANNOT_SHRINK' } });
    latch.halt('cli', 'killed', 2 * DAY);
    expect(latch.lockAt(4 * DAY)).toMatchObject({ until: 5 * DAY });
    expect(latch.lock('user', 'longer', 6 * DAY, 2 * DAY).ok).toBe(true);
    expect(latch.clear('user', 'x', 5 * DAY)).toMatchObject({ error: { code: 'LOCKED' } });
  });

  it.each([
    ['in the past', DAY - 1],
    ['now', DAY],
    ['never', Number.POSITIVE_INFINITY],
    ['no number', Number.NaN],
    ['in a year', 366 * DAY],
  ])('an end that is %s is refused and halts nothing', (_, until) => {
    const latch = new KillLatch(directory);
    expect(latch.lock('user', 'x', until, DAY)).toMatchObject({ ok: false, error: { code: 'LOCK_TIME' } });
    expect(latch.read().halted).toBe(false);
  });

  it.each([
    ['without an end', { at: 1, reason: 'x' }],
    ['with a text for its end', { until: '9', at: 1, reason: 'x' }],
  ])('a lock %s makes the latch unreadable, which is a halt', (_, lock) => {
    writeFileSync(join(directory, LATCH_FILE), JSON.stringify({ version: 1, halted: false, lock, history: [] }));
    expect(new KillLatch(directory).read()).toMatchObject({ halted: true, readable: false });
  });
});

/** Writes halts and clears as fast as it can, telling after each what is now durable. */
const WRITER = `
import { writeSync } from 'node:fs';
import { KillLatch } from ${JSON.stringify(new URL('../../src/risk/kill-latch.ts', import.meta.url).href)};
const latch = new KillLatch(process.argv[1]);
for (let at = 0; ; at += 1) {
  latch.halt('child', 'halt ' + at, at);
  writeSync(1, 'H' + at + '\\n');
  latch.clear('child', 'clear ' + at, at);
  writeSync(1, 'C' + at + '\\n');
}`;

describe('killed at any moment', () => {
  it('the file is always whole: what was durable last, or the step after it', async () => {
    for (let round = 0; round < 8; round += 1) {
      const place = join(directory, String(round));
      const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, place], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
      while (!said.includes('\n')) await new Promise((resolve) => setTimeout(resolve, 5));
      await new Promise((resolve) => setTimeout(resolve, 3 + round * 5));
      const closed = new Promise((resolve) => child.on('close', resolve));
      child.kill('SIGKILL');
      await closed;
      const state = new KillLatch(place).read();
      expect(existsSync(join(place, LATCH_FILE))).toBe(true);
      expect(state.readable).toBe(true);
      const last = said.trim().split('\n').at(-1) ?? '';
      const number = Number(last.slice(1));
      const told = { action: last.startsWith('H') ? 'halt' : 'clear', at: number };
      const next = last.startsWith('H') ? { action: 'clear', at: number } : { action: 'halt', at: number + 1 };
      const { action, at } = state.history.at(-1) ?? { action: '', at: -1 };
      expect([told, next]).toContainEqual({ action, at });
      expect(state.halted).toBe(action === 'halt');
    }
  });
});
