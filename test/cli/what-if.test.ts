import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/cli/main.ts';
import { describeWithData, sharedData } from '../support/shared-data.ts';

interface Report {
  orders: {
    id: string;
    status: string;
    filled: string;
    avgPrice: string | null;
    reason: string | null;
    reasonCode: string | null;
    fills: { t: number | string; price: string; qty: string; liquidity: string; fee: string }[];
  }[];
  events: { t: number | string; type: string; id: string; code?: string }[];
  account: Record<string, unknown> & { cash: Record<string, string>; equity: string; positions: { qty: string }[] };
  observations: {
    t: number | string;
    bids: [string, string][];
    asks: [string, string][];
    levels: { bids: number; asks: number };
    depthWithinBp: { bid: string; ask: string } | null;
    sweeps: { side: string; qty: string; filled: string; avgPrice: string; worstPrice: string }[];
  }[];
  data: { read: number; kept: number; dropped: Record<string, number> } | null;
}

const folder = mkdtempSync(join(tmpdir(), 'what-if-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function call(args: readonly string[], stdin = ''): Promise<{ status: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const status = await runCommandLine(['what-if', ...args], {
    out: (text) => (out += text),
    err: (text) => (err += text),
    isErrTty: false,
    stdin: () => Promise.resolve(stdin),
  });
  return { status, out, err };
}

async function run(script: object | string): Promise<Report> {
  const path = join(folder, 'script.json');
  writeFileSync(path, typeof script === 'string' ? script : JSON.stringify(script));
  const { status, out, err } = await call([path, '--json']);
  if (status !== 0) throw new Error(err);
  return JSON.parse(out) as Report;
}

const instrument = { symbol: 'ETHUSDT', tick: '0.01', step: '0.001', minNotional: '5', quote: 'USDT' };
const book = {
  t: 0,
  book: {
    bids: [['1499.00', '1.000']],
    asks: [
      ['1500.00', '1.000'],
      ['1510.00', '1.000'],
    ],
  },
};

function fillsOf(report: Report, id: string): [string, string][] {
  return (report.orders.find((order) => order.id === id)?.fills ?? []).map((fill) => [fill.price, fill.qty]);
}

describe('a what-if script', () => {
  it('walks the book, charges the fee and keeps the account', async () => {
    const report = await run({
      instrument,
      model: { fees: { maker: '0', taker: '0.001' } },
      account: { cash: { USDT: '100000' }, type: 'margin', leverage: 2 },
      steps: [book, { t: 1, submit: { id: 'A', side: 'buy', type: 'market', qty: '2.000' } }],
    });
    const [order] = report.orders;
    expect(order).toMatchObject({ id: 'A', status: 'filled', filled: '2.000', avgPrice: '1505.00', reason: null });
    expect(order?.fills).toMatchObject([
      { t: 1, price: '1500.00', qty: '1.000', liquidity: 'taker', fee: '1.5' },
      { t: 1, price: '1510.00', qty: '1.000', liquidity: 'taker', fee: '1.51' },
    ]);
    expect(report.account).toMatchObject({
      type: 'margin',
      cash: { USDT: '96986.99' },
      // Two long at the bid of 1499.
      equity: '99984.99',
      fees: '3.01',
      positions: [{ symbol: 'ETHUSDT', qty: '2.000', avgPrice: '1505', unrealisedPnl: '-12' }],
      marginUsed: '1499',
    });
  });

  it('takes numbers or strings, other spellings, missing types and ids', async () => {
    const report = await run({
      instrument: { symbol: 'ethusdt', tick: 0.01, size_step: 1e-3 },
      book: { asks: [[1500, 1]], bids: [{ price: '1499', qty: '2' }] },
      steps: [
        { submit: { side: 'BUY', qty: 1, tif: 'ioc', limit: 1500.5 } },
        { submit: { type: 'stop_market', side: 'sell', qty: 1, trigger: 1490, reduce_only: true } },
        { submit: { side: 'buy', quantity: '1', price: '1498', trigger: null } },
        { cancel: 2 },
        { bar: { o: 1500, h: 1510, l: 1480, c: 1495, v: '100.1234567' } },
      ],
    });
    expect(report.orders.map((order) => [order.id, order.status])).toEqual([
      ['o1', 'filled'],
      ['o2', 'filled'],
      ['o3', 'canceled'],
    ]);
    expect(fillsOf(report, 'o2')).toEqual([['1490.00', '1.000']]);
  });

  it('names every status and reason', async () => {
    const report = await run({
      instrument,
      steps: [
        book,
        { t: 1, submit: { id: 'rests', side: 'buy', qty: 1, price: 1400 } },
        { t: 1, submit: { id: 'tick', side: 'buy', qty: 1, price: '1400.005' } },
        { t: 1, submit: { id: 'small', side: 'buy', qty: '0.001', price: '1400' } },
        { t: 1, submit: { id: 'day', side: 'buy', qty: 1, price: 1400, tif: 'GTD', expireAt: 3 } },
        { t: 1, submit: { id: 'part', side: 'buy', qty: 3, price: 1500 } },
        { t: 4, submit: { id: 'fok', side: 'buy', qty: 30, tif: 'FOK' } },
        { t: 4, cancel: 'nobody' },
      ],
    });
    expect(report.orders.map(({ id, status, reasonCode }) => [id, status, reasonCode])).toEqual([
      ['rests', 'accepted', null],
      ['tick', 'rejected', 'PRICE_OFF_TICK'],
      ['small', 'rejected', 'NOTIONAL_BELOW_MINIMUM'],
      ['day', 'expired', 'TIME_IN_FORCE'],
      ['part', 'partially-filled', null],
      ['fok', 'canceled', 'FOK_NOT_FILLABLE'],
    ]);
    expect(report.events.at(-1)).toMatchObject({ type: 'cancel-rejected', id: 'nobody', code: 'ORDER_NOT_WORKING' });
  });

  it('lets commands on their way arrive', async () => {
    const report = await run({
      instrument,
      model: { latencyMs: 40 },
      steps: [book, { t: 1, submit: { id: 'A', side: 'buy', qty: 1 } }],
    });
    expect(report.orders[0]?.fills[0]?.t).toBe(41);
  });

  it('bars alone: an order before the first bar meets its open', async () => {
    const report = await run({
      instrument,
      steps: [
        { t: 0, submit: { id: 'A', side: 'buy', qty: 6 } },
        { t: 1, bar: { open: 100, high: 101, low: 99, close: 100, volume: 3 } },
        { t: 2, bar: { open: 102, high: 103, low: 101, close: 102, volume: 30 } },
      ],
    });
    expect(fillsOf(report, 'A')).toEqual([
      ['100.00', '3.000'],
      ['102.00', '3.000'],
    ]);
  });

  it('is the same every time, and another seed may differ', async () => {
    const script = (seed: number): object => ({
      instrument,
      model: { queue: false, touchFillProbability: 0.5, seed },
      steps: [
        book,
        ...Array.from({ length: 40 }, (_, index) => [
          { t: index + 1, submit: { id: `o${index}`, side: 'buy', qty: 0.1, price: 1499 } },
          { t: index + 1, trade: { price: 1499, qty: 0.1, aggressor: 'sell' } },
        ]).flat(),
      ],
    });
    expect(await run(script(1))).toEqual(await run(script(1)));
    expect(await run(script(1))).not.toEqual(await run(script(2)));
  });

  it.each([
    [2, 'ticks', '1500.02'],
    [0.001, 'a fraction', '1501.50'],
    [{ bps: 10 }, 'basis points', '1501.50'],
    [{ ticks: 3 }, 'ticks', '1500.03'],
    [null, 'nothing', '1500.00'],
  ])('slippage %j is %s', async (slippage, _, price) => {
    const report = await run({
      instrument,
      model: { slippage },
      steps: [book, { t: 1, submit: { id: 'A', side: 'buy', qty: 1 } }],
    });
    expect(fillsOf(report, 'A')).toEqual([[price, '1.000']]);
  });
});

describe('an observation', () => {
  it('shows the book or the quote, and what orders would get, without touching it', async () => {
    const wish = { levels: 1, withinBp: 100, sweeps: [{ side: 'buy', qty: 1.5 }] };
    const report = await run({
      instrument,
      steps: [
        { t: 0, quote: { bid: 1498, bidQty: 3, ask: 1501, askQty: 4 } },
        { t: 0, observe: { levels: 1 } },
        { ...book, t: 1 },
        { t: 1, observe: wish },
        { t: 1, observe: wish },
      ],
    });
    expect(report.observations[0]).toMatchObject({ t: 0, bids: [['1498.00', '3.000']], asks: [['1501.00', '4.000']] });
    expect(report.observations[1]).toMatchObject({
      t: 1,
      bids: [['1499.00', '1.000']],
      asks: [['1500.00', '1.000']],
      levels: { bids: 1, asks: 2 },
      depthWithinBp: { bid: '1.000', ask: '2.000' },
      sweeps: [{ side: 'buy', qty: '1.5', filled: '1.500', worstPrice: '1510.00' }],
    });
    expect(Number(report.observations[1]?.sweeps[0]?.avgPrice)).toBeCloseTo(2255 / 1.5, 9);
    expect(report.observations[2]).toEqual(report.observations[1]);
  });
});

describe('linked orders', () => {
  it.each([
    ['reduce', ['canceled', '0.250'], ['filled', '0.750']],
    ['cancel', ['partially-filled', '0.250'], ['canceled', '0.000']],
  ])('a partial fill of one makes the other %s, either way round', async (ocoPartial, a, b) => {
    for (const first of ['A', 'B']) {
      const link = (id: string): object => ({ oco: [id], ...(ocoPartial === 'cancel' ? { ocoPartial } : {}) });
      const report = await run({
        instrument,
        steps: [
          book,
          { t: 1, submit: { id: 'A', side: 'sell', qty: 1, price: 1505, ...(first === 'A' ? link('B') : {}) } },
          { t: 1, submit: { id: 'B', side: 'sell', qty: 1, trigger: 1490, ...(first === 'B' ? link('A') : {}) } },
          { t: 2, trade: { price: 1506, qty: 0.25, aggressor: 'buy' } },
          { t: 3, quote: { bid: 1480, bidQty: 5, ask: 1481, askQty: 5 } },
        ],
      });
      expect(report.orders.map((order) => [order.status, order.filled])).toEqual([a, b]);
    }
  });

  it('a sibling of what has filled is not sent', async () => {
    const report = await run({
      instrument,
      steps: [
        book,
        { t: 1, submit: { id: 'A', side: 'buy', qty: 1 } },
        { t: 2, submit: { id: 'B', side: 'buy', qty: 1, price: 1400, oco: ['A'] } },
      ],
    });
    expect(report.orders[1]).toMatchObject({ status: 'rejected', reasonCode: 'OCO_SIBLING_FILLED' });
  });

  it('a bracket follows partial entries and its exits share the quantity', async () => {
    const report = await run({
      instrument,
      model: { queue: false },
      steps: [
        book,
        {
          t: 1,
          submit: { id: 'A', side: 'buy', qty: 1.25, price: 1499, bracket: { stopLoss: 1480, takeProfit: 1520 } },
        },
        { t: 2, trade: { price: 1498, qty: 0.5, aggressor: 'sell' } },
        { t: 3, trade: { price: 1498, qty: 0.75, aggressor: 'sell' } },
        { t: 4, trade: { price: 1521, qty: 1, aggressor: 'buy' } },
        { t: 5, quote: { bid: 1470, bidQty: 50, ask: 1471, askQty: 5 } },
      ],
    });
    const [entry, stop, target] = report.orders;
    expect([entry?.filled, stop?.id, target?.id]).toEqual(['1.250', 'A-SL', 'A-TP']);
    expect(fillsOf(report, 'A-TP')).toEqual([['1520.00', '1.000']]);
    expect(fillsOf(report, 'A-SL')).toEqual([['1470.00', '0.250']]);
    expect(target?.status).toBe('canceled');
    expect(report.account.positions[0]?.qty).toBe('0.000');
  });

  it('on one bar the stop and the target of a bracket never both fill', async () => {
    const report = await run({
      instrument,
      steps: [
        { t: 0, bar: { open: 1500, high: 1500, low: 1500, close: 1500, volume: 100 } },
        { t: 1, submit: { id: 'A', side: 'buy', qty: 1, bracket: { stopLoss: 1480, takeProfit: 1520 } } },
        { t: 2, bar: { open: 1500, high: 1530, low: 1475, close: 1500, volume: 100 } },
      ],
    });
    expect(report.orders.map((order) => [order.id, order.status])).toEqual([
      ['A', 'filled'],
      ['A-SL', 'filled'],
      ['A-TP', 'canceled'],
    ]);
    expect(report.orders.filter((order) => order.fills.length > 0)).toHaveLength(2);
    expect(report.account.positions[0]?.qty).toBe('0.000');
  });
});

describe('an account', () => {
  const cash = (type: string | undefined, amount: string, steps: object[]): Promise<Report> =>
    run({
      instrument,
      model: { fees: { taker: '0.01', maker: '0' } },
      account: { cash: { USDT: amount }, ...(type === undefined ? {} : { type }) },
      steps: [book, ...steps],
    });
  const buy = { t: 1, submit: { id: 'A', side: 'buy', qty: 1 } };
  const sell = { t: 1, submit: { id: 'A', side: 'sell', qty: 1 } };

  it.each([
    ['cash', '1515', buy, null],
    ['cash', '1514.99', buy, 'INSUFFICIENT_CASH'],
    ['cash', '9999', sell, 'INSUFFICIENT_HOLDING'],
    ['margin', '1500', buy, null],
    ['margin', '1499', buy, 'INSUFFICIENT_MARGIN'],
    ['margin', '1499', sell, null],
    [undefined, '0', sell, null],
  ])('%s with %s', async (type, amount, step, code) => {
    const report = await cash(type, amount, [step]);
    expect(report.orders[0]?.reasonCode ?? null).toBe(code);
  });

  it('counts what open orders need', async () => {
    const report = await cash('cash', '3000', [
      { t: 1, submit: { id: 'A', side: 'buy', qty: 1, price: 1400 } },
      { t: 1, submit: { id: 'B', side: 'buy', qty: 1.2, price: 1400 } },
      { t: 2, cancel: 'A' },
      { t: 3, submit: { id: 'C', side: 'buy', qty: 1.2, price: 1400 } },
    ]);
    expect(report.orders.map((order) => order.status)).toEqual(['canceled', 'rejected', 'accepted']);
  });

  it('begins with holdings that may be sold', async () => {
    const report = await run({
      instrument,
      account: { type: 'cash', cash: { USDT: '0', ETH: '2' } },
      steps: [book, { t: 1, submit: { id: 'A', side: 'sell', qty: 1, reduceOnly: true } }],
    });
    expect(report.orders[0]?.status).toBe('filled');
    expect(report.account['balances']).toEqual({ USDT: '1499', ETH: '1' });
  });
});

describe('what cannot be done is refused', () => {
  it.each([
    ['an algorithm without its terms', { submit: { side: 'buy', qty: 1, algo: { type: 'twap' } } }, 'horizonMs'],
    ['an iceberg with an unknown part', { submit: { side: 'buy', qty: 1, iceberg: { show: '0.5' } } }, 'iceberg'],
    ['a trailing stop without a distance', { submit: { side: 'buy', qty: 1, type: 'trailing-stop' } }, 'offset'],
    ['an offset of a limit order', { submit: { side: 'buy', qty: 1, price: 1, offset: 5 } }, 'offset'],
    ['an unknown step', { dance: {} }, 'dance'],
    ['no quantity', { submit: { side: 'buy' } }, 'qty'],
    ['a wrong side', { submit: { side: 'up', qty: 1 } }, 'side'],
    ['a price that is none', { submit: { side: 'buy', qty: 1, price: 'cheap' } }, 'price'],
    ['a bar that contradicts itself', { bar: { open: 1, high: 0.5, low: 1, close: 1 } }, 'bar'],
  ])('%s', async (_, step, word) => {
    const path = join(folder, 'bad.json');
    writeFileSync(path, JSON.stringify({ instrument, steps: [step] }));
    const { status, out, err } = await call([path, '--json']);
    expect([status, out]).toEqual([1, '']);
    expect(err).toContain(word);
    expect(err).not.toMatch(/at .*\.ts/);
  });

  it.each([
    [[], 2, 'Name one script file'],
    [['nowhere.json'], 1, 'There is no file "nowhere.json"'],
    [['a', 'b'], 2, 'Name one script file'],
    [['--nope'], 2, '--nope'],
  ] as const)('%j exits with %s', async (args, status, sentence) => {
    const result = await call(args);
    expect(result.status).toBe(status);
    expect(result.err).toContain(sentence);
  });

  it('no JSON, a missing feed, an unknown model setting', async () => {
    expect((await call(['-'], '{ "steps": [')).err).toContain('not JSON');
    expect((await call(['-'], '{"feed":["nowhere.csv"]}')).err).toContain('There is no file "nowhere.csv"');
    expect((await call(['-'], '{"model":{"magic":5}}')).err).toContain('model.magic');
  });

  it('prints lines for people without --json', async () => {
    const { status, out } = await call(
      ['-'],
      JSON.stringify({ instrument, steps: [book, { t: 1, submit: { id: 'A', side: 'buy', qty: 1 } }] }),
    );
    expect(status).toBe(0);
    expect(out).toContain('A  buy market 1.000: filled, 1.000 filled at 1500.00');
  });
});

const ORACLE = 'oracles/l2_replay_btcusdt.json';
const SCENARIOS = 'oracles/matching_scenarios.json';
const FEED = [
  'crypto/binance_spot_BTCUSDT_2024-08-08_feed.jsonl.gz',
  'crypto/binance_spot_BTCUSDT_2024-08-09_feed.jsonl.gz',
];

/** A skipped suite is still collected, so a missing file must read as nothing. */
function dataText(file: string, otherwise: string): string {
  const path = sharedData(file);
  return path === null ? otherwise : readFileSync(path, 'utf8');
}

describeWithData('the published scenarios as scripts', [SCENARIOS], () => {
  const read = JSON.parse(dataText(SCENARIOS, '{"scenarios":[]}')) as {
    instrument: object;
    scenarios: {
      id: string;
      book: object;
      steps: object[];
      expect: { fills?: unknown; fills_by_order?: unknown; status?: string };
    }[];
  };
  it.each(read.scenarios.map((scenario) => [scenario.id, scenario] as const))('%s', async (_, scenario) => {
    const report = await run({
      instrument: read.instrument,
      steps: [{ t: 0, book: scenario.book }, ...scenario.steps.map((step, index) => ({ t: index + 1, ...step }))],
    });
    const fills = report.orders.map((order) => order.fills.map((fill) => [fill.price, fill.qty]));
    if (scenario.expect.fills_by_order !== undefined) expect(fills).toEqual(scenario.expect.fills_by_order);
    else expect(fills.flat()).toEqual(scenario.expect.fills);
    if (scenario.expect.status !== undefined) expect(report.orders[0]?.status).toBe(scenario.expect.status);
  });
});

describeWithData('a script over a recording', [ORACLE, ...FEED], () => {
  const text = dataText(ORACLE, '{}');
  // The nanoseconds do not survive as JSON numbers, so they are cut out as text.
  const times = [...text.matchAll(/"after_local_ns": (\d+)/g)].map((match) => match[1] ?? '');
  const oracle = JSON.parse(text) as {
    checkpoints: {
      bids5: [string, string][];
      asks5: [string, string][];
      n_bid_levels: number;
      n_ask_levels: number;
      bid_depth_10bp: string;
      ask_depth_10bp: string;
      sweeps: { side: string; qty: string; filled: string; avg_price: number; worst_price: number }[];
    }[];
    passive_limit_fill_bounds: {
      cases: {
        side: string;
        price: string;
        placed_ms: number;
        earliest_fill_ms: number | null;
        latest_fill_ms: number | null;
      }[];
    };
  };
  const feed = FEED.map((file) => sharedData(file) ?? '');

  it.each([
    ['text', (ns: string) => JSON.stringify(ns)],
    ['numbers', (ns: string) => ns],
    ['numbers that lost their last digits', (ns: string) => String(Number(ns))],
  ])('observes the published book states, times as %s', async (_, form) => {
    const steps = oracle.checkpoints.map((checkpoint, index) => {
      const sweeps = checkpoint.sweeps.map(({ side, qty }) => ({ side, qty }));
      return `{"t":${form(times[index] ?? '')},"observe":${JSON.stringify({ levels: 5, withinBp: 10, sweeps })}}`;
    });
    const report = await run(
      `{"instrument":{"symbol":"BTCUSDT"},"feed":${JSON.stringify(feed)},"timeBase":"local-ns","steps":[${steps.join(',')}]}`,
    );
    expect(report.observations).toHaveLength(oracle.checkpoints.length);
    const numbers = (levels: [string, string][]): number[] => levels.flat().map(Number);
    report.observations.forEach((seen, index) => {
      const wanted = oracle.checkpoints[index];
      if (wanted === undefined) throw new Error('no such checkpoint');
      expect(numbers(seen.bids)).toEqual(numbers(wanted.bids5));
      expect(numbers(seen.asks)).toEqual(numbers(wanted.asks5));
      expect(seen.levels).toEqual({ bids: wanted.n_bid_levels, asks: wanted.n_ask_levels });
      expect(Number(seen.depthWithinBp?.bid)).toBe(Number(wanted.bid_depth_10bp));
      expect(Number(seen.depthWithinBp?.ask)).toBe(Number(wanted.ask_depth_10bp));
      seen.sweeps.forEach((sweep, at) => {
        const expected = wanted.sweeps[at];
        expect(Number(sweep.filled)).toBe(Number(expected?.filled));
        expect(Math.abs(Number(sweep.avgPrice) / (expected?.avg_price ?? 0) - 1)).toBeLessThan(1e-12);
        expect(Number(sweep.worstPrice)).toBe(expected?.worst_price);
      });
    });
    expect(report.data?.read).toBe(
      (report.data?.kept ?? 0) + Object.values(report.data?.dropped ?? {}).reduce((sum, count) => sum + count, 0),
    );
  });

  it.each([true, false])('passive limits fill within the published bounds (queue %s)', async (queue) => {
    const { cases } = oracle.passive_limit_fill_bounds;
    const report = await run({
      instrument: { symbol: 'BTCUSDT', tick: '0.01', step: '0.00001', quote: 'USDT' },
      model: { depth: 'L2', queue },
      feed,
      steps: cases.map((one, index) => ({
        t: one.placed_ms,
        submit: { id: `c${index}`, side: one.side, type: 'limit', qty: '0.001', price: one.price },
      })),
    });
    cases.forEach((one, index) => {
      const first = report.orders[index]?.fills[0]?.t;
      if (one.earliest_fill_ms === null || one.latest_fill_ms === null) expect(first).toBeUndefined();
      else {
        expect(first).toBeGreaterThanOrEqual(one.earliest_fill_ms);
        expect(first).toBeLessThanOrEqual(one.latest_fill_ms);
      }
    });
  });
});
