import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openJournal } from '../../src/journal/sqlite-journal.ts';
import { tradewright, tradewrightJson } from '../support/command-line.ts';

let root = '';
const file = (name: string, content: string | Buffer): string => {
  const path = join(root, name);
  writeFileSync(path, content);
  return path;
};
const row = (minute: number, open: number, high: number, low: number, close: number): string =>
  `${1_700_000_000_000 + minute * 60_000},${open},${high},${low},${close},5`;
const header = 'open_time,open,high,low,close,volume';

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'tradewright-bad-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A user error is one sentence on stderr, nothing on stdout, no stack, and the status of cli.md. */
async function refused(status: 1 | 2, sentence: RegExp, ...args: string[]): Promise<void> {
  const result = await tradewright(...args);
  expect(result, args.join(' ')).toMatchObject({ status, out: '' });
  expect(result.err).toMatch(sentence);
  expect(result.err).not.toMatch(/\bat .*\.ts:\d+|node:internal|Unexpected failure/);
}

describe('data files', () => {
  it('a folder in place of a file is a sentence', async () => {
    await refused(
      1,
      /^The system refused read .*Check the path/,
      'paper',
      '--feed',
      `file:${root}`,
      '--strategy',
      'sma-cross',
    );
  });

  it('accounts for every broken line and goes on', async () => {
    const good = Array.from({ length: 60 }, (_, minute) => row(minute, 10, 12, 9, 11));
    const broken = [
      '1,2,3',
      `abc,1,2,3,4,5`,
      row(61, 10, 9, 8, 11),
      row(62, -1, 2, 1, 1),
      `${1_700_000_000_000 + 63 * 60_000},NaN,2,1,1,1`,
      row(5, 10, 12, 9, 11),
      '',
    ];
    const path = file('broken.csv', [header, ...good, ...broken].join('\n'));
    const report = await tradewrightJson('backtest', '--data', path, '--strategy', 'sma-cross');
    const data = report['data'] as {
      read: number;
      kept: number;
      dropped: Record<string, number>;
      problems: { file: string; line: number; reason: string }[];
    };
    expect(data.kept).toBe(60);
    expect(data.read).toBe(data.kept + Object.values(data.dropped).reduce((sum, count) => sum + count, 0));
    expect(data.read).toBe(66);
    expect(data.problems[0]).toMatchObject({ line: 62 });
    expect(data.problems[0]?.file).toContain('broken.csv');
  });

  it('strict mode makes the first bad line an error with file and line', async () => {
    const path = file('strict.csv', [header, row(0, 10, 12, 9, 11), 'rubbish'].join('\n'));
    await refused(1, /strict\.csv:3/, 'backtest', '--data', path, '--strategy', 'sma-cross', '--strict');
  });

  it.each([
    ['is missing', () => join(root, 'nowhere.csv'), /There is no file/],
    ['is empty', () => file('empty.csv', ''), /empty/],
    ['is only a header', () => file('header.csv', `${header}\n`), /usable|holds no/],
    [
      'is noise',
      () => file('noise.bin', Buffer.from(Array.from({ length: 4_000 }, (_, index) => (index * 7919) % 256))),
      /format/,
    ],
    [
      'is a damaged archive',
      () => file('cut.csv.gz', gzipSync(`${header}\n${row(0, 1, 2, 1, 2)}\n`.repeat(500)).subarray(0, 60)),
      /damaged|cannot be read|incomplete/i,
    ],
  ])('a file that %s', async (_name, path, sentence) => {
    await refused(1, sentence, 'backtest', '--data', path(), '--strategy', 'sma-cross');
  });
});

describe('names and options', () => {
  const data = (): string =>
    file('good.csv', [header, ...Array.from({ length: 60 }, (_, minute) => row(minute, 10, 12, 9, 11))].join('\n'));

  it('an unknown strategy names the known ones', () =>
    refused(1, /no strategy "smacross".*sma-cross/, 'backtest', '--data', data(), '--strategy', 'smacross'));
  it('an unknown parameter', () =>
    refused(1, /no parameter "fsat"/, 'backtest', '--data', data(), '--strategy', 'sma-cross', '--param', 'fsat=3'));
  it('a parameter out of range', () =>
    refused(1, /from 1 to/, 'backtest', '--data', data(), '--strategy', 'sma-cross', '--param', 'fast=0'));
  it('an unknown symbol names the known ones', () =>
    refused(
      1,
      /FOO.*BTCUSDT/,
      'paper',
      '--feed',
      'sim:crypto',
      '--symbol',
      'FOO',
      '--strategy',
      'sma-cross',
      '--data-dir',
      join(root, 'd'),
    ));
  it('an unknown feed', () => refused(2, /sim:crypto/, 'paper', '--feed', 'cosmic', '--strategy', 'sma-cross'));
  it('an unknown option', () => refused(2, /--colour/, 'backtest', '--colour', 'red'));
  it('an unknown command', () => refused(2, /Known:/, 'fly'));
  it('money that is no number', () =>
    refused(2, /--cash/, 'backtest', '--data', data(), '--strategy', 'sma-cross', '--cash', '1e4'));
  it('a script of nothing', () => refused(1, /nothing to run/, 'what-if', file('empty.json', '{}')));
  it('a book that names a price twice', () =>
    refused(
      1,
      /1500 twice/,
      'what-if',
      file('twice.json', '{"steps":[{"t":0,"book":{"bids":[],"asks":[["1500","1"],["1500.0","2"]]}}]}'),
    ));
  it('fees beyond the traded value', () =>
    refused(
      1,
      /fraction of the traded value/,
      'what-if',
      file('fees.json', '{"model":{"fees":{"taker":"-5"}},"steps":[]}'),
    ));
  it('a tick finer than can be counted', () =>
    refused(
      1,
      /at most 15 decimals/,
      'risk',
      'check',
      file('fine.json', '{"instrument":{"symbol":"X","tick":"1e-25","step":"1","quote":"USD"},"side":"buy","qty":"1"}'),
    ));
  it('returns in percent', () =>
    refused(
      1,
      /2024-01-02.*fractions/,
      'metrics',
      '--returns',
      file('r.csv', 'date,r\n2024-01-01,0.4\n2024-01-02,-1.5\n'),
    ));
  it('an unreadable instant', () => refused(2, /ISO/, 'calendar', '--venue', 'nse', '--at', '2025-02-30'));
});

describe('the data folder', () => {
  const paper = (dataDir: string): string[] => [
    'paper',
    '--feed',
    'sim:crypto',
    '--symbol',
    'BTCUSDT',
    '--duration',
    '30s',
    '--strategy',
    'sma-cross',
    '--data-dir',
    dataDir,
  ];

  it('a journal that another engine writes', async () => {
    const dataDir = join(root, 'locked');
    const journal = openJournal(dataDir);
    await refused(1, /in use|another|locked/i, ...paper(dataDir));
    journal.close();
    expect((await tradewright(...paper(dataDir))).status).toBe(0);
  });

  it('a journal that is no database is refused and left alone', async () => {
    const dataDir = join(root, 'corrupt');
    openJournal(dataDir).close();
    const path = join(dataDir, 'journal.sqlite');
    const before = 'this is not a database '.repeat(500);
    writeFileSync(path, before);
    await refused(1, /damaged|corrupt|not a/i, ...paper(dataDir));
    const { readFileSync } = await import('node:fs');
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('a folder that is a file', () => refused(1, /folder|directory|cannot/i, ...paper(file('plain', 'x'))));
});

describe('serve', () => {
  let taken: Server;
  let port = 0;
  beforeAll(
    () =>
      new Promise<void>((done) => {
        taken = createServer().listen(0, '127.0.0.1', () => {
          const address = taken.address();
          port = typeof address === 'object' && address !== null ? address.port : 0;
          done();
        });
      }),
  );
  afterAll(() => new Promise((done) => taken.close(done)));

  it('a taken port', () =>
    refused(
      1,
      new RegExp(`${port}.*(in use|taken)`),
      'serve',
      '--port',
      String(port),
      '--data-dir',
      join(root, 'served'),
    ));
  it('a port that is none', () => refused(2, /port/, 'serve', '--port', '99999'));
});
