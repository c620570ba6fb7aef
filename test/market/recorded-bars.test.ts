import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Bar } from '../../src/domain/market-data.ts';
import { dataFolder, readAll, refusalOf } from './support.ts';

const write = dataFolder();
const START = Date.UTC(2024, 0, 2, 10, 0);
const MINUTE = 60_000;

const WHOLE = gzipSync(
  `open_time,open,high,low,close,volume\n${rows(Array.from({ length: 9000 }, (_, i) => START + i * 60_000))}`,
);
const DAMAGED = WHOLE.subarray(0, WHOLE.length / 2);

function bars(events: readonly unknown[]): Bar[] {
  return events as Bar[];
}
function rows(times: readonly (string | number)[]): string {
  return times.map((time, i) => `${time},${100 + i}.5,${102 + i},${99 + i}.25,${101 + i}.00,${i + 1}.500`).join('\n');
}

describe('recorded bars', () => {
  const minutes = [0, 1, 2].map((i) => START + i * MINUTE);
  it.each([
    ['epoch milliseconds', 'open_time', minutes],
    ['epoch seconds', 'timestamp', minutes.map((ms) => ms / 1000)],
    ['epoch microseconds', 'time', minutes.map((ms) => `${ms}000`)],
    ['epoch nanoseconds', 'timestamp', minutes.map((ms) => `${ms}000000`)],
    ['ISO with Z', 'datetime', minutes.map((ms) => new Date(ms).toISOString())],
    [
      'ISO with an offset',
      'date',
      minutes.map((ms) => `${new Date(ms + 5.5 * 3_600_000).toISOString().slice(0, 19)}+05:30`),
    ],
    ['naive with a blank', 'Date', minutes.map((ms) => new Date(ms).toISOString().slice(0, 19).replace('T', ' '))],
    ['naive without seconds', 'Open time', minutes.map((ms) => new Date(ms).toISOString().slice(0, 16))],
  ])('reads %s', async (_name, header, times) => {
    const path = write('BTCUSDT.csv', `${header},Open,High,Low,Close,Volume\n${rows(times)}\n`);
    const { events, instruments } = await readAll(path);
    expect(bars(events).map((bar) => [bar.start, bar.ts, bar.at])).toEqual(
      minutes.map((ms) => [ms, ms + MINUTE, ms + MINUTE]),
    );
    const [bar] = bars(events);
    expect(bar).toMatchObject({ open: 10050, high: 10200, low: 9925, close: 10100, volume: 150000 });
    expect(instruments[0]).toMatchObject({
      id: 'BTCUSDT.BINANCE',
      priceDigits: 2,
      quantityDigits: 5,
      assumedGrid: false,
    });
  });

  it.each([
    ['milliseconds', ''],
    ['microseconds', '000'],
  ])('reads Binance klines without header in %s', async (_name, zeros) => {
    const line = (ms: number): string =>
      `${ms}${zeros},1.10,1.30,1.00,1.20,5.00000000,${ms + 59_999}${zeros},6.0,12,2.5,3.0,0`;
    const path = write('SOLUSDT-1m-2024-01.csv', minutes.map(line).join('\n'));
    const { events, instruments } = await readAll(path);
    expect(bars(events).map((bar) => bar.start)).toEqual(minutes);
    expect(instruments[0]).toMatchObject({ symbol: 'SOLUSDT', tick: 1, priceDigits: 1, assumedGrid: true });
  });

  it('recognises gzip by its content and takes a byte order mark, CRLF, blank lines and repeated headers', async () => {
    const text = `\uFEFFdate;open;high;low;close;volume\r\n2024-01-02;1;2;1;2;3\r\n\r\ndate;open;high;low;close;volume\r\n2024-01-03;2;3;2;3;4\r\n`;
    const { events, report } = await readAll(write('ABC.data', gzipSync(text)));
    expect(events).toHaveLength(2);
    expect(report).toMatchObject({
      read: 4,
      kept: 2,
      dropped: { 'blank-line': 1, 'repeated-header': 1 },
      problems: [],
    });
  });

  it('drops every kind of bad row with its reason and place', async () => {
    const t = (i: number): number => START + i * MINUTE;
    const lines = [
      'open_time,open,high,low,close,volume',
      `${t(0)},10,11,9,10,1`,
      `${t(1)},10,9,11,10,1`,
      `${t(2)},NaN,11,9,10,1`,
      `${t(3)},-10,11,-11,10,1`,
      `${t(4)},0,11,0,10,1`,
      `${t(5)},10,11,9,10,-1`,
      `${t(6)},10,11,9`,
      `yesterday,10,11,9,10,1`,
      `${t(7)},10,11,9,,1`,
      `${t(8)},10,11,9,10,1`,
      `${t(8)},10,11,9,10,2`,
      `${t(7)},10,11,9,10,1`,
      `${t(9)},10,10.5,9,10.7,1`,
      `${t(10)},10,11,9,Infinity,1`,
      `${t(11)},1e1,11,9.0e0,10,1`,
    ];
    const path = write('BTCUSDT_bad.csv', lines.join('\n'));
    const { events, report } = await readAll(path);
    expect(bars(events).map((bar) => bar.start)).toEqual([t(0), t(8), t(11)]);
    expect(report.dropped).toEqual({
      'bad-ohlc': 2,
      'bad-time': 1,
      duplicate: 1,
      'missing-field': 1,
      'not-a-number': 3,
      'not-positive': 3,
      'out-of-order': 1,
    });
    expect(report.problems[0]).toEqual({ file: path, line: 3, reason: 'bad-ohlc' });
    const refusal = await refusalOf(path, { strict: true });
    expect(refusal.code).toBe('DATA_LINE_BAD');
    expect(refusal.sentence).toContain(`${path}:3:`);
  });

  it('does not let one row dated ahead make the rest look late', async () => {
    const times = [0, 1, 9, 2, 3].map((i) => START + i * MINUTE);
    const { events, report } = await readAll(
      write('BTCUSDT.csv', `open_time,open,high,low,close,volume\n${rows(times)}`),
    );
    expect(bars(events).map((bar) => bar.start)).toEqual([0, 1, 2, 3].map((i) => START + i * MINUTE));
    expect(report.dropped).toEqual({ 'out-of-order': 1 });
  });

  it('turns a file round that runs newest first', async () => {
    const times = minutes.toReversed();
    const { events, report } = await readAll(
      write('BTCUSDT.csv', `open_time,open,high,low,close,volume\n${rows(times)}`),
    );
    expect(bars(events).map((bar) => bar.start)).toEqual(minutes);
    expect(report.dropped).toEqual({});
  });

  it('interleaves the symbols of a file by time and picks one when asked', async () => {
    const lines = ['TCS,2024-01-02,1,1,1,1,5', 'TCS,2024-01-03,1,1,1,1,5', 'INFY,2024-01-02,2,2,2,2,6'];
    const path = write('x.csv', ['symbol,date,open,high,low,close,volume', ...lines].join('\n'));
    const all = await readAll(path);
    expect(all.events.map((event) => event.instrument)).toEqual(['TCS.NSE', 'INFY.NSE', 'TCS.NSE']);
    const one = await readAll([{ path, symbol: 'infy' }]);
    expect(one.instruments.map((instrument) => instrument.symbol)).toEqual(['INFY']);
    expect(one.report).toMatchObject({ read: 3, kept: 1, dropped: { 'other-symbol': 2 } });
    expect((await refusalOf([{ path, symbol: 'SBIN' }])).code).toBe('DATA_SYMBOL_UNKNOWN');
  });

  it('dates an NSE daily bar by its session', async () => {
    const { events } = await readAll(
      write('RELIANCE.csv', 'date,open,high,low,close,volume\n2024-01-02,1,1,1,1,5\n2024-01-03,1,1,1,1,5'),
    );
    expect(bars(events).map((bar) => [bar.start, bar.at].map((at) => new Date(at).toISOString()))).toEqual([
      ['2024-01-02T03:45:00.000Z', '2024-01-02T10:00:00.000Z'],
      ['2024-01-03T03:45:00.000Z', '2024-01-03T10:00:00.000Z'],
    ]);
  });

  it('joins files of one symbol and drops what they have in common', async () => {
    const header = 'open_time,open,high,low,close,volume\n';
    const first = write('a_BTCUSDT.csv', header + rows(minutes));
    const second = write('b_BTCUSDT.csv', header + rows([START + 2 * MINUTE, START + 3 * MINUTE]));
    const { events, report } = await readAll([{ path: first }, { path: second }]);
    expect(events).toHaveLength(4);
    expect(report.dropped).toEqual({ duplicate: 1 });
  });

  it('keeps prices with long decimals exact within the range of a double', async () => {
    const { events, instruments } = await readAll(
      write(
        'LINKUSD.csv',
        'date,open,high,low,close,volume\n2020-09-06,10.61147213,13.17391205,9.943312645,12.91372871,1953997882',
      ),
    );
    expect(instruments[0]).toMatchObject({ priceDigits: 9, tick: 1, kind: 'crypto-spot', quote: 'USD' });
    expect(bars(events)[0]).toMatchObject({ open: 10_611_472_130, low: 9_943_312_645 });
  });

  it('takes stated terms over inferred ones and still keeps off-grid data', async () => {
    const path = write('BTCUSDT.csv', 'open_time,open,high,low,close,volume\n1704189600000,1.25,1.25,1.25,1.25,1');
    const terms = [{ symbol: 'BTCUSDT', tick: '0.1', step: '0.001', venue: 'test', quote: 'USDT' }];
    const { instruments, events } = await readAll(path, { instrumentTerms: terms });
    expect(instruments[0]).toMatchObject({ id: 'BTCUSDT.TEST', priceDigits: 2, tick: 10, assumedGrid: false });
    expect(bars(events)[0]?.open).toBe(125);
  });

  it.each([
    ['an empty file', 'empty.csv', '', 'DATA_EMPTY'],
    ['a header alone', 'BTCUSDT.csv', 'open_time,open,high,low,close,volume\n', 'DATA_EMPTY'],
    ['other text', 'notes.txt', 'some words\nand more\n', 'DATA_FORMAT_UNKNOWN'],
    ['returns', 'returns.csv', 'date,HAM1\n1996-01-31,0.0074\n', 'DATA_FORMAT_UNKNOWN'],
    ['damaged gzip', 'BTCUSDT.csv.gz', DAMAGED, 'DATA_FILE_DAMAGED'],
  ])('refuses %s in a sentence', async (_name, file, content, code) => {
    const refusal = await refusalOf(write(file, content));
    expect(refusal.code).toBe(code);
    expect(refusal.sentence).toContain(file);
  });

  it('refuses a missing file and a folder', async () => {
    expect((await refusalOf('no-such-file.csv')).code).toBe('DATA_FILE_UNREADABLE');
    expect((await refusalOf(import.meta.dirname)).sentence).toContain('folder');
  });
});
