import { describe, expect, test } from 'vitest';
import { allowsPostOnly, emptyDraft, readDraft } from '../../../renderer/ticket/draft.ts';
import { instrumentView, BTC } from '../../fakes/workstation-values.ts';

const instrument = instrumentView(BTC);
const read = (change: Partial<typeof emptyDraft>) => readDraft({ ...emptyDraft, ...change }, 'paper', instrument);

describe('a draft', () => {
  test('becomes a ticket with plain decimals', () => {
    expect(read({ quantity: '1,000', price: '61 000.50', timeInForce: 'DAY', postOnly: true })).toEqual({
      ticket: {
        account: 'paper',
        instrument: BTC,
        side: 'buy',
        type: 'limit',
        quantity: '1000',
        price: '61000.50',
        trigger: null,
        timeInForce: 'DAY',
        postOnly: true,
        reduceOnly: false,
        stopLoss: null,
        takeProfit: null,
        trailing: null,
      },
    });
  });

  test.each([
    ['a missing quantity', { price: '1' }, 'quantity'],
    ['a missing limit price', { quantity: '1' }, 'price'],
    ['a missing stop price', { type: 'stop', quantity: '1' }, 'trigger'],
    ['a word', { quantity: 'one', price: '1' }, 'quantity'],
    ['a zero', { quantity: '0.000', price: '1' }, 'quantity'],
    ['a negative price', { quantity: '1', price: '−5' }, 'price'],
    [
      'a stop-loss above the target of a buy',
      { quantity: '1', price: '10', stopLoss: '12', takeProfit: '11' },
      'stopLoss',
    ],
    [
      'a stop-loss below the target of a sell',
      { side: 'sell', quantity: '1', price: '10', stopLoss: '9', takeProfit: '11' },
      'stopLoss',
    ],
  ] as const)('names %s', (_what, change, field) => {
    const result = read(change);
    expect('problems' in result && Object.keys(result.problems)).toEqual([field]);
  });

  test('sends no price of a type it no longer is, no exits with reduce-only, no post-only that takes', () => {
    const result = read({
      type: 'market',
      quantity: '1',
      price: '5',
      trigger: '6',
      stopLoss: '4',
      reduceOnly: true,
      postOnly: true,
    });
    expect(result).toMatchObject({
      ticket: { price: null, trigger: null, stopLoss: null, reduceOnly: true, postOnly: false },
    });
    expect(allowsPostOnly({ ...emptyDraft, timeInForce: 'IOC' })).toBe(false);
  });
});
