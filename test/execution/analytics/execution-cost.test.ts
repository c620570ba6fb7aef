import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal, ZERO } from '../../../src/domain/decimal.ts';
import { executionCost, type ExecutionCost } from '../../../src/execution/analytics/execution-cost.ts';
import { implementationShortfall } from '../../../src/execution/analytics/implementation-shortfall.ts';
import { intervalPrices } from '../../../src/execution/analytics/market-interval.ts';
import type { ParentExecution, ParentFill } from '../../../src/execution/analytics/parent-execution.ts';
import { describeWithData, sharedData } from '../../support/shared-data.ts';

const d = (text: string | number): Decimal => new Decimal(text);

function fill(price: string, quantity: string, more: { ts?: number; fee?: string; mid?: string } = {}): ParentFill {
  return {
    ts: more.ts ?? null,
    price: d(price),
    quantity: d(quantity),
    fee: d(more.fee ?? '0'),
    mid: more.mid === undefined ? null : d(more.mid),
  };
}

function parent(more: Partial<ParentExecution>): ParentExecution {
  return {
    side: 'buy',
    quantity: d('100'),
    decision: { ts: 0, mid: d('10') },
    arrival: { ts: 1_000, mid: d('10.1') },
    fills: [],
    end: { ts: 60_000, mid: d('11') },
    marketTrades: null,
    otherFees: ZERO,
    ...more,
  };
}

function cost(more: Partial<ParentExecution>): ExecutionCost {
  const made = executionCost(parent(more));
  if (!made.ok) throw new Error(made.error.sentence);
  return made.value;
}

const PARTS = ['delay', 'trading', 'opportunity', 'fees', 'total'] as const;
const money = (of: ExecutionCost): string[] => PARTS.map((name) => of.costs[name].toFixed());

describe('a partly filled order', () => {
  const fills = [
    fill('10.2', '30', { ts: 2_000, fee: '0.5', mid: '10.15' }),
    fill('10.4', '50', { ts: 3_000, fee: '-0.1', mid: '10.45' }),
  ];

  it('bought: every component by hand', () => {
    const of = cost({ fills });
    // delay 80 x 0.1, trading 30 x 0.1 + 50 x 0.3, opportunity 20 x 1
    expect(money(of)).toEqual(['8', '18', '20', '0.4', '46.4']);
    // spread 30 x 0.05 - 50 x 0.05, timing 80 x 0.05, impact 50 x 0.3
    expect(of.costs.tradingParts?.spread.toFixed()).toBe('-1');
    expect(of.costs.tradingParts?.timing.toFixed()).toBe('4');
    expect(of.costs.tradingParts?.impact.toFixed()).toBe('15');
    expect(of.bps.total).toBeCloseTo(464, 12);
    expect(of.fillRate).toBe(0.8);
    expect(of.averagePrice?.toFixed()).toBe('10.325');
    expect(of.vsArrivalBps).toBeCloseTo((10.325 / 10.1 - 1) * 1e4, 9);
    expect(of.priceImprovement.isZero()).toBe(true);
    expect(of.efficiency).toBeCloseTo(1 / 5.64, 12);
    expect(of.unavailable).toMatchObject({ vsVwapBps: 'no market trades were given' });
  });

  it('sold: the signs of all price components turn, fees do not', () => {
    const of = cost({ fills, side: 'sell' });
    expect(money(of)).toEqual(['-8', '-18', '-20', '0.4', '-45.6']);
    expect(of.priceImprovement.toFixed()).toBe('18');
    expect(of.improvedShare).toBe(1);
    expect(of.efficiency).toBe(1);
  });

  it('realised spread from the marks of the fills, or from the market trades when they go on long enough', () => {
    const later = { after5s: d('10.05'), after60s: d('10.3') };
    const marked = cost({ fills: [{ ...fill('10.2', '100', { ts: 2_000, mid: '10' }), later }] });
    expect(marked.realisedSpreadBps.after5s).toBeCloseTo((2 * 0.15 * 1e4) / 10, 9);
    expect(marked.realisedSpreadBps.after60s).toBeCloseTo((2 * -0.1 * 1e4) / 10, 9);
    const trade = (ts: number, price: string) => ({ ts, price: d(price), quantity: d('1') });
    const traded = cost({
      side: 'sell',
      fills: [fill('10.2', '60', { ts: 2_000, mid: '10.3' })],
      marketTrades: [trade(7_001, '9'), trade(1_000, '11'), trade(6_900, '10.1')],
    });
    expect(traded.realisedSpreadBps.after5s).toBeCloseTo((-2 * 0.1 * 1e4) / 10.3, 9);
    expect(traded.realisedSpreadBps.after60s).toBeNull();
    expect(traded.unavailable['realisedSpreadBps.after60s']).toContain('60 s later');
  });

  it('without fills everything is opportunity', () => {
    const of = cost({});
    expect(money(of)).toEqual(['0', '0', '100', '0', '100']);
    expect([of.fillRate, of.vsArrivalBps, of.averagePrice, of.improvedShare]).toEqual([0, null, null, null]);
    expect(of.unavailable['vsArrivalBps']).toBe('nothing was filled');
  });

  it('without arrival it starts at the decision; without a mid trading is not split', () => {
    const of = cost({ fills: [fill('10.5', '100')], arrival: null, end: null });
    expect(money(of)).toEqual(['0', '50', '0', '0', '50']);
    expect(of.costs.tradingParts).toBeNull();
    expect(of.unavailable['tradingParts']).toContain('mid');
  });
});

describe('against the market', () => {
  const trade = (ts: number, price: string, quantity: string) => ({ ts, price: d(price), quantity: d(quantity) });

  it('VWAP and TWAP from arrival to end, the price before it known, trades outside left out', () => {
    const trades = [
      trade(61_000, '99', '1'),
      trade(500, '10', '7'),
      trade(31_000, '12', '30'),
      trade(1_000 + 15_000, '11', '10'),
    ];
    const prices = intervalPrices(trades, 1_000, 61_000 - 1);
    expect(prices.volume.toFixed()).toBe('40');
    expect(prices.vwap?.toFixed()).toBe('11.75');
    // 10 for 15 s, 11 for 15 s, 12 for 29.999 s
    expect(prices.twap?.toNumber()).toBeCloseTo((10 * 15_000 + 11 * 15_000 + 12 * 29_999) / 59_999, 12);
    const of = cost({ fills: [fill('11.8', '20')], marketTrades: trades, side: 'sell' });
    expect(of.vsVwapBps).toBeCloseTo(-(11.8 / 11.75 - 1) * 1e4, 9);
    expect(of.participation).toBe(0.5);
  });

  it('time before the first trade does not count; without time the last price is the TWAP', () => {
    expect(intervalPrices([trade(30, '5', '1'), trade(90, '6', '1')], 0, 100).twap?.toNumber()).toBeCloseTo(
      (5 * 60 + 6 * 10) / 70,
      12,
    );
    expect(intervalPrices([trade(100, '5', '1')], 0, 100)).toMatchObject({ vwap: d(5), twap: d(5) });
    expect(intervalPrices([trade(101, '5', '1')], 0, 100)).toMatchObject({ vwap: null, twap: null });
    expect(intervalPrices([trade(-1, '5', '1')], 0, 100)).toMatchObject({ vwap: null, twap: d(5) });
  });
});

describe('refused', () => {
  it.each([
    ['zero order', { quantity: ZERO }, 'TCA_QUANTITY'],
    ['zero fill', { fills: [fill('10', '0')] }, 'TCA_QUANTITY'],
    ['negative fill', { fills: [fill('10', '-1')] }, 'TCA_QUANTITY'],
    ['zero price', { fills: [fill('0', '1')] }, 'TCA_PRICE'],
    ['zero mid', { fills: [fill('1', '1', { mid: '0' })] }, 'TCA_PRICE'],
    ['zero decision', { decision: { ts: 0, mid: ZERO } }, 'TCA_PRICE'],
    ['more filled than ordered', { fills: [fill('10', '60'), fill('10', '40.001')] }, 'TCA_OVERFILLED'],
    ['unfilled without an end', { fills: [fill('10', '60')], end: null }, 'TCA_END_MISSING'],
    ['end before arrival', { end: { ts: 999, mid: d('11') } }, 'TCA_TIME'],
    ['arrival before decision', { arrival: { ts: -1, mid: d('11') } }, 'TCA_TIME'],
  ] as const)('%s', (_, more, code) => {
    expect(executionCost(parent(more as Partial<ParentExecution>))).toMatchObject({ ok: false, error: { code } });
  });
});

describe('the identity', () => {
  const price = fc.bigInt({ min: 1n, max: 10n ** 26n }).map((units) => d(units.toString()).times('1e-18'));
  const quantity = fc.bigInt({ min: 1n, max: 10n ** 26n }).map((units) => d(units.toString()).times('1e-18'));
  const fee = fc
    .bigInt({ min: -(10n ** 12n), max: 10n ** 12n })
    .map((units) => d(units.toString()).times('0.0000000001'));
  const fills = fc.array(fc.record({ ts: fc.integer({ min: 0, max: 9 }), price, quantity, fee, mid: price }), {
    maxLength: 8,
  });

  it('holds to the last digit: total = components = real cost against paper, parts = trading', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('buy' as const, 'sell' as const),
        fills,
        quantity,
        price,
        price,
        price,
        fee,
        (side, made, rest, d0, a0, e0, otherFees) => {
          const Wide = Decimal.clone({ precision: 500 });
          const filled = made.reduce((sum, one) => sum.plus(one.quantity), new Wide(0));
          const order = parent({
            side,
            quantity: filled.plus(rest),
            decision: { ts: null, mid: d0 },
            arrival: { ts: null, mid: a0 },
            end: { ts: null, mid: e0 },
            fills: made,
            otherFees,
          });
          const of = implementationShortfall(order);
          expect(of.delay.plus(of.trading).plus(of.opportunity).plus(of.fees).equals(of.total)).toBe(true);
          // Perold: paper gain of the whole order at D, marked at E, minus the real gain.
          const sign = side === 'buy' ? 1 : -1;
          const paper = new Wide(e0).minus(d0).times(order.quantity).times(sign);
          const fees = made.reduce((sum, one) => sum.plus(one.fee), new Wide(otherFees));
          const real = made
            .reduce((sum, one) => sum.plus(new Wide(e0).minus(one.price).times(one.quantity).times(sign)), new Wide(0))
            .minus(fees);
          expect(of.total.equals(paper.minus(real))).toBe(true);
          const parts = of.tradingParts;
          expect(parts !== null && parts.spread.plus(parts.impact).plus(parts.timing).equals(of.trading)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

const ORACLE = 'oracles/implementation_shortfall.json';
interface Example {
  name: string;
  side: 'buy' | 'sell';
  order_qty: number;
  fills: { qty: number; price: number }[];
  decision_price: number;
  end_price: number;
  fees: number;
  expected: Record<string, number>;
}

describeWithData('implementation shortfall: Kissell and Perold', [ORACLE], () => {
  const { cases } = JSON.parse(readFileSync(sharedData(ORACLE) ?? '', 'utf8')) as { cases: Example[] };
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const of = cost({
      side: one.side,
      quantity: d(one.order_qty),
      decision: { ts: null, mid: d(one.decision_price) },
      arrival: null,
      fills: one.fills.map(({ qty, price }) => fill(String(price), String(qty))),
      end: { ts: null, mid: d(one.end_price) },
      otherFees: d(one.fees),
    });
    const { expected } = one;
    expect(of.costs.total.toNumber()).toBe(expected['shortfall']);
    expect(of.costs.trading.toNumber()).toBe(expected['execution_cost']);
    expect(of.costs.fees.toNumber()).toBe(expected['fees']);
    if (expected['opportunity_cost'] !== undefined)
      expect(of.costs.opportunity.toNumber()).toBe(expected['opportunity_cost']);
    if (expected['shortfall_bps_of_paper_notional'] !== undefined)
      expect(of.bps.total).toBe(expected['shortfall_bps_of_paper_notional']);
  });
});
