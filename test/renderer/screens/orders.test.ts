import { describe, expect, test } from 'vitest';
import type { OrderView, PositionView } from '../../../src/contract/types.ts';
import { choicesOf, passesFilter, readFilter } from '../../../renderer/screens/orders/order-filter.ts';
import { isUnprotected, openRisk, riskToStop } from '../../../renderer/screens/positions/open-risk.ts';
import { orderView } from '../../fakes/workstation-values.ts';

const orderWith = (change: Partial<OrderView>): OrderView => ({ ...orderView('o-1'), ...change });

describe('filters of orders', () => {
  const order = orderWith({ side: 'buy', status: 'FILLED', source: 'manual', strategy: null });

  test('all of the chosen must hold; a strategy is a source', () => {
    expect(passesFilter(order, {})).toBe(true);
    expect(passesFilter(order, { side: 'buy', status: 'Filled' })).toBe(true);
    expect(passesFilter(order, { side: 'buy', status: 'Working' })).toBe(false);
    expect(passesFilter(orderWith({ source: 'strategy', strategy: 'sma@BTC' }), { source: 'sma@BTC' })).toBe(true);
  });

  test('offer what is there, and keep what is chosen', () => {
    const choices = choicesOf([order, orderWith({ side: 'sell' })], { status: 'Rejected' });
    expect(choices.side).toEqual(['buy', 'sell']);
    expect(choices.status).toContain('Rejected');
  });

  test.each([
    ['nothing', null, {}],
    ['half a document', '{"side":', {}],
    ['a list', '[1]', {}],
    ['unknown fields and kinds', '{"side":"buy","status":4,"venue":"x"}', { side: 'buy' }],
  ])('stored as %s', (_what, text, filter) => {
    expect(readFilter(text)).toEqual(filter);
  });
});

describe('open risk', () => {
  const position: PositionView = {
    account: 'paper',
    instrument: 'A.X',
    quantity: '1',
    averagePrice: '100',
    mark: '100',
    value: '100',
    unrealised: '0',
    unrealisedPct: 0,
    realised: '0',
    fees: '0',
    mae: null,
    mfe: null,
    stopLoss: '95',
    takeProfit: null,
    trailing: null,
    openedAt: null,
    markAgeMs: 0,
    stale: false,
  };
  const of = (change: Partial<PositionView>): PositionView => ({ ...position, ...change });

  test.each([
    ['a long above its stop', { quantity: '2', mark: '100', stopLoss: '95.5' }, '9.0'],
    ['a short below its stop', { quantity: '-2', mark: '100', stopLoss: '104' }, '8'],
    ['a stop that holds a gain beyond the mark', { quantity: '2', mark: '100', stopLoss: '101' }, '0'],
    ['no stop', { stopLoss: null }, null],
    ['no mark', { mark: null, stopLoss: '95' }, null],
  ])('%s', (_what, change, risk) => {
    const found = riskToStop(of(change));
    if (risk === null) expect(found).toBeNull();
    else expect(Number(found)).toBe(Number(risk));
  });

  test('adds up by currency and counts what nothing closes', () => {
    const positions = [
      of({ instrument: 'A.X', quantity: '1', mark: '10', stopLoss: '9.9', trailing: null }),
      of({ instrument: 'B.X', quantity: '1', mark: '10', stopLoss: '9.8', trailing: null }),
      of({ instrument: 'C.Y', quantity: '1', mark: '10', stopLoss: null, trailing: '1' }),
      of({ instrument: 'D.Y', quantity: '1', mark: '10', stopLoss: null, trailing: null }),
    ];
    const { risks, unprotected } = openRisk(positions, (id) => (id.endsWith('.X') ? 'USDT' : 'INR'));
    expect(risks).toEqual([{ currency: 'USDT', amount: '0.3' }]);
    expect(unprotected).toBe(1);
    expect(positions.map(isUnprotected)).toEqual([false, false, false, true]);
  });
});
