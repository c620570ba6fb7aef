import { quantityText, type InstrumentId } from '../domain/instrument.ts';
import type { Order, OrderId } from '../domain/order.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { QuantityUnits } from '../domain/units.ts';
import { closingIntent, type ClosingStyle } from './closing-order.ts';
import { type KillLog, messageOf } from './kill-switch-log.ts';
import type {
  KillSwitchPorts,
  KillSwitchSettings,
  OpenRisk,
  Residual,
  VenueId,
  VenueReport,
} from './kill-switch-ports.ts';

/** Reasons that another round cannot change. */
const HOPELESS: ReadonlySet<string> = new Set(['MARKET_CLOSED', 'DUST', 'INSTRUMENT_NOT_FOUND']);

/** Brings one venue to no order and no position, or says what is left and why. */
export function flattenVenue(
  ports: KillSwitchPorts,
  settings: KillSwitchSettings,
  log: KillLog,
  venue: VenueId,
  reason: string,
): Promise<VenueReport> {
  return new VenueFlatten(ports, settings, log, venue, reason).run();
}

class VenueFlatten {
  readonly #ports: KillSwitchPorts;
  readonly #settings: KillSwitchSettings;
  readonly #log: KillLog;
  readonly #venue: VenueId;
  readonly #reason: string;
  /** Closing orders of a position that did not close it. */
  readonly #failed = new Map<string, number>();

  constructor(ports: KillSwitchPorts, settings: KillSwitchSettings, log: KillLog, venue: VenueId, reason: string) {
    this.#ports = ports;
    this.#settings = settings;
    this.#log = log;
    this.#venue = venue;
    this.#reason = reason;
  }

  async run(): Promise<VenueReport> {
    const { rounds, idleRounds, pauseMs } = this.#settings;
    let known: readonly Residual[] = [];
    let left = Number.POSITIVE_INFINITY;
    let idle = 0;
    for (let round = 1; ; round += 1) {
      const stuck = await this.#cancelAll();
      const positions = await this.#positions();
      if (positions !== null && (await this.#isFlat(positions))) {
        this.#step('verify', true, `${this.#venue} is flat: read again, no position and no open order.`);
        return { venue: this.#venue, flat: true, rounds: round - 1, residuals: [] };
      }
      const now = positions === null ? Number.POSITIVE_INFINITY : sizeOf(positions) + stuck.length;
      idle = now < left ? 0 : idle + 1;
      left = Math.min(left, now);
      const hopeless = known.length > 0 && stuck.length === 0 && known.every(({ code }) => HOPELESS.has(code));
      if (round > rounds || idle >= idleRounds || (hopeless && positions?.length === known.length)) {
        return this.#notFlat(positions, known, round - 1);
      }
      if (positions !== null) known = await this.#close(positions, stuck, round);
      await this.#log.until(() => false, pauseMs);
    }
  }

  #notFlat(positions: readonly OpenRisk[] | null, known: readonly Residual[], rounds: number): VenueReport {
    const unread = positions === null || this.#log.openOrders(this.#venue) === null;
    const residuals = unread ? [this.#unreadable()] : this.#remaining(positions, known);
    for (const residual of residuals) this.#step('verify', false, `NOT FLAT: ${residual.sentence}`);
    return { venue: this.#venue, flat: false, rounds, residuals };
  }

  /** No position, no open order, and the same answer a second time: a fill that was under way shows by then. */
  async #isFlat(positions: readonly OpenRisk[]): Promise<boolean> {
    const noOrders = (): boolean => this.#log.openOrders(this.#venue)?.length === 0;
    return positions.length === 0 && noOrders() && (await this.#positions())?.length === 0 && noOrders();
  }

  /** Cancels what is open and waits until each is closed for good; asks the venue about those that do not answer. */
  async #cancelAll(): Promise<readonly Order[]> {
    const ids = this.#open().map((order) => order.id);
    if (ids.length === 0) return [];
    for (const id of ids) {
      const order = this.#ports.findOrder(id);
      if (order !== null) this.#log.cancel(this.#venue, order, this.#reason);
    }
    const { cancelTimeoutMs } = this.#settings;
    const closed = (): boolean => ids.every((id) => this.#log.isClosed(id));
    if (!(await this.#log.until(closed, cancelTimeoutMs))) {
      for (const id of ids) {
        if (!this.#log.isClosed(id)) this.#log.guard('await-cancels', this.#venue, null, () => this.#ports.inquire(id));
      }
      await this.#log.until(closed, cancelTimeoutMs);
    }
    const stuck = this.#open().filter((order) => !this.#log.isClosed(order.id));
    for (const order of stuck) {
      this.#step(
        'await-cancels',
        false,
        `The cancel of order ${order.id} is not confirmed by ${this.#venue}; it is asked again.`,
      );
    }
    if (stuck.length === 0) {
      this.#step('await-cancels', true, `${this.#venue}: ${ids.length} orders are closed for good.`);
    }
    return stuck;
  }

  async #close(positions: readonly OpenRisk[], stuck: readonly Order[], round: number): Promise<readonly Residual[]> {
    const residuals: Residual[] = [];
    const sent: { key: string; ids: readonly OrderId[] }[] = [];
    for (const position of positions) {
      const { instrument, accountId } = position;
      const waiting = stuck.find((one) => one.instrument === instrument && one.accountId === accountId);
      // A closing order beside an order that may still fill could turn the position around.
      const outcome = waiting === undefined ? this.#closeOne(position, round) : this.#unconfirmed(waiting, '');
      if ('ids' in outcome) sent.push({ key: keyOf(position), ids: outcome.ids });
      else residuals.push({ ...this.#residual(position), code: outcome.code, sentence: outcome.sentence });
    }
    const ids = sent.flatMap((one) => one.ids);
    await this.#log.until(() => ids.every((id) => this.#log.isClosed(id)), this.#settings.closeTimeoutMs);
    for (const { key, ids: mine } of sent) {
      if (mine.some((id) => this.#ports.findOrder(id)?.status !== 'FILLED')) {
        this.#failed.set(key, (this.#failed.get(key) ?? 0) + 1);
      }
    }
    return residuals;
  }

  /** The orders that close it: several where the venue takes only so much in one. */
  #closeOne(position: OpenRisk, round: number): Sent | Refusal {
    try {
      const instrument = this.#ports.instrument(position.instrument);
      if (instrument === null) {
        return {
          code: 'INSTRUMENT_NOT_FOUND',
          sentence: `${position.instrument} is not known here; close it at the venue.`,
        };
      }
      const closed = this.#ports.marketClosed(position.instrument);
      if (closed !== null) {
        return {
          code: 'MARKET_CLOSED',
          sentence: `${instrument.symbol} cannot be closed now: ${closed} Queue it, or flatten again when it is open.`,
        };
      }
      const collar = this.#settings.collars[this.#failed.get(keyOf(position)) ?? 0];
      const style: ClosingStyle = collar === undefined ? { kind: 'market' } : { kind: 'limit', collar };
      const reference = this.#ports.reference(position.instrument);
      const ids: OrderId[] = [];
      let rest = position.quantity;
      while (rest !== 0) {
        const intent = closingIntent({ ...position, quantity: rest }, instrument, reference, style, this.#reason);
        if (!intent.ok) return ids.length === 0 ? intent.error : { ids };
        const sent = this.#ports.submit(intent.value);
        if (!sent.ok) {
          if (ids.length > 0) return { ids };
          return {
            code: sent.error.code,
            sentence: `${instrument.symbol} could not be closed: ${sent.error.sentence} Flatten again, or close it at the venue.`,
          };
        }
        ids.push(sent.value.id);
        rest -= Math.sign(rest) * intent.value.quantity;
      }
      const quantity = quantityText(instrument, Math.abs(position.quantity));
      const how = collar === undefined ? 'at market' : `within ${(collar * 100).toFixed(1)} % of the touch`;
      this.#step('close', true, `${this.#venue}, round ${round}: closing ${quantity} ${instrument.symbol} ${how}.`);
      return { ids };
    } catch (error) {
      return {
        code: 'VENUE_DOWN',
        sentence: `${position.instrument} could not be closed (${messageOf(error)}); flatten again, or close it at the venue.`,
      };
    }
  }

  #remaining(positions: readonly OpenRisk[], known: readonly Residual[]): readonly Residual[] {
    const left = positions.map((position): Residual => {
      const before = known.find(
        (one) => one.instrument === position.instrument && one.accountId === position.accountId,
      );
      const residual = this.#residual(position);
      if (before !== undefined) return { ...before, quantity: residual.quantity };
      const sentence = `${position.instrument} is still ${residual.quantity}: the closing orders were not filled. Flatten again or close it at the venue.`;
      return { ...residual, code: 'NOT_FILLED', sentence };
    });
    for (const order of this.#open()) {
      const told = left.some(
        ({ code, instrument, accountId }) =>
          code === 'CANCEL_UNCONFIRMED' && instrument === order.instrument && accountId === order.accountId,
      );
      if (told) continue;
      left.push(this.#unconfirmed(order, this.#quantity(order.instrument, 0)));
    }
    return left;
  }

  #residual(position: OpenRisk): Pick<Residual, 'venue' | 'accountId' | 'instrument' | 'quantity'> {
    return {
      venue: this.#venue,
      accountId: position.accountId,
      instrument: position.instrument,
      quantity: this.#quantity(position.instrument, position.quantity),
    };
  }

  #quantity(id: InstrumentId, quantity: QuantityUnits): string {
    const instrument = this.#ports.instrument(id);
    return instrument === null ? String(quantity) : quantityText(instrument, quantity);
  }

  async #positions(): Promise<readonly OpenRisk[] | null> {
    try {
      const all = await this.#log.within(this.#ports.readPositions(this.#venue), this.#settings.readTimeoutMs);
      return all.filter(({ quantity }) => quantity !== 0);
    } catch (error) {
      this.#step('read-positions', false, `Positions of ${this.#venue} cannot be read (${messageOf(error)}).`);
      return null;
    }
  }

  #open(): readonly Order[] {
    return this.#log.openOrders(this.#venue) ?? [];
  }

  #step(phase: Parameters<KillLog['step']>[0], ok: boolean, sentence: string): void {
    this.#log.step(phase, this.#venue, ok, sentence);
  }

  #unconfirmed(order: Order, quantity: string): Residual {
    return {
      venue: this.#venue,
      accountId: order.accountId,
      instrument: order.instrument,
      quantity,
      code: 'CANCEL_UNCONFIRMED',
      sentence: `The cancel of order ${order.id} in ${order.instrument} is not confirmed, so a closing order could turn the position around; flatten again, or check it at the venue.`,
    };
  }

  #unreadable(): Residual {
    return {
      venue: this.#venue,
      accountId: '',
      instrument: '',
      quantity: 'unknown',
      code: 'POSITIONS_UNREADABLE',
      sentence: `The positions at ${this.#venue} could not be read; check them there, and flatten again when it answers.`,
    };
  }
}

interface Sent {
  readonly ids: readonly OrderId[];
}

function keyOf({ accountId, instrument }: OpenRisk): string {
  return `${accountId} ${instrument}`;
}

function sizeOf(positions: readonly OpenRisk[]): number {
  return positions.reduce((sum, { quantity }) => sum + Math.abs(quantity), 0);
}
