import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tradewright, tradewrightJson } from '../support/command-line.ts';

interface Outcome {
  orders: {
    id: string;
    status: string;
    filled: string;
    avgPrice: string | null;
    fees: string;
    reason: string | null;
    reasonCode: string | null;
    fills: { charges?: Record<string, string> }[];
  }[];
  account: {
    type: string;
    leverage: number;
    marginUsed: string;
    marginFree: string;
    maintenanceMargin: string;
    liquidationPrice: string | null;
    equity: string;
    walletBalance: string;
    cashFlows: { t: number; kind: string; amount: string }[];
    positions: { liquidationPrice: string | null }[];
  };
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'what-if-accounts-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(script: unknown): Promise<Outcome> {
  const path = join(folder, 'script.json');
  writeFileSync(path, JSON.stringify(script));
  return (await tradewrightJson('what-if', path)) as unknown as Outcome;
}

async function refused(script: unknown): Promise<string> {
  const path = join(folder, 'refused.json');
  writeFileSync(path, JSON.stringify(script));
  const { status, err } = await tradewright('what-if', path, '--json');
  expect(status).toBe(1);
  return err;
}

const quote = (t: number, bid: string, ask = bid): object => ({ t, quote: { bid, bidQty: '100', ask, askQty: '100' } });

describe('a margin account in a script', () => {
  const instrument = { symbol: 'XUSDT', tick: '0.0001', step: '0.001', quote: 'USDT' };
  /** One contract from 10; the figures are the exchanges' own. */
  const rows: [string, object, string, number, string][] = [
    ['binance long 5x', {}, 'buy', 5, '8.0707070707'],
    ['binance long 3x', {}, 'buy', 3, '6.7239057239'],
    ['binance short 5x', {}, 'sell', 5, '11.8910891089'],
    ['okx short 5x', { liquidationRule: 'maintenance-and-fee' }, 'sell', 5, '11.8741341777'],
    ['okx short 3x', { liquidationRule: 'maintenance-and-fee' }, 'sell', 3, '13.1934824197'],
    ['okx long 5x', { liquidationRule: 'maintenance-and-fee' }, 'buy', 5, '8.0857085102'],
    ['bybit long 10x', { liquidationRule: 'entry' }, 'buy', 10, '9.1'],
    ['bybit short 5x', { liquidationRule: 'entry' }, 'sell', 5, '11.9'],
  ];
  it.each(rows)('%s', async (_, more, side, leverage, expected) => {
    const { account } = await run({
      instrument,
      account: {
        cash: { USDT: '100' },
        type: 'margin',
        leverage,
        mode: 'isolated',
        maintenance: '0.01',
        maintenanceAmount: '0.01',
        ...more,
      },
      model: { fees: { maker: '0', taker: '0.0006' } },
      steps: [quote(0, '10'), { t: 1, submit: { side, type: 'market', qty: '1' } }],
    });
    expect(Number(account.positions[0]?.liquidationPrice)).toBeCloseTo(Number(expected), 9);
    expect(account.liquidationPrice).toBe(account.positions[0]?.liquidationPrice);
  });

  const script = (account: object, ...steps: object[]): object => ({
    instrument,
    account: { cash: { USDT: '200' }, type: 'margin', leverage: 5, ...account },
    steps: [quote(0, '1000'), { t: 1, submit: { id: 'A', side: 'buy', type: 'market', qty: '1' } }, ...steps],
  });

  it('is liquidated at the maintenance margin with a fee, and its entries are cancelled', async () => {
    // Half of it would open a short position; a further purchase has no margin left.
    const entry = { t: 2, submit: { id: 'B', side: 'sell', type: 'limit', price: '1200', qty: '1.5' } };
    // (1000 - 200) / 0.995 = 804.0201
    const held = await run(script({}, entry, quote(3, '804.03')));
    expect(held.orders.map(({ id, status }) => `${id} ${status}`)).toEqual(['A filled', 'B accepted']);
    expect(held.account).toMatchObject({ equity: '4.03', maintenanceMargin: '4.02015', walletBalance: '200' });
    const gone = await run(script({ liquidationFee: '0.001' }, entry, quote(3, '804.02')));
    expect(gone.orders.map(({ id, status }) => `${id} ${status}`)).toEqual(['A filled', 'B canceled', 'LIQ-1 filled']);
    expect(gone.orders[2]).toMatchObject({ reasonCode: 'LIQUIDATION', avgPrice: '804.0200' });
    expect(gone.account.cashFlows).toEqual([{ t: 3, kind: 'liquidation-fee', amount: '-0.80402' }]);
    expect(gone.account.equity).toBe('3.21598');
  });

  it('is liquidated inside a bar that closes well above', async () => {
    const bar = (t: number, low: string, open = '1000'): object => ({
      t,
      bar: { open, high: '1000', low, close: '990', volume: '100' },
    });
    const through = (open?: string): Promise<Outcome> =>
      run({
        instrument,
        account: { cash: { USDT: '200' }, type: 'margin', leverage: 5 },
        steps: [
          bar(0, '990'),
          { t: 1, submit: { id: 'A', side: 'buy', type: 'market', qty: '1' } },
          bar(2, '990'),
          bar(3, '700', open),
        ],
      });
    expect((await through()).orders[1]).toMatchObject({ id: 'LIQ-1', avgPrice: '804.0202' });
    expect((await through('720')).orders[1]).toMatchObject({ id: 'LIQ-1', avgPrice: '720.0000' });
  });

  it('pays funding on the mark price, which brings the liquidation nearer', async () => {
    const before = await run(script({}));
    const after = await run(script({}, { t: 2, funding: { rate: '0.001', mark: '1000' } }));
    expect(after.account.cashFlows).toEqual([{ t: 2, kind: 'funding', amount: '-1' }]);
    expect(Number(after.account.liquidationPrice)).toBeCloseTo(Number(before.account.liquidationPrice) + 1 / 0.995, 9);
  });

  it('uses tiers where they are given, and refuses impossible ones', async () => {
    const tiers = [
      { upTo: '500', maintenance: '0.01', initial: '0.02' },
      { maintenance: '0.05', initial: '0.1' },
    ];
    const { account } = await run(script({ tiers }));
    // 1000 x 0.05 - 500 x 0.04
    expect(account).toMatchObject({ maintenanceMargin: '30', marginUsed: '200', marginFree: '0' });
    expect(await refused(script({ tiers: [{ upTo: '500', maintenance: '0.01' }] }))).toContain('last margin tier');
    expect(await refused(script({ maintenance: '2' }))).toContain('fraction');
    expect(await refused(script({ haircut: '2' }))).toContain('haircut');
  });

  it('needs no more margin than what is left to hold', async () => {
    const trade = (t: number, side: string, qty: string): object => ({ t, submit: { side, type: 'market', qty } });
    const steps = [quote(0, '10'), trade(1, 'buy', '10'), trade(2, 'sell', '5'), trade(3, 'sell', '5')];
    const used = async (count: number): Promise<string> =>
      (
        await run({
          instrument,
          account: { cash: { USDT: '1000' }, type: 'margin', leverage: 1 },
          steps: steps.slice(0, count),
        })
      ).account.marginUsed;
    expect([await used(2), await used(3), await used(4)]).toEqual(['100', '50', '0']);
  });
});

describe('NSE in a script', () => {
  const instrument = { symbol: 'SBIN', venue: 'nse', previousClose: '1400', tickReference: '1390' };
  const limit = (t: number | string, price: string, qty = '10'): object => ({
    t,
    submit: { side: 'buy', type: 'limit', price, qty },
  });
  const reasons = ({ orders }: Outcome): (string | null)[] => orders.map(({ reasonCode }) => reasonCode);

  it('has the tick of the day', async () => {
    const on = (date: string): Promise<Outcome> =>
      run({ instrument, date, steps: [limit(0, '1390.05'), limit(1, '1390.10')] });
    expect(reasons(await on('2025-04-11'))).toEqual([null, null]);
    const after = await on('2025-04-15');
    expect(reasons(after)).toEqual(['PRICE_OFF_TICK', null]);
    expect(after.orders[0]?.reason).toContain('0.10');
  });

  it('has bands and freeze quantities, with what to do instead', async () => {
    const outcome = await run({
      instrument: { ...instrument, band: '5%', freezeQuantity: '1800', step: '65', date: '2026-06-01' },
      steps: [limit(0, '1470.1', '65'), limit(1, '1470', '65'), limit(2, '1400', '5200')],
    });
    expect(reasons(outcome)).toEqual(['PRICE_BAND', null, 'FREEZE_QUANTITY']);
    expect(outcome.orders[0]?.reason).toContain('1330.00 to 1470.00');
    expect(outcome.orders[2]?.reason).toContain('at most 1755 in one order: 3 orders carry 5200');
  });

  it('knows its hours by date; times without an offset are Indian', async () => {
    const plain = { symbol: 'SBIN', venue: 'nse' };
    const outcome = await run({
      instrument: plain,
      steps: [
        limit('2026-07-31T15:20:00', '800'),
        limit('2026-08-03T15:20:00', '800'),
        limit('2026-08-03T18:00:00+05:30', '800'),
        limit('2026-08-04T03:45:00Z', '800'),
        limit('2026-08-15T10:00', '800'),
      ],
    });
    expect(reasons(outcome)).toEqual([null, 'AUCTION_NOT_SIMULATED', 'MARKET_CLOSED', null, 'MARKET_CLOSED']);
    expect(outcome.orders[2]?.reason).toContain('2026-08-04T09:15:00+05:30');
  });

  it('charges by product and day, in parts', async () => {
    const script = (product: string): object => ({
      instrument: { symbol: 'SBIN', venue: 'nse', tick: '0.05' },
      date: '2025-06-02',
      model: { fees: { charges: { plan: 'zerodha', product } } },
      steps: [quote(0, '799.95', '800.00'), { t: 1, submit: { side: 'buy', type: 'market', qty: '100' } }],
    });
    const intraday = await run(script('intraday'));
    expect(intraday.orders[0]?.fees).toBe('28.9');
    expect(intraday.orders[0]?.fills[0]?.charges).toEqual({
      brokerage: '20',
      stt: '0',
      transaction: '2.38',
      sebi: '0.08',
      stamp: '2.4',
      gst: '4.04',
    });
    expect((await run(script('delivery'))).orders[0]?.fees).toBe('94.9');
  });

  it('protects market orders in derivatives: the rest waits at its limit', async () => {
    const { orders } = await run({
      instrument: { symbol: 'SBINFUT', venue: 'nse', segment: 'stock-futures', tick: '0.05' },
      date: '2026-08-10',
      steps: [
        {
          t: 0,
          book: {
            bids: [['990', '10']],
            asks: [
              ['1000', '4'],
              ['1015', '3'],
              ['1020', '100'],
            ],
          },
        },
        { t: 1, submit: { id: 'A', side: 'buy', type: 'market', qty: '20' } },
      ],
    });
    expect(orders[0]).toMatchObject({ status: 'partially-filled', filled: '7', price: '1015.00' });
  });

  it('takes fee tiers by volume, and refuses a table and a date it does not know', async () => {
    const script = (fees: object): object => ({
      instrument: { symbol: 'XUSDT', tick: '0.01', step: '0.001' },
      model: { fees },
      steps: [quote(0, '100'), { t: 1, submit: { side: 'buy', type: 'market', qty: '1' } }],
    });
    expect((await run(script({ tiers: 'binance-spot', volume30d: '20000000' }))).orders[0]?.fees).toBe('0.06');
    expect(await refused(script({ tiers: 'nowhere' }))).toContain('binance-spot');
    expect(await refused({ date: '2025-06-02', steps: [] })).toContain('"venue":"nse"');
    expect(await refused({ instrument, date: '2025-02-30', steps: [] })).toContain('2025-02-30');
  });
});
