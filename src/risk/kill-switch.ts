import { flattenVenue } from './kill-switch-flatten.ts';
import { KillLog } from './kill-switch-log.ts';
import {
  DEFAULT_KILL_SWITCH,
  type FlattenReport,
  type HaltReport,
  isProtective,
  type KillSwitchPorts,
  type KillSwitchSettings,
  type VenueId,
  type VenueReport,
} from './kill-switch-ports.ts';

/** HALT and FLATTEN. Everything here is repeatable: pressing twice does no harm. */
export class KillSwitch {
  readonly #ports: KillSwitchPorts;
  readonly #settings: KillSwitchSettings;
  #log: KillLog;
  #flattening: Promise<FlattenReport> | null = null;

  constructor(ports: KillSwitchPorts, settings: KillSwitchSettings = DEFAULT_KILL_SWITCH) {
    this.#ports = ports;
    this.#settings = settings;
    this.#log = new KillLog(ports);
  }

  /** Latch, block, cancel everything working except protective reduce-only exits: cancelling a stop adds risk. */
  halt(actor: string, reason: string): HaltReport {
    // A halt during a flatten belongs to the same report.
    if (this.#flattening === null) this.#log = new KillLog(this.#ports);
    const log = this.#log;
    const before = log.cancelled;
    const latched = this.#latchAndBlock(log, actor, reason);
    for (const venue of this.#venues(log) ?? []) {
      const orders = log.openOrders(venue);
      if (orders === null) continue;
      const asked = log.cancelled;
      const kept = orders.filter(isProtective).length;
      for (const order of orders) if (!isProtective(order)) log.cancel(venue, order, reason);
      log.step('cancel', venue, true, haltLine(venue, log.cancelled - asked, kept));
    }
    const { latchMs, firstCancelMs, steps } = log;
    return { latched, cancelled: log.cancelled - before, times: { latchMs, firstCancelMs }, steps };
  }

  /** Halts, cancels everything, closes all positions and says FLAT only after reading them again. One run at a time. */
  flatten(actor: string, reason: string): Promise<FlattenReport> {
    this.#flattening ??= this.#flatten(actor, reason).finally(() => {
      this.#flattening = null;
    });
    return this.#flattening;
  }

  async #flatten(actor: string, reason: string): Promise<FlattenReport> {
    const { latched } = this.halt(actor, reason);
    const log = this.#log;
    log.guard('cancel', null, 'Protective exits stood down.', () => this.#ports.standDown());
    const listed = this.#venues(log);
    const venues = await Promise.all(
      (listed ?? []).map((venue) => flattenVenue(this.#ports, this.#settings, log, venue, reason)),
    );
    const residuals = venues.flatMap((one) => one.residuals);
    // Venues that could not even be listed prove nothing.
    const flat = listed !== null && venues.every((one) => one.flat);
    log.step(
      'verify',
      null,
      flat,
      flat ? 'FLAT: no position and no open order is left.' : `NOT FLAT: ${leftAt(venues)}`,
    );
    const { steps, cancelled, latchMs, firstCancelMs } = log;
    return {
      flat,
      verifiedAt: flat ? this.#ports.clock.now() : null,
      rounds: venues.reduce((most, { rounds }) => Math.max(most, rounds), 0),
      tookMs: log.elapsed(),
      venues,
      residuals,
      latched,
      cancelled,
      times: { latchMs, firstCancelMs },
      steps,
    };
  }

  #venues(log: KillLog): readonly VenueId[] | null {
    let venues: readonly VenueId[] | null = null;
    log.guard('cancel', null, null, () => {
      venues = this.#ports.venues();
    });
    return venues;
  }

  #latchAndBlock(log: KillLog, actor: string, reason: string): boolean {
    const { clock } = this.#ports;
    const latched = log.guard('latch', null, 'Halt latched on disk.', () => {
      const written = this.#ports.latch(actor, reason, clock.now());
      if (written.ok) return null;
      const { code, sentence } = written.error;
      return {
        code,
        sentence: `${sentence} Trading is halted now, but a restart would not know of it: free the disk and halt again.`,
      };
    });
    if (latched) log.latchMs = log.elapsed();
    // Blocked in memory even when the disk refuses the latch.
    let said = 'New orders are blocked, strategies are stopped.';
    const blocked = log.guard('latch', null, null, () => {
      said = this.#ports.block(actor, reason, clock.now()) ?? said;
    });
    if (blocked) log.step('latch', null, true, said);
    return latched;
  }
}

function haltLine(venue: VenueId, asked: number, kept: number): string {
  const orders = asked === 1 ? '1 order' : `${asked} orders`;
  const stays = kept === 0 ? '' : ` ${kept === 1 ? '1 protective exit stays' : `${kept} protective exits stay`}.`;
  return `${venue}: ${orders} asked to cancel.${stays}`;
}

function leftAt(venues: readonly VenueReport[]): string {
  const not = venues.filter(({ flat }) => !flat).map(({ venue }) => venue);
  return not.length === 0 ? 'the venues could not be listed.' : `something is left at ${not.join(', ')}.`;
}
