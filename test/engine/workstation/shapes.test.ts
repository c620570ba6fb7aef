import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { appStatus } from '../../../src/contract/app.ts';
import { bar, book, instrument, quote, tapeTrade } from '../../../src/contract/market.ts';
import { fill, order, orderPreview } from '../../../src/contract/order.ts';
import { orderMoment } from '../../../src/contract/orders.ts';
import { account, performance, portfolioState } from '../../../src/contract/portfolio.ts';
import { flattenStep } from '../../../src/contract/emergency.ts';
import { alert, riskLimitsState, riskStatus } from '../../../src/contract/risk.ts';
import { auditEntry, journal, session, sessionStatus, strategies } from '../../../src/contract/session.ts';
import { BTC, buy, granted, openBench, refusalOf, placing, TCS, ticket } from './support.ts';

/** The schema of a procedure's answer. */
function outputOf(procedure: { readonly '~orpc': { readonly outputSchema?: unknown } }): z.ZodType {
  const schema = procedure['~orpc'].outputSchema;
  if (schema === undefined) throw new Error('the procedure has no output schema');
  return schema as z.ZodType;
}

/** Exactly the contract: nothing missing, nothing malformed. */
function fits(schema: z.ZodType, value: unknown): void {
  const parsed = schema.safeParse(value);
  expect(parsed.success ? [] : parsed.error.issues).toEqual([]);
}

describe('everything the engine says fits the contract', () => {
  test('after trading on both markets, with exits, refusals, a strategy, a halt and a flatten', async () => {
    const bench = await openBench();
    const { desk } = bench;
    fits(appStatus, desk.status.read());
    fits(portfolioState, desk.portfolio.read());
    await bench.pass(3_000);
    const bid = Number(desk.market.quotes.read(BTC)?.bid);
    const orders: unknown[] = [];
    const stopOrders = desk.orders.log.subscribe((one) => orders.push(one));
    const fills: unknown[] = [];
    desk.fills.log.subscribe((one) => fills.push(one));
    fits(orderPreview, granted(desk.orders.preview(ticket({ stopLoss: (bid - 500).toFixed(2) }))));
    fits(
      orderPreview,
      granted(desk.orders.preview(ticket({ type: 'stop', side: 'sell', trigger: (bid - 500).toFixed(2) }))),
    );
    fits(
      orderPreview,
      granted(desk.orders.preview(ticket({ account: 'paper-inr', instrument: TCS, quantity: '3', side: 'sell' }))),
    );
    const bought = await buy(bench, {
      stopLoss: (bid - 900).toFixed(2),
      trailing: '750.00',
      takeProfit: (bid + 900).toFixed(2),
    });
    await buy(bench, { account: 'paper-inr', instrument: TCS, quantity: '7' });
    await buy(bench, { account: 'paper-inr', instrument: 'INFY.NSE', quantity: '7', side: 'sell' });
    await buy(bench, {
      type: 'limit',
      price: (bid - 100).toFixed(2),
      timeInForce: 'GTD',
      expireAt: bench.clock.now() + 90_000,
    });
    refusalOf(await desk.orders.place(placing({ quantity: '90' })));
    granted(desk.strategies.start({ strategy: 'breakout', instrument: BTC, account: 'paper-usdt', parameters: {} }));
    await bench.pass(125_000);
    for (const one of desk.market.instruments()) {
      fits(instrument, one);
      fits(quote, desk.market.quotes.read(one.id));
      const depth = desk.market.book(one.id, 20);
      if (depth !== null) fits(book, depth);
      for (const trade of desk.market.recentTrades(one.id, 100)) fits(tapeTrade, trade);
    }
    for (const timeframe of ['1s', '1m', '1h', '1d'] as const) {
      for (const one of granted(await desk.market.history({ instrument: BTC, timeframe, limit: 50 }))) fits(bar, one);
    }
    for (const one of desk.accounts.list()) fits(account, one);
    fits(portfolioState, desk.portfolio.read());
    expect(desk.portfolio.read().positions).toHaveLength(3);
    fits(riskStatus, desk.risk.status.read());
    fits(riskLimitsState, desk.risk.limits());
    fits(
      riskLimitsState,
      granted(desk.risk.setLimits({ maxOrderNotional: '90000', maxDailyLoss: '9000' }, 'for the shape')),
    );
    fits(riskStatus, desk.risk.status.read());
    fits(sessionStatus, desk.session.status());
    fits(outputOf(strategies.list), desk.strategies.list());
    fits(outputOf(performance.get), granted(await desk.performance({})));
    fits(outputOf(performance.get), granted(await desk.performance({ account: 'paper-inr', strategy: 'breakout' })));
    for (const moment of granted(await Promise.resolve(desk.orders.timeline(bought.id))).moments)
      fits(orderMoment, moment);
    desk.risk.halt('for the shape');
    fits(riskStatus, desk.risk.status.read());
    const steps: unknown[] = [];
    let done = false;
    desk.risk.flatten({ reason: 'for the shape' }, (step) => {
      steps.push(step);
      done = step.step === 'result';
    });
    for (let round = 0; round < 100 && !done; round += 1) await bench.pass(200);
    for (const step of steps) fits(flattenStep, step);
    expect(steps.length).toBeGreaterThan(4);
    stopOrders();
    expect(orders.length).toBeGreaterThan(10);
    for (const one of [...orders, ...desk.orders.log.recent()]) fits(order, one);
    for (const one of [...fills, ...desk.fills.log.recent()]) fits(fill, one);
    expect(fills.length).toBeGreaterThan(3);
    for (const one of desk.alerts.recent()) fits(alert, one);
    fits(outputOf(journal.stats), await desk.journal.stats());
    fits(outputOf(journal.verify), await desk.journal.verify());
    const audit = desk.journal.audit({ limit: 1_000 });
    for (const one of audit.items) fits(auditEntry, one);
    for (const { hash } of audit.items) expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const [newest, older] = [
      desk.journal.audit({ limit: 3 }),
      desk.journal.audit({ limit: 3, cursor: desk.journal.audit({ limit: 3 }).next ?? '' }),
    ];
    expect([...newest.items, ...older.items].map(({ sequence }) => sequence)).toEqual(
      audit.items.slice(0, 6).map(({ sequence }) => sequence),
    );
    const sessions = desk.session.list({ limit: 10 });
    fits(outputOf(session.list), { sessions: sessions.items, next: sessions.next });
    fits(appStatus, desk.status.read());
    const recent = desk.orders.log.recent();
    expect(recent.map(({ createdAt }) => createdAt)).toEqual(
      recent.map(({ createdAt }) => createdAt).sort((a, b) => a - b),
    );
  });
});
