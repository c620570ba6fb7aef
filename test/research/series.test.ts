import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { RefusalError } from '../../src/domain/refusal.ts';
import { commonPriceReturns, priceReturns } from '../../src/research/price-returns.ts';
import { findColumn, findSymbol, readSeriesFile, seriesColumns } from '../../src/research/series-file.ts';
import { takeSeries, type Series } from '../../src/research/series.ts';

const folder = mkdtempSync(join(tmpdir(), 'series-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function fileOf(text: string | Buffer): string {
  files += 1;
  const path = join(folder, `${files}.csv`);
  writeFileSync(path, text);
  return path;
}

async function read(text: string, column: string, changes: object = {}): Promise<Series> {
  const file = await readSeriesFile(fileOf(text));
  const symbol = file.symbol === -1 ? null : findSymbol(file, null);
  const options = { symbol, positive: false, complete: false, strict: false, ...changes };
  return takeSeries(file, { columns: [findColumn(file, column)], ...options });
}

async function refusal(work: () => Promise<unknown>): Promise<{ code: string; sentence: string }> {
  try {
    await work();
  } catch (error) {
    if (error instanceof RefusalError) return error.refusal;
    throw error;
  }
  throw new Error('a refusal was expected');
}

describe('reading series', () => {
  it('keeps gaps as NaN, and counts bad cells and dates with their line', async () => {
    const series = await read(
      'date,r\n2020-01-01,0.01\n2020-01-02,\n2020-01-03,abc\nnever,0.02\n2020-01-05,NaN\n2020-01-06,1.5%\n',
      'r',
    );
    expect(Array.from(series.values[0] ?? [])).toEqual([0.01, Number.NaN, Number.NaN, 0.015]);
    expect(series.report).toMatchObject({ read: 6, kept: 4, dropped: { 'not-a-number': 1, 'bad-time': 1 } });
    expect(new Set(series.report.problems.map(({ line }) => line))).toEqual(new Set([4, 5]));
  });

  it('leaves out duplicate and out-of-order rows, turns newest-first files round', async () => {
    const mixed = await read('date,p\n2020-01-02,2\n2020-01-02,3\n2020-01-01,4\n2020-01-03,5\n', 'p');
    expect(Array.from(mixed.values[0] ?? [])).toEqual([2, 5]);
    expect(mixed.report.dropped).toEqual({ duplicate: 1, 'out-of-order': 1 });
    const reversed = await read('date,p\n2020-01-03,3\n2020-01-02,2\n2020-01-01,1\n', 'p');
    expect(Array.from(reversed.values[0] ?? [])).toEqual([1, 2, 3]);
    expect(reversed.labels[0]).toBe('2020-01-01');
    expect(reversed.report.dropped).toEqual({});
  });

  it('makes the first bad line an error under strict, with file and line', async () => {
    const found = await refusal(() => read('date,p\n2020-01-01,1\n2020-01-02,x\n', 'p', { strict: true }));
    expect(found.code).toBe('DATA_LINE_BAD');
    expect(found.sentence).toMatch(/\.csv:3: /);
  });

  it.each([
    ['header and dates', 'date,a,b\n2020-01-01,1,2\n2020-01-02,3,4\n', 'b', [2, 4]],
    ['semicolons, byte order mark, CRLF', '\uFEFFDate;a\r\n2020-01-01;1\r\n2020-01-02;2\r\n', 'a', [1, 2]],
    ['no time column', 'a,b\n1,2\n3,4\n', 'a', [1, 3]],
    ['an unnamed index', ',a\n0,1\n1,3\n', 'a', [1, 3]],
    ['labels that are no dates', 'month,a\nJan-96,1\nFeb-96,3\n', 'a', [1, 3]],
    ['no header, one column', '0.5\n0.25\n', 'column1', [0.5, 0.25]],
    ['no header, dates', '2020-01-01,1\n2020-01-02,2\n', 'column2', [1, 2]],
    ['a Binance dump', '1609459200000,1,2,0.5,1.5,9\n1609459260000,1,2,0.5,1.7,9\n', 'close', [1.5, 1.7]],
    ['quoted cells', 'date,"a, b"\n2020-01-01,"1"\n', 'a, b', [1]],
    ['another spelling of the column', 'date,Adj Close\n2020-01-01,7\n', 'adj_close', [7]],
  ])('reads a file with %s', async (_name, text, column, expected) => {
    expect(Array.from((await read(text, column)).values[0] ?? [])).toEqual(expected);
  });

  it('reads gzip whatever the name', async () => {
    const file = await readSeriesFile(fileOf(gzipSync('date,a\n2020-01-01,1\n')));
    expect(seriesColumns(file)).toEqual(['a']);
  });

  it('picks a symbol of a long file, or says which there are', async () => {
    const text = 'symbol,date,close\nAAA,2020-01-01,1\nBBB,2020-01-01,10\nAAA,2020-01-02,2\n';
    const file = await readSeriesFile(fileOf(text));
    expect(findSymbol(file, 'aaa')).toBe('AAA');
    const chosen = takeSeries(file, {
      symbol: 'AAA',
      columns: [findColumn(file, 'close')],
      positive: true,
      complete: false,
      strict: true,
    });
    expect(Array.from(chosen.values[0] ?? [])).toEqual([1, 2]);
    expect(chosen.report).toMatchObject({ read: 3, kept: 2, dropped: { 'other-symbol': 1 } });
    expect((await refusal(() => Promise.resolve().then(() => findSymbol(file, null)))).code).toBe('SYMBOL_NEEDED');
    const unknown = await refusal(() => Promise.resolve().then(() => findSymbol(file, 'AAB')));
    expect(unknown.sentence).toContain('Did you mean "AAA"?');
  });

  it('refuses what is not a file of series', async () => {
    expect((await refusal(() => readSeriesFile(join(folder, 'absent.csv')))).code).toBe('DATA_FILE_UNREADABLE');
    expect((await refusal(() => readSeriesFile(folder))).code).toBe('DATA_FILE_UNREADABLE');
    expect((await refusal(() => readSeriesFile(fileOf('')))).code).toBe('DATA_EMPTY');
    expect((await refusal(() => readSeriesFile(fileOf('date,close\n')))).code).toBe('DATA_EMPTY');
    const cut = gzipSync('date,a\n'.repeat(1000)).subarray(0, 30);
    expect((await refusal(() => readSeriesFile(fileOf(cut)))).code).toBe('DATA_FILE_DAMAGED');
    expect((await refusal(() => read('date,a\n2020-01-01,1\n', 'b'))).code).toBe('COLUMN_UNKNOWN');
  });
});

describe('returns of prices', () => {
  it('bridge gaps and carry the label of the later price', () => {
    const { returns, labels } = priceReturns(Float64Array.of(100, Number.NaN, 110, 99), ['a', 'b', 'c', 'd']);
    expect(Array.from(returns)).toEqual([110 / 100 - 1, 99 / 110 - 1]);
    expect(labels).toEqual(['c', 'd']);
    expect(priceReturns(Float64Array.of(1), ['a']).returns).toHaveLength(0);
  });

  it('of a pair run between common dates only', () => {
    const { returns, benchmark } = commonPriceReturns(
      { prices: Float64Array.of(100, 110, 121), labels: ['a', 'b', 'c'] },
      { prices: Float64Array.of(10, 30, 40), labels: ['a', 'c', 'd'] },
    );
    expect(Array.from(returns)).toEqual([expect.closeTo(0.21, 12)]);
    expect(Array.from(benchmark)).toEqual([expect.closeTo(2, 12)]);
  });
});
