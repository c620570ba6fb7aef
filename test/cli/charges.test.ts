import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { tradewright, tradewrightJson } from '../support/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'charges-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
function file(content: unknown): string {
  const path = join(folder, `note-${(files += 1)}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const ONE = ['charges', '--venue', 'nse', '--side', 'sell', '--qty', '400', '--price', '1100'];

describe('charges of one order', () => {
  it('itemised with basis, rate, rule and first day', async () => {
    const answer = await tradewrightJson(...ONE, '--product', 'intraday', '--date', '2025-06-02');
    expect(answer).toMatchObject({
      turnover: '440000.00',
      brokerage: '20.00',
      stt: '110.00',
      transaction: '13.07',
      sebi: '0.44',
      gst: '6.03',
      stamp: '0.00',
      other: '0.00',
      total: '149.54',
    });
    expect(answer['lines']).toContainEqual(
      expect.objectContaining({
        name: 'transaction',
        basis: '440000.00',
        rate: '0.0000297',
        amount: '13.07',
        effectiveFrom: '2024-10-01',
      }),
    );
    expect(answer).not.toHaveProperty('perTrade');
  });

  it('prints a table too', async () => {
    const shown = await tradewright(...ONE, '--product', 'options', '--date', '2026-05-04', '--plan', 'fyers');
    expect(shown).toMatchObject({ status: 0, err: '' });
    expect(shown.out).toContain('total');
  });

  it('of an exercised option', async () => {
    const answer = await tradewrightJson(
      'charges',
      '--venue',
      'nse',
      '--product',
      'options',
      '--exercised',
      '--side',
      'buy',
      '--qty',
      '75',
      '--price',
      '200',
      '--date',
      '2026-04-01',
    );
    expect(answer).toMatchObject({ stt: '23.00', total: '23.00' });
  });

  it.each([
    ['before the first known rate', ['--product', 'futures', '--date', '2024-09-30'], 1, 'known from 2024-10-01'],
    ['no such day', ['--product', 'futures', '--date', '2025-13-01'], 1, 'is not a day'],
    ['no such plan', ['--product', 'futures', '--date', '2025-06-02', '--plan', 'x'], 1, 'zerodha'],
    ['no product', ['--date', '2025-06-02'], 2, '--product'],
    ['wrong product', ['--product', 'bonds', '--date', '2025-06-02'], 2, 'bonds'],
    ['no date', ['--product', 'futures'], 2, '--date'],
    ['wrong exchange', ['--product', 'futures', '--date', '2025-06-02', '--exchange', 'MCX'], 2, 'MCX'],
    ['unknown option', ['--produkt', 'futures'], 2, 'produkt'],
  ] as const)('%s', async (_, args, status, words) => {
    const answer = await tradewright(...ONE, ...args, '--json');
    expect(answer.status).toBe(status);
    expect(answer.out).toBe('');
    expect(answer.err).toContain(words);
  });
});

describe('charges of a day', () => {
  const rows = [
    { time: '2024-07-01T09:20:00', symbol: 'X', side: 'buy', qty: 500, price: 100, product: 'intraday' },
    { time: '2024-07-01T04:00:00Z', symbol: 'X', side: 'sell', qty: '500', price: '105.00', product: 'MIS' },
    { time: 1_719_806_400_000, symbol: 'x', side: 'BUY', qty: 200, price: 110, product: 'delivery' },
  ];

  it('per trade, per line and in total, STT at the average price', async () => {
    const answer = await tradewrightJson('charges', '--venue', 'nse', '--note', file(rows));
    expect(answer).toMatchObject({
      date: '2024-07-01',
      turnover: '124500.00',
      stt: '34.00',
      stamp: '4.80',
      warnings: [],
    });
    const parts = answer['perTrade'] as { symbol: string; stt: string; total: string }[];
    expect(parts.map((part) => part.symbol)).toEqual(['X', 'X', 'X']);
    const sum = parts.reduce((all, part) => all + Number(part.total), 0);
    expect(sum).toBeCloseTo(Number(answer['total']), 9);
  });

  it.each([
    ['two days', [rows[0], { ...rows[1], time: '2024-07-02T09:20:00' }], 'covers one day'],
    ['after midnight in India', [rows[0], { ...rows[1], time: '2024-07-01T18:30:00Z' }], 'covers one day'],
    ['no date', [{ ...rows[0], time: '09:20:00' }], '--date'],
    ['no price', [{ ...rows[0], price: null }], 'trade 1: price is missing'],
    ['words for a price', [{ ...rows[0], price: 'ten' }], 'decimal number'],
    ['an unknown product', [{ ...rows[0], product: 'NRML' }], 'NRML'],
    ['an unknown side', [{ ...rows[0], side: 'hold' }], 'hold'],
    ['no trades', [], 'no trade'],
    ['no list', { symbol: 'X' }, 'list'],
    ['no JSON', '[{', 'not JSON'],
  ] as const)('%s is refused', async (_, content, words) => {
    const answer = await tradewright('charges', '--venue', 'nse', '--note', file(content), '--json');
    expect(answer.status).toBe(1);
    expect(answer.out).toBe('');
    expect(answer.err).toContain(words);
  });

  it('takes the day from --date for times of day, and tells a missing file', async () => {
    const note = file([{ ...rows[0], time: '09:20:00' }]);
    expect(await tradewrightJson('charges', '--venue', 'nse', '--note', note, '--date', '2025-06-02')).toMatchObject({
      date: '2025-06-02',
    });
    expect(await tradewright('charges', '--venue', 'nse', '--note', join(folder, 'none.json'))).toMatchObject({
      status: 1,
    });
  });
});
