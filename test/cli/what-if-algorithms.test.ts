import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { tradewright, tradewrightJson } from '../support/command-line.ts';
import { describeWithData, sharedData } from '../support/shared-data.ts';

interface ReportedFill {
  readonly t: number;
  readonly price: string;
  readonly qty: string;
  readonly liquidity: string;
}
interface Reported {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly qty: string;
  readonly filled: string;
  readonly avgPrice: string | null;
  readonly reason: string | null;
  readonly reasonCode: string | null;
  readonly fills: readonly ReportedFill[];
  readonly parent?: string;
  readonly children?: readonly string[];
}
interface Report {
  readonly orders: readonly Reported[];
  readonly parents: readonly { readonly id: string; readonly children: readonly Reported[] }[];
  readonly events: readonly { readonly type: string; readonly id: string }[];
  readonly account: { readonly cash: Record<string, string> };
}

const folder = mkdtempSync(join(tmpdir(), 'what-if-algo-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const script = (steps: readonly object[], more: object = {}): object => ({
  instrument: { symbol: 'ETHUSDT', tick: '0.01', step: '0.001', quote: 'USDT' },
  ...more,
  steps,
});

async function run(content: object): Promise<Report> {
  const path = join(folder, 'script.json');
  writeFileSync(path, JSON.stringify(content));
  return (await tradewrightJson('what-if', path)) as unknown as Report;
}

function find(report: Report, id: string): Reported {
  const found = report.orders.find((order) => order.id === id);
  if (found === undefined) throw new Error(`no order ${id}`);
  return found;
}

const slicesOf = (order: Reported): string[] => order.fills.map(({ t, qty }) => `${t} ${qty}`);
const childrenOf = (report: Report, id: string): Reported[] => report.orders.filter(({ parent }) => parent === id);

const deep = { t: 0, book: { bids: [['1499.00', '100']], asks: [['1500.00', '100']] } };
const buy = (qty: string, algo: object, more: object = {}): object => ({
  t: 0,
  submit: { id: 'A', side: 'buy', type: 'market', qty, algo, ...more },
});
const minute = { type: 'twap', horizonMs: 60_000, intervalMs: 20_000 };

describe('twap', () => {
  it.each([
    ['1.2', minute, ['0 0.400', '20000 0.400', '40000 0.400']],
    ['1.2', { ...minute, intervalMs: 30_000 }, ['0 0.600', '30000 0.600']],
    ['1.0', minute, ['0 0.334', '20000 0.333', '40000 0.333']],
    ['1.0', { ...minute, remainder: 'last' }, ['0 0.333', '20000 0.333', '40000 0.333', '60000 0.001']],
    ['1.0', { ...minute, end: 'closed' }, ['0 0.250', '20000 0.250', '40000 0.250', '60000 0.250']],
    ['0.002', { ...minute, intervalMs: 10_000 }, ['0 0.001', '10000 0.001']],
  ])('%s with %j', async (qty, algo, expected) => {
    const report = await run(script([deep, buy(qty, algo)]));
    const parent = find(report, 'A');
    expect(parent).toMatchObject({ status: 'filled', reason: null, avgPrice: '1500.00' });
    expect(Number(parent.filled)).toBe(Number(qty));
    expect(slicesOf(parent)).toEqual(expected);
    expect(parent.children).toEqual(expected.map((_, slice) => `A-${slice + 1}`));
    expect(childrenOf(report, 'A').map(({ status }) => status)).toEqual(expected.map(() => 'filled'));
    expect(report.parents).toMatchObject([
      { id: 'A', children: expected.map((_, slice) => ({ id: `A-${slice + 1}` })) },
    ]);
  });

  it('hears the market of an instant before it acts in it', async () => {
    const report = await run(
      script([deep, buy('0.4', minute), { t: 20_000, book: { bids: [['1400', '9']], asks: [['1401', '9']] } }]),
    );
    expect(find(report, 'A').fills.map(({ price }) => price)).toEqual(['1500.00', '1401.00', '1401.00']);
  });

  it('keeps children above the minimum value of an order', async () => {
    const instrument = { symbol: 'ETHUSDT', tick: '0.01', step: '0.001', minNotional: '600', quote: 'USDT' };
    const report = await run(script([deep, buy('1.0', minute)], { instrument }));
    expect(slicesOf(find(report, 'A'))).toEqual(['0 1.000']);
  });

  it('catches up when the book was empty for a while', async () => {
    const empty = { t: 10_000, book: { bids: [['1499.00', '1']], asks: [] } };
    const full = { t: 45_000, book: { bids: [['1499.00', '1']], asks: [['1500.00', '100']] } };
    const report = await run(script([deep, buy('1.2', { ...minute, maxRefusals: 100 }), empty, full]));
    const parent = find(report, 'A');
    expect(parent).toMatchObject({ status: 'filled', filled: '1.200' });
    expect(parent.fills[0]).toMatchObject({ t: 0, qty: '0.400' });
    expect(parent.fills.slice(1).every(({ t }) => t >= 45_000 && t <= 80_000)).toBe(true);
  });

  it('says what is left when its time is over', async () => {
    const thin = { t: 0, book: { bids: [['1499.00', '1']], asks: [['1500.00', '0.5']] } };
    const report = await run(script([thin, buy('1.2', { ...minute, withinBook: true })]));
    const parent = find(report, 'A');
    expect(parent).toMatchObject({ status: 'expired', filled: '0.500', reasonCode: 'TIME_OVER' });
    expect(parent.reason).toContain('0.700 of 1.200');
    for (const child of childrenOf(report, 'A')) expect(Number(child.qty)).toBeLessThanOrEqual(0.5);
  });

  it('varies sizes and times by its seed and still adds up', async () => {
    const algo = { ...minute, intervalMs: 5_000, sizeVariation: 0.4, timeVariation: 0.4 };
    const of = async (seed: number): Promise<string[]> =>
      slicesOf(find(await run(script([deep, buy('7.777', { ...algo, seed })])), 'A'));
    const [one, again, other] = [await of(1), await of(1), await of(2)];
    expect(one).toEqual(again);
    expect(one).not.toEqual(other);
    const total = one.reduce((sum, slice) => sum + Math.round(Number(slice.split(' ')[1]) * 1_000), 0);
    expect(total).toBe(7_777);
    expect(new Set(one.map((slice) => slice.split(' ')[1])).size).toBeGreaterThan(3);
  });

  it('pauses while the price is stale', async () => {
    const fresh = { t: 50_000, quote: { bid: '1499', bidQty: '9', ask: '1500', askQty: '9' } };
    const report = await run(script([deep, buy('1.2', { ...minute, staleMs: 5_000 }), fresh]));
    expect(slicesOf(find(report, 'A'))).toEqual(['0 0.400', '50000 0.800']);
  });

  it('is cancelled with its children', async () => {
    const report = await run(script([deep, buy('1.2', minute), { t: 30_000, cancel: 'A' }]));
    expect(find(report, 'A')).toMatchObject({ status: 'canceled', filled: '0.800' });
  });

  it('cannot be afforded any further: the reason of the account', async () => {
    const account = { type: 'cash', cash: { USDT: '1300' } };
    const report = await run(script([deep, buy('1.2', minute)], { account }));
    const parent = find(report, 'A');
    expect(parent).toMatchObject({ status: 'canceled', filled: '0.800' });
    expect(parent.reasonCode).toBe('INSUFFICIENT_CASH');
  });

  it('triggers the bracket and ends its siblings like any order', async () => {
    const report = await run(
      script([
        deep,
        { t: 0, submit: { id: 'B', side: 'buy', type: 'limit', price: '1400', qty: '1' } },
        buy('0.6', minute, { oco: ['B'], bracket: { stopLoss: '1400', takeProfit: '1600' } }),
      ]),
    );
    expect(find(report, 'B').status).toBe('canceled');
    expect(report.orders.filter(({ id }) => id.startsWith('A-')).length).toBeGreaterThanOrEqual(5);
  });

  it('obeys its limit', async () => {
    const report = await run(
      script([
        deep,
        { t: 0, submit: { id: 'A', side: 'buy', type: 'limit', price: '1500.00', qty: '1.2', algo: minute } },
        { t: 15_000, book: { bids: [['1501', '9']], asks: [['1502', '9']] } },
        { t: 41_000, book: { bids: [['1498', '9']], asks: [['1499.50', '9']] } },
      ]),
    );
    expect(slicesOf(find(report, 'A'))).toEqual(['0 0.400', '41000 0.800']);
  });
});

describe('limit style', () => {
  it('joins, improves and crosses as a slice runs out of time', async () => {
    const wide = { t: 0, book: { bids: [['1499.00', '100']], asks: [['1500.00', '100']] } };
    const algo = { type: 'twap', horizonMs: 20_000, intervalMs: 10_000, style: 'limit', urgency: 'normal' };
    const report = await run(script([wide, buy('2', algo)]));
    const parent = find(report, 'A');
    expect(parent).toMatchObject({ status: 'filled', filled: '2.000' });
    expect(slicesOf(parent)).toEqual(['7000 1.000', '17000 1.000']);
    expect(childrenOf(report, 'A').map(({ type, status }) => `${type} ${status}`)).toEqual([
      'limit canceled',
      'limit canceled',
      'limit filled',
      'limit canceled',
      'limit canceled',
      'limit filled',
    ]);
  });

  it('a pegged order follows the best price and is a maker where it can be', async () => {
    const report = await run(
      script([
        deep,
        buy('1', { type: 'pegged', urgency: 'low', horizonMs: 100_000 }),
        { t: 5_000, book: { bids: [['1499.40', '2']], asks: [['1500.00', '100']] } },
        { t: 6_000, trade: { price: '1499.40', qty: '3', aggressor: 'sell' } },
      ]),
    );
    expect(find(report, 'A').fills).toMatchObject([{ price: '1499.40', qty: '1.000', liquidity: 'maker' }]);
    expect(childrenOf(report, 'A').map(({ status }) => status)).toEqual(['canceled', 'filled']);
  });

  it('a sniper waits for its price', async () => {
    const report = await run(
      script([
        deep,
        { t: 0, submit: { id: 'A', side: 'buy', type: 'limit', price: '1490', qty: '3', algo: { type: 'sniper' } } },
        {
          t: 9_000,
          book: {
            bids: [['1480', '1']],
            asks: [
              ['1489', '1'],
              ['1490', '1'],
              ['1491', '9'],
            ],
          },
        },
        { t: 20_000, book: { bids: [['1480', '1']], asks: [['1488', '5']] } },
      ]),
    );
    expect(find(report, 'A').fills).toMatchObject([
      { t: 9_000, price: '1489.00', qty: '1.000' },
      { t: 9_000, price: '1490.00', qty: '1.000' },
      { t: 20_000, price: '1488.00', qty: '1.000' },
    ]);
  });
});

it('vwap follows its curve, given or from history', async () => {
  const given = await run(script([deep, buy('1', { type: 'vwap', horizonMs: 30_000, curve: [1, 3, 1] })]));
  expect(slicesOf(find(given, 'A'))).toEqual(['0 0.200', '10000 0.600', '20000 0.200']);
  const day = 86_400_000;
  const history = [0, 10_000, 20_000].map((t, slot) => ({ t, ms: 10_000, volume: [2, 6, 2][slot] }));
  const later = { ...deep, t: day };
  const learnt = await run(
    script([
      later,
      {
        t: day,
        submit: {
          id: 'A',
          side: 'buy',
          type: 'market',
          qty: '1',
          algo: { type: 'vwap', horizonMs: 30_000, intervalMs: 10_000, history },
        },
      },
    ]),
  );
  expect(slicesOf(find(learnt, 'A')).map((slice) => slice.split(' ')[1])).toEqual(['0.200', '0.600', '0.200']);
});

it('pov takes part in what others trade', async () => {
  const trades = [1, 2, 3, 4].map((second) => ({
    t: second * 1_000,
    trade: { price: '1500.00', qty: '2', aggressor: 'buy' },
  }));
  const pov = { type: 'pov', rate: '0.25' };
  const report = await run(script([deep, buy('5', pov), ...trades]));
  expect(slicesOf(find(report, 'A'))).toEqual(['1000 0.500', '2000 0.500', '3000 0.500', '4000 0.500']);
  expect(find(report, 'A').status).toBe('partially-filled');
  const complete = await run(script([deep, buy('5', { ...pov, horizonMs: 10_000, finish: 'complete' }), ...trades]));
  expect(find(complete, 'A')).toMatchObject({ status: 'filled', filled: '5.000' });
  expect(find(complete, 'A').fills.at(-1)).toMatchObject({ t: 10_000, qty: '3.000' });
});

describe('iceberg', () => {
  const rest = (more: object = {}): object => ({
    t: 0,
    submit: {
      id: 'A',
      side: 'sell',
      type: 'limit',
      price: '1500.00',
      qty: '1.2',
      iceberg: { display: '0.5' },
      ...more,
    },
  });
  const lift = (t: number, qty: string): object => ({ t, trade: { price: '1500.00', qty, aggressor: 'buy' } });

  it('shows its part and queues anew behind the others after each', async () => {
    const thin = { t: 0, book: { bids: [['1499.00', '1']], asks: [['1500.00', '1.000']] } };
    const refill = { t: 1_500, book: { bids: [['1499.00', '1']], asks: [['1500.00', '2.000']] } };
    const report = await run(
      script([thin, rest(), lift(1_000, '1.2'), lift(2_000, '0.3'), refill, lift(3_000, '0.5')]),
    );
    // 1.0 is ahead; the 0.2 over fill a part of the first display, the next trade its rest.
    expect(slicesOf(find(report, 'A')).slice(0, 2)).toEqual(['1000 0.200', '2000 0.300']);
    expect(childrenOf(report, 'A').map(({ qty }) => qty)).toEqual(['0.500', '0.500']);
    // The second display stands behind the 2.0 that were shown when it came.
    expect(find(report, 'A')).toMatchObject({ filled: '0.500', status: 'partially-filled' });
  });

  it('leaves no part below the minimum', async () => {
    const instrument = { symbol: 'ETHUSDT', tick: '0.01', step: '0.001', minQuantity: '0.3', quote: 'USDT' };
    const steps = [deep, rest({ qty: '1.2' }), ...[1, 2, 3, 4].map((second) => lift(second * 1_000, '500'))];
    const report = await run(script(steps, { instrument, model: { queue: false } }));
    expect(childrenOf(report, 'A').map(({ qty }) => qty)).toEqual(['0.500', '0.400', '0.300']);
    expect(find(report, 'A')).toMatchObject({ status: 'filled', filled: '1.200' });
  });

  it('varies what it shows by its seed', async () => {
    const lifts = Array.from({ length: 60 }, (_, second) => lift((second + 1) * 1_000, '500'));
    const report = await run(
      script([deep, rest({ qty: '9', iceberg: { display: '0.5', displayVariation: '0.4' } }), ...lifts], {
        model: { queue: false },
      }),
    );
    const shown = childrenOf(report, 'A').map(({ qty }) => Number(qty));
    expect(find(report, 'A')).toMatchObject({ status: 'filled', filled: '9.000' });
    expect(new Set(shown).size).toBeGreaterThan(5);
    expect(Math.max(...shown)).toBeLessThanOrEqual(0.7);
  });
});

describe('market order with a slippage guard', () => {
  const levels = {
    t: 0,
    book: {
      bids: [['1499', '1']],
      asks: [
        ['1500.00', '1'],
        ['1501.00', '2'],
        ['1510.00', '9'],
      ],
    },
  };

  it('walks the book up to the collar and says what is left and why', async () => {
    const report = await run(script([levels, buy('10', { type: 'guard', collarBps: 20 })]));
    const parent = find(report, 'A');
    expect(parent).toMatchObject({ status: 'expired', filled: '3.000', reasonCode: 'COLLAR_REACHED' });
    expect(parent.fills.map(({ price, qty }) => `${price} ${qty}`)).toEqual(['1500.00 1.000', '1501.00 2.000']);
    expect(parent.reason).toMatch(/7\.000 of 10\.000 is left.*1503\.00.*20 bp.*1510\.00/u);
    expect(childrenOf(report, 'A').map(({ qty }) => qty)).toEqual(['3.000']);
  });

  it('fills whole within the collar', async () => {
    const report = await run(script([levels, buy('2.5', { type: 'guarded-market', collarBps: 20 })]));
    expect(find(report, 'A')).toMatchObject({ status: 'filled', filled: '2.500', reason: null });
  });

  it('is refused without a price', async () => {
    const report = await run(script([buy('2.5', { type: 'guard' })]));
    expect(find(report, 'A')).toMatchObject({ status: 'rejected', reasonCode: 'NO_PRICE' });
  });
});

describe('auto', () => {
  it.each([
    ['1', { urgency: 'high' }, 'guarded-market'],
    ['30', {}, 'twap'],
    ['900', {}, 'twap'],
    ['1', { urgency: 'low' }, 'pegged'],
  ])('%s with %j is worked by %s', async (qty, more, type) => {
    const report = await run(script([deep, buy(qty, { type: 'auto', ...more })]));
    expect(report.parents).toMatchObject([{ algo: type, algorithm: { type } }]);
    const { reasons } = report.parents[0] as unknown as { reasons: string[] };
    expect(reasons).toHaveLength(3);
    expect(reasons.join(' ')).toContain('displayed within 10 bp');
  });

  it('cannot choose without a price', async () => {
    const report = await run(script([buy('1', { type: 'auto' })]));
    expect(find(report, 'A')).toMatchObject({ status: 'rejected', reasonCode: 'NO_PRICE', fills: [] });
  });
});

describe('refusals', () => {
  it.each([
    ['a horizon below the interval', { ...minute, horizonMs: 10_000 }, 'ALGORITHM_TERMS'],
    ['a negative interval', { ...minute, intervalMs: -1 }, 'ALGORITHM_TERMS'],
    ['a rate above one', { type: 'pov', rate: 2 }, 'ALGORITHM_TERMS'],
    ['an iceberg without a price', { type: 'iceberg', display: '0.5' }, 'ALGORITHM_TERMS'],
    ['too many slices', { ...minute, intervalMs: 1 }, 'ALGORITHM_TERMS'],
    ['a curve of zeros', { type: 'vwap', horizonMs: 10_000, curve: [0, 0] }, 'ALGORITHM_TERMS'],
  ])('%s', async (_name, algo, code) => {
    const parent = find(await run(script([deep, buy('1', algo)])), 'A');
    expect(parent).toMatchObject({ status: 'rejected', reasonCode: code, fills: [] });
  });

  it('a quantity off the step', async () => {
    const parent = find(await run(script([deep, buy('1.0005', minute)])), 'A');
    expect(parent).toMatchObject({ status: 'rejected', reasonCode: 'QUANTITY_OFF_STEP' });
  });

  it.each([
    ['an unknown type', { type: 'magic' }, 'magic'],
    ['an unknown part', { ...minute, speed: 3 }, 'speed'],
    ['words for numbers', { ...minute, horizonMs: 'long' }, 'horizonMs'],
  ])('%s ends the script', async (_name, algo, word) => {
    const path = join(folder, 'bad.json');
    writeFileSync(path, JSON.stringify(script([deep, buy('1', algo)])));
    const result = await tradewright('what-if', path, '--json');
    expect(result.status).toBe(1);
    expect(result.err).toContain(word);
  });
});

const ORACLE = 'oracles/twap_schedules.json';
describeWithData('published TWAP schedules through what-if', [ORACLE], () => {
  const { nautilus_twap: published } = JSON.parse(readFileSync(sharedData(ORACLE) ?? '', 'utf8')) as {
    nautilus_twap: { cases: { qty: number; horizon: number; interval: number; slices: string[] }[] };
  };
  it.each(published.cases)('$qty over $horizon / $interval', async ({ qty, horizon, interval, slices }) => {
    const algo = { type: 'twap', horizonMs: horizon * 1_000, intervalMs: interval * 1_000, remainder: 'last' };
    const report = await run(script([deep, buy(String(qty), algo)]));
    expect(childrenOf(report, 'A').map((child) => child.qty)).toEqual(slices);
  });
});
