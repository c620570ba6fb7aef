import { describe, expect, test } from 'vitest';
import { chartLines, lineTarget } from '../../../renderer/chart/lines.ts';
import { orderView } from '../../fakes/workstation-values.ts';

describe('chart lines', () => {
  test('an order has a line for each of its prices, and its id leads back to it', () => {
    const order = { ...orderView('O/1'), type: 'stop-limit' as const, trigger: '61900.00' };
    const lines = chartLines([order], undefined);
    expect(lines.map(({ price, movable }) => [price, movable])).toEqual([
      [61_826.01, true],
      [61_900, true],
    ]);
    expect(lines.map(({ id }) => lineTarget(id))).toEqual([
      { kind: 'order', id: 'O/1', field: 'price' },
      { kind: 'order', id: 'O/1', field: 'trigger' },
    ]);
  });

  test.each(['UNKNOWN', 'SUBMITTED', 'PENDING_CANCEL', 'PENDING_UPDATE'] as const)(
    'an order that is %s cannot be dragged',
    (status) => {
      expect(chartLines([orderView('O-1', status)], undefined)[0]?.movable).toBe(false);
    },
  );

  test('a position is no target of a drag', () => {
    expect(lineTarget('position')).toBeNull();
    expect(lineTarget('protect/quantity')).toBeNull();
  });
});
