import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { tradewright, tradewrightJson } from '../support/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'tradewright-risk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
function file(content: unknown): string {
  files += 1;
  const path = join(folder, `${files}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

interface Check {
  readonly code: string;
  readonly severity: string;
  readonly value: string;
  readonly limit: string;
  readonly sentence: string;
  readonly scope?: string;
}
interface Answer {
  readonly verdict: string;
  readonly checks: readonly Check[];
  readonly warnings: { readonly shown: readonly string[]; readonly more: number };
  readonly preview: Readonly<Record<string, unknown>> & {
    readonly limits: readonly { name: string; before: string; after: string; limit: string }[];
  };
  readonly assumptions: readonly string[];
}
const check = async (order: unknown): Promise<Answer> =>
  (await tradewrightJson('risk', 'check', file(order))) as unknown as Answer;
const codes = (answer: Answer, severity: string): string[] =>
  answer.checks.filter((one) => one.severity === severity).map(({ code }) => code);

/** 2 ETH at 1,500 in a market of 1,499 / 1,500, 100,000 USDT in cash. */
const ORDER = {
  instrument: { symbol: 'ETHUSDT', tick: '0.01', step: '0.001', minNotional: '5', quote: 'USDT' },
  side: 'buy',
  type: 'limit',
  qty: '2',
  price: '1500',
  account: { cash: { USDT: '100000' }, type: 'cash' },
  quote: { bid: '1499', ask: '1500', bidQty: '50', askQty: '50' },
  fees: { maker: '0.0005', taker: '0.001' },
};

describe('risk check', () => {
  it('allows what is within every limit, with cost and limits before and after', async () => {
    const answer = await check(ORDER);
    expect(answer.verdict).toBe('allow');
    expect(answer.preview).toMatchObject({ quantity: '2.000', notional: '3000', fee: '3', marginAfter: '0' });
    expect(answer.preview).toMatchObject({ slippage: '1', cashAfter: '96997' });
    expect(answer.preview.limits).toContainEqual({ name: 'maxConcentration', before: '0', after: '0.03', limit: '1' });
    for (const one of answer.checks) {
      expect(Object.keys(one).sort()).toEqual(['code', 'limit', 'sentence', 'severity', 'value']);
      expect(one.severity).toBe('info');
    }
  });

  it.each([
    ['the order within "order"', { order: { side: 'buy', qty: '2', price: '1500' } }],
    ['the order within "submit"', { submit: { id: 'A', side: 'BUY', type: 'LIMIT', quantity: 2, price: 1500 } }],
    ['numbers instead of texts', { side: 'buy', type: 'limit', qty: 2, price: 1500 }],
  ])('takes %s', async (_, order) => {
    const { side: _side, type: _type, qty: _qty, price: _price, ...rest } = ORDER;
    const answer = await check({ ...rest, ...order });
    expect(answer).toMatchObject({ verdict: 'allow', preview: { notional: '3000' } });
  });

  it.each<[string, object, string, string, Partial<Check>]>([
    ['too expensive', { qty: '80' }, 'block', 'NOTIONAL_EXCEEDS_FREE_BALANCE', { value: '120120', limit: '100000' }],
    ['off the tick', { price: '1500.005' }, 'block', 'PRICE_OFF_TICK', { value: '1500.005', limit: '0.010' }],
    ['off the step', { qty: '2.0005' }, 'block', 'QUANTITY_OFF_STEP', { value: '2.0005' }],
    ['nothing at all', { qty: '0' }, 'block', 'QUANTITY_NOT_POSITIVE', {}],
    ['negative', { qty: '-1' }, 'block', 'QUANTITY_NOT_POSITIVE', {}],
    ['sold without holding it', { side: 'sell' }, 'block', 'INSUFFICIENT_POSITION', { value: '2.000', limit: '0.000' }],
    ['11 % above the market', { price: '1665.01' }, 'block', 'PRICE_COLLAR', { limit: '0.1' }],
    ['3 % above the market', { price: '1545' }, 'warn', 'PRICE_COLLAR', { value: '0.03', limit: '0.02' }],
    ['30 % of equity', { qty: '20' }, 'warn', 'ORDER_SHARE_OF_EQUITY', { value: '0.3', limit: '0.25' }],
    ['old prices', { quote: { bid: '1499', ask: '1500', ageMs: 4000 } }, 'warn', 'STALE_PRICE', { value: '4000' }],
    [
      'old prices for a market order',
      { type: 'market', price: undefined, quote: { bid: '1499', ask: '1500', ageMs: 10_001 } },
      'block',
      'STALE_PRICE',
      { limit: '10000' },
    ],
    [
      'old by its own time',
      { at: '2026-11-20T10:00:05Z', quote: { bid: '1499', ask: '1500', t: '2026-11-20T10:00:00Z' } },
      'warn',
      'STALE_PRICE',
      { value: '5000' },
    ],
    ['halted', { state: 'HALTED' }, 'block', 'TRADING_HALTED', {}],
    ['reducing', { state: { state: 'REDUCING', reason: 'a test.' } }, 'block', 'TRADING_STATE_REDUCING', {}],
    [
      'a limit of its own',
      { limits: { maxOrderNotional: 2999.99 } },
      'block',
      'NOTIONAL_EXCEEDS_MAX_PER_ORDER',
      { value: '3000', limit: '2999.99' },
    ],
    [
      'a limit of the symbol',
      { limits: { scopes: [{ scope: { kind: 'symbol', id: 'ETHUSDT' }, limits: { maxPosition: '1.5' } }] } },
      'block',
      'MAX_POSITION',
      { scope: 'symbol ETHUSDT.SIM' },
    ],
    [
      'a limit of the strategy',
      {
        strategy: 's1',
        limits: { scopes: [{ scope: { kind: 'strategy', id: 's1' }, limits: { maxOpenOrders: 1 } }] },
        account: {
          cash: '100000',
          openOrders: [{ symbol: 'ETHUSDT', side: 'buy', qty: '1', price: '1400', strategy: 's1' }],
        },
      },
      'block',
      'MAX_OPEN_ORDERS',
      { scope: 'strategy s1' },
    ],
    [
      'a fifth identical order',
      { state: { recent: [1, 2, 3, 4].map((n) => ({ side: 'buy', qty: '2', price: '1500', agoMs: n * 14_000 })) } },
      'block',
      'DUPLICATE_STORM',
      { value: '5', limit: '5' },
    ],
    [
      'a second identical order',
      { state: { recent: [{ side: 'buy', qty: '2', price: '1500', agoMs: 9_000 }] } },
      'warn',
      'DUPLICATE_ORDER',
      {},
    ],
    [
      'far more than usual',
      {
        qty: '10',
        state: { recent: [1, 2, 3].map((n) => ({ side: 'buy', qty: '1', price: '1490', agoMs: n * 1e6 })) },
      },
      'warn',
      'QUANTITY_UNUSUAL',
      { value: '10', limit: '5' },
    ],
    [
      'loss of the day',
      { account: { cash: '95000', type: 'cash', dayStartEquity: '100000' } },
      'block',
      'DAILY_LOSS',
      { value: '0.05', limit: '0.05' },
    ],
    [
      'drawdown',
      { account: { cash: '90000', type: 'cash', dayStartEquity: '90000', highEquity: '100000' } },
      'block',
      'DRAWDOWN',
      { value: '0.1', limit: '0.1' },
    ],
    ['a stop that costs more than 1 %', { stopLoss: '900' }, 'warn', 'LOSS_AT_STOP', { value: '0.012048' }],
    ['a stop on the wrong side', { bracket: { stopLoss: '1600' } }, 'block', 'PROTECTION_SIDE', {}],
    ['the book is thin', thin('2.6'), 'block', 'DEPTH_EXCEEDED', { value: '2.600', limit: '2.500' }],
    ['the book is steep', thin('2.5'), 'warn', 'SLIPPAGE', { limit: '0.005' }],
    [
      'too much margin',
      { account: { cash: '1000', type: 'margin', leverage: 5 }, qty: '3.1', limits: off() },
      'block',
      'MARGIN_USED',
      { limit: '0.9' },
    ],
    ['an account in another currency', { account: { cash: '1', currency: 'INR' } }, 'block', 'CURRENCY_MISMATCH', {}],
    ['a market that is closed', closed(), 'block', 'MARKET_CLOSED', {}],
  ])('%s', async (_, change, severity, code, figures) => {
    const answer = await check({ ...ORDER, ...change });
    const found = answer.checks.find((one) => one.code === code && one.severity === severity);
    expect(found, JSON.stringify(answer.checks)).toBeDefined();
    expect(found).toMatchObject(figures);
    expect(found?.sentence).toMatch(/[.?]$/);
    expect(answer.verdict).toBe(severity);
  });

  it.each([
    ['account', 'ACCOUNT_NOT_FOUND'],
    ['quote', 'PRICE_UNAVAILABLE'],
  ])('without its %s nothing passes', async (part, code) => {
    const answer = await check({ ...ORDER, [part]: undefined });
    expect(answer.verdict).toBe('block');
    expect(codes(answer, 'block')).toContain(code);
  });

  it('an account without money or equity, and a holding without a price, block', async () => {
    expect(codes(await check({ ...ORDER, account: { type: 'cash' } }), 'block')).toContain('BALANCE_UNKNOWN');
    const unpriced = await check({ ...ORDER, account: { cash: '100000', positions: { BTCUSDT: '1' } } });
    expect(codes(unpriced, 'block')).toEqual(expect.arrayContaining(['EQUITY_UNKNOWN', 'EXPOSURE_UNKNOWN']));
  });

  it('a margin account: positions, open orders, leverage, and a close that needs nothing', async () => {
    const account = {
      cash: '40000',
      type: 'margin',
      leverage: 4,
      positions: [
        { symbol: 'BTCUSDT', qty: '1', price: '60000' },
        { symbol: 'ETHUSDT', qty: '-10' },
      ],
    };
    // Equity 40,000 + 60,000 - 10 x 1,499.5 = 85,005. A market sale of 2 more at 1,499: short 12 worth 17,993.
    const more = await check({ ...ORDER, side: 'sell', type: 'market', price: undefined, account });
    expect(more.preview).toMatchObject({ notional: '2998', slippage: '1', marginAfter: '19498.25' });
    const close = await check({ ...ORDER, type: 'market', price: undefined, qty: '50', reduceOnly: true, account });
    expect(close).toMatchObject({ verdict: 'allow', preview: { quantity: '10.000', marginAfter: '15000' } });
    expect(codes(close, 'info')).toContain('QUANTITY_CLAMPED');
  });

  it('shows three warnings at most and counts the others', async () => {
    const answer = await check({
      ...ORDER,
      qty: '25',
      price: '1545',
      stopLoss: '1400',
      quote: { bid: '1499', ask: '1500', ageMs: 5000 },
    });
    expect(answer.verdict).toBe('warn');
    expect(answer.warnings.shown).toEqual(['LOSS_AT_STOP', 'PRICE_COLLAR', 'ORDER_SHARE_OF_EQUITY']);
    expect(answer.warnings.more).toBe(codes(answer, 'warn').length - 3);
  });

  it('an Indian share by its symbol', async () => {
    const answer = await check({
      symbol: 'RELIANCE.NSE',
      side: 'buy',
      qty: '10',
      price: '2500',
      account: { cash: '100000' },
      quote: { bid: '2499.95', ask: '2500' },
      at: '2026-11-20T06:00:00Z',
    });
    expect(answer).toMatchObject({ verdict: 'allow', preview: { notional: '25000' } });
  });

  it.each([
    ['no JSON', '{', 'not JSON'],
    ['an unknown part', { ...ORDER, luck: 1 }, '"luck"'],
    ['an unknown part of the account', { ...ORDER, account: { cash: '1', luck: 1 } }, '"luck"'],
    ['an unknown limit', { ...ORDER, limits: { maxLuck: '1' } }, 'maxLuck'],
    ['a limit that is none', { ...ORDER, limits: { maxDailyLoss: '5' } }, 'maxDailyLoss'],
    [
      'a limit its scope cannot have',
      { ...ORDER, limits: { scopes: [{ scope: { kind: 'symbol', id: 'X' }, limits: { maxDrawdown: '0.1' } }] } },
      'maxDrawdown',
    ],
    ['a side that is none', { ...ORDER, side: 'hold' }, 'side'],
    ['a type that is none', { ...ORDER, type: 'peg' }, 'type'],
    ['no quantity', { ...ORDER, qty: undefined }, 'qty'],
    ['a quantity in words', { ...ORDER, qty: 'two' }, 'qty'],
    ['no symbol', { ...ORDER, instrument: undefined }, 'symbol'],
    ['a state that is none', { ...ORDER, state: 'ASLEEP' }, 'state'],
    ['a recent order without its age', { ...ORDER, state: { recent: [{ side: 'buy', qty: '1' }] } }, 'agoMs'],
    ['a list', [1], 'object'],
  ])('%s is refused with a sentence', async (_, content, word) => {
    const answer = await tradewright('risk', 'check', file(content), '--json');
    expect(answer.status).toBe(1);
    expect(answer.out).toBe('');
    expect(answer.err).toContain(word);
  });

  it('wrong usage is 2, a missing file 1, and help says the format', async () => {
    expect((await tradewright('risk')).status).toBe(2);
    expect((await tradewright('risk', 'check')).status).toBe(2);
    expect((await tradewright('risk', 'check', 'a', 'b')).status).toBe(2);
    expect((await tradewright('risk', 'check', 'a', '--luck')).status).toBe(2);
    expect((await tradewright('risk', 'check', join(folder, 'none.json'))).status).toBe(1);
    const help = await tradewright('risk', '--help');
    expect(help.status).toBe(0);
    for (const word of ['dayStartEquity', 'scopes', 'recent', 'reduceOnly', '--data-dir'])
      expect(help.out).toContain(word);
  });

  it('in words without --json', async () => {
    const { out, status } = await tradewright('risk', 'check', file({ ...ORDER, state: 'HALTED' }));
    expect(status).toBe(0);
    expect(out).toMatch(/^BLOCK\nBLOCK Trading is halted/);
  });
});

/** 2.5 ETH for sale, most of it about 1 % away. */
function thin(qty: string): object {
  return {
    type: 'market',
    price: undefined,
    qty,
    quote: undefined,
    book: {
      bids: [['1499', '1']],
      asks: [
        ['1515', '2'],
        ['1500', '0.5'],
      ],
    },
  };
}

function off(): object {
  return { maxConcentration: null, warnConcentration: null, maxGrossExposure: null, warnOrderFraction: null };
}

/** A Saturday in India. */
function closed(): object {
  return {
    instrument: { symbol: 'TCS', venue: 'nse', tick: '0.05', step: '1', quote: 'INR' },
    account: { cash: '100000' },
    at: '2026-11-21T06:00:00Z',
  };
}
