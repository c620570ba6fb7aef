import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal, ZERO } from '../../../src/domain/decimal.ts';
import { executionGap, type ExecutedOrder } from '../../../src/execution/analytics/paper-live-gap.ts';
import { qualityFigures } from '../../../src/execution/analytics/quality-figures.ts';
import { type OrderOutcome, QualitySums } from '../../../src/execution/analytics/quality-sums.ts';
import { MINIMUM_SAMPLE, recommendations } from '../../../src/execution/analytics/recommendations.ts';

const cents = (value: number): Decimal => new Decimal(value).div(100);

const closed = fc.record({
  outcome: fc.constantFrom<OrderOutcome>('filled', 'cancelled', 'expired', 'rejected', 'denied'),
  filled: fc.integer({ min: 0, max: 10 }),
  delay: fc.integer({ min: -1_000, max: 1_000 }),
  trading: fc.integer({ min: -1_000, max: 1_000 }),
  opportunity: fc.integer({ min: -1_000, max: 1_000 }),
  fees: fc.integer({ min: -100, max: 1_000 }),
  paper: fc.integer({ min: 1, max: 1_000_000 }),
  latency: fc.integer({ min: 0, max: 5_000 }),
  judged: fc.boolean(),
});
type Closed = typeof closed extends fc.Arbitrary<infer T> ? T : never;

function add(sums: QualitySums, order: Closed): void {
  const { delay, trading, opportunity, fees } = order;
  sums.close({
    outcome: order.outcome,
    filledShare: order.filled / 10,
    paperValue: cents(order.paper),
    shortfall: order.judged
      ? {
          delay: cents(delay),
          trading: cents(trading),
          opportunity: cents(opportunity),
          fees: cents(fees),
          total: cents(delay + trading + opportunity + fees),
          tradingParts: null,
        }
      : null,
  });
  sums.ack.add(order.latency);
  sums.note('arrival', trading, order.paper);
}

describe('execution sums', () => {
  it('components add up to the total, whole or merged from stored parts', () => {
    fc.assert(
      fc.property(fc.array(closed, { maxLength: 30 }), fc.array(closed, { maxLength: 30 }), (left, right) => {
        const whole = new QualitySums();
        for (const order of [...left, ...right]) add(whole, order);
        const merged = new QualitySums();
        for (const part of [left, right]) {
          const sums = new QualitySums();
          for (const order of part) add(sums, order);
          merged.merge(QualitySums.of(JSON.parse(JSON.stringify(sums.state()))));
        }
        const { total, ...parts } = merged.costs;
        expect(
          Object.values(parts)
            .reduce((sum, part) => sum.plus(part), ZERO)
            .toFixed(),
        ).toBe(total.toFixed());
        expect(total.toFixed()).toBe(whole.costs.total.toFixed());
        expect(merged.outcomes).toEqual(whole.outcomes);
        const { fillRate, rejectRate, slippageBps } = qualityFigures(merged);
        const truth = qualityFigures(whole);
        expect(fillRate ?? 0).toBeCloseTo(truth.fillRate ?? 0, 9);
        expect(slippageBps ?? 0).toBeCloseTo(truth.slippageBps ?? 0, 9);
        expect(rejectRate).toBe(truth.rejectRate);
        expect(merged.ack.count).toBe(whole.ack.count);
      }),
      { numRuns: 100 },
    );
  });

  it('nothing says nothing', () => {
    const { realisedSpreadBps, ...figures } = qualityFigures(new QualitySums());
    expect(Object.values(figures).every((value) => value === null)).toBe(true);
    expect(realisedSpreadBps).toEqual({ after5s: null, after60s: null });
  });
});

const base: Closed = {
  outcome: 'filled',
  filled: 10,
  delay: 0,
  trading: 0,
  opportunity: 0,
  fees: 0,
  paper: 1_000_000,
  latency: 5,
  judged: true,
};
function sumsOf(orders: number, change: Partial<Closed>): QualitySums {
  const sums = new QualitySums();
  for (let index = 0; index < orders; index += 1) add(sums, { ...base, ...change });
  return sums;
}

describe('advice', () => {
  it.each<readonly [string, Partial<Closed>, string]>([
    ['rejects', { outcome: 'rejected', filled: 0 }, 'REJECTS'],
    ['orders that are cancelled instead of filled', { outcome: 'cancelled', filled: 0 }, 'RARELY_FILLED'],
    ['a venue that answers late', { latency: 900 }, 'SLOW_ANSWERS'],
    ['missing more than trading costs', { opportunity: 500, trading: 10 }, 'MISSED_MORE_THAN_PAID'],
  ])('%s', (_what, change, code) => {
    const some = (orders: number): QualitySums => {
      const sums = sumsOf(orders - 1, change);
      add(sums, { ...base, ...change, ...(code === 'RARELY_FILLED' ? { outcome: 'filled', filled: 10 } : {}) });
      return sums;
    };
    const advise = (orders: number) => recommendations([{ by: 'symbol', key: 'BTCUSDT.SIM', sums: some(orders) }]);
    expect(advise(MINIMUM_SAMPLE - 1)).toEqual([]);
    const [advice] = advise(MINIMUM_SAMPLE);
    expect(advice).toMatchObject({ code, sample: MINIMUM_SAMPLE, key: 'BTCUSDT.SIM' });
    expect(advice?.figures['sample']).toBe(MINIMUM_SAMPLE);
    expect(advice?.sentence).toContain(String(MINIMUM_SAMPLE));
  });

  it('prefers the cheaper algorithm only where both were tried often enough', () => {
    const groups = (others: number) => [
      { by: 'algorithm', key: 'market', sums: sumsOf(MINIMUM_SAMPLE, { trading: 1_000 }) },
      { by: 'algorithm', key: 'limit', sums: sumsOf(others, { trading: 100 }) },
    ];
    expect(recommendations(groups(MINIMUM_SAMPLE - 1))).toEqual([]);
    const [advice] = recommendations(groups(MINIMUM_SAMPLE));
    expect(advice).toMatchObject({ code: 'ANOTHER_IS_CHEAPER', key: 'market' });
    expect(advice?.figures).toMatchObject({ costBps: 10, otherCostBps: 1 });
  });

  it('says nothing about what is in order', () => {
    expect(recommendations([{ by: 'algorithm', key: 'limit', sums: sumsOf(1_000, { trading: 5 }) }])).toEqual([]);
  });
});

describe('paper against live', () => {
  const order = (
    decidedAt: number,
    averagePrice: number | null,
    change: Partial<ExecutedOrder> = {},
  ): ExecutedOrder => ({
    strategy: 's',
    instrument: 'BTCUSDT.SIM',
    side: 'buy',
    decidedAt,
    asked: 2,
    filled: averagePrice === null ? 0 : 2,
    averagePrice,
    fees: 0,
    ...change,
  });

  it('the same signal executed twice', () => {
    const paper = [order(1_000, 100), order(60_000, 100), order(200_000, 100)];
    const live = [
      order(1_500, 101, { instrument: 'BTCUSDT.BINANCE', fees: 0.202 }),
      order(60_010, null, { instrument: 'BTCUSDT.BINANCE' }),
      order(300_000, 100, { instrument: 'BTCUSDT.BINANCE' }),
      order(1_000, 90, { instrument: 'BTCUSDT.BINANCE', side: 'sell' }),
    ];
    const gap = executionGap(paper, live);
    expect(gap).toMatchObject({ pairs: 2, onlyPaper: 1, onlyLive: 2, fillRateGap: -0.5 });
    expect(gap.priceGapBps).toBeCloseTo(100, 9);
    expect(gap.feeGapBps).toBeCloseTo(10, 9);
  });

  it('an order is paired once, with the nearest', () => {
    const gap = executionGap([order(1_000, 100), order(3_000, 100)], [order(2_900, 110)]);
    expect(gap).toMatchObject({ pairs: 1, onlyPaper: 1, onlyLive: 0 });
  });
});
