import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RowStore, type RowChange } from '../../../renderer/market/row-store.ts';

interface Row {
  readonly id: string;
  readonly value: number;
}

function store() {
  const planned: (() => void)[] = [];
  const rows = new RowStore<Row>(
    (row) => row.id,
    (flush) => planned.push(flush),
  );
  const changes: RowChange<Row>[] = [];
  rows.subscribe((change) => changes.push(change));
  return { rows, planned, changes, flush: () => planned.splice(0).forEach((run) => run()) };
}

describe('a row store', () => {
  test('makes one change of a thousand ticks between two frames, with the newest values', () => {
    const { rows, planned, changes, flush } = store();
    for (let tick = 0; tick < 1_000; tick += 1) rows.put({ id: `s${tick % 10}`, value: tick });
    expect(planned).toHaveLength(1);
    expect(changes).toHaveLength(0);
    flush();
    expect(changes).toHaveLength(1);
    expect(changes[0]?.added.map(({ value }) => value)).toEqual([990, 991, 992, 993, 994, 995, 996, 997, 998, 999]);
  });

  test('an added and removed row between two frames is told to nobody', () => {
    const { rows, changes, flush } = store();
    rows.put({ id: 'a', value: 1 });
    rows.remove('a');
    flush();
    expect(changes).toEqual([]);
  });

  test('a snapshot removes what it does not hold, and an empty one means "there are none"', () => {
    const { rows, changes, flush } = store();
    expect(rows.loaded).toBe(false);
    rows.replace([
      { id: 'a', value: 1 },
      { id: 'b', value: 1 },
    ]);
    flush();
    rows.replace([{ id: 'b', value: 2 }]);
    flush();
    expect(changes[1]).toEqual({ added: [], updated: [{ id: 'b', value: 2 }], removed: [{ id: 'a', value: 1 }] });
    const empty = store();
    empty.rows.replace([]);
    expect(empty.rows.loaded).toBe(true);
  });

  test('a reader that applies the changes to what was shown holds the same rows as the store', () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constant('put' as const), id: fc.constantFrom('a', 'b', 'c', 'd'), value: fc.integer() }),
      fc.record({ kind: fc.constant('remove' as const), id: fc.constantFrom('a', 'b', 'c', 'd') }),
      fc.record({ kind: fc.constant('flush' as const) }),
      fc.record({ kind: fc.constant('join' as const) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const { rows, flush } = store();
        let held: Map<string, Row> | null = null;
        const apply = ({ added, updated, removed }: RowChange<Row>) => {
          for (const row of added) {
            expect(held?.has(row.id)).toBe(false);
            held?.set(row.id, row);
          }
          for (const row of updated) {
            expect(held?.has(row.id)).toBe(true);
            held?.set(row.id, row);
          }
          for (const row of removed) expect(held?.delete(row.id)).toBe(true);
        };
        for (const step of actions) {
          if (step.kind === 'put') rows.put({ id: step.id, value: step.value });
          else if (step.kind === 'remove') rows.remove(step.id);
          else if (step.kind === 'flush') flush();
          else if (held === null) {
            held = new Map(rows.shown().map((row) => [row.id, row]));
            rows.subscribe(apply);
          }
        }
        flush();
        if (held !== null) expect([...(held as Map<string, Row>).values()].sort(byId)).toEqual(rows.rows().sort(byId));
      }),
    );
  });
});

function byId(a: Row, b: Row): number {
  return a.id < b.id ? -1 : 1;
}
