import { describe, expect, it } from 'vitest';
import { defineInstrument } from '../../src/domain/instrument.ts';
import { Bench, ETH, type OrderTerms } from './harness.ts';

const made = defineInstrument({
  symbol: 'ETHUSDT',
  venue: 'test',
  kind: 'crypto-spot',
  quote: 'USDT',
  tick: '0.05',
  step: '0.002',
  minQuantity: '0.004',
  maxQuantity: '50',
  minNotional: '5',
});
const strict = made.ok ? made.value : ETH;

describe('orders that the venue refuses', () => {
  it.each<[string, OrderTerms, string]>([
    ['price off the tick', { price: 99.01 }, 'PRICE_OFF_TICK'],
    ['trigger off the tick', { trigger: 105.01 }, 'PRICE_OFF_TICK'],
    ['price zero', { price: 0 }, 'PRICE_NOT_POSITIVE'],
    ['no limit price', { type: 'limit' }, 'PRICE_MISSING'],
    ['no trigger', { type: 'stop' }, 'PRICE_MISSING'],
    ['stop-limit without a limit', { type: 'stop-limit', trigger: 105 }, 'PRICE_MISSING'],
    ['quantity off the step', { qty: 0.005 }, 'QUANTITY_OFF_STEP'],
    ['quantity below the minimum', { qty: 0.002 }, 'QUANTITY_BELOW_MINIMUM'],
    ['quantity above the maximum', { qty: 50.002 }, 'QUANTITY_ABOVE_MAXIMUM'],
    ['limit worth too little', { qty: 0.04, price: 99 }, 'NOTIONAL_BELOW_MINIMUM'],
    ['market worth too little', { qty: 0.04 }, 'NOTIONAL_BELOW_MINIMUM'],
    ['stop worth too little', { qty: 0.046, trigger: 105 }, 'NOTIONAL_BELOW_MINIMUM'],
    ['post-only that would take', { price: 101, postOnly: true }, 'POST_ONLY_WOULD_TAKE'],
    ['post-only market', { postOnly: true }, 'POST_ONLY_NOT_LIMIT'],
    ['post-only at once', { price: 99, postOnly: true, tif: 'IOC' }, 'POST_ONLY_IMMEDIATE'],
    ['GTD without an end', { price: 99, tif: 'GTD' }, 'EXPIRE_TIME_MISSING'],
    ['GTD in the past', { price: 99, tif: 'GTD', expireAt: 1 }, 'EXPIRE_TIME_PASSED'],
  ])('%s', (_, terms, code) => {
    const bench = new Bench({}, { instrument: strict }).book([[100, 10]], [[101, 10]]);
    const id = bench.submit(terms, 1);
    expect([bench.status(id), bench.reason(id)]).toEqual(['REJECTED', code]);
    expect(bench.orders.get(id)?.reason).toMatch(/^[A-Z].*\.$/);
    expect(bench.venue.working()).toEqual([]);
  });

  it('accepts what is just inside every bound', () => {
    const bench = new Bench({}, { instrument: strict }).book([[100, 10]], [[101, 100]]);
    for (const terms of [
      { qty: 50 },
      { qty: 0.052, price: 99 },
      { price: 100.95, postOnly: true },
    ] satisfies OrderTerms[]) {
      expect(['FILLED', 'ACCEPTED']).toContain(bench.status(bench.submit(terms, 1)));
    }
  });

  it('a reduce-only order may be worth less than the minimum: dust must be closable', () => {
    const bench = new Bench({}, { instrument: strict }).book([[100, 10]], [[101, 10]]);
    bench.positions.set('a', 4);
    expect(bench.status(bench.submit({ side: 'sell', qty: 0.004, reduceOnly: true }, 1))).toBe('FILLED');
  });

  it('an order to a closed market', () => {
    const bench = new Bench({}, { marketClosed: (_, now) => (now < 10 ? 'NSE is closed; it opens at 09:15.' : null) });
    bench.book([[100, 10]], [[101, 10]]);
    const early = bench.submit({}, 1);
    expect([bench.reason(early), bench.orders.get(early)?.reason]).toEqual([
      'MARKET_CLOSED',
      'NSE is closed; it opens at 09:15.',
    ]);
    expect(bench.status(bench.submit({}, 10))).toBe('FILLED');
  });

  it('an order for an instrument nobody listed', () => {
    const bench = new Bench();
    const order = { ...bench.order({ id: 'x' }, 0), instrument: 'NOPE.TEST' };
    bench.orders.set('x', order);
    bench.venue.submit(order, 0);
    expect(bench.reason('x')).toBe('INSTRUMENT_UNKNOWN');
  });

  it('the same id never makes a second order', () => {
    const bench = new Bench().book([[100, 10]], [[101, 10]]);
    bench.submit({ id: 'x', price: 99 }, 0);
    const order = bench.orders.get('x');
    if (order !== undefined) bench.venue.submit(order, 1);
    expect(bench.events).toHaveLength(1);
    expect(bench.venue.working()).toHaveLength(1);
  });
});
