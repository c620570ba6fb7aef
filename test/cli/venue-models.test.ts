import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { tradewright, tradewrightJson } from '../support/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'venue-models-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface WhatIf {
  orders: {
    id: string;
    status: string;
    reasonCode: string | null;
    fills: {
      price: string;
      qty: string;
      liquidity: string;
      model: { name: string; reference: string; slippage: string; impact: string; latencyMs: number };
    }[];
  }[];
  assumptions: { notes: { part: string; assumes: string; limits: string }[] };
}

const instrument = { symbol: 'ETHUSDT', tick: '0.01', step: '0.001', quote: 'USDT' };
const asks = [
  ['1500.00', '1'],
  ['1500.50', '1'],
  ['1501.00', '1'],
  ['1501.01', '9'],
];
const book = { t: 0, book: { bids: [['1499.00', '2']], asks } };

function scriptFile(model: object, ...steps: object[]): string {
  const path = join(folder, 'script.json');
  writeFileSync(path, JSON.stringify({ instrument, model, steps }));
  return path;
}

async function whatIf(model: object, ...steps: object[]): Promise<WhatIf> {
  return (await tradewrightJson('what-if', scriptFile(model, ...steps))) as unknown as WhatIf;
}

const market = (qty: number, side = 'buy'): object => ({ t: 1, submit: { id: 'A', side, qty } });
const printsOf = (report: WhatIf): string[] =>
  (report.orders[0]?.fills ?? []).map(({ price, qty }) => `${qty} @ ${price}`);

describe('models of a what-if script', () => {
  it.each([
    [{ slippage: 'ticks:2' }, '1500.02', '0.02', '0.00', 'l2-book'],
    [{ slippage: { spread: 0.5 } }, '1500.50', '0.50', '0.00', 'l2-book+spread'],
    [{ slippage: { kind: 'spread', fraction: 0.1 } }, '1500.10', '0.10', '0.00', 'l2-book+spread'],
    // 1500 x 0.1 x 0.025^2 = 0.09375, rounded up.
    [{ slippage: 'volume-share' }, '1500.10', '0.10', '0.00', 'l2-book+volume-share'],
    [{ slippage: { type: 'probability', probability: 1, ticks: 3 } }, '1500.03', '0.03', '0.00', 'l2-book+chance'],
    // 1500 x 0.02 x sqrt(1 / 10000) = 0.30
    [
      { impact: { kind: 'square-root', dailyVolatility: 0.02, dailyVolume: 10000 } },
      '1500.30',
      '0.00',
      '0.30',
      'l2-book+impact',
    ],
    [{ impact: 'square-root:1,0.02,10000', slippage: 1 }, '1500.31', '0.01', '0.30', 'l2-book+impact'],
    [{ impact: { kind: 'almgren' } }, '1500.00', '0.00', '0.00', 'l2-book+impact-unknown'],
  ])('%j', async (model, price, slippage, impact, name) => {
    const [order] = (await whatIf(model, book, market(1))).orders;
    expect(order?.fills).toMatchObject([
      { price, qty: '1.000', liquidity: 'taker', model: { name, reference: '1500.00', slippage, impact } },
    ]);
  });

  it('price protection cancels the remainder and says why', async () => {
    const report = await whatIf({ priceProtection: { points: 100 } }, book, market(5));
    expect(printsOf(report)).toEqual(['1.000 @ 1500.00', '1.000 @ 1500.50', '1.000 @ 1501.00']);
    expect(report.orders[0]).toMatchObject({ status: 'canceled', reasonCode: 'PRICE_PROTECTION' });
    const percent = await whatIf({ priceProtection: { percent: '0.04' } }, book, market(5));
    expect(printsOf(percent)).toEqual(['1.000 @ 1500.00', '1.000 @ 1500.50']);
  });

  it('depth behind a quote', async () => {
    const quote = { t: 0, quote: { bid: 1499, bidQty: 2, ask: 1500, askQty: 2 } };
    const behindTouch = { kind: 'ladder', decay: 0.5, spacingTicks: 10, levels: 2 };
    expect(printsOf(await whatIf({ behindTouch }, quote, market(4)))).toEqual([
      '2.000 @ 1500.00',
      '1.000 @ 1500.10',
      '0.500 @ 1500.20',
    ]);
    expect(printsOf(await whatIf({}, quote, market(4)))).toEqual(['2.000 @ 1500.00', '2.000 @ 1500.01']);
  });

  it('jitter arrives before the script ends, whatever its shape', async () => {
    for (const jitterShape of ['uniform', 'exponential', 'log-normal']) {
      const [order] = (await whatIf({ latencyMs: 5, jitterMs: 40, jitterShape }, book, market(1))).orders;
      expect(order?.status).toBe('filled');
      expect(order?.fills[0]?.model.latencyMs).toBeGreaterThan(5);
    }
  });

  const limit = (price: number): object => ({ t: 1, submit: { id: 'A', side: 'buy', qty: 1, price } });
  const sale = (price: number): object => ({ t: 2, trade: { price, qty: 0.4, aggressor: 'sell' } });
  it.each([
    ['queue on: the size ahead comes first', {}, 1499, []],
    ['queue off: a sale at the displayed price fills up to its size', { queue: false }, 1499, ['0.400 @ 1499.00']],
    ['queue off, inside the spread: no evidence, no fill', { queue: false }, 1499.5, []],
    ['queue off with a chance named: the chance', { queue: false, touchFillProbability: 0 }, 1499, []],
    [
      'queue off with a chance named: inside the spread too',
      { queue: false, touchFillProbability: 1 },
      1499.5,
      ['0.400 @ 1499.50'],
    ],
    ['pro-rata: our share of the sale', { queuePriority: 'pro-rata' }, 1499, ['0.133 @ 1499.00']],
  ])('%s', async (_, model, price, prints) => {
    expect(printsOf(await whatIf(model, book, limit(price), sale(price)))).toEqual(prints);
  });

  it('notes every part in plain words and prints what a model did to a fill', async () => {
    const { assumptions } = await whatIf({ slippage: 3 }, book, market(1));
    expect(assumptions.notes.map((note) => note.part)).toEqual([
      'depth',
      'resting orders',
      'slippage',
      'impact',
      'latency',
      'price protection',
      'fees',
    ]);
    const shown = await tradewright('what-if', scriptFile({ slippage: 3 }, book, market(2)));
    expect(shown.out).toContain('l2-book, slippage 0.03, impact 0.50');
  });

  it.each([
    [{ slippage: 'magic' }, 'slippage'],
    [{ slippage: { ticks: 1.5 } }, 'ticks must be a whole number'],
    [{ slippage: { kind: 'probability', probability: 2 } }, 'from 0 to 1'],
    [{ impact: { kind: 'almgren', beta: -1 } }, 'beta'],
    [{ behindTouch: { kind: 'ladder', decay: 2 } }, 'decay'],
    [{ priceProtection: { points: -1 } }, 'points'],
    [{ jitterShape: 'normal' }, 'jitterShape'],
    [{ queuePriority: 'size' }, 'queuePriority'],
  ])('refuses %j in a sentence', async (model, words) => {
    const { status, err } = await tradewright('what-if', scriptFile(model, book), '--json');
    expect(status).toBe(1);
    expect(err).toContain(words);
  });
});

describe('models of a backtest', () => {
  const rows = Array.from({ length: 60 }, (_, day) => {
    const close = 100 + 10 * Math.sin(day / 6);
    const open = 100 + 10 * Math.sin((day - 1) / 6);
    const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
    return [date, open, Math.max(open, close) + 1, Math.min(open, close) - 1, close]
      .map((cell) => (typeof cell === 'number' ? cell.toFixed(2) : cell))
      .concat('5000')
      .join(',');
  });
  const path = join(folder, 'bars.csv');
  writeFileSync(path, `date,open,high,low,close,volume\n${rows.join('\n')}\n`);

  const equity = async (...options: string[]): Promise<number> => {
    const base = [
      '--data',
      path,
      '--strategy',
      'sma-cross',
      '--param',
      'fast=3',
      '--param',
      'slow=6',
      '--sizing',
      'units:40',
    ];
    const report = await tradewrightJson('backtest', ...base, ...options);
    return Number((report['stats'] as { finalEquity: string }).finalEquity);
  };

  it('every cost model costs, and more where it says more', async () => {
    const free = await equity();
    const dearer = async (cheap: string[], dear: string[]): Promise<void> => {
      const [less, more] = [await equity(...cheap), await equity(...dear)];
      expect(less).toBeLessThan(free);
      expect(more).toBeLessThan(less);
    };
    await dearer(['--slippage', 'bps:2'], ['--slippage', 'bps:20']);
    await dearer(['--slippage', 'volume-share:0.025,0.5'], ['--slippage', 'volume-share:0.025,5000']);
    await dearer(['--slippage', 'probability:1,2'], ['--slippage', 'ticks:5']);
    await dearer(['--impact', 'square-root:0.5,0.02,5000'], ['--impact', 'square-root:2,0.02,5000']);
    await dearer(['--impact', 'almgren:0.02,500000'], ['--impact', 'almgren:0.02,5000']);
    await dearer(['--behind-touch', 'ladder:0.9,1,50,0.006'], ['--behind-touch', 'ladder:0.9,20,50,0.006']);
  });

  it('the same figures given twice give the same run', async () => {
    const options = ['--slippage', 'probability:0.5,5', '--impact', 'almgren', '--seed', '9'];
    expect(await equity(...options)).toBe(await equity(...options));
  });

  it('says what it assumed', async () => {
    const report = await tradewrightJson(
      'backtest',
      '--data',
      path,
      '--strategy',
      'sma-cross',
      '--impact',
      'almgren:0.02,5000',
    );
    const assumed = report['assumptions'] as { marketImpact: unknown; venue: { part: string; assumes: string }[] };
    expect(assumed.marketImpact).toMatchObject({ kind: 'almgren', dailyVolatility: 0.02, dailyVolume: 5000 });
    expect(assumed.venue.find((note) => note.part === 'impact')?.assumes).toContain('Almgren et al. 2005');
  });

  it.each([
    ['--slippage', 'ticks'],
    ['--impact', 'almgren:-1'],
    ['--behind-touch', 'ladder:9'],
    ['--price-protection', 'points:x'],
  ])('wrong usage: %s %s', async (option, text) => {
    const { status, err } = await tradewright('backtest', '--data', path, '--strategy', 'sma-cross', option, text);
    expect(status).toBe(2);
    expect(err).toContain(`${option} "${text}"`);
  });
});

describe('models of a paper session', () => {
  it('are taken over, recorded in its assumptions and named by its fills', async () => {
    const dataDir = join(folder, 'paper');
    const report = await tradewrightJson(
      ...'paper --feed sim:crypto --strategy sma-cross --duration 20m --timeframe 5s'.split(' '),
      ...'--slippage spread:0.5 --price-protection percent:2 --data-dir'.split(' '),
      dataDir,
    );
    const assumed = report['assumptions'] as {
      models: { crypto: { slippage: unknown; priceProtection: unknown } };
      venues: { crypto: { part: string; assumes: string }[] };
    };
    expect(assumed.models.crypto.slippage).toEqual({ kind: 'spread', fraction: '0.5' });
    expect(assumed.models.crypto.priceProtection).toEqual({ kind: 'fraction', fraction: '0.02' });
    expect(assumed.venues.crypto.find((note) => note.part === 'slippage')?.assumes).toContain(
      '0.5 of the displayed spread',
    );
    const fills = report['fills'] as { model: string; liquidity: string; slippage: string }[];
    const taken = fills.filter((fill) => fill.liquidity === 'taker');
    expect(taken.length).toBeGreaterThan(0);
    for (const fill of taken) expect([fill.model.endsWith('+spread'), Number(fill.slippage) > 0]).toEqual([true, true]);
  });
});
