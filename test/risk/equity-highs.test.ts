import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EquityHighs, HIGHS_FILE } from '../../src/risk/equity-highs.ts';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'tradewright-highs-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const record = (accountId: string, highEquity: number) => ({
  accountId,
  nextDay: 1_723_161_600_000,
  startEquity: 100_000.1,
  highEquity,
  lastEquity: 99_000.5,
});

describe('highs on disk', () => {
  it('gives back the last figure of each account to the last bit', () => {
    const where = folder();
    const highs = new EquityHighs(where);
    expect(highs.load()).toEqual({ records: [], readable: true });
    highs.write(record('a', 100_000.123_456_789_01));
    highs.write(record('b', 1 / 3));
    highs.write(record('a', 123_456.789_012_345_6));
    highs.flush();
    highs.close();
    expect(highs.failure).toBeNull();
    const again = new EquityHighs(where);
    expect(again.load()).toEqual({ records: [record('a', 123_456.789_012_345_6), record('b', 1 / 3)], readable: true });
    again.write(record('b', 5));
    again.close();
    expect(new EquityHighs(where).load().records.map(({ highEquity }) => highEquity)).toEqual([
      123_456.789_012_345_6, 5,
    ]);
  });

  it('a process killed right after a new high has it', () => {
    const where = folder();
    const code = `
      const { EquityHighs } = await import(${JSON.stringify(join(process.cwd(), 'src/risk/equity-highs.ts'))});
      const highs = new EquityHighs(${JSON.stringify(where)});
      highs.load();
      for (let high = 1; high <= 500; high += 1)
        highs.write({ accountId: 'a', nextDay: 1, startEquity: 1, highEquity: high + 0.5, lastEquity: high });
      process.kill(process.pid, 'SIGKILL');`;
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
    expect(child.signal, child.stderr).toBe('SIGKILL');
    expect(new EquityHighs(where).load()).toMatchObject({ readable: true, records: [{ highEquity: 500.5 }] });
  });

  it.each([
    ['cut short', (text: string) => text.slice(0, 300)],
    ['a digit changed', (text: string) => text.replace('1000.5', '1000.4')],
    ['emptied with zeros', (text: string) => '\0'.repeat(text.length)],
  ])('%s is not believed', (_, damage) => {
    const where = folder();
    const highs = new EquityHighs(where);
    highs.load();
    highs.write(record('a', 1_000.5));
    highs.write(record('b', 2_000.5));
    highs.close();
    const path = join(where, HIGHS_FILE);
    writeFileSync(path, damage(readFileSync(path, 'utf8')));
    expect(new EquityHighs(where).load().readable).toBe(false);
  });

  it('a folder that cannot be written shows in failure and throws nothing', () => {
    const highs = new EquityHighs(join(folder(), 'not', 'there'));
    highs.write(record('a', 1));
    expect(highs.failure).toContain('ENOENT');
  });
});
