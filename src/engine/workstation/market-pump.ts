import type { Clock } from '../../clock/clock.ts';
import type { MarketEvent } from '../../domain/market-data.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { FeedRunner } from './feed-runner.ts';

/** Shortest pause between two deliveries, and while an order is on its way to the venue, whose latency is to be felt. */
const PAUSE_MS = 8;
const PAUSE_IN_FLIGHT_MS = 3;
/** Longest time without looking at the clock: orders expire also in a silent market. */
const IDLE_MS = 250;
/** The loop belongs to the window and the API, too. */
const BUDGET_MS = 6;
const EVENTS_PER_LOOK = 32;

interface PumpPorts {
  readonly clock: Clock;
  readonly deliver: (event: MarketEvent, now: EpochMs) => void;
  /** After what was due: time passes, coalesced news go out. */
  readonly settle: (now: EpochMs) => void;
  readonly onFault: (error: unknown) => void;
  readonly inFlight: () => boolean;
  /** Off under a simulated clock, where the machine's speed must not decide anything. */
  readonly isBudgeted: boolean;
}

/** Hands every event to the engine when its time has come, oldest first over all feeds, a few milliseconds at a time. */
export class MarketPump {
  readonly #ports: PumpPorts;
  #runners: readonly FeedRunner[] = [];
  #cancel: (() => void) | null = null;
  #wakeAt: EpochMs = Number.POSITIVE_INFINITY;
  #lastWake: EpochMs = 0;
  #running = false;
  #stopped = false;

  constructor(ports: PumpPorts) {
    this.#ports = ports;
  }

  run(runners: readonly FeedRunner[]): void {
    this.#runners = runners;
    this.nudge();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#cancel = null;
  }

  /** Events arrived or an order left: the next look may have to be earlier. */
  nudge(): void {
    if (this.#stopped || this.#running) return;
    const at = this.#next();
    if (this.#cancel !== null && at >= this.#wakeAt) return;
    this.#cancel?.();
    this.#wakeAt = at;
    this.#cancel = this.#ports.clock.setTimer(at, (now) => this.#wake(now));
  }

  #next(): EpochMs {
    const now = this.#ports.clock.now();
    let due = now + IDLE_MS;
    for (const runner of this.#runners) due = Math.min(due, runner.nextAt);
    const inFlight = this.#ports.inFlight();
    if (inFlight) due = Math.min(due, now + PAUSE_IN_FLIGHT_MS);
    return Math.max(due, this.#lastWake + (inFlight ? PAUSE_IN_FLIGHT_MS : PAUSE_MS));
  }

  #wake(now: EpochMs): void {
    this.#cancel = null;
    this.#running = true;
    this.#lastWake = now;
    try {
      this.#deliver(now);
      this.#ports.settle(now);
    } catch (error) {
      this.#ports.onFault(error);
    } finally {
      this.#running = false;
      this.nudge();
    }
  }

  #deliver(now: EpochMs): void {
    const { deliver, isBudgeted } = this.#ports;
    const began = performance.now();
    for (let count = 1; ; count += 1) {
      let earliest: FeedRunner | null = null;
      for (const runner of this.#runners) {
        if (earliest === null || runner.nextAt < earliest.nextAt) earliest = runner;
      }
      if (earliest === null || earliest.nextAt > now) return;
      const event = earliest.take(now);
      try {
        if (event !== null) deliver(event, now);
      } catch (error) {
        // A bug on the way of this event: its feed begins anew, the others go on.
        this.#ports.onFault(error);
        earliest.fail(error);
      }
      if (isBudgeted && count % EVENTS_PER_LOOK === 0 && performance.now() - began > BUDGET_MS) return;
    }
  }
}
