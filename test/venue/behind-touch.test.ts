import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BehindTouchTerms, VenueModel } from '../../src/venue/model.ts';
import { Bench } from './harness.ts';

const ladder = (change: Partial<Extract<BehindTouchTerms, { kind: 'ladder' }>> = {}): BehindTouchTerms => ({
  kind: 'ladder',
  decay: 0.5,
  spacingTicks: 2,
  levels: 3,
  barTouchShare: 0.1,
  ...change,
});
const quoted = (model: Partial<VenueModel> = {}): Bench =>
  new Bench({ behindTouch: ladder(), ...model }).quote(1000, 8, 1010, 8, 0);

describe('depth assumed behind a quote', () => {
  it('a larger order pays more, level by level, and what is beyond the last is cancelled', () => {
    const bench = quoted();
    const id = bench.submit({ qty: 20 }, 1);
    expect(bench.prints(id)).toEqual([
      ['1010.00', '8.000'],
      ['1010.02', '4.000'],
      ['1010.04', '2.000'],
      ['1010.06', '1.000'],
    ]);
    expect([bench.status(id), bench.reason(id)]).toEqual(['CANCELED', 'BOOK_EXHAUSTED']);
    expect(bench.fills(id).map(({ modelled }) => [modelled.model, modelled.impact])).toEqual([
      ['l1-touch', 0],
      ['l1-ladder', 2],
      ['l1-ladder', 4],
      ['l1-ladder', 6],
    ]);
  });

  it('a limit order takes up to its price and rests', () => {
    const bench = quoted();
    const id = bench.submit({ qty: 20, price: 1010.03 }, 1);
    expect(bench.prints(id).map(([price]) => price)).toEqual(['1010.00', '1010.02']);
    expect(bench.status(id)).toBe('PARTIALLY_FILLED');
  });

  it.each([
    [15, 'FILLED'],
    [15.001, 'CANCELED'],
  ])('fill-or-kill counts it: %s is %s', (qty, status) => {
    const bench = quoted();
    expect(bench.status(bench.submit({ qty, tif: 'FOK' }, 1))).toBe(status);
  });

  it('is taken once per quote, and new with another', () => {
    const bench = quoted();
    bench.submit({ qty: 10 }, 1);
    expect(bench.prints(bench.submit({ qty: 3 }, 2))).toEqual([
      ['1010.02', '2.000'],
      ['1010.04', '1.000'],
    ]);
    bench.quote(1000, 8, 1010, 8, 3);
    expect(bench.prints(bench.submit({ qty: 1 }, 3))).toEqual([['1010.04', '1.000']]);
    bench.quote(1000, 8, 1010, 9, 4);
    expect(bench.prints(bench.submit({ qty: 1 }, 4))).toEqual([['1010.00', '1.000']]);
    const sell = bench.submit({ side: 'sell', qty: 9 }, 4);
    expect(bench.prints(sell)).toEqual([
      ['1000.00', '8.000'],
      ['999.98', '1.000'],
    ]);
  });

  it('a touch that moves away and back has fresh levels behind it', () => {
    const bench = quoted({ behindTouch: ladder({ decay: 1, spacingTicks: 1 }) });
    bench.submit({ qty: 16 }, 1);
    bench.quote(1000, 8, 1010.01, 8, 2);
    expect(bench.prints(bench.submit({ qty: 8 }, 2))).toEqual([['1010.01', '8.000']]);
  });

  it('stands behind the best level of a book of which only that is used, never behind a book that is walked', () => {
    const asks = [
      [1010, 8],
      [1020, 100],
    ] as const;
    const first = new Bench({ behindTouch: ladder(), depth: 'L1' }).book([[1000, 8]], asks);
    expect(first.prints(first.submit({ qty: 9 }, 1))[1]).toEqual(['1010.02', '1.000']);
    const whole = new Bench({ behindTouch: ladder() }).book([[1000, 8]], asks);
    expect(whole.prints(whole.submit({ qty: 9 }, 1))[1]).toEqual(['1020.00', '1.000']);
  });
});

describe('depth assumed at the price of a bar', () => {
  const waiting = (qty: number, model: Partial<VenueModel> = {}): { bench: Bench; id: string } => {
    const bench = new Bench({ behindTouch: ladder(), barVolumeShare: 1, ...model }, { barsOnly: true });
    return { bench, id: bench.submit({ qty }, 0) };
  };

  it('holds a share of the volume; the remainder goes on with the next bar', () => {
    const { bench, id } = waiting(20);
    bench.bar([100, 101, 99, 100], 0, 60_000, 80);
    expect(bench.prints(id)).toEqual([
      ['100.00', '8.000'],
      ['100.02', '4.000'],
      ['100.04', '2.000'],
      ['100.06', '1.000'],
    ]);
    bench.bar([100, 101, 99, 100], 60_000, 120_000, 80);
    expect(bench.prints(id).slice(4)).toEqual([['100.00', '5.000']]);
    expect(bench.status(id)).toBe('FILLED');
  });

  it('two orders at one point share it', () => {
    const { bench } = waiting(6);
    const second = bench.submit({ qty: 4 }, 0);
    bench.bar([100, 101, 99, 100], 0, 60_000, 80);
    expect(bench.prints(second)).toEqual([
      ['100.00', '2.000'],
      ['100.02', '2.000'],
    ]);
  });

  it('fill-or-kill counts it', () => {
    const bench = new Bench({ behindTouch: ladder() }, { barsOnly: true });
    const [fits, exceeds] = [bench.submit({ qty: 15, tif: 'FOK' }, 0), bench.submit({ qty: 1, tif: 'FOK' }, 0)];
    bench.bar([100, 101, 99, 100], 0, 60_000, 80);
    expect([bench.status(fits), bench.status(exceeds)]).toEqual(['FILLED', 'CANCELED']);
  });

  it('without any volume there is none, and the fill does not pretend', () => {
    const { bench, id } = waiting(20, { barVolumeShare: 0 });
    bench.bar([100, 101, 99, 100], 0, 60_000);
    expect(bench.prints(id)).toEqual([['100.00', '20.000']]);
    expect(bench.fills(id)[0]?.modelled.model).toBe('bar');
  });
});

describe('whatever the ladder', () => {
  it('the average price never improves with size and no more is filled than assumed', () => {
    const size = fc.integer({ min: 1, max: 60_000 });
    fc.assert(
      fc.property(
        fc.record({
          decay: fc.constantFrom(0, 0.3, 0.9, 1),
          spacingTicks: fc.integer({ min: 1, max: 5 }),
          levels: fc.integer({ min: 0, max: 30 }),
        }),
        fc.constantFrom('buy' as const, 'sell' as const),
        size,
        size,
        (shape, side, a, b) => {
          const run = (units: number): { average: number; filled: number } => {
            const bench = new Bench({ behindTouch: ladder(shape) }).quote(1000, 8, 1010, 8, 0);
            const fills = bench.fills(bench.submit({ side, qty: units / 1000 }, 1));
            const filled = fills.reduce((sum, fill) => sum + fill.quantity, 0);
            return { filled, average: fills.reduce((sum, fill) => sum + fill.price * fill.quantity, 0) / filled };
          };
          const [small, large] = [run(Math.min(a, b)), run(Math.max(a, b))];
          expect((side === 'buy' ? 1 : -1) * (large.average - small.average)).toBeGreaterThanOrEqual(-1e-9);
          let assumed = 0;
          for (let level = 0; level <= shape.levels; level += 1) assumed += 8000 * shape.decay ** level;
          expect(large.filled).toBeLessThanOrEqual(Math.min(Math.max(a, b), assumed + 1e-6));
        },
      ),
      { numRuns: 120 },
    );
  });
});
