import type {
  AccountFigures,
  Alert,
  FillView,
  FlattenStep,
  OrderPreview,
  OrderTicket,
  OrderView,
  PlaceOrder,
  PositionView,
  RiskCheckView,
  RiskGauge,
} from '../../src/contract/types.ts';
import { ok, refuse } from '../../src/domain/refusal.ts';
import type { Workstation } from '../../src/engine/workstation.ts';
import { LivelyMarket } from './lively-market.ts';
import { FakeLog, FakeState, fakeWorkstation } from './workstation.ts';
import { appStatus, riskStatus } from './workstation-values.ts';

const ACCOUNTS = [
  { id: 'paper', name: 'Paper crypto', currency: 'USDT' },
  { id: 'paper-nse', name: 'Paper NSE', currency: 'INR' },
].map((each) => ({
  ...each,
  kind: 'paper' as const,
  broker: 'paper',
  type: 'cash' as const,
  leverage: '1',
  startingCash: '100000',
  armed: true,
}));

function gauge(
  name: string,
  title: string,
  value: string,
  limit: string,
  unit: RiskGauge['unit'] = 'currency',
): RiskGauge {
  const utilisation = Number(value) / Number(limit);
  return {
    name,
    title,
    account: null,
    value,
    limit,
    unit,
    utilisation,
    state: utilisation >= 1 ? 'breach' : utilisation >= 0.8 ? 'warn' : 'ok',
  };
}

const CHECKED: RiskCheckView = {
  code: 'ORDER_NOTIONAL',
  severity: 'info',
  value: '1',
  limit: '2',
  sentence: 'Within the limit.',
};

/** A workstation that answers and moves, over no engine: for pictures, and for answers that a healthy engine never gives. */
export function livelyWorkstation() {
  const now = () => Date.now();
  const market = new LivelyMarket(now);
  const { workstation: quiet } = fakeWorkstation();
  const orders = new FakeLog<OrderView>();
  const fills = new FakeLog<FillView>();
  const alerts = new FakeLog<Alert>();
  const newest = new Map<string, OrderView>();
  const positions = new Map<string, PositionView>();
  let count = 0;

  const control = {
    market,
    placed: [] as PlaceOrder[],
    /** What the next reviews say, beside their figures. */
    checks: [] as RiskCheckView[],
    verdict: 'allow' as OrderPreview['verdict'],
    /** "hang": take the order and never answer. "lose": neither take it nor answer. */
    placing: 'answer' as 'answer' | 'hang' | 'lose',
    halts: 0,
    flattened: 0,
    /** What a flatten cannot close. */
    stays: null as FlattenStep['open'][number] | null,
    /** Prices stand still, quotes stay fresh: a mouse can aim at a line of the chart. */
    frozen: false,
  };

  const figures = (account: (typeof ACCOUNTS)[number]): AccountFigures => {
    const mine = [...positions.values()].filter((position) => position.account === account.id);
    const unrealised = mine.reduce((sum, position) => sum + Number(position.unrealised ?? 0), 0);
    const inr = account.currency === 'INR';
    return {
      account: account.id,
      currency: account.currency,
      cash: inr ? '912450.50' : '68420.15',
      equity: ((inr ? 1_004_120 : 101_240) + unrealised).toFixed(2),
      buyingPower: inr ? '912450.50' : '68420.15',
      realised: inr ? '4120.00' : '812.40',
      unrealised: unrealised.toFixed(2),
      fees: '41.20',
      grossExposure: '32800.00',
      netExposure: '32800.00',
      dayPnl: ((inr ? -1_240.5 : 812.4) + unrealised).toFixed(2),
      drawdown: -0.0124,
      stale: mine.some((position) => position.stale),
    };
  };
  const portfolio = new FakeState({ at: now(), accounts: ACCOUNTS.map(figures), positions: [] as PositionView[] });
  const status = new FakeState(appStatus());
  const risk = new FakeState(riskStatus());

  const put = (order: OrderView): OrderView => {
    newest.set(order.id, order);
    orders.append(order);
    return order;
  };

  const refresh = (): void => {
    for (const [key, position] of positions) {
      const quote = market.quote(position.instrument);
      if (quote === null) continue;
      const mark = quote.last;
      const unrealised = (Number(mark) - Number(position.averagePrice)) * Number(position.quantity);
      positions.set(key, {
        ...position,
        mark,
        value: (Number(mark) * Number(position.quantity)).toFixed(2),
        unrealised: unrealised.toFixed(2),
        unrealisedPct: (unrealised / (Number(position.averagePrice) * Math.abs(Number(position.quantity)))) * 100,
        markAgeMs: quote.ageMs,
        stale: quote.state === 'stale',
      });
    }
    portfolio.set({ at: now(), accounts: ACCOUNTS.map(figures), positions: [...positions.values()] });
    const working = [...newest.values()].filter((order) => ['ACCEPTED', 'SUBMITTED', 'UNKNOWN'].includes(order.status));
    const base = appStatus();
    const [feed] = base.feeds;
    const halted = risk.value.state === 'HALTED';
    risk.set({
      ...risk.value,
      at: now(),
      workingOrders: working.length,
      openPositions: positions.size,
      gauges: [
        gauge('daily-loss', 'Daily loss', '3120', '5000'),
        gauge('drawdown', 'Drawdown', '0.0124', '0.1', 'fraction'),
        gauge('gross-exposure', 'Gross exposure', '32800', '100000'),
        gauge('concentration', 'Largest position', '0.262', '0.3', 'fraction'),
        gauge('order-rate', 'Order rate', '0.4', '10', 'per-second'),
        gauge('working-orders', 'Working orders', String(working.length), '50', 'count'),
      ],
    });
    status.set({
      ...base,
      now: now(),
      risk: { state: halted ? 'HALTED' : 'ACTIVE', level: 'LOW' },
      feeds: feed === undefined ? [] : [feed, { ...feed, id: 'sim:nse', latencyMs: 2.4 }],
      markets: [
        { venue: 'nse', state: 'closed', reason: 'Weekend', nextOpen: now() + 36_000_000, nextClose: null },
        { venue: 'binance', state: 'open', reason: 'round the clock', nextOpen: null, nextClose: null },
      ],
      counts: {
        ...base.counts,
        instruments: market.instruments.size,
        staleInstruments: market.staleSince.size,
        workingOrders: working.length,
        unknownOrders: [...newest.values()].filter((order) => order.status === 'UNKNOWN').length,
        openPositions: positions.size,
      },
    });
  };

  const fill = (order: OrderView, price: string): OrderView => {
    const done = put({
      ...order,
      status: 'FILLED',
      filled: order.quantity,
      remaining: '0',
      averagePrice: price,
      updatedAt: now(),
    });
    fills.append({
      tradeId: `T-${order.id}`,
      orderId: order.id,
      account: order.account,
      instrument: order.instrument,
      side: order.side,
      price,
      quantity: order.quantity,
      liquidity: 'taker',
      fee: (Number(price) * Number(order.quantity) * 0.001).toFixed(4),
      ts: now(),
      strategy: order.strategy,
      modelled: { model: 'L2', seed: 7, latencyMs: 12, reference: price, slippage: '0.01', impact: '0' },
    });
    const key = `${order.account} ${order.instrument}`;
    const before = positions.get(key);
    const signed = Number(order.quantity) * (order.side === 'buy' ? 1 : -1);
    const quantity = Number(before?.quantity ?? 0) + signed;
    const digits = market.instruments.get(order.instrument)?.quantityDigits ?? 5;
    if (Math.abs(quantity) < 10 ** -digits) positions.delete(key);
    else {
      positions.set(key, {
        account: order.account,
        instrument: order.instrument,
        quantity: quantity.toFixed(digits),
        averagePrice: before?.averagePrice ?? price,
        mark: price,
        value: null,
        unrealised: '0',
        unrealisedPct: 0,
        realised: '0',
        fees: '0.31',
        mae: null,
        mfe: null,
        stopLoss: null,
        takeProfit: null,
        trailing: null,
        openedAt: now(),
        markAgeMs: 0,
        stale: false,
      });
    }
    refresh();
    return done;
  };

  const touch = (ticket: { instrument: string; side: 'buy' | 'sell' }): string => {
    const quote = market.quote(ticket.instrument);
    return (ticket.side === 'buy' ? quote?.ask : quote?.bid) ?? '0';
  };

  const take = (order: PlaceOrder, source: OrderView['source'] = 'manual'): OrderView => {
    count += 1;
    const {
      idempotencyKey,
      account,
      instrument,
      side,
      type,
      quantity,
      price,
      trigger,
      timeInForce,
      postOnly,
      reduceOnly,
    } = order;
    const accepted = put({
      id: `O-${String(count).padStart(4, '0')}`,
      account,
      accountKind: 'paper',
      instrument,
      side,
      type,
      quantity,
      price,
      trigger,
      timeInForce,
      expireAt: null,
      postOnly,
      reduceOnly,
      source,
      strategy: null,
      note: null,
      idempotencyKey,
      parent: null,
      status: 'ACCEPTED',
      filled: '0',
      remaining: quantity,
      averagePrice: null,
      fees: '0',
      venueOrderId: `V-${count}`,
      createdAt: now(),
      updatedAt: now(),
      reasonCode: null,
      reason: null,
    });
    if (type === 'market') setTimeout(() => fill(accepted, touch(order)), 40);
    refresh();
    return accepted;
  };

  const preview = (ticket: OrderTicket): OrderPreview => {
    const price = Number(ticket.price ?? ticket.trigger ?? touch(ticket));
    const notional = price * Number(ticket.quantity);
    return {
      verdict: control.verdict,
      checks: [...control.checks, CHECKED, CHECKED],
      warnings: [],
      moreWarnings: 0,
      reviewToken: control.verdict === 'block' ? null : `review-${count}`,
      reviewExpiresAt: now() + 60_000,
      quantity: Number(ticket.quantity).toFixed(5),
      notional: notional.toFixed(2),
      fee: (notional * 0.001).toFixed(2),
      estimate: {
        averagePrice: touch(ticket),
        worstPrice: touch(ticket),
        slippageBps: 0.4,
        fillable: ticket.quantity,
        levels: 2,
      },
      maxLoss:
        ticket.stopLoss === null
          ? null
          : (Math.abs(price - Number(ticket.stopLoss)) * Number(ticket.quantity)).toFixed(2),
      cashAfter: (68_420 - notional).toFixed(2),
      marginAfter: null,
      limits: [
        {
          name: 'maxOrderNotional',
          before: '0',
          after: notional.toFixed(2),
          limit: '50000',
          utilisation: notional / 50_000,
        },
        {
          name: 'maxPositionNotional',
          before: '12000',
          after: (12_000 + notional).toFixed(2),
          limit: '100000',
          utilisation: (12_000 + notional) / 100_000,
        },
        { name: 'maxDailyLoss', before: '3120', after: '3550', limit: '5000', utilisation: 0.71 },
      ],
      priceAgeMs: 42,
    };
  };

  const stepNow = () => ({
    at: now(),
    status: 'done' as const,
    venue: null,
    account: null,
    instrument: null,
    outcome: null,
    open: [],
    elapsedMs: 1,
    times: null,
  });
  const never = new Promise<never>(() => {});
  const workstation: Workstation = {
    ...quiet,
    status,
    portfolio,
    alerts,
    market: {
      instruments: () => [...market.instruments.values()],
      history: ({ instrument, timeframe, limit }) => ok(market.bars(instrument, timeframe, limit)),
      quotes: { read: (id) => market.quote(id), subscribe: (onChange) => market.onQuote.add(onChange) },
      book: (instrument, depth) => market.book(instrument, depth),
      subscribeBook: (instrument, onChange) => market.listenBook(instrument, onChange),
      subscribeBars: (instrument, timeframe, onBar) => market.listenBars(instrument, timeframe, onBar),
      recentTrades: () => [],
      subscribeTrades: () => () => {},
    },
    accounts: { list: () => ACCOUNTS },
    positions: {
      close({ account, instrument, fraction, idempotencyKey }) {
        const position = positions.get(`${account} ${instrument}`);
        if (position === undefined) return refuse('POSITION_UNKNOWN', 'There is no open position.');
        const quantity = (Math.abs(Number(position.quantity)) * fraction).toFixed(
          market.instruments.get(instrument)?.quantityDigits ?? 5,
        );
        const ticket = blank(account, instrument, Number(position.quantity) > 0 ? 'sell' : 'buy', quantity);
        return ok(take({ ...ticket, reduceOnly: true, idempotencyKey }));
      },
      protect({ account, instrument, stopLoss, takeProfit }) {
        const position = positions.get(`${account} ${instrument}`);
        if (position === undefined) return refuse('POSITION_UNKNOWN', 'There is no open position.');
        const next = {
          ...position,
          ...(stopLoss === undefined ? {} : { stopLoss }),
          ...(takeProfit === undefined ? {} : { takeProfit }),
        };
        positions.set(`${account} ${instrument}`, next);
        refresh();
        return ok(next);
      },
    },
    orders: {
      ...quiet.orders,
      preview: (ticket) => ok(preview(ticket)),
      place(order) {
        control.placed.push(order);
        if (control.placing === 'lose') return never;
        if (risk.value.state === 'HALTED')
          return refuse('TRADING_HALTED', 'Trading is halted; resume it in Safety before opening orders.');
        const taken = take(order);
        return control.placing === 'hang' ? never : ok(taken);
      },
      cancel(id) {
        const order = newest.get(id);
        if (order === undefined) return refuse('ORDER_UNKNOWN', `No order ${id}.`);
        return ok(
          put({
            ...order,
            status: 'CANCELED',
            reasonCode: 'USER_CANCEL',
            reason: 'Cancelled by the user.',
            updatedAt: now(),
          }),
        );
      },
      cancelAll() {
        const open = [...newest.values()].filter((order) => order.status === 'ACCEPTED');
        for (const order of open)
          put({ ...order, status: 'CANCELED', reasonCode: 'USER_CANCEL', reason: 'Cancelled by the user.' });
        refresh();
        return ok({ orders: open.map(({ id }) => id) });
      },
      modify({ id, price, trigger }) {
        const order = newest.get(id);
        if (order === undefined) return refuse('ORDER_UNKNOWN', `No order ${id}.`);
        return ok(put({ ...order, price: price ?? order.price, trigger: trigger ?? order.trigger, updatedAt: now() }));
      },
      list: ({ scope }) => ({
        items: [...newest.values()]
          .filter((order) => (order.status === 'ACCEPTED') === (scope === 'working'))
          .reverse(),
        next: null,
      }),
      timeline(id) {
        const order = newest.get(id);
        if (order === undefined) return refuse('ORDER_UNKNOWN', `No order ${id}.`);
        const moment = {
          at: order.createdAt,
          event: 'submitted',
          status: 'SUBMITTED' as const,
          sentence: null,
          elapsedMs: 0,
          fill: null,
        };
        return ok({
          order,
          moments: [moment, { ...moment, at: order.updatedAt, event: 'accepted', status: order.status, elapsedMs: 12 }],
        });
      },
      log: {
        recent: () => [...newest.values()],
        subscribe: (listener) => orders.subscribe(listener),
      },
    },
    fills: { list: () => ({ items: fills.events.toReversed(), next: null }), log: fills },
    risk: {
      ...quiet.risk,
      status: risk,
      halt(reason) {
        control.halts += 1;
        risk.set(
          {
            ...risk.value,
            state: 'HALTED',
            causes: [{ code: 'USER_HALT', sentence: reason, since: now(), actor: 'user' }],
          },
          'state',
        );
        alerts.append({
          id: `A-${now()}`,
          at: now(),
          severity: 'critical',
          code: 'HALTED',
          sentence: `Trading halted: ${reason}`,
          account: null,
          instrument: null,
        });
        const open = [...newest.values()].filter((order) => order.status === 'ACCEPTED');
        setTimeout(() => workstation.orders.cancelAll({ protective: false }), 60);
        return { state: 'HALTED', latched: true, latchedAt: now(), cancelRequested: open.length };
      },
      flatten(_request, report) {
        control.flattened += 1;
        const step = stepNow();
        workstation.risk.halt('FLATTEN was pressed');
        report({ ...step, step: 'latch', sentence: 'Halt latched on disk.' });
        report({ ...step, step: 'cancel', sentence: 'All working orders asked to cancel.' });
        report({ ...step, step: 'await-cancels', sentence: 'Every cancel is confirmed.' });
        setTimeout(() => {
          if (control.stays !== null) {
            const open = [control.stays];
            const sentence = `NOT FLAT: ${control.stays.sentence}`;
            const end = { ...step, at: now(), step: 'result', status: 'failed', outcome: 'NOT_FLAT' } as const;
            report({ ...end, sentence, open, elapsedMs: 260 });
            return;
          }
          const closed = positions.size;
          positions.clear();
          refresh();
          report({ ...step, step: 'close', sentence: `${closed} positions closed.`, elapsedMs: 240 });
          const times = { latchMs: 3, firstCancelMs: 5, flatMs: 260 };
          report({ ...step, at: now(), step: 'result', sentence: 'Flat.', outcome: 'FLAT', elapsedMs: 260, times });
        }, 240);
      },
      flattenPlan: () => ({
        positions: [...positions.values()].map(({ account, instrument, quantity }) => ({
          account,
          instrument,
          venue: 'paper-crypto',
          quantity,
          currency: 'USDT',
          cost: '12.40',
          closed: null,
        })),
        costs: positions.size === 0 ? [] : [{ currency: 'USDT', amount: (12.4 * positions.size).toFixed(2) }],
      }),
      lock({ reason }) {
        const until = now() + 86_400_000;
        workstation.risk.halt(reason);
        const { emergency, causes } = risk.value;
        const lock = { until, since: now(), reason };
        const cause = { code: 'LOCKED', sentence: `Locked: ${reason}`, since: now(), actor: 'user' } as const;
        const rearm = [{ code: 'LOCK_OVER', ok: false, sentence: 'The lock still holds.' }];
        risk.set({ ...risk.value, causes: [...causes, cause], emergency: { ...emergency, lock, rearm } }, 'state');
        return ok({ state: 'HALTED', lockedUntil: until });
      },
      drill(_request, report) {
        const step = stepNow();
        const drill = { ...step, venue: 'paper-crypto' };
        report({ ...drill, step: 'prepare', sentence: "The drill's own order O-9 is FILLED." });
        report({ ...drill, step: 'latch', sentence: 'Halt latched on disk.' });
        report({ ...drill, step: 'cancel', sentence: 'paper-crypto: 1 order asked to cancel.' });
        const times = { latchMs: 2, firstCancelMs: 3, flatMs: 180 };
        report({ ...step, step: 'result', sentence: 'Flat.', outcome: 'FLAT', elapsedMs: 180, times });
        return ok(null);
      },
      resume(reason) {
        if (reason.includes('refuse'))
          return refuse('RESUME_BLOCKED', 'One order is unknown; wait until it is reconciled.');
        risk.set({ ...risk.value, state: 'ACTIVE', causes: [] }, 'state');
        return ok({ state: 'ACTIVE' });
      },
    },
    strategies: {
      ...quiet.strategies,
      list: () => ({
        available: [
          { id: 'sma-cross', title: 'SMA cross', description: 'Long above, flat below.', parameters: [] },
          { id: 'breakout', title: 'Breakout', description: 'Buys a new high.', parameters: [] },
        ],
        runs: quiet.strategies.list().runs,
      }),
    },
  };

  let steps = 0;
  const timer = setInterval(() => {
    if (control.frozen) market.repeat();
    else market.step();
    steps += 1;
    if (steps % 4 === 0) refresh();
  }, 60);
  refresh();
  return {
    workstation,
    control,
    take,
    fill: (order: OrderView) => fill(order, touch(order)),
    put,
    refresh,
    alert: (alert: Alert) => alerts.append(alert),
    stop: () => clearInterval(timer),
  };
}

export function blank(
  account: string,
  instrument: string,
  side: 'buy' | 'sell',
  quantity: string,
): Omit<PlaceOrder, 'idempotencyKey'> {
  return {
    account,
    instrument,
    side,
    type: 'market',
    quantity,
    price: null,
    trigger: null,
    timeInForce: 'GTC',
    expireAt: null,
    postOnly: false,
    reduceOnly: false,
    stopLoss: null,
    takeProfit: null,
    trailing: null,
    note: null,
  };
}
