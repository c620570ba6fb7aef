import { randomBytes } from 'node:crypto';
import { implement } from '@orpc/server';
import { contract } from '../contract/contract.ts';
import type { Alert, FillView, OrderView, PortfolioState } from '../contract/types.ts';
import type { Workstation } from '../engine/workstation.ts';
import { contractHash } from './contract-hash.ts';
import { EventLog } from './event-log.ts';
import { readSteps } from './flatten-stream.ts';
import type { CallContext, StreamCall } from './flow.ts';
import { readLog } from './log-stream.ts';
import { readBars, readBook, readQuotes, readTrades } from './market-streams.ts';
import { unwrap } from './refusals.ts';
import { readState } from './state-stream.ts';

/** Events a reader may be away for and still miss nothing. */
const LOG_WINDOW = 8192;

function ofAccount(state: PortfolioState, account: string | undefined): PortfolioState {
  if (account === undefined) return state;
  return {
    at: state.at,
    accounts: state.accounts.filter((figures) => figures.account === account),
    positions: state.positions.filter((position) => position.account === account),
  };
}

export type ApiRouter = ReturnType<typeof createApi>['router'];

/** The contract on a workstation. One per process: every transport serves the same router. */
export function createApi(workstation: Workstation) {
  const run = randomBytes(6).toString('hex');
  const orderLog = new EventLog<OrderView>(workstation.orders.log, LOG_WINDOW);
  const fillLog = new EventLog<FillView>(workstation.fills.log, LOG_WINDOW);
  const alertLog = new EventLog<Alert>(workstation.alerts, LOG_WINDOW);
  const os = implement(contract).$context<CallContext>();
  const now = (): number => Math.trunc(workstation.status.read().now);
  const call = (options: { signal?: AbortSignal | undefined; context: CallContext }): StreamCall => ({
    signal: options.signal,
    flow: options.context.flow,
  });
  const { market, orders, algorithms, risk, session, strategies, analytics, journal } = workstation;

  const controls = workstation.riskControls;

  const router = os.router({
    app: {
      hello: os.app.hello.handler(() => ({
        product: 'Tradewright',
        version: workstation.version,
        protocol: 1,
        contractHash: contractHash(),
      })),
      status: os.app.status.handler((o) =>
        readState(workstation.status, (status) => status, o.input.intervalMs, call(o)),
      ),
    },
    market: {
      instruments: os.market.instruments.handler(() => [...market.instruments()]),
      history: os.market.history.handler(async ({ input }) => ({
        instrument: input.instrument,
        timeframe: input.timeframe,
        bars: [...unwrap(await market.history(input))],
      })),
      quotes: os.market.quotes.handler((o) => readQuotes(market, o.input, now, call(o))),
      bars: os.market.bars.handler((o) => readBars(market, o.input, call(o))),
      book: os.market.book.handler((o) => readBook(market, o.input, call(o))),
      trades: os.market.trades.handler((o) => readTrades(market, o.input, call(o))),
    },
    accounts: { list: os.accounts.list.handler(() => [...workstation.accounts.list()]) },
    portfolio: {
      get: os.portfolio.get.handler(({ input }) => ofAccount(workstation.portfolio.read(), input.account)),
      stream: os.portfolio.stream.handler((o) =>
        readState(workstation.portfolio, (state) => ofAccount(state, o.input.account), o.input.intervalMs, call(o)),
      ),
    },
    positions: {
      close: os.positions.close.handler(async ({ input }) => unwrap(await workstation.positions.close(input))),
      protect: os.positions.protect.handler(({ input }) => unwrap(workstation.positions.protect(input))),
    },
    orders: {
      preview: os.orders.preview.handler(({ input }) => unwrap(orders.preview(input))),
      // The signal is not looked at: an order whose caller has gone is placed all the same, and is in the stream.
      place: os.orders.place.handler(async ({ input }) => unwrap(await orders.place(input))),
      cancel: os.orders.cancel.handler(({ input }) => unwrap(orders.cancel(input.id))),
      cancelAll: os.orders.cancelAll.handler(({ input }) => {
        const ids = [...unwrap(orders.cancelAll(input)).orders];
        return { requested: ids.length, orders: ids };
      }),
      modify: os.orders.modify.handler(({ input }) => unwrap(orders.modify(input))),
      list: os.orders.list.handler(async ({ input }) => {
        const page = await orders.list(input);
        return { orders: [...page.items], next: page.next };
      }),
      timeline: os.orders.timeline.handler(({ input }) => {
        const { order, moments } = unwrap(orders.timeline(input.id));
        return { order, moments: [...moments] };
      }),
      stream: os.orders.stream.handler((o) =>
        readLog(orderLog, run, o.lastEventId, call(o), {
          snapshot: (sequence, recent) => ({ type: 'snapshot' as const, sequence, orders: [...recent] }),
          update: (sequence, order) => ({ type: 'update' as const, sequence, order }),
        }),
      ),
    },
    algorithms: {
      preview: os.algorithms.preview.handler(({ input }) => unwrap(algorithms.preview(input))),
      // As with orders: a parent whose caller has gone is begun all the same.
      start: os.algorithms.start.handler(({ input }) => unwrap(algorithms.start(input))),
      list: os.algorithms.list.handler(({ input }) => ({ parents: [...algorithms.list(input.scope, input.limit)] })),
      stream: os.algorithms.stream.handler((o) =>
        readState(algorithms.state, (parents) => ({ parents: [...parents] }), o.input.intervalMs, call(o)),
      ),
      cancel: os.algorithms.cancel.handler(({ input }) => unwrap(algorithms.cancel(input.id))),
      pause: os.algorithms.pause.handler(({ input }) => unwrap(algorithms.pause(input.id))),
      resume: os.algorithms.resume.handler(({ input }) => unwrap(algorithms.resume(input.id))),
    },
    fills: {
      list: os.fills.list.handler(async ({ input }) => {
        const page = await workstation.fills.list(input);
        return { fills: [...page.items], next: page.next };
      }),
      stream: os.fills.stream.handler((o) =>
        readLog(fillLog, run, o.lastEventId, call(o), {
          snapshot: (sequence, recent, complete) => ({
            type: 'snapshot' as const,
            sequence,
            complete,
            fills: [...recent],
          }),
          update: (sequence, fill) => ({ type: 'update' as const, sequence, fill }),
        }),
      ),
    },
    risk: {
      status: os.risk.status.handler((o) => readState(risk.status, (status) => status, o.input.intervalMs, call(o))),
      limits: os.risk.limits.handler(() => risk.limits()),
      setLimits: os.risk.setLimits.handler(({ input }) => unwrap(risk.setLimits(input.limits, input.reason))),
      halt: os.risk.halt.handler(({ input }) => risk.halt(input.reason)),
      flatten: os.risk.flatten.handler((o) => readSteps((report) => risk.flatten(o.input, report), call(o))),
      flattenPlan: os.risk.flattenPlan.handler(({ input }) => risk.flattenPlan(input)),
      lock: os.risk.lock.handler(({ input }) => unwrap(risk.lock(input))),
      drill: os.risk.drill.handler((o) => readSteps((report) => void unwrap(risk.drill(o.input, report)), call(o))),
      resume: os.risk.resume.handler(({ input }) => unwrap(risk.resume(input.reason))),
    },
    riskControls: {
      limits: os.riskControls.limits.handler(() => controls.limits()),
      setLimits: os.riskControls.setLimits.handler(({ input }) => unwrap(controls.setLimits(input))),
      limitHistory: os.riskControls.limitHistory.handler(({ input }) => controls.limitHistory(input)),
      protections: os.riskControls.protections.handler(() => controls.protections()),
      setProtections: os.riskControls.setProtections.handler(({ input }) => unwrap(controls.setProtections(input))),
      liftLock: os.riskControls.liftLock.handler(({ input }) => unwrap(controls.liftLock(input))),
      portfolio: os.riskControls.portfolio.handler((o) =>
        readState(unwrap(controls.portfolio(o.input.account)), (state) => state, o.input.intervalMs, call(o)),
      ),
      scenarios: os.riskControls.scenarios.handler(() => controls.scenarios()),
      setScenarios: os.riskControls.setScenarios.handler(({ input }) => unwrap(controls.setScenarios(input))),
      trends: os.riskControls.trends.handler(({ input }) => controls.trends(input)),
    },
    alerts: {
      stream: os.alerts.stream.handler((o) =>
        readLog(alertLog, run, o.lastEventId, call(o), {
          snapshot: (sequence, recent) => ({ type: 'snapshot' as const, sequence, alerts: [...recent] }),
          update: (sequence, alert) => ({ type: 'update' as const, sequence, alert }),
        }),
      ),
    },
    session: {
      status: os.session.status.handler(() => session.status()),
      start: os.session.start.handler(async ({ input }) => unwrap(await session.start(input))),
      pause: os.session.pause.handler(() => unwrap(session.pause())),
      resume: os.session.resume.handler(() => unwrap(session.resume())),
      stop: os.session.stop.handler(async () => unwrap(await session.stop())),
      list: os.session.list.handler(({ input }) => {
        const page = session.list(input);
        return { sessions: [...page.items], next: page.next };
      }),
    },
    strategies: {
      list: os.strategies.list.handler(() => strategies.list()),
      start: os.strategies.start.handler(({ input }) => unwrap(strategies.start(input))),
      pause: os.strategies.pause.handler(({ input }) => unwrap(strategies.pause(input.id))),
      stop: os.strategies.stop.handler(({ input }) => unwrap(strategies.stop(input.id))),
    },
    performance: {
      get: os.performance.get.handler(async ({ input }) => unwrap(await workstation.performance(input))),
    },
    analytics: {
      trades: os.analytics.trades.handler(({ input }) => unwrap(analytics.trades(input))),
      breakdown: os.analytics.breakdown.handler(({ input }) => unwrap(analytics.breakdown(input))),
      calendar: os.analytics.calendar.handler(({ input }) => unwrap(analytics.calendar(input))),
      equity: os.analytics.equity.handler(({ input }) => unwrap(analytics.equity(input))),
      execution: os.analytics.execution.handler(({ input }) => unwrap(analytics.execution(input))),
      order: os.analytics.order.handler(({ input }) => unwrap(analytics.order(input.order))),
      gap: os.analytics.gap.handler(({ input }) => unwrap(analytics.gap(input))),
      note: os.analytics.note.handler(({ input }) => unwrap(analytics.note(input.trade))),
      setNote: os.analytics.setNote.handler(({ input }) => unwrap(analytics.setNote(input))),
      tags: os.analytics.tags.handler(() => unwrap(analytics.tags())),
    },
    journal: {
      stats: os.journal.stats.handler(() => journal.stats()),
      audit: os.journal.audit.handler(({ input }) => {
        const page = journal.audit(input);
        return { entries: [...page.items], next: page.next };
      }),
      verify: os.journal.verify.handler(() => journal.verify()),
    },
  });

  return {
    router,
    close(): void {
      orderLog.close();
      fillLog.close();
      alertLog.close();
    },
  };
}
