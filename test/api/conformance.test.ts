import { getEventMeta, isDefinedError, ORPCError, safe } from '@orpc/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ContractClient, FlattenStep, OrderView, QuoteView } from '../../src/contract/types.ts';
import { ok, refuse } from '../../src/domain/refusal.ts';
import { fakeWorkstation, type FakeControl } from '../fakes/workstation.ts';
import {
  alertView,
  barView,
  BTC,
  ETH,
  fillView,
  NOW,
  orderView,
  quoteView,
  riskStatus,
} from '../fakes/workstation-values.ts';
import { nextEvent as next } from './next-event.ts';
import { type Opened, openHttp, openMainPort, openPort, openSocket } from './transports.ts';

const TICKET = {
  account: 'paper',
  instrument: BTC,
  side: 'buy',
  type: 'limit',
  quantity: '0.5',
  price: '61826.01',
} as const;

describe.each([
  ['MessagePort', openPort],
  ['MessagePortMain', openMainPort],
  ['WebSocket', openSocket],
  ['HTTP', openHttp],
] as const)('contract over %s', (_name, open) => {
  let control: FakeControl;
  let opened: Opened;
  let client: ContractClient;
  beforeEach(async () => {
    const fake = fakeWorkstation();
    control = fake.control;
    opened = await open(fake.workstation);
    client = opened.client;
  });
  afterEach(() => opened.close());

  test('answers a query and says which contract it speaks', async () => {
    const hello = await client.app.hello({});
    expect(hello).toMatchObject({ product: 'Tradewright', version: '9.9.9-test', protocol: 1 });
    expect(hello.contractHash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('numbers and arrays arrive as such in queries', async () => {
    const { bars } = await client.market.history({ instrument: BTC, timeframe: '1m', limit: 2, before: NOW });
    expect(bars).toHaveLength(2);
    const stream = await client.market.quotes({ instruments: [ETH], intervalMs: 20 });
    expect((await next(stream)).quotes.map((quote: QuoteView) => quote.instrument)).toEqual([ETH]);
    await stream.return?.();
  });

  test('fields that the contract does not name never leave', async () => {
    control.onPlace = () => ok({ ...orderView('O-9'), apiKey: 'canary' } as OrderView);
    const placed = await client.orders.place({ ...TICKET, idempotencyKey: 'key-00000001' });
    expect(placed).toEqual(orderView('O-9'));
    control.quotes.set(BTC, { ...quoteView(BTC, '1'), apiKey: 'canary' } as QuoteView);
    const stream = await client.market.quotes({});
    expect(JSON.stringify(await next(stream))).not.toContain('canary');
    control.orderLog.append({ ...orderView('O-1'), apiKey: 'canary' } as OrderView);
    const orders = await client.orders.stream({});
    expect(JSON.stringify(await next(orders))).not.toContain('canary');
    await stream.return?.();
    await orders.return?.();
  });

  test('defaults are filled in before the engine sees an order', async () => {
    await client.orders.place({ ...TICKET, idempotencyKey: 'key-00000001' });
    expect(control.placed).toEqual([
      {
        ...TICKET,
        idempotencyKey: 'key-00000001',
        trigger: null,
        timeInForce: 'GTC',
        expireAt: null,
        postOnly: false,
        reduceOnly: false,
        stopLoss: null,
        takeProfit: null,
        trailing: null,
        note: null,
      },
    ]);
  });

  test.each([
    ['an unknown field', { ...TICKET, idempotencyKey: 'key-00000001', leverage: '20' }],
    ['a number where a decimal string belongs', { ...TICKET, quantity: 0.5, idempotencyKey: 'key-00000001' }],
    ['an exponent', { ...TICKET, quantity: '5e-1', idempotencyKey: 'key-00000001' }],
    ['a quantity of zero', { ...TICKET, quantity: '0.000', idempotencyKey: 'key-00000001' }],
    ['a negative price', { ...TICKET, price: '-1', idempotencyKey: 'key-00000001' }],
    ['no idempotency key', { ...TICKET }],
    ['an unknown side', { ...TICKET, side: 'hold', idempotencyKey: 'key-00000001' }],
  ])('an order with %s is refused before it reaches the engine', async (_what, input) => {
    const { error } = await safe(client.orders.place(input as never));
    expect(error).toBeInstanceOf(ORPCError);
    expect(error).toMatchObject({ code: 'BAD_REQUEST', status: 400 });
    expect(control.placed).toEqual([]);
  });

  test('a refusal carries code, sentence, figure, limit and checks as a typed error', async () => {
    const check = {
      code: 'PRICE_COLLAR',
      severity: 'block',
      value: '0.12',
      limit: '0.1',
      sentence: 'Too far.',
    } as const;
    control.onPlace = () => ({
      ok: false,
      error: {
        code: 'PRICE_COLLAR',
        sentence: 'Too far.',
        value: '0.12',
        limit: '0.1',
        orderId: 'O-7',
        checks: [check],
      },
    });
    const { error } = await safe(client.orders.place({ ...TICKET, idempotencyKey: 'key-00000001' }));
    expect(isDefinedError(error)).toBe(true);
    expect(error).toMatchObject({
      code: 'REFUSED',
      status: 422,
      data: {
        code: 'PRICE_COLLAR',
        sentence: 'Too far.',
        value: '0.12',
        limit: '0.1',
        orderId: 'O-7',
        checks: [check],
      },
    });
  });

  test.each([
    ['NOT_FOUND', 404, (c: ContractClient) => c.orders.cancel({ id: 'O-404' })],
    ['CONFLICT', 409, (c: ContractClient) => c.session.start({})],
    ['REFUSED', 422, (c: ContractClient) => c.risk.resume({ reason: 'all checked' })],
    ['NOT_FOUND', 404, (c: ContractClient) => c.performance.get({})],
  ] as const)('%s is answered with status %i', async (code, status, call) => {
    const { error } = await safe(call(client) as Promise<unknown>);
    expect(isDefinedError(error)).toBe(true);
    expect(error).toMatchObject({ code, status });
  });

  test('a dead journal is unavailable, not refused', async () => {
    control.onPlace = () => refuse('JOURNAL_FAILED', 'The journal cannot be written; free disk space.');
    const { error } = await safe(client.orders.place({ ...TICKET, idempotencyKey: 'key-00000001' }));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', status: 503 });
  });

  test('a bug is answered with a reference only and logged whole under it', async () => {
    control.onPlace = () => {
      throw new Error('connect postgres://user:hunter2@db failed');
    };
    const { error } = await safe(client.orders.place({ ...TICKET, idempotencyKey: 'key-00000001' }));
    expect(error).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', status: 500 });
    const reference = /reference ([0-9a-f]{12})/.exec(String(error?.message))?.[1];
    expect(reference).toBeDefined();
    expect(JSON.stringify(error)).not.toMatch(/hunter2|postgres|workstation\.ts/);
    const line = opened.log.lines.find((entry) => entry.fields['reference'] === reference);
    expect(line?.fields['procedure']).toBe('orders.place');
    expect(String(line?.fields['err'])).toContain('hunter2');
  });

  test('an answer that breaks the contract is a bug, not an answer', async () => {
    control.onPlace = () => ok({ ...orderView('O-1'), quantity: Number.NaN } as unknown as OrderView);
    const { error } = await safe(client.orders.place({ ...TICKET, idempotencyKey: 'key-00000001' }));
    expect(error).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
    expect(opened.log.lines).toHaveLength(1);
  });

  test('a bug inside a stream ends it with a reference', async () => {
    const stream = await client.market.quotes({ intervalMs: 20 });
    await next(stream);
    control.quotes.set(BTC, { ...quoteView(BTC, '1'), state: 'sleepy', secret: 'canary' } as never);
    control.quoteListeners.emit(BTC);
    const { error } = await safe(next(stream));
    expect(error).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
    expect(String(error?.message)).toMatch(/reference [0-9a-f]{12}/);
    expect(JSON.stringify(error)).not.toContain('canary');
    await vi.waitFor(() => expect(control.quoteListeners.size).toBe(0));
  });

  test('a refusal inside a stream is typed', async () => {
    const stream = await client.market.book({ instrument: 'DOGE.MOON' });
    const { error } = await safe(next(stream));
    expect(isDefinedError(error)).toBe(true);
    expect(error).toMatchObject({ code: 'NOT_FOUND', data: { code: 'INSTRUMENT_UNKNOWN', value: 'DOGE.MOON' } });
  });

  test('quotes: a snapshot, then only what changed, the newest of each', async () => {
    const stream = await client.market.quotes({ intervalMs: 20 });
    const snapshot = await next(stream);
    expect(snapshot.type).toBe('snapshot');
    expect(snapshot.quotes).toHaveLength(2);
    for (let price = 1; price <= 1000; price += 1) control.quote(ETH, `${price}`);
    const update = await next(stream);
    expect(update).toMatchObject({ type: 'update', quotes: [{ instrument: ETH, last: '1000' }] });
    await stream.return?.();
    await vi.waitFor(() => expect(control.quoteListeners.size).toBe(0));
  });

  test('bars: every bar that closed meanwhile arrives once, in its last state', async () => {
    const stream = await client.market.bars({ instrument: BTC, timeframe: '1m', limit: 3 });
    expect(await next(stream)).toMatchObject({ type: 'snapshot', bars: [{}, {}, {}] });
    for (let index = 0; index < 5; index += 1) {
      control.barListeners.emit(barView(NOW + index * 60_000, '1', false));
      control.barListeners.emit(barView(NOW + index * 60_000, `${index + 2}`, true));
    }
    const starts = new Map<number, string>();
    while (starts.size < 5)
      for (const bar of (await next(stream)).bars) starts.set(bar.start, `${bar.close}${String(bar.closed)}`);
    expect([...starts.values()]).toEqual(['2true', '3true', '4true', '5true', '6true']);
    await stream.return?.();
  });

  test('trades: what was left out is counted', async () => {
    const stream = await client.market.trades({ instrument: BTC });
    expect(await next(stream)).toMatchObject({ type: 'snapshot', trades: [{ id: '1' }], skipped: 0 });
    const trade = { ts: NOW, price: '1', size: '1', aggressor: null };
    for (let index = 0; index < 5000; index += 1) control.tradeListeners.emit({ ...trade, id: `t${index}` });
    let received = 0;
    let skipped = 0;
    let last: string | null = null;
    while (received + skipped < 5000) {
      const update = await next(stream);
      received += update.trades.length;
      skipped += update.skipped;
      last = update.trades.at(-1)?.id ?? last;
    }
    expect(received + skipped).toBe(5000);
    expect(received).toBeLessThanOrEqual(501);
    expect(last).toBe('t4999');
    await stream.return?.();
  });

  test('the book is cut to the depth asked for', async () => {
    control.book.bids.push({ price: '61825.99', size: '3' });
    const stream = await client.market.book({ instrument: BTC, depth: 1 });
    expect((await next(stream)).bids).toEqual([{ price: '61826.00', size: '1' }]);
    await stream.return?.();
  });

  test('orders and fills: none is lost, none twice, in order', async () => {
    const orders = await client.orders.stream({});
    const fills = await client.fills.stream({});
    expect(await next(orders)).toMatchObject({ type: 'snapshot', orders: [] });
    expect(await next(fills)).toMatchObject({ type: 'snapshot', complete: true, fills: [] });
    for (let index = 0; index < 1500; index += 1) {
      control.orderLog.append(orderView(`O-${index}`));
      control.fillLog.append(fillView(`T-${index}`));
    }
    for (let index = 0; index < 1500; index += 1) {
      expect(await next(orders)).toMatchObject({ type: 'update', sequence: index + 1, order: { id: `O-${index}` } });
      expect(await next(fills)).toMatchObject({ type: 'update', sequence: index + 1, fill: { tradeId: `T-${index}` } });
    }
    await orders.return?.();
    await fills.return?.();
  });

  test('a stream resumes after the last event id without gap or repeat', async () => {
    const first = await client.alerts.stream({});
    await next(first);
    for (let index = 0; index < 10; index += 1) control.alertLog.append(alertView(`A-${index}`));
    let lastEventId: string | undefined;
    for (let index = 0; index < 4; index += 1) lastEventId = getEventMeta(await next(first))?.id;
    await first.return?.();
    control.alertLog.append(alertView('A-10'));
    if (lastEventId === undefined) throw new Error('no event id');
    const second = await client.alerts.stream({}, { lastEventId });
    const ids: string[] = [];
    while (ids.length < 7) {
      const event = await next(second);
      if (event.type === 'update') ids.push(event.alert.id);
    }
    expect(ids).toEqual(['A-4', 'A-5', 'A-6', 'A-7', 'A-8', 'A-9', 'A-10']);
    await second.return?.();
  });

  test('an event id of another run starts from a snapshot that says so', async () => {
    control.fillLog.append(fillView('T-1'));
    const stream = await client.fills.stream({}, { lastEventId: 'f00f00f00f00-1' });
    expect(await next(stream)).toMatchObject({ type: 'snapshot', complete: false, fills: [{ tradeId: 'T-1' }] });
    await stream.return?.();
  });

  test('every change of risk state is sent, figures are coalesced', async () => {
    const stream = await client.risk.status({ intervalMs: 10_000 });
    expect(await next(stream)).toMatchObject({ state: 'ACTIVE' });
    control.riskState.set(riskStatus('REDUCING'), 'state');
    for (let index = 0; index < 50; index += 1) control.riskState.set(riskStatus('REDUCING'));
    control.riskState.set(riskStatus('HALTED'), 'state');
    control.riskState.set(riskStatus('ACTIVE'), 'state');
    expect((await next(stream)).state).toBe('REDUCING');
    expect((await next(stream)).state).toBe('HALTED');
    expect((await next(stream)).state).toBe('ACTIVE');
    await stream.return?.();
  });

  test('the portfolio of one account only', async () => {
    const { accounts } = await client.portfolio.get({ account: 'paper-nse' });
    expect(accounts.map((figures) => figures.account)).toEqual(['paper-nse']);
  });

  test('flatten reports its steps and ends with the result', async () => {
    const stream = await client.risk.flatten({ reason: 'drill' });
    const reading = (async () => {
      const steps: string[] = [];
      for await (const step of stream) steps.push(`${step.step}:${step.outcome ?? step.status}`);
      return steps;
    })();
    await vi.waitFor(() => expect(control.flattenReport).not.toBeNull());
    const step = (name: FlattenStep['step'], change: Partial<FlattenStep> = {}): FlattenStep => ({
      at: NOW,
      step: name,
      status: 'done',
      sentence: 'Done.',
      venue: null,
      account: null,
      instrument: null,
      outcome: null,
      open: [],
      elapsedMs: 1,
      times: null,
      ...change,
    });
    control.flattenReport?.(step('latch'));
    control.flattenReport?.(step('cancel'));
    const left = { venue: 'paper-crypto', code: 'NOT_FILLED', sentence: 'Still open.' };
    const open = [{ account: 'paper', instrument: BTC, quantity: '-0.12', ...left }];
    control.flattenReport?.(step('result', { outcome: 'NOT_FLAT', open }));
    expect(await reading).toEqual(['latch:done', 'cancel:done', 'result:NOT_FLAT']);
  });

  test('a lock needs its word; what refuses a lock or a drill is a refusal, also before a stream begins', async () => {
    const reason = 'three losses in a row';
    expect(await client.risk.lock({ until: '24h', confirm: 'LOCK', reason })).toMatchObject({ state: 'HALTED' });
    const unconfirmed = await safe(client.risk.lock({ until: '24h', confirm: 'lock' as 'LOCK', reason }));
    expect(unconfirmed.error).toMatchObject({ code: 'BAD_REQUEST' });
    const shorter = await safe(client.risk.lock({ until: NOW + 1, confirm: 'LOCK', reason }));
    expect(shorter.error).toMatchObject({ data: { code: 'LOCK_CANNOT_SHRINK' } });
    const drill = await safe(client.risk.drill({}));
    expect(drill.error).toMatchObject({ data: { code: 'DRILL_NOT_ACTIVE' } });
    expect(await client.risk.flattenPlan({})).toEqual({ positions: [], costs: [] });
  });

  test('a line that drops while an order is on its way leaves it unknown, not failed', async () => {
    let finish: (() => void) | undefined;
    control.onPlace = () =>
      new Promise((resolve) => {
        finish = () => {
          control.orderLog.append(orderView('O-1'));
          resolve(ok(orderView('O-1')));
        };
      });
    const call = safe(client.orders.place({ ...TICKET, idempotencyKey: 'key-00000001' }));
    await vi.waitFor(() => expect(control.placed).toHaveLength(1));
    opened.drop();
    const { error } = await call;
    // No answer of the engine: neither a refusal nor a failure of the order.
    expect(error).not.toBeNull();
    expect(error).not.toBeInstanceOf(ORPCError);
    finish?.();
    expect(control.orderLog.events).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(opened.log.lines.filter((line) => line.level === 'error')).toEqual([]);
  });

  test('streams let go of the engine when the line drops', async () => {
    const streams = [
      await client.market.quotes({}),
      await client.market.book({ instrument: BTC }),
      await client.market.bars({ instrument: BTC, timeframe: '1m' }),
      await client.market.trades({ instrument: BTC }),
      await client.app.status({}),
      await client.risk.status({}),
      await client.portfolio.stream({}),
    ];
    for (const stream of streams) await next(stream as AsyncIterator<unknown>);
    const attached = (): number =>
      control.quoteListeners.size +
      control.bookListeners.size +
      control.barListeners.size +
      control.tradeListeners.size +
      control.status.listeners.size +
      control.riskState.listeners.size +
      control.portfolio.listeners.size;
    expect(attached()).toBe(7);
    opened.drop();
    await vi.waitFor(() => expect(attached()).toBe(0));
  });
});
