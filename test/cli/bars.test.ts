import { describe, expect, it } from 'vitest';
import { command } from '../../src/cli/commands/bars.ts';
import { dataFolder } from '../market/support.ts';

const write = dataFolder();
const T0 = Date.UTC(2024, 0, 2);

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    isErrTty: false,
    stdin: () => Promise.resolve(''),
  };
  const code = await command.run(args, io);
  return { code, out, err };
}
function minuteFile(name: string, symbolColumn: readonly string[] = []): string {
  const symbols = symbolColumn.length === 0 ? [''] : symbolColumn.map((symbol) => `${symbol},`);
  const header = `${symbolColumn.length === 0 ? '' : 'symbol,'}open_time,open,high,low,close,volume`;
  const rows = Array.from({ length: 10 }, (_, i) =>
    symbols.map((symbol) => `${symbol}${T0 + i * 60_000},${i + 1}.5,${i + 2},${i + 1},${i + 1}.75,0.25`),
  );
  return write(name, [header, ...rows.flat()].join('\n'));
}

describe('bars', () => {
  it('prints resampled bars as CSV and the counts on stderr', async () => {
    const { code, out, err } = await run('--data', minuteFile('BTCUSDT_1m.csv'), '--to', '5m');
    expect(code).toBe(0);
    expect(out).toBe(
      `open_time,open,high,low,close,volume\n${T0},1.50,6.00,1.00,5.75,1.25000\n${T0 + 300_000},6.50,11.00,6.00,10.75,1.25000\n`,
    );
    expect(err).toBe('10 rows read, 10 kept.\n');
  });

  it('adds the symbol when there are several, and takes one of them', async () => {
    const path = minuteFile('many.csv', ['ETHUSDT', 'SOLUSDT']);
    const all = await run('--data', path, '--to', '1h');
    expect(all.out.split('\n').slice(0, 3)).toEqual([
      'symbol,open_time,open,high,low,close,volume',
      `ETHUSDT,${T0},1.50,11.00,1.00,10.75,2.5000`,
      `SOLUSDT,${T0},1.50,11.00,1.00,10.75,2.50`,
    ]);
    const one = await run('--data', `${path}:SOLUSDT`, '--to', '1h', '--json');
    expect(JSON.parse(one.out)).toEqual({
      timeframe: '1h',
      symbols: ['SOLUSDT'],
      bars: [
        { symbol: 'SOLUSDT', openTime: T0, open: '1.50', high: '11.00', low: '1.00', close: '10.75', volume: '2.50' },
      ],
      data: { read: 20, kept: 10, dropped: { 'other-symbol': 10 } },
    });
  });

  it('tells what was left out, with file and line', async () => {
    const path = write('BTCUSDT.csv', `timestamp,price,qty,side\n${T0},5,1,buy\n${T0 + 1},x,1,buy\n`);
    const { code, out, err } = await run('--data', path, '--to', '1m');
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(2);
    expect(err).toContain('2 rows read, 1 kept');
    expect(err).toContain(`${path}:3: not-a-number`);
    await expect(run('--data', path, '--to', '1m', '--strict')).rejects.toMatchObject({
      refusal: { code: 'DATA_LINE_BAD' },
    });
  });

  it('makes bars of quotes only when asked', async () => {
    const path = write('BTCUSDT_q.csv', `timestamp,bid,bid_qty,ask,ask_qty\n${T0},4,1,6,1\n`);
    await expect(run('--data', path, '--to', '1m')).rejects.toMatchObject({ refusal: { code: 'DATA_NO_TRADES' } });
    expect((await run('--data', path, '--to', '1m', '--from-quotes')).out).toContain(`${T0},5.00,5.00,5.00,5.00,`);
  });

  it.each([
    ['no data', ['--to', '5m']],
    ['no timeframe', ['--data', 'x.csv']],
    ['a wrong timeframe', ['--data', 'x.csv', '--to', '7m']],
    ['an unknown option', ['--data', 'x.csv', '--to', '5m', '--speed']],
  ])('says what is wrong with %s', async (_name, args) => {
    await expect(run(...args)).rejects.toMatchObject({ name: 'UsageError' });
  });

  it('refuses a shorter timeframe than the data has, and a file that is not there', async () => {
    const path = minuteFile('BTCUSDT_1m.csv');
    await expect(run('--data', path, '--to', '5s')).rejects.toMatchObject({ refusal: { code: 'TIMEFRAME_FINER' } });
    await expect(run('--data', 'not-there.csv', '--to', '5m')).rejects.toMatchObject({ name: 'RefusalError' });
  });

  it('has help', async () => {
    expect((await run('--help')).out).toContain('--to TIMEFRAME');
  });
});
