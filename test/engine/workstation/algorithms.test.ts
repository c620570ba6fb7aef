import { describe, expect, test } from 'vitest';
import type { MarketSource } from '../../../src/engine/create-workstation.ts';
import { simulatedMarket } from '../../../src/engine/workstation/markets.ts';
import type { MarketEvent } from '../../../src/domain/market-data.ts';
import { parentTicket, startParent } from '../../../src/contract/algorithms.ts';
import type { ContractInputs, ParentOrderView } from '../../../src/contract/types.ts';
import { type Bench, BTC, granted, openBench, position, refusalOf } from './support.ts';

type Asked = ContractInputs['algorithms']['preview'];

const SECOND = 'BTCUSDT.TWO';
let keys = 0;
/** Through the contract's schema, as a caller's request comes. */
function asked(change: Partial<Asked> & Pick<Asked, 'algorithm'>): ReturnType<typeof parentTicket.parse> {
  return parentTicket.parse({ account: 'paper-usdt', instrument: BTC, side: 'buy', quantity: '0.3', ...change });
}
function starting(change: Parameters<typeof asked>[0], key?: string): ReturnType<typeof startParent.parse> {
  keys += 1;
  return startParent.parse({ ...asked(change), idempotencyKey: key ?? `parent-key-${keys}` });
}
const twap = { type: 'twap', horizonMs: 6_000, intervalMs: 2_000, style: 'market' } as const;

function parentNow(bench: Bench, id: string): ParentOrderView {
  const found = bench.desk.algorithms.list('all', 100).find((one) => one.id === id);
  if (found === undefined) throw new Error(`no parent ${id}`);
  return found;
}
const sum = (parent: ParentOrderView): number =>
  parent.children.reduce((total, child) => total + Math.round(Number(child.filled) * 1e8), 0);

async function opened(options: Parameters<typeof openBench>[0] = {}): Promise<Bench> {
  const bench = await openBench(options);
  await bench.pass(2_000);
  return bench;
}

describe('parent orders of the engine', () => {
  test('a TWAP sends its slices in time and ends filled', async () => {
    const bench = await opened();
    const begun = granted(bench.desk.algorithms.start(starting({ algorithm: twap })));
    expect(begun.id).toMatch(/^TWAP\/[0-9A-Z]+$/);
    expect(bench.desk.algorithms.list('working', 10).map(({ id }) => id)).toEqual([begun.id]);
    await bench.pass(1_000);
    expect(parentNow(bench, begun.id)).toMatchObject({ status: 'working', filled: '0.10000', scheduled: '0.10000' });
    await bench.pass(6_000);
    const ended = parentNow(bench, begun.id);
    expect(ended).toMatchObject({ status: 'filled', filled: '0.30000', working: '0.00000' });
    expect(ended.children.map(({ key }) => key)).toEqual([1, 2, 3].map((n) => `${begun.id}-${n}`));
    expect(bench.desk.algorithms.list('working', 10)).toEqual([]);
    const history = await bench.desk.orders.list({ scope: 'history', limit: 100 });
    expect(history.items.filter(({ parent }) => parent === begun.id)).toHaveLength(3);
    expect(Number(position(bench)?.quantity)).toBe(0.3);
  });

  test('readers are told of every change', async () => {
    const bench = await opened();
    const seen: string[] = [];
    const stop = bench.desk.algorithms.state.subscribe(() => {
      const [parent] = bench.desk.algorithms.state.read();
      const line = `${parent?.status} ${parent?.filled}`;
      if (seen.at(-1) !== line) seen.push(line);
    });
    granted(bench.desk.algorithms.start(starting({ algorithm: { ...twap, horizonMs: 4_000 } })));
    await bench.pass(6_000);
    stop();
    expect(seen.at(0)).toBe('working 0.00000');
    expect(seen).toContain('working 0.15000');
    expect(seen.at(-1)).toBe('filled 0.30000');
  });

  test('equal children are no runaway: ten slices in a minute do not halt', async () => {
    const bench = await opened();
    const algorithm = { ...twap, horizonMs: 10_000, intervalMs: 1_000 };
    const { id } = granted(bench.desk.algorithms.start(starting({ quantity: '0.1', algorithm })));
    await bench.pass(15_000);
    expect(parentNow(bench, id)).toMatchObject({ status: 'filled' });
    expect(bench.desk.risk.status.read().state).toBe('ACTIVE');
  });

  test('the same key begins one parent; another order under it is refused', async () => {
    const bench = await opened();
    const first = granted(bench.desk.algorithms.start(starting({ algorithm: twap }, 'same-key-1')));
    expect(granted(bench.desk.algorithms.start(starting({ algorithm: twap }, 'same-key-1'))).id).toBe(first.id);
    const other = starting({ algorithm: twap, side: 'sell' }, 'same-key-1');
    expect(refusalOf(bench.desk.algorithms.start(other)).code).toBe('IDEMPOTENCY_CONFLICT');
    expect(bench.desk.algorithms.list('all', 10)).toHaveLength(1);
  });

  test('a cancelled parent takes its child back and ends', async () => {
    const bench = await opened();
    const bid = Number(bench.desk.market.quotes.read(BTC)?.bid);
    const algorithm = { type: 'iceberg', display: '0.05' } as const;
    const price = (bid - 300).toFixed(2);
    const { id } = granted(bench.desk.algorithms.start(starting({ price, algorithm })));
    await bench.pass(500);
    expect(parentNow(bench, id)).toMatchObject({ status: 'working', working: '0.05000' });
    const working = await bench.desk.orders.list({ scope: 'working', limit: 10 });
    expect(working.items).toMatchObject([{ parent: id, quantity: '0.05000', type: 'limit' }]);
    expect(granted(bench.desk.algorithms.cancel(id)).status).toBe('ending');
    await bench.pass(500);
    expect(parentNow(bench, id)).toMatchObject({ status: 'cancelled', working: '0.00000' });
    expect((await bench.desk.orders.list({ scope: 'working', limit: 10 })).items).toEqual([]);
    expect(refusalOf(bench.desk.algorithms.resume(id)).code).toBe('ORDER_FINISHED');
  });

  test('a child cancelled by hand pauses its parent until a person resumes it', async () => {
    const bench = await opened();
    const bid = Number(bench.desk.market.quotes.read(BTC)?.bid);
    const algorithm = { type: 'iceberg', display: '0.05' } as const;
    const { id } = granted(bench.desk.algorithms.start(starting({ price: (bid - 300).toFixed(2), algorithm })));
    await bench.pass(500);
    const [child] = (await bench.desk.orders.list({ scope: 'working', limit: 10 })).items;
    granted(bench.desk.orders.cancel(child?.id ?? ''));
    await bench.pass(3_000);
    expect(parentNow(bench, id)).toMatchObject({ status: 'paused', pause: { code: 'USER', needsResume: true } });
    granted(bench.desk.algorithms.resume(id));
    await bench.pass(500);
    expect(parentNow(bench, id)).toMatchObject({ status: 'working', working: '0.05000' });
  });

  test('a halt pauses, and only a person resumes after it', async () => {
    const bench = await opened();
    const algorithm = { ...twap, horizonMs: 60_000, intervalMs: 2_000 };
    const { id } = granted(bench.desk.algorithms.start(starting({ algorithm })));
    await bench.pass(2_500);
    const before = parentNow(bench, id).filled;
    bench.desk.risk.halt('a drill of the test');
    await bench.pass(5_000);
    expect(parentNow(bench, id)).toMatchObject({
      status: 'paused',
      filled: before,
      pause: { code: 'HALTED', needsResume: true },
    });
    granted(bench.desk.risk.resume('the drill is over'));
    await bench.pass(5_000);
    expect(parentNow(bench, id)).toMatchObject({ status: 'paused', filled: before });
    granted(bench.desk.algorithms.resume(id));
    await bench.pass(60_000);
    expect(parentNow(bench, id)).toMatchObject({ status: 'filled', filled: '0.30000' });
  });

  test('the end of the session ends its parents', async () => {
    const bench = await opened();
    const { id } = granted(bench.desk.algorithms.start(starting({ algorithm: { ...twap, horizonMs: 60_000 } })));
    await bench.pass(500);
    const stopping = bench.desk.session.stop();
    await bench.pass(1_000);
    granted(await stopping);
    expect(parentNow(bench, id)).toMatchObject({ status: 'cancelled', filled: '0.01000' });
  });

  test('the preview chooses and says why; venues are ranked; nothing is sent', async () => {
    const bench = await opened();
    const small = granted(
      bench.desk.algorithms.preview(asked({ quantity: '0.001', algorithm: { type: 'auto', urgency: 'high' } })),
    );
    expect(small).toMatchObject({ type: 'guarded-market', suggested: 'guarded-market', refusal: null });
    expect(small.reasons.join(' ')).toMatch(/displayed within 10 bp.*spread/iu);
    expect(small.venues).toMatchObject([{ rank: 1, instrument: BTC, fillsWhole: true }]);
    expect(small.venues[0]?.sentence).toContain('cheapest');
    const planned = granted(bench.desk.algorithms.preview(asked({ algorithm: twap })));
    expect(planned.slices).toEqual([
      { afterMs: 0, quantity: '0.10000' },
      { afterMs: 2_000, quantity: '0.10000' },
      { afterMs: 4_000, quantity: '0.10000' },
    ]);
    const vwap = granted(
      bench.desk.algorithms.preview(asked({ algorithm: { type: 'vwap', horizonMs: 1_800_000, intervalMs: 300_000 } })),
    );
    expect(vwap.slices).toHaveLength(6);
    expect(bench.desk.algorithms.list('all', 10)).toEqual([]);
  });

  test('what cannot be is refused with the reason', async () => {
    const bench = await opened();
    const refused = (change: Parameters<typeof asked>[0]): string =>
      refusalOf(bench.desk.algorithms.start(starting(change))).code;
    expect(refused({ algorithm: { type: 'iceberg', display: '0.05' } })).toBe('ALGORITHM_TERMS');
    expect(refused({ algorithm: { ...twap, horizonMs: 1_000 } })).toBe('ALGORITHM_TERMS');
    expect(refused({ algorithm: twap, instrument: 'NOPE.SIM' })).toBe('INSTRUMENT_UNKNOWN');
    expect(refused({ algorithm: twap, quantity: '0.0000001' })).toBe('QUANTITY_OFF_STEP');
    expect(refusalOf(bench.desk.algorithms.cancel('TWAP/NONE')).code).toBe('ORDER_UNKNOWN');
  });
});

/** The simulated crypto market, and a second exchange where Bitcoin is ten dollars cheaper. */
function twoVenues(): MarketSource {
  const whole = simulatedMarket('crypto', { seed: 7 });
  const btc = whole.instruments.find(({ id }) => id === BTC);
  if (btc === undefined) throw new Error('no Bitcoin');
  const second = { ...btc, id: SECOND, venue: 'two' };
  const cheaper = 10 * 10 ** btc.priceDigits;
  const lower = (levels: readonly number[]): number[] =>
    levels.map((figure, at) => (at % 2 === 0 ? figure - cheaper : figure));
  const copy = (event: MarketEvent): MarketEvent[] => {
    if (event.instrument !== BTC) return [event];
    const moved = { ...event, instrument: SECOND };
    if (moved.kind === 'quote') return [event, { ...moved, bid: moved.bid - cheaper, ask: moved.ask - cheaper }];
    if (moved.kind === 'trade') return [event, { ...moved, price: moved.price - cheaper }];
    if (moved.kind === 'book' || moved.kind === 'delta') {
      return [event, { ...moved, bids: lower(moved.bids), asks: lower(moved.asks) }];
    }
    return [event];
  };
  return {
    ...whole,
    instruments: [...whole.instruments, second],
    startPrice: (id) => whole.startPrice(id === SECOND ? BTC : id),
    history: (id, before) => whole.history?.(id === SECOND ? BTC : id, before) ?? [],
    cadenceMs: (id) => whole.cadenceMs(id === SECOND ? BTC : id),
    open: (now, prices) => {
      const feed = whole.open(now, prices);
      return {
        id: feed.id,
        instruments: feed.instruments,
        report: () => feed.report(),
        async *batches(signal) {
          for await (const batch of feed.batches(signal)) yield batch.flatMap(copy);
        },
      };
    },
  };
}

describe('several venues', () => {
  test('the cheapest all in is found, told with the table, and used where that is asked', async () => {
    const bench = await opened({ markets: [twoVenues()] });
    const named = granted(bench.desk.algorithms.preview(asked({ algorithm: twap })));
    expect(named.instrument).toBe(BTC);
    expect(named.venues.map(({ instrument, rank }) => [instrument, rank])).toEqual([
      [SECOND, 1],
      [BTC, 2],
    ]);
    expect(named.venues[1]?.extraBps).toBeGreaterThan(0.5);
    const best = granted(bench.desk.algorithms.start(starting({ algorithm: twap, venue: 'best' })));
    expect(best.instrument).toBe(SECOND);
    await bench.pass(8_000);
    expect(parentNow(bench, best.id)).toMatchObject({ status: 'filled' });
    expect(position(bench, SECOND)?.quantity).toBe('0.30000');
    expect(position(bench, BTC)).toBeUndefined();
  });
});

describe('a restart', () => {
  test('parents go on where they were, without a second child for any number', async () => {
    const first = await opened();
    const algorithm = { ...twap, horizonMs: 20_000, intervalMs: 2_000, style: 'limit', urgency: 'low' } as const;
    const { id } = granted(first.desk.algorithms.start(starting({ algorithm })));
    const bid = Number(first.desk.market.quotes.read(BTC)?.bid);
    const iceberg = granted(
      first.desk.algorithms.start(
        starting({ price: (bid - 300).toFixed(2), algorithm: { type: 'iceberg', display: '0.05' } }),
      ),
    );
    await first.pass(5_000);
    const before = parentNow(first, id);
    expect(sum(before)).toBeGreaterThan(0);
    await first.desk.close();
    const second = await opened({ dataDir: first.dataDir, start: first.clock.now() + 1_000 });
    expect(sum(parentNow(second, id))).toBeGreaterThanOrEqual(sum(before));
    expect(parentNow(second, iceberg.id)).toMatchObject({ status: 'working', working: '0.05000' });
    await second.pass(30_000);
    const ended = parentNow(second, id);
    expect(ended).toMatchObject({ status: 'filled', filled: '0.30000' });
    expect(sum(ended)).toBe(30_000_000);
    expect(new Set(ended.children.map(({ key }) => key)).size).toBe(ended.children.length);
    const all = [
      ...(await second.desk.orders.list({ scope: 'history', limit: 500 })).items,
      ...(await second.desk.orders.list({ scope: 'working', limit: 500 })).items,
    ].filter(({ parent }) => parent === id);
    expect(new Set(all.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(all.length);
    granted(second.desk.algorithms.cancel(iceberg.id));
    await second.pass(500);
    expect(parentNow(second, iceberg.id).status).toBe('cancelled');
  });
});
