import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeWithData, sharedData } from '../support/shared-data.ts';
import { Bench, type Pairs } from './harness.ts';

interface Step {
  submit?: {
    type: string;
    side: 'buy' | 'sell';
    qty: string;
    price?: string;
    trigger?: string;
    tif?: 'IOC' | 'FOK';
    post_only?: boolean;
  };
  cancel?: number;
  bar?: { o: string; h: string; l: string; c: string; v: string };
  trade?: { price: string; qty: string; aggressor: 'buyer' | 'seller' };
}
interface Scenario {
  id: string;
  book: { bids: Pairs; asks: Pairs };
  steps: Step[];
  expect: {
    fills?: [string, string][];
    fills_by_order?: [string, string][][];
    status?: string;
    leaves_at_cancel?: string;
  };
}

const FILE = 'oracles/matching_scenarios.json';

describeWithData('the published matching scenarios', [FILE], () => {
  const path = sharedData(FILE);
  const { scenarios } = JSON.parse(path === null ? '{"scenarios":[]}' : readFileSync(path, 'utf8')) as {
    scenarios: Scenario[];
  };
  for (const queue of [true, false]) {
    it.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(`%s (queue ${queue})`, (_, scenario) => {
      const bench = new Bench({ queue });
      bench.book(scenario.book.bids, scenario.book.asks, 0);
      const ids: string[] = [];
      let now = 0;
      for (const step of scenario.steps) {
        now += 1;
        if (step.submit !== undefined) {
          const { type, side, qty, price, trigger, tif, post_only: postOnly } = step.submit;
          ids.push(
            bench.submit(
              {
                type: type === 'stop_market' ? 'stop' : (type as 'market' | 'limit'),
                side,
                qty,
                ...(price === undefined ? {} : { price }),
                ...(trigger === undefined ? {} : { trigger }),
                ...(tif === undefined ? {} : { tif }),
                ...(postOnly === undefined ? {} : { postOnly }),
              },
              now,
            ),
          );
        } else if (step.cancel !== undefined) bench.cancel(ids[step.cancel] ?? '', now);
        else if (step.bar !== undefined) {
          bench.bar([step.bar.o, step.bar.h, step.bar.l, step.bar.c], now, now + 1, step.bar.v);
        } else if (step.trade !== undefined) {
          bench.trade(step.trade.price, step.trade.qty, step.trade.aggressor === 'seller' ? 'sell' : 'buy', now);
        } else throw new Error(`unknown step ${JSON.stringify(step)}`);
      }
      const { expect: expected } = scenario;
      if (expected.fills_by_order !== undefined) {
        expect(ids.map((id) => bench.prints(id))).toEqual(expected.fills_by_order);
      } else expect(bench.prints()).toEqual(expected.fills);
      if (expected.status !== undefined) expect(bench.status(ids[0] ?? '')).toBe(expected.status.toUpperCase());
      if (expected.leaves_at_cancel !== undefined) {
        const order = bench.orders.get(ids[0] ?? '');
        expect((order?.quantity ?? 0) - (order?.filled ?? 0)).toBe(bench.quantity(expected.leaves_at_cancel));
      }
    });
  }
});
