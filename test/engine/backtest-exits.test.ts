import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tradewrightJson } from '../support/command-line.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradewright-exits-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Whole-number prices: an up-cross of SMA 2/4 on the close of day 9, entry at the open of day 10 at 103. */
async function run(
  after: readonly (readonly [open: number, high: number, low: number, close: number])[],
  ...options: string[]
) {
  const flat = [104, 103, 102, 101, 100, 99, 98, 97, 97, 101].map((close) => [close, close, close, close] as const);
  const rows = [...flat, ...after].map(
    ([open, high, low, close], day) =>
      `${new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10)},${open},${high},${low},${close},10`,
  );
  const path = join(folder, 'bars.csv');
  writeFileSync(path, ['date,open,high,low,close,volume', ...rows].join('\n'));
  const report = await tradewrightJson(
    'backtest',
    '--data',
    path,
    '--strategy',
    'sma-cross',
    '--param',
    'fast=2',
    '--param',
    'slow=4',
    ...options,
  );
  return (report['trades'] as { entryPrice: string; exitPrice: string; exitReason: string }[]).map((trade) => [
    Number(trade.entryPrice),
    Number(trade.exitPrice),
    trade.exitReason,
  ]);
}

it('a stop between two printed prices is hit at its own level, not at the next printed price', async () => {
  expect(
    await run(
      [
        [103, 104, 103, 104],
        [104, 104, 100, 104],
        [104, 104, 104, 104],
      ],
      '--stop-loss',
      '2.5',
    ),
  ).toEqual([[103, 100.425, 'stop-loss']]);
});

it('a low above the exact level does not stop the position out', async () => {
  // 2.5 % below 103 is 100.425; a low of 101 would have hit it on a grid of whole numbers rounded up.
  expect(
    await run(
      [
        [103, 104, 103, 104],
        [104, 104, 101, 104],
        [104, 105, 104, 105],
      ],
      '--stop-loss',
      '2.5',
    ),
  ).toEqual([]);
});

it('a gap through the stop fills at the open', async () => {
  expect(
    await run(
      [
        [103, 104, 103, 104],
        [95, 96, 94, 95],
      ],
      '--stop-loss',
      '2.5',
    ),
  ).toEqual([[103, 95, 'stop-loss']]);
});

it('a target is taken at its level, a gap beyond it at the better open', async () => {
  expect(
    await run(
      [
        [103, 104, 103, 104],
        [104, 110, 104, 110],
      ],
      '--take-profit',
      '2.5',
    ),
  ).toEqual([[103, 105.575, 'take-profit']]);
  expect(
    await run(
      [
        [103, 104, 103, 104],
        [108, 110, 108, 110],
      ],
      '--take-profit',
      '2.5',
    ),
  ).toEqual([[103, 108, 'take-profit']]);
});
