import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/cli/main.ts';

interface Reported {
  id: string;
  type: string;
  status: string;
  qty: string;
  filled: string;
  avgPrice: string | null;
  trigger: string | null;
  reasonCode: string | null;
  fills: { price: string; qty: string }[];
  links?: { parent: string | null; siblings: string[]; children: string[] };
}
interface Report {
  orders: Reported[];
  events: { t: number; type: string; id: string; trigger?: string | null }[];
  account: { positions: { qty: string }[] };
}

const folder = mkdtempSync(join(tmpdir(), 'what-if-links-'));
afterAll(() => rmSync(folder, { recursive: true }));

const instrument = { symbol: 'ETHUSDT', tick: '0.01', step: '0.001', minNotional: '5', quote: 'USDT' };
const quote = (t: number, bid: number, ask: number, size = 100) => ({
  t,
  quote: { bid: String(bid), bidQty: String(size), ask: String(ask), askQty: String(size) },
});

async function run(steps: readonly object[], rest: object = {}): Promise<Report> {
  const path = join(folder, 'script.json');
  writeFileSync(path, JSON.stringify({ instrument, model: { queue: false }, ...rest, steps }));
  let out = '';
  let err = '';
  const status = await runCommandLine(['what-if', path, '--json'], {
    out: (text) => (out += text),
    err: (text) => (err += text),
    isErrTty: false,
    stdin: () => Promise.resolve(''),
  });
  if (status !== 0) throw new Error(err);
  return JSON.parse(out) as Report;
}

function order(report: Report, id: string): Reported {
  const found = report.orders.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no order ${id}`);
  return found;
}
const filledAt = (one: Reported): [string, string][] => one.fills.map(({ price, qty }) => [price, qty]);
const held = (report: Report): string => report.account.positions[0]?.qty ?? '0';

describe('a trailing stop', () => {
  it('of a purchase: trigger 1510, offset 5, ask 1480 gives 1485', async () => {
    const report = await run([
      quote(0, 1499, 1500),
      { t: 1, submit: { id: 'A', side: 'buy', type: 'trailing-stop', qty: '1', trigger: '1510', offset: '5' } },
      quote(2, 1479, 1480),
    ]);
    expect(order(report, 'A')).toMatchObject({ status: 'emulated', trigger: '1485.00' });
    const fired = await run([
      quote(0, 1499, 1500),
      { t: 1, submit: { id: 'A', side: 'buy', type: 'trailing-stop', qty: '1', trigger: '1510', offset: '5' } },
      quote(2, 1479, 1480),
      quote(3, 1483, 1484.99),
      quote(4, 1484, 1485),
      quote(5, 1400, 1401),
    ]);
    expect(order(fired, 'A')).toMatchObject({ status: 'filled', trigger: '1485.00', avgPrice: '1485.00' });
    expect(fired.events.filter(({ id }) => id === 'A').map(({ type }) => type)).toEqual([
      'emulated',
      'updated',
      'released',
      'submitted',
      'accepted',
      'filled',
    ]);
  });

  const fall = (offset: string, offsetType: string, more: object = {}) => [
    quote(0, 1000, 1001),
    { t: 1, submit: { id: 'L', side: 'buy', qty: '2' } },
    {
      t: 2,
      submit: { id: 'A', side: 'sell', type: 'trailing-stop', qty: '2', reduceOnly: true, offset, offsetType, ...more },
    },
    quote(3, 1100, 1101),
    quote(4, 1050, 1051),
  ];
  it.each([
    ['20', 'price', '1080.00'],
    ['2', 'percent', '1078.00'],
    ['150', 'bps', '1083.50'],
    ['basis-points 150', 'bps', null],
    ['2000', 'ticks', '1080.00'],
    // 1100 x 0.99333 = 1092.663: a sale's stop is rounded up, towards the price.
    ['0.667', 'percent', '1092.67'],
  ])('of a long, %s %s below the bid', async (offset, offsetType, trigger) => {
    if (trigger === null) {
      await expect(run(fall(offset, offsetType))).rejects.toThrow(/offset/);
      return;
    }
    const report = await run(fall(offset, offsetType));
    expect(order(report, 'A')).toMatchObject({ status: 'filled', trigger, avgPrice: '1050.00' });
    expect(held(report)).toBe('0.000');
  });

  it.each([
    ['20', 'price', '920.00'],
    ['2', 'percent', '918.00'],
    ['0.667', 'percent', '906.00'],
  ])('of a short, %s %s above the ask', async (offset, offsetType, trigger) => {
    const report = await run([
      quote(0, 1000, 1001),
      { t: 1, submit: { id: 'S', side: 'sell', qty: '2' } },
      { t: 2, submit: { id: 'A', side: 'buy', type: 'trailing-stop', qty: '2', reduceOnly: true, offset, offsetType } },
      quote(3, 899, 900),
      quote(4, 949, 950),
    ]);
    expect(order(report, 'A')).toMatchObject({ status: 'filled', trigger, avgPrice: '950.00' });
  });

  it.each([
    // The bid never comes near, only trades do, or the middle.
    [
      'last',
      [
        { t: 3, trade: { price: '1150', qty: '0.001' } },
        { t: 4, trade: { price: '1129', qty: '0.001' } },
      ],
      '1130.00',
    ],
    [
      'bid-ask',
      [
        { t: 3, trade: { price: '1150', qty: '0.001' } },
        { t: 4, trade: { price: '1129', qty: '0.001' } },
      ],
      null,
    ],
    ['mid', [quote(3, 1100, 1140), quote(4, 1100, 1099.99 + 0.01)], '1100.00'],
    ['mark', [quote(3, 1100, 1140), quote(4, 1099, 1101)], '1100.00'],
  ])('looks at %s', async (triggerSource, steps, trigger) => {
    const report = await run([
      quote(0, 1000, 1001),
      { t: 1, trade: { price: '1000', qty: '0.001' } },
      { t: 1, submit: { id: 'L', side: 'buy', qty: '2' } },
      { t: 2, submit: { id: 'A', side: 'sell', type: 'trailing-stop', qty: '2', offset: '20', triggerSource } },
      ...steps,
    ]);
    expect(order(report, 'A')).toMatchObject(
      trigger === null ? { status: 'emulated', trigger: '980.00' } : { status: 'filled', trigger },
    );
  });

  it('waits for its activation price', async () => {
    const submit = { id: 'A', side: 'sell', type: 'trailing-stop', qty: '2', offset: '20', activation: '1050' };
    const steps = [quote(0, 1000, 1001), { t: 1, submit: { id: 'L', side: 'buy', qty: '2' } }, { t: 2, submit }];
    const idle = await run([...steps, quote(3, 1049, 1050), quote(4, 900, 901)]);
    expect(order(idle, 'A')).toMatchObject({ status: 'emulated', trigger: null });
    const active = await run([...steps, quote(3, 1050, 1051), quote(4, 1040, 1041), quote(5, 1030, 1031)]);
    expect(order(active, 'A')).toMatchObject({ status: 'filled', trigger: '1030.00', avgPrice: '1030.00' });
  });

  it('follows the path inside a bar and fills where the path meets it', async () => {
    const bar = (t: number, open: number, high: number, low: number, close: number) => ({
      t,
      bar: { open, high, low, close, volume: 100 },
    });
    // Up to 120 first (the nearer extreme), then down to 90: 120 - 10 = 110 is on the way.
    const report = await run(
      [
        bar(0, 100, 100, 100, 100),
        { t: 1, submit: { id: 'L', side: 'buy', qty: '1' } },
        { t: 1, submit: { id: 'A', side: 'sell', type: 'trailing-stop', qty: '1', offset: '10', reduceOnly: true } },
        bar(2, 100, 101, 100, 101),
        bar(3, 101, 120, 80, 100),
      ],
      { model: { barPath: 'ohlc' } },
    );
    expect(filledAt(order(report, 'A'))).toEqual([['110.00', '1.000']]);
    // A gap through the stop is paid for: 111 is passed at the open of 95.
    const gap = await run(
      [
        bar(0, 100, 100, 100, 100),
        { t: 1, submit: { id: 'L', side: 'buy', qty: '1' } },
        { t: 1, submit: { id: 'A', side: 'sell', type: 'trailing-stop', qty: '1', offset: '10', reduceOnly: true } },
        bar(2, 100, 121, 100, 121),
        bar(3, 95, 120, 90, 100),
      ],
      { model: { barPath: 'ohlc' } },
    );
    expect(filledAt(order(gap, 'A'))).toEqual([['95.00', '1.000']]);
  });

  it('a first level behind the market is refused', async () => {
    const report = await run([
      quote(0, 1000, 1001),
      { t: 1, submit: { id: 'A', side: 'sell', type: 'trailing-stop', qty: '1', trigger: '1000', offset: '5' } },
    ]);
    expect(order(report, 'A')).toMatchObject({ status: 'rejected', reasonCode: 'STOP_ALREADY_TRIGGERED' });
  });

  it('ends with its day, its position or a cancel, and never opens one', async () => {
    const start = [quote(0, 1000, 1001), { t: 1, submit: { id: 'L', side: 'buy', qty: '2' } }];
    const submit = { id: 'A', side: 'sell', type: 'trailing-stop', qty: '2', reduceOnly: true, offset: '20' };
    const closed = await run([
      ...start,
      { t: 2, submit },
      { t: 3, submit: { id: 'X', side: 'sell', qty: '1.5' } },
      quote(4, 900, 901),
    ]);
    expect(order(closed, 'A')).toMatchObject({ status: 'filled', qty: '0.500', filled: '0.500' });
    expect(held(closed)).toBe('0.000');
    const gone = await run([
      ...start,
      { t: 2, submit },
      { t: 3, submit: { id: 'X', side: 'sell', qty: '2' } },
      quote(4, 1, 2),
    ]);
    expect(order(gone, 'A')).toMatchObject({ status: 'canceled', filled: '0.000' });
    const cancelled = await run([...start, { t: 2, submit }, { t: 3, cancel: 'A' }, quote(4, 1, 2)]);
    expect(order(cancelled, 'A')).toMatchObject({ status: 'canceled', filled: '0.000' });
    const expired = await run([
      ...start,
      { t: 2, submit: { ...submit, tif: 'GTD', expireAt: 5 } },
      quote(600, 1000, 1001),
      quote(700, 1, 2),
    ]);
    expect(order(expired, 'A')).toMatchObject({ status: 'expired', filled: '0.000' });
  });
});

describe('one triggers the other', () => {
  it.each([
    ['parent', {}, { parent: 'A' }],
    ['oto', { oto: ['B'] }, {}],
  ])('in proportion to what has filled, by "%s"', async (_, above, below) => {
    const report = await run([
      quote(0, 99, 100),
      { t: 1, submit: { id: 'A', side: 'buy', price: '98', qty: '10', ...above } },
      { t: 1, submit: { id: 'B', side: 'sell', price: '120', qty: '5', ...below } },
      { t: 2, trade: { price: '97', qty: '4', aggressor: 'sell' } },
    ]);
    expect(order(report, 'B')).toMatchObject({ status: 'accepted', qty: '2.000', links: { parent: 'A' } });
    expect(order(report, 'A').links?.children).toEqual(['B']);
  });

  it('a child goes with a parent that ends unfilled, and stays for what has filled', async () => {
    const steps = (fills: object[]) => [
      quote(0, 99, 100),
      { t: 1, submit: { id: 'A', side: 'buy', price: '98', qty: '10' } },
      { t: 1, submit: { id: 'B', side: 'sell', price: '120', qty: '10', parent: 'A' } },
      ...fills,
      { t: 3, cancel: 'A' },
    ];
    expect(order(await run(steps([])), 'B')).toMatchObject({ status: 'canceled', filled: '0.000' });
    const partly = await run(steps([{ t: 2, trade: { price: '97', qty: '3', aggressor: 'sell' } }]));
    expect(order(partly, 'B')).toMatchObject({ status: 'accepted', qty: '3.000' });
  });

  it('refuses a parent that has ended or does not exist', async () => {
    const report = await run([
      quote(0, 99, 100),
      { t: 1, submit: { id: 'A', side: 'buy', price: '98', qty: '10' } },
      { t: 2, cancel: 'A' },
      { t: 3, submit: { id: 'B', side: 'sell', price: '120', qty: '10', parent: 'A' } },
      { t: 3, submit: { id: 'C', side: 'sell', price: '120', qty: '10', parent: 'Z' } },
    ]);
    expect([order(report, 'B').reasonCode, order(report, 'C').reasonCode]).toEqual(['PARENT_ENDED', 'PARENT_UNKNOWN']);
  });
});

describe('a price condition', () => {
  it.each([
    ['at-or-above', quote(3, 1009, 1010), 'accepted'],
    ['at-or-above', quote(3, 1008, 1009), 'emulated'],
    ['at-or-below', quote(3, 999, 1000), 'emulated'],
  ])('%s 1010 of the ask', async (when, step, status) => {
    const report = await run([
      quote(0, 1000, 1005),
      {
        t: 1,
        submit: {
          id: 'A',
          side: 'buy',
          qty: '1',
          price: '990',
          condition: { price: when === 'at-or-below' ? '995' : '1010', when, source: 'bid-ask' },
        },
      },
      step,
    ]);
    expect(order(report, 'A').status).toBe(status);
  });
  it('of a symbol the script does not trade is refused', async () => {
    const condition = { symbol: 'BTCUSDT', price: '1', when: 'above' };
    await expect(run([{ submit: { side: 'buy', qty: 1, condition } }])).rejects.toThrow(/BTCUSDT/);
  });
});

describe('a bracket', () => {
  const entry = (bracket: object, side = 'buy') => ({
    t: 1,
    submit: { id: 'A', side, qty: '10', price: side === 'buy' ? '99' : '101', bracket },
  });

  it('protects a part of its entry at once, also a short one', async () => {
    for (const side of ['buy', 'sell']) {
      const [stopLoss, takeProfit] = side === 'buy' ? ['90', '120'] : ['110', '80'];
      const report = await run([
        quote(0, 100, 100.5),
        entry({ stopLoss, takeProfit }, side),
        {
          t: 2,
          trade:
            side === 'buy'
              ? { price: '98', qty: '3', aggressor: 'sell' }
              : { price: '102', qty: '3', aggressor: 'buy' },
        },
      ]);
      expect(order(report, 'A-SL')).toMatchObject({ status: 'accepted', qty: '3.000', trigger: `${stopLoss}.00` });
      expect(order(report, 'A-TP')).toMatchObject({
        status: 'accepted',
        qty: '3.000',
        links: { parent: 'A', siblings: ['A-SL'] },
      });
    }
  });

  it('with a trailing exit keeps the level and then follows the price', async () => {
    const report = await run([
      quote(0, 100, 101),
      {
        t: 1,
        submit: {
          id: 'A',
          side: 'buy',
          qty: '10',
          bracket: { stopLoss: '95', trailing: { offset: '10', offsetType: 'percent' }, takeProfit: '200' },
        },
      },
      quote(2, 102, 103),
      quote(3, 120, 121),
    ]);
    expect(order(report, 'A-SL')).toMatchObject({ type: 'trailing-stop', status: 'emulated', trigger: '108.00' });
    const hit = await run([
      quote(0, 100, 101),
      {
        t: 1,
        submit: {
          id: 'A',
          side: 'buy',
          qty: '10',
          bracket: { stopLoss: '95', trailing: { offset: '10', offsetType: 'percent' }, takeProfit: '200' },
        },
      },
      quote(2, 120, 121),
      quote(3, 107, 108),
    ]);
    expect([order(hit, 'A-SL').avgPrice, order(hit, 'A-TP').status, held(hit)]).toEqual([
      '107.00',
      'canceled',
      '0.000',
    ]);
  });

  it('whose market is through the stop already closes at once', async () => {
    const report = await run([
      quote(0, 100, 101),
      entry({ stopLoss: '98', takeProfit: '120' }),
      { t: 2, quote: { bid: '90', bidQty: '50', ask: '90.5', askQty: '50' } },
      quote(3, 90, 91),
    ]);
    expect(order(report, 'A').filled).toBe('10.000');
    expect(order(report, 'A-SL')).toMatchObject({ type: 'market', status: 'filled' });
    expect(held(report)).toBe('0.000');
  });

  it('goes with an entry that is cancelled unfilled, and its exits with the position', async () => {
    const unfilled = await run([quote(0, 100, 101), entry({ stopLoss: '90' }), { t: 2, cancel: 'A' }]);
    expect(unfilled.orders.map(({ id }) => id)).toEqual(['A']);
    const closed = await run([
      quote(0, 98, 99),
      entry({ stopLoss: '90', takeProfit: '120' }),
      { t: 2, submit: { id: 'X', side: 'sell', qty: '10' } },
    ]);
    expect([order(closed, 'A-SL').status, order(closed, 'A-TP').status, held(closed)]).toEqual([
      'canceled',
      'canceled',
      '0.000',
    ]);
  });

  it('of an order that an algorithm works covers what its slices have filled', async () => {
    const report = await run([
      quote(0, 99, 100),
      {
        t: 1,
        submit: {
          id: 'A',
          side: 'buy',
          qty: '9',
          algo: { type: 'twap', horizonMs: 60_000, intervalMs: 20_000 },
          bracket: { stopLoss: '90' },
        },
      },
      quote(25_000, 99, 100),
    ]);
    expect(order(report, 'A-SL').qty).toBe(order(report, 'A').filled);
    expect(Number(order(report, 'A').filled)).toBeGreaterThan(0);
  });
});
