import { describe, expect, test } from 'vitest';
import { allowsPostOnly, emptyDraft, readDraft } from '../../../renderer/ticket/draft.ts';
import { orderTicket } from '../../../src/contract/order.ts';
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

describe('what ties a draft to prices and other orders', () => {
  const links = (change: Partial<typeof emptyDraft>) => {
    const result = read({ quantity: '1', price: '10', ...change });
    if (!('ticket' in result)) throw new Error(JSON.stringify(result));
    expect(orderTicket.safeParse(result.ticket).error).toBeUndefined();
    return result.ticket;
  };

  test('a trailing stop has its distance, its unit and its price', () => {
    const change = { type: 'trailing-stop', offset: '1.5', triggerSource: 'mark', activation: '12' } as const;
    expect(links(change).trailingStop).toEqual({
      offset: '1.5',
      offsetType: 'percent',
      triggerSource: 'mark',
      activation: '12',
    });
    expect(links(change).price).toBeNull();
    expect(links({ offset: '1.5' }).trailingStop).toBeUndefined();
  });

  test('exits are those of the position or a bracket, never both', () => {
    const exits = { stopLoss: '9', takeProfit: '12', trailing: '1' };
    expect(links(exits)).toMatchObject(exits);
    expect(links(exits).bracket).toBeUndefined();
    const order = links({ ...exits, exits: 'order' });
    expect(order).toMatchObject({ stopLoss: null, takeProfit: null, trailing: null });
    expect(order.bracket).toEqual({ stopLoss: '9', takeProfit: '12', trailing: { offset: '1' } });
    expect(links({ exits: 'order' }).bracket).toBeUndefined();
    expect(links({ ...exits, exits: 'order', reduceOnly: true }).bracket).toBeUndefined();
  });

  test('a condition only while it is asked for, an OCO by its order, a time of its own', () => {
    expect(links({ conditionPrice: '11' }).condition).toBeUndefined();
    expect(links({ conditional: true, conditionPrice: '11', conditionWhen: 'at-or-below' }).condition).toEqual({
      instrument: BTC,
      source: 'last',
      when: 'at-or-below',
      price: '11',
    });
    expect(links({ oco: 'O-1' }).oco).toEqual(['O-1']);
    expect(links({ timeInForce: 'GTD', expireAt: '2030-01-02T03:04' }).expireAt).toBe(
      new Date('2030-01-02T03:04').getTime(),
    );
  });

  test.each([
    [{ type: 'trailing-stop' }, 'offset'],
    [{ price: '1', conditional: true }, 'conditionPrice'],
    [{ price: '1', timeInForce: 'GTD' }, 'expireAt'],
  ] as const)('%j names %s', (change, field) => {
    const result = read({ quantity: '1', ...change });
    expect('problems' in result && Object.keys(result.problems)).toEqual([field]);
  });
});
