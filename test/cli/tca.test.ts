import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Decimal, ZERO } from '../../src/domain/decimal.ts';
import { tradewright, tradewrightJson } from '../support/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'tca-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
function file(content: unknown): string {
  const path = join(folder, `parent-${(files += 1)}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const PARENT = {
  side: 'sell',
  qty: '5',
  decision: { t: 1_000, mid: '61826.015' },
  arrival: { t: 1_200, mid: 61_825.515 },
  fills: [
    { t: 2_000, price: '61825.01', qty: '1.5', fee: '92.737515', mid: '61825.0149' },
    { t: 3_000, price: '61823.37', qty: '2.25000001', fee: '139.1', mid: '61823.375' },
  ],
  end: { t: 61_200, mid: '61820' },
  marketTrades: [
    { t: 1_500, price: '61825', qty: '3' },
    { t: 31_200, price: '61822', qty: '9' },
  ],
};

describe('tca', () => {
  it('prints components that add up to the last digit, with definitions', async () => {
    const answer = await tradewrightJson('tca', '--parent', file(PARENT));
    expect(answer).toMatchObject({ side: 'sell', qty: '5', filled: '3.75000001' });
    const { total, ...parts } = answer['costs'] as Record<string, string>;
    const sum = Object.values(parts).reduce((all, part) => all.plus(part), ZERO);
    expect(sum.toFixed()).toBe(total);
    expect(parts['delay']).toBe(new Decimal('0.5').times('3.75000001').toFixed());
    expect(parts['opportunity']).toBe(new Decimal('6.015').times('1.24999999').toFixed());
    const split = Object.values(answer['trading'] as Record<string, string>).reduce(
      (all, part) => all.plus(part),
      ZERO,
    );
    expect(split.toFixed()).toBe(parts['trading']);
    expect(answer['fillRate']).toBeCloseTo(0.750000002, 12);
    expect(answer['participation']).toBeCloseTo(3.75000001 / 12, 12);
    for (const key of ['bps', 'vsVwapBps', 'vsTwapBps', 'priceImprovement', 'efficiency', 'definitions'])
      expect(answer).toHaveProperty(key);
  });

  it('keeps digits that a double would lose', async () => {
    const text =
      '{"side":"buy","qty":1,"decision":{"mid":1234567890.12345678901},"fills":[{"price":1234567890.12345678903,"qty":1}]}';
    const answer = await tradewrightJson('tca', '--parent', file(text));
    expect(answer['costs']).toMatchObject({ trading: '0.00000000002', total: '0.00000000002' });
  });

  it('prints a table too', async () => {
    const shown = await tradewright('tca', '--parent', file(PARENT));
    expect(shown).toMatchObject({ status: 0, err: '' });
    expect(shown.out).toContain('opportunity');
  });

  it.each([
    ['zero quantity', { ...PARENT, qty: 0 }, 'above zero'],
    ['no side', { ...PARENT, side: undefined }, 'side must be one of buy, sell'],
    ['no decision', { ...PARENT, decision: null }, 'decision must be an object'],
    ['no mid', { ...PARENT, arrival: { t: 1 } }, 'arrival: mid is missing'],
    ['no fills list', { ...PARENT, fills: {} }, 'fills must be a list'],
    ['a wrong time', { ...PARENT, end: { t: 'noon', mid: 1 } }, 'end: t'],
    ['too much filled', { ...PARENT, qty: '3' }, 'more than the order'],
    ['no end for the rest', { ...PARENT, end: undefined }, 'not filled'],
  ] as const)('%s is refused', async (_, content, words) => {
    const answer = await tradewright('tca', '--parent', file(content), '--json');
    expect(answer.status).toBe(1);
    expect(answer.out).toBe('');
    expect(answer.err).toContain(words);
  });

  it('needs its file', async () => {
    expect(await tradewright('tca')).toMatchObject({ status: 2 });
    expect(await tradewright('tca', '--parent', join(folder, 'none.json'))).toMatchObject({ status: 1 });
  });
});
