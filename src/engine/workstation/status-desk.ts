import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { AppStatus, MarketPhase } from '../../contract/types.ts';
import { ALWAYS_OPEN, type MarketCalendar } from '../../clock/market-calendar.ts';
import { calendarOf } from '../../clock/calendars.ts';
import { CoalescedState } from './coalesced.ts';
import type { FeedRunner } from './feed-runner.ts';
import type { MarketDesk } from './market-desk.ts';
import type { RiskDesk } from './risk-desk.ts';
import type { Runtime } from './runtime.ts';
import type { StrategyDesk } from './strategy-desk.ts';

const DELAY_RESOLUTION_MS = 20;

interface StatusParts {
  readonly runtime: Runtime;
  readonly market: MarketDesk;
  readonly risk: RiskDesk;
  readonly strategies: StrategyDesk;
  readonly feeds: () => readonly FeedRunner[];
  readonly openPositions: () => number;
  readonly isLive: boolean;
}

/** The whole engine at a glance. */
export class StatusDesk {
  readonly status: CoalescedState<AppStatus>;
  readonly #parts: StatusParts;
  readonly #delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  #lagMs = 0;

  constructor(parts: StatusParts) {
    this.#parts = parts;
    this.status = new CoalescedState(
      () => this.#read(),
      (error) => parts.runtime.fault('A reader of the status', error),
    );
    this.#delay.enable();
    parts.runtime.onState.add(() => this.status.touch('state'));
    parts.runtime.onCauses.add(() => this.status.touch('state'));
    parts.runtime.onOrder.add(() => this.status.touch('figures'));
  }

  /** Once a second: the longest the loop was busy since. */
  onSecond(): void {
    const max = this.#delay.max / 1e6;
    this.#lagMs = Number.isFinite(max) ? Math.max(0, max - DELAY_RESOLUTION_MS) : 0;
    this.#delay.reset();
    this.status.touch('figures');
  }

  close(): void {
    this.#delay.disable();
  }

  #read(): AppStatus {
    const { runtime, market, risk, strategies, feeds, openPositions, isLive } = this.#parts;
    const { core, session, alerts } = runtime;
    const now = runtime.now();
    let working = 0;
    let unknown = 0;
    for (const account of core.accounts.keys()) {
      for (const order of core.orders.openOrders(account)) {
        working += 1;
        if (order.status === 'UNKNOWN') unknown += 1;
      }
    }
    return {
      now: Math.trunc(now),
      clock: isLive ? 'live' : 'simulated',
      session: { id: session?.id ?? null, state: session?.state ?? 'idle', sentence: session?.sentence ?? null },
      risk: { state: risk.state(), level: risk.level() },
      feeds: feeds().map((feed) => feed.status(now)),
      markets: [phase('crypto', ALWAYS_OPEN, now), phase('nse', calendarOf({ calendar: 'nse' }), now)],
      counts: {
        instruments: core.instruments.size,
        staleInstruments: market.staleCount(),
        workingOrders: working,
        unknownOrders: unknown,
        openPositions: openPositions(),
        strategies: strategies.running(),
        alerts: alerts.count,
      },
      loopLagMs: this.#lagMs,
      memoryMb: process.memoryUsage.rss() / 1_048_576,
    };
  }
}

function phase(venue: string, calendar: MarketCalendar, now: number): MarketPhase {
  const status = calendar.statusAt(now);
  const always = calendar === ALWAYS_OPEN;
  return {
    venue,
    state: status.state,
    reason: status.reason,
    nextOpen: always || status.nextOpen === null ? null : Math.trunc(status.nextOpen),
    nextClose:
      always || status.session === null || status.session.close <= now ? null : Math.trunc(status.session.close),
  };
}
