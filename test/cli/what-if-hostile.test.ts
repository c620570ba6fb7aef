import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/cli/main.ts';

interface Reported {
  id: string;
  status: string;
  filled: string;
  reasonCode: string | null;
}
interface Report {
  orders: Reported[];
  events: { type: string; id: string; code?: string }[];
  account: { cash: Record<string, string> };
}

const instrument = { symbol: 'ETHUSDT', tick: '0.01', step: '0.001', minNotional: '5', quote: 'USDT' };
const book = (t: number, bids: [string, string][], asks: [string, string][]) => ({ t, book: { bids, asks } });
const MARKET = book(
  0,
  [['1499', '10']],
  [
    ['1500', '0.1'],
    ['1600', '5'],
  ],
);
const submit = (t: number, order: object) => ({ t, submit: order });

async function status(script: unknown): Promise<{ status: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runCommandLine(['what-if', '-', '--json'], {
    out: (text) => (out += text),
    err: (text) => (err += text),
    isErrTty: false,
    stdin: () => Promise.resolve(typeof script === 'string' ? script : JSON.stringify(script)),
  });
  return { status: code, out, err };
}

async function run(steps: readonly object[], account: object | null = null, model: object = {}): Promise<Report> {
  const result = await status({ instrument, model, ...(account === null ? {} : { account }), steps });
  if (result.status !== 0) throw new Error(result.err);
  return JSON.parse(result.out) as Report;
}

const codes = (report: Report): Record<string, string | null> =>
  Object.fromEntries(report.orders.map(({ id, status: state, reasonCode }) => [id, reasonCode ?? state]));

describe('what a stated account can afford', () => {
  const cash = (amount: string, rest: object = {}) => ({ cash: { USDT: amount }, type: 'cash', ...rest });
  const margin = (amount: string) => ({ cash: { USDT: amount }, type: 'margin' });

  it('is measured by what a market order takes from the book, not by the best price', async () => {
    // 0.1 at 1500 and 0.9 at 1600 are 1590.
    const order = submit(1, { id: 'A', side: 'buy', type: 'market', qty: '1' });
    expect(codes(await run([MARKET, order], cash('1589.99')))).toEqual({ A: 'INSUFFICIENT_CASH' });
    expect((await run([MARKET, order], cash('1590'))).account.cash['USDT']).toBe('0');
  });

  it('is asked again when an order is made larger or dearer', async () => {
    const order = submit(1, { id: 'A', side: 'buy', type: 'limit', price: '1400', qty: '1' });
    const report = await run(
      [
        MARKET,
        order,
        { t: 2, modify: { id: 'A', qty: '50' } },
        { t: 3, modify: { id: 'A', price: '1499' } },
        book(4, [['1300', '99']], [['1301', '99']]),
      ],
      cash('1450'),
    );
    expect(report.orders[0]).toMatchObject({ status: 'filled', filled: '1.000' });
    expect(report.events.filter(({ type }) => type === 'modify-rejected')).toMatchObject([
      { code: 'INSUFFICIENT_CASH' },
      { code: 'INSUFFICIENT_CASH' },
    ]);
    expect(report.account.cash['USDT']).toBe('50');
  });

  it('counts orders that cancel each other once', async () => {
    const held = cash('0', { positions: { ETHUSDT: '1' } });
    const target = submit(1, { id: 'TP', side: 'sell', type: 'limit', price: '1700', qty: '1', oco: ['SL'] });
    const stop = submit(1, { id: 'SL', side: 'sell', type: 'stop', trigger: '1400', qty: '1', oco: ['TP'] });
    const more = submit(2, { id: 'M', side: 'sell', type: 'limit', price: '1800', qty: '0.1' });
    expect(codes(await run([MARKET, target, stop, more], held))).toEqual({
      TP: 'accepted',
      SL: 'accepted',
      M: 'INSUFFICIENT_HOLDING',
    });
    const low = submit(1, { id: 'X', side: 'buy', type: 'limit', price: '1400', qty: '1', oco: ['Y'] });
    const high = submit(1, { id: 'Y', side: 'buy', type: 'stop', trigger: '1650', qty: '1' });
    expect(codes(await run([MARKET, low, high], cash('1700')))).toEqual({ X: 'accepted', Y: 'accepted' });
  });

  it('is not asked of an order that waits for the fill of another', async () => {
    const entry = submit(1, { id: 'A', side: 'buy', type: 'limit', price: '1500', qty: '0.1' });
    const exit = submit(2, { id: 'B', side: 'sell', type: 'limit', price: '1700', qty: '0.1', parent: 'A' });
    expect(codes(await run([MARKET, entry, exit], cash('200')))).toEqual({ A: 'filled', B: 'accepted' });
    const waiting = submit(1, { id: 'A', side: 'buy', type: 'limit', price: '1400', qty: '0.1' });
    expect(codes(await run([MARKET, waiting, exit], cash('200')))).toEqual({ A: 'accepted', B: 'emulated' });
  });

  it('on margin values every open order at its own price', async () => {
    const dear = submit(1, { id: 'D', side: 'buy', type: 'limit', price: '1400', qty: '0.6' });
    const cheap = submit(1, { id: 'C', side: 'buy', type: 'limit', price: '10', qty: '50' });
    const small = submit(1, { id: 'S', side: 'buy', type: 'limit', price: '1400', qty: '0.3' });
    // 840 + 500 of 1000; 500 + 420 of 1000.
    expect(codes(await run([MARKET, dear, cheap], margin('1000')))).toEqual({
      D: 'accepted',
      C: 'INSUFFICIENT_MARGIN',
    });
    expect(codes(await run([MARKET, cheap, small], margin('1000')))).toEqual({ C: 'accepted', S: 'accepted' });
  });

  it('on margin lets an order turn a position as far as the money goes', async () => {
    const long = submit(1, { id: 'L', side: 'buy', type: 'limit', price: '1500', qty: '0.1' });
    const turn = submit(2, { id: 'T', side: 'sell', type: 'limit', price: '1499', qty: '0.7' });
    const over = submit(2, { id: 'T', side: 'sell', type: 'limit', price: '1499', qty: '0.8' });
    expect(codes(await run([MARKET, long, turn], margin('1000')))).toEqual({ L: 'filled', T: 'filled' });
    expect(codes(await run([MARKET, long, over], margin('1000')))).toEqual({ L: 'filled', T: 'INSUFFICIENT_MARGIN' });
  });
});

describe('what no script may ask', () => {
  const limit = { side: 'buy', type: 'limit', price: '1400', qty: '1' };
  const refused = async (script: unknown): Promise<string> => {
    const result = await status(script);
    expect(result.status).toBe(1);
    expect(result.out).toBe('');
    expect(result.err).not.toMatch(/Unexpected failure|\n\s+at /);
    expect(result.err.length).toBeLessThan(700);
    return result.err;
  };

  it('a time beyond the calendar', async () => {
    for (const t of ['1e400', '"1e300"', '-1e17']) {
      const text = `{"instrument":{"symbol":"E"},"steps":[{"t":${t},"trade":{"price":"1","qty":"1"}}]}`;
      expect(await refused(text)).toContain('t of step 1');
    }
    const far = '9'.repeat(400);
    await refused(`{"timeBase":"local-ns","steps":[{"t":"${far}","trade":{"price":"1","qty":"1"}}]}`);
  });

  it('figures that are no plain decimals or of absurd size', async () => {
    for (const qty of ['1e-30', '1e400', '0x10', '1_000', '1e-400']) {
      await refused({ instrument, steps: [MARKET, submit(1, { ...limit, qty })] });
    }
    await refused({ instrument: { symbol: 'E', tick: '1e-25', step: '1' }, steps: [MARKET] });
  });

  it('an id that the program gives to another order', async () => {
    const bracket = { id: 'A', side: 'buy', type: 'market', qty: '1', bracket: { stopLoss: '1490' } };
    const worked = { id: 'A', side: 'buy', qty: '1', algo: { type: 'twap', horizonMs: 1000, intervalMs: 500 } };
    for (const [other, id] of [
      [bracket, 'A-SL'],
      [bracket, 'A-TP'],
      [worked, 'A-2'],
      [worked, 'LIQ-1'],
    ] as const) {
      expect(await refused({ instrument, steps: [submit(0, other), submit(1, { ...limit, id })] })).toContain(id);
      expect(await refused({ instrument, steps: [submit(0, { ...limit, id }), submit(1, other)] })).toContain(id);
    }
  });

  it('post-only of an algorithm that takes', async () => {
    const algo = { type: 'twap', horizonMs: 1000, intervalMs: 500 };
    expect(await refused({ instrument, steps: [submit(1, { ...limit, algo, postOnly: true })] })).toContain('postOnly');
  });
});

describe('what is refused in the report', () => {
  const condition = { price: '1700', when: 'at-or-above' };
  const held = { id: 'A', side: 'buy', type: 'limit', price: '1500', qty: '1', condition };

  it('a change of a held order that no order can take', async () => {
    const report = await run([
      MARKET,
      submit(1, held),
      { t: 2, modify: { id: 'A', qty: '-3' } },
      { t: 2, modify: { id: 'A', qty: '0' } },
    ]);
    expect(report.orders[0]).toMatchObject({ id: 'A', status: 'emulated' });
    expect(report.events.filter(({ type }) => type === 'modify-rejected')).toHaveLength(2);
  });

  it('a held order that can never be sent does not vanish', async () => {
    expect(codes(await run([MARKET, submit(1, { ...held, qty: '0' })]))).toEqual({ A: 'QUANTITY_NOT_POSITIVE' });
  });

  it.each([
    [{ stopLoss: '1490.005' }, 'PRICE_OFF_TICK'],
    [{ takeProfit: '-1' }, 'PRICE_NOT_POSITIVE'],
    [{ stopLoss: '1650' }, 'BRACKET_TERMS'],
    [{ takeProfit: '1400' }, 'BRACKET_TERMS'],
  ])('an entry whose exits %j cannot protect it is not sent', async (bracket, code) => {
    const entry = submit(1, { id: 'A', side: 'buy', type: 'limit', price: '1600', qty: '1', bracket });
    expect(codes(await run([MARKET, entry]))).toEqual({ A: code });
  });
});

describe('the liquidation of a bar', () => {
  it('names the equity at the price of the liquidation', async () => {
    const bar = (t: number, low: string) => ({
      t,
      bar: { open: '1500', high: '1500', low, close: '1490', volume: '100' },
    });
    const order = submit(1, { id: 'A', side: 'buy', type: 'market', qty: '1' });
    const result = await status({
      instrument,
      account: { cash: { USDT: '200' }, type: 'margin', leverage: 10 },
      steps: [bar(0, '1490'), order, bar(60_000, '1200')],
    });
    // 200 - (1500 - 1306.54) = 6.54; 0.5 % of 1306.54 is 6.5327.
    expect(result.out).toContain('equity 6.54 against a maintenance margin of 6.5327 USDT');
  });
});
