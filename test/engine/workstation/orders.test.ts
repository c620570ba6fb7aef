import { describe, expect, test } from 'vitest';
import {
  account,
  BTC,
  buy,
  granted,
  openBench,
  orderNow,
  placing,
  position,
  refusalOf,
  SATURDAY,
  TCS,
  ticket,
} from './support.ts';

describe('review and placing', () => {
  test('a market order is reviewed, placed, filled after the latency, and paid for to the last digit', async () => {
    const bench = await openBench();
    await bench.pass(3_000);
    const preview = granted(bench.desk.orders.preview(ticket()));
    expect(preview.verdict).toBe('allow');
    expect(preview.estimate?.fillable).toBe('0.10000');
    expect(Number(preview.cashAfter)).toBeCloseTo(100_000 - Number(preview.notional) - Number(preview.fee), 6);
    const placed = await buy(bench);
    expect(placed.status).toBe('SUBMITTED');
    await bench.pass(200);
    const order = await orderNow(bench, placed.id);
    expect(order.status).toBe('FILLED');
    const held = position(bench);
    expect(held?.quantity).toBe('0.10000');
    const fills = (await bench.desk.fills.list({ limit: 10, order: order.id })).items;
    const paid = fills.reduce((sum, fill) => sum + Number(fill.price) * Number(fill.quantity) + Number(fill.fee), 0);
    expect(Number(account(bench).cash)).toBeCloseTo(100_000 - paid, 8);
    expect(Number(order.fees)).toBeCloseTo(
      fills.reduce((sum, fill) => sum + Number(fill.fee), 0),
      10,
    );
  });

  test('what cannot be an order is refused by name, and nothing is journalled as an order', async () => {
    const bench = await openBench();
    await bench.pass(1_000);
    const { orders } = bench.desk;
    const code = (change: Parameters<typeof ticket>[0]): string => refusalOf(orders.preview(ticket(change))).code;
    expect(code({ account: 'nobody' })).toBe('ACCOUNT_UNKNOWN');
    expect(code({ instrument: 'XYZ.SIM' })).toBe('INSTRUMENT_UNKNOWN');
    expect(code({ quantity: '0.000001' })).toBe('QUANTITY_OFF_STEP');
    expect(code({ type: 'limit', price: '61000.001' })).toBe('PRICE_OFF_TICK');
    expect(code({ type: 'limit' })).toBe('ORDER_TERMS');
    expect(code({ price: '61000' })).toBe('ORDER_TERMS');
    expect(code({ type: 'stop' })).toBe('ORDER_TERMS');
    expect(code({ timeInForce: 'GTD' })).toBe('ORDER_TERMS');
    expect(code({ stopLoss: '99999999' })).toBe('PROTECTION_SIDE');
    expect(code({ takeProfit: '1' })).toBe('PROTECTION_SIDE');
    expect(code({ side: 'sell', reduceOnly: true, stopLoss: '70000' })).toBe('PROTECTION_TERMS');
    expect((await orders.list({ scope: 'history', limit: 10 })).items).toEqual([]);
  });

  test('the review of one bracket does not stand for another, and its stop bounds the loss', async () => {
    const bench = await openBench();
    await bench.pass(3_000);
    const { orders } = bench.desk;
    const bracketed = (stopLoss: string) =>
      ticket({ quantity: '0.5', bracket: { stopLoss, takeProfit: null, trailing: null } });
    const near = granted(orders.preview(bracketed('61000')));
    const far = granted(orders.preview(bracketed('50000')));
    expect(near.verdict).toBe('warn');
    expect(Number(far.maxLoss)).toBeGreaterThan(Number(near.maxLoss) + 5_000);
    const reviewToken = near.reviewToken ?? '';
    const swapped = {
      ...bracketed('61000'),
      bracket: { stopLoss: '61000', takeProfit: '99000', trailing: null },
      idempotencyKey: 'key-bracket-1',
      reviewToken,
    };
    expect(refusalOf(await orders.place(swapped)).code).toBe('REVIEW_STALE');
    const reviewed = await orders.place({ ...bracketed('61000'), idempotencyKey: 'key-bracket-2', reviewToken });
    expect(reviewed.ok).toBe(true);
  });

  test('a warning needs the review of this very ticket, or its name', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    const large = ticket({ quantity: '0.5' });
    const preview = granted(bench.desk.orders.preview(large));
    expect(preview.verdict).toBe('warn');
    const warnings = preview.checks.filter((check) => check.severity === 'warn').map((check) => check.code);
    expect(warnings).toContain('ORDER_SHARE_OF_EQUITY');
    const bare = refusalOf(await bench.desk.orders.place({ ...large, idempotencyKey: 'key-review-1' }));
    expect(bare.code).toBe('REVIEW_NEEDED');
    expect(bare.checks?.length).toBeGreaterThan(0);
    const token = preview.reviewToken ?? '';
    const other = { ...ticket({ quantity: '0.6' }), idempotencyKey: 'key-review-2', reviewToken: token };
    expect(refusalOf(await bench.desk.orders.place(other)).code).toBe('REVIEW_STALE');
    await bench.pass(31_000);
    const late = { ...large, idempotencyKey: 'key-review-3', reviewToken: token };
    expect(refusalOf(await bench.desk.orders.place(late)).code).toBe('REVIEW_STALE');
    const fresh = granted(bench.desk.orders.preview(large)).reviewToken ?? '';
    expect((await bench.desk.orders.place({ ...large, idempotencyKey: 'key-review-4', reviewToken: fresh })).ok).toBe(
      true,
    );
    const named = { ...ticket({ quantity: '0.51' }), idempotencyKey: 'key-review-5', acknowledged: warnings };
    const outcome = await bench.desk.orders.place(named);
    // The second large order may carry more warnings than the first; none of them may pass unseen.
    if (!outcome.ok) expect(['REVIEW_NEEDED', 'NOTIONAL_EXCEEDS_FREE_BALANCE']).toContain(outcome.error.code);
  });

  test('a blocked order is denied with every check, and in the history', async () => {
    const bench = await openBench();
    await bench.pass(1_000);
    const refused = refusalOf(await bench.desk.orders.place(placing({ quantity: '50' })));
    expect(refused.code).toBe('NOTIONAL_EXCEEDS_FREE_BALANCE');
    expect(refused.checks?.[0]?.severity).toBe('block');
    const [denied] = (await bench.desk.orders.list({ scope: 'history', limit: 5 })).items;
    expect(denied).toMatchObject({
      id: refused.orderId,
      status: 'DENIED',
      reasonCode: 'NOTIONAL_EXCEEDS_FREE_BALANCE',
    });
    expect(granted(bench.desk.orders.preview(ticket({ quantity: '50' }))).reviewToken).toBeNull();
  });

  test('the same key is one order, however often it is sent; another order under it is refused', async () => {
    const bench = await openBench();
    await bench.pass(1_000);
    const order = placing();
    const first = granted(await bench.desk.orders.place(order));
    const again = granted(await bench.desk.orders.place(order));
    expect(again.id).toBe(first.id);
    await bench.pass(300);
    expect(granted(await bench.desk.orders.place(order)).status).toBe('FILLED');
    expect(position(bench)?.quantity).toBe('0.10000');
    const other = refusalOf(await bench.desk.orders.place({ ...order, side: 'sell' }));
    expect(other.code).toBe('IDEMPOTENCY_CONFLICT');
  });

  test('in a closed market nothing is sent; the sentence says when it opens', async () => {
    const bench = await openBench({ start: SATURDAY });
    await bench.pass(1_000);
    const refused = refusalOf(
      await bench.desk.orders.place(placing({ account: 'paper-inr', instrument: TCS, quantity: '5' })),
    );
    expect(refused.code).toBe('MARKET_CLOSED');
    expect(refused.sentence).toContain('2026-11-23T03:45');
  });
});

describe('working orders', () => {
  test('a limit order rests, is changed, and is cancelled', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    const bid = bench.desk.market.quotes.read(BTC)?.bid ?? '';
    const price = (Number(bid) - 500).toFixed(2);
    const placed = await buy(bench, { type: 'limit', price });
    await bench.pass(200);
    const working = (await bench.desk.orders.list({ scope: 'working', limit: 10 })).items;
    expect(working.map(({ id, status }) => [id, status])).toEqual([[placed.id, 'ACCEPTED']]);
    const lower = (Number(bid) - 600).toFixed(2);
    granted(bench.desk.orders.modify({ id: placed.id, price: lower, quantity: '0.2' }));
    await bench.pass(200);
    expect(await orderNow(bench, placed.id)).toMatchObject({ price: lower, quantity: '0.20000', status: 'ACCEPTED' });
    granted(bench.desk.orders.cancel(placed.id));
    await bench.pass(200);
    expect(await orderNow(bench, placed.id)).toMatchObject({ status: 'CANCELED', reason: 'Cancelled by the user' });
    expect(refusalOf(bench.desk.orders.cancel(placed.id)).code).toBe('ORDER_FINISHED');
    expect(refusalOf(bench.desk.orders.cancel('nothing')).code).toBe('ORDER_UNKNOWN');
    const moments = granted(await Promise.resolve(bench.desk.orders.timeline(placed.id))).moments;
    expect(moments.map(({ event }) => event)).toEqual([
      'intent',
      'submitted',
      'accepted',
      'pending-update',
      'updated',
      'pending-cancel',
      'canceled',
    ]);
  });

  test('cancelAll takes what the filter names and leaves protective exits', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    const bid = Number(bench.desk.market.quotes.read(BTC)?.bid);
    await buy(bench, { stopLoss: (bid - 2_000).toFixed(2) });
    await buy(bench, { type: 'limit', price: (bid - 800).toFixed(2) });
    await bench.pass(500);
    const before = (await bench.desk.orders.list({ scope: 'working', limit: 10 })).items;
    expect(before.map(({ source }) => source).sort()).toEqual(['exit', 'manual']);
    expect(granted(bench.desk.orders.cancelAll({ instrument: 'ETHUSDT.SIM', protective: false })).orders).toEqual([]);
    expect(granted(bench.desk.orders.cancelAll({ protective: false })).orders).toHaveLength(1);
    await bench.pass(500);
    const after = (await bench.desk.orders.list({ scope: 'working', limit: 10 })).items;
    expect(after.map(({ source }) => source)).toEqual(['exit']);
  });

  test('history comes in pages without gaps or repeats', async () => {
    const bench = await openBench();
    await bench.pass(1_000);
    for (let index = 0; index < 7; index += 1) await bench.desk.orders.place(placing({ quantity: `${50 + index}` }));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await bench.desk.orders.list({
        scope: 'history',
        limit: 3,
        ...(cursor === undefined ? {} : { cursor }),
      });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(7);
    expect(new Set(seen).size).toBe(7);
  });
});

describe('positions', () => {
  test('an exit that the user cancels does not come back', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    const bid = Number(bench.desk.market.quotes.read(BTC)?.bid);
    await buy(bench, { stopLoss: (bid - 900).toFixed(2), takeProfit: (bid + 900).toFixed(2) });
    await bench.pass(800);
    const exits = (await bench.desk.orders.list({ scope: 'working', limit: 5 })).items;
    const stop = exits.find(({ type }) => type === 'stop');
    granted(bench.desk.orders.cancel(stop?.id ?? ''));
    await bench.pass(3_000);
    const left = (await bench.desk.orders.list({ scope: 'working', limit: 5 })).items;
    expect(left.map(({ type }) => type)).toEqual(['limit']);
    expect(position(bench)).toMatchObject({ stopLoss: null, takeProfit: (bid + 900).toFixed(2) });
  });

  test('closing a half and then the rest is reduce-only and exact', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    await buy(bench, { quantity: '0.11111' });
    await bench.pass(300);
    const half = { account: 'paper-usdt', instrument: BTC, fraction: 0.5, idempotencyKey: 'close-half-1' };
    expect(granted(await bench.desk.positions.close(half))).toMatchObject({
      quantity: '0.05555',
      reduceOnly: true,
      side: 'sell',
    });
    // Before the first close has filled, the same command is the same order.
    granted(await bench.desk.positions.close(half));
    await bench.pass(300);
    expect(position(bench)?.quantity).toBe('0.05556');
    granted(await bench.desk.positions.close({ ...half, fraction: 1, idempotencyKey: 'close-rest-1' }));
    await bench.pass(300);
    expect(position(bench)).toBeUndefined();
    const figures = account(bench);
    expect(Number(figures.equity)).toBe(Number(figures.cash));
    expect(Number(figures.cash)).toBeCloseTo(100_000 + Number(figures.realised) - Number(figures.fees), 8);
    const nothing = { ...half, idempotencyKey: 'close-none-1' };
    expect(refusalOf(await bench.desk.positions.close(nothing)).code).toBe('POSITION_UNKNOWN');
  });

  test('a ticket with stop and target puts both at the venue; a close takes them away', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    const bid = Number(bench.desk.market.quotes.read(BTC)?.bid);
    const stopLoss = (bid - 900).toFixed(2);
    const takeProfit = (bid + 900).toFixed(2);
    const preview = granted(bench.desk.orders.preview(ticket({ stopLoss, takeProfit })));
    expect(Number(preview.maxLoss)).toBeGreaterThan(90);
    expect(Number(preview.maxLoss)).toBeLessThan(110);
    await buy(bench, { stopLoss, takeProfit });
    await bench.pass(500);
    const exits = (await bench.desk.orders.list({ scope: 'working', limit: 10 })).items;
    expect(
      exits.map(({ type, trigger, price, reduceOnly, quantity }) => ({ type, trigger, price, reduceOnly, quantity })),
    ).toEqual(
      expect.arrayContaining([
        { type: 'stop', trigger: stopLoss, price: null, reduceOnly: true, quantity: '0.10000' },
        { type: 'limit', trigger: null, price: takeProfit, reduceOnly: true, quantity: '0.10000' },
      ]),
    );
    expect(position(bench)).toMatchObject({ stopLoss, takeProfit, trailing: null });
    granted(
      await bench.desk.positions.close({
        account: 'paper-usdt',
        instrument: BTC,
        fraction: 1,
        idempotencyKey: 'close-all-9',
      }),
    );
    await bench.pass(600);
    expect(position(bench)).toBeUndefined();
    expect((await bench.desk.orders.list({ scope: 'working', limit: 10 })).items).toEqual([]);
  });

  test('protect sets, changes and removes levels of an open position', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    await buy(bench);
    await bench.pass(300);
    const bid = Number(bench.desk.market.quotes.read(BTC)?.bid);
    const of = { account: 'paper-usdt', instrument: BTC };
    const stopLoss = (bid - 700).toFixed(2);
    expect(refusalOf(bench.desk.positions.protect({ ...of, stopLoss: (bid + 700).toFixed(2) })).code).toBe(
      'PROTECTION_SIDE',
    );
    expect(refusalOf(bench.desk.positions.protect({ ...of, instrument: 'ETHUSDT.SIM', stopLoss })).code).toBe(
      'POSITION_UNKNOWN',
    );
    expect(granted(bench.desk.positions.protect({ ...of, stopLoss })).stopLoss).toBe(stopLoss);
    await bench.pass(300);
    expect((await bench.desk.orders.list({ scope: 'working', limit: 5 })).items).toMatchObject([
      { trigger: stopLoss, source: 'exit' },
    ]);
    const tighter = (bid - 400).toFixed(2);
    granted(bench.desk.positions.protect({ ...of, stopLoss: tighter, trailing: '300.00' }));
    await bench.pass(600);
    const [trailed] = (await bench.desk.orders.list({ scope: 'working', limit: 5 })).items;
    expect(Number(trailed?.trigger)).toBeGreaterThan(Number(tighter));
    const exit = trailed?.id ?? '';
    const moved = (bid - 450).toFixed(2);
    expect(refusalOf(bench.desk.orders.modify({ id: exit, quantity: '0.05' })).code).toBe('PROTECTION_QUANTITY');
    expect(refusalOf(bench.desk.orders.modify({ id: exit, trigger: (bid + 450).toFixed(2) })).code).toBe(
      'PROTECTION_SIDE',
    );
    granted(bench.desk.orders.modify({ id: exit, trigger: moved }));
    await bench.pass(400);
    expect(position(bench)).toMatchObject({ stopLoss: moved, trailing: null });
    expect(await orderNow(bench, exit)).toMatchObject({ trigger: moved, status: 'ACCEPTED' });
    granted(bench.desk.positions.protect({ ...of, stopLoss: null, trailing: null }));
    await bench.pass(300);
    expect((await bench.desk.orders.list({ scope: 'working', limit: 5 })).items).toEqual([]);
    expect(position(bench)).toMatchObject({ stopLoss: null, trailing: null });
  });
});
