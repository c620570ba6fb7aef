import { join } from 'node:path';
import { messageOf, ok, refuse, type Result } from '../../domain/refusal.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { ClosedTrade } from '../../portfolio/closed-trades.ts';
import type { ExitFact } from '../../risk/protections/evaluate.ts';
import type { Lock } from '../../risk/protections/locks.ts';
import type { Protections, ProtectionState } from '../../risk/protections/protections.ts';
import { type ProtectionRule, readProtections } from '../../risk/protections/rules.ts';
import { readIfThere, replaceFile } from './durable-file.ts';
import type { Runtime } from './runtime.ts';

export const PROTECTIONS_FILE = 'protections.json';

/** Protections of the running engine: fed with exits and equity, written down, shown, lifted. */
export class LockDesk {
  readonly #runtime: Runtime;
  readonly #changed: () => void;
  readonly #path: string;
  /** Trades of the core's ledger that were judged, by what identifies them. */
  #judged = new Map<string, EpochMs>();

  constructor(runtime: Runtime, changed: () => void) {
    this.#runtime = runtime;
    this.#changed = changed;
    this.#path = join(runtime.dataDir, PROTECTIONS_FILE);
    runtime.onFill.add(() => this.#onFill());
  }

  get #protections(): Protections {
    return this.#runtime.core.gate.protections;
  }

  get rules(): readonly ProtectionRule[] {
    return this.#protections.rules;
  }

  active(): readonly Lock[] {
    return this.#protections.active(this.#runtime.now());
  }

  /** For the core of a session that opens. What cannot be read locks everything. */
  restore(): void {
    const now = this.#runtime.now();
    restoreProtections(this.#protections, this.#path, now);
    this.#judged.clear();
    for (const trade of this.#runtime.core.ledger.trades()) this.#judged.set(keyOf(trade), trade.exitTs);
    if (this.#protections.active(now).some(({ rule }) => rule === 'unreadable')) {
      this.#runtime.alerts.raise({
        at: now,
        severity: 'critical',
        code: 'PROTECTIONS_UNREADABLE',
        sentence: 'The stored protections cannot be read; nothing new is opened until you set them again.',
      });
    }
  }

  /** Refuses PROTECTION_INVALID and PROTECTIONS_NOT_WRITTEN; then the old rules hold. */
  configure(input: unknown, reason: string): Result<null> {
    const read = readProtections(input);
    if (!read.ok) return read;
    const unrecorded = this.#runtime.record('risk.setProtections', { rules: read.value, before: this.rules }, reason);
    if (unrecorded !== null) return { ok: false, error: unrecorded };
    const { locks, exits } = this.#protections.state;
    const written = this.#write({ rules: read.value, locks, exits });
    if (!written.ok) return written;
    // Until now nobody looked at the exits of this session.
    if (this.rules.length === 0) this.#rememberExits();
    this.#protections.configure(read.value);
    this.#changed();
    return ok(null);
  }

  #rememberExits(): void {
    const trades = this.#runtime.core.ledger.trades();
    this.#protections.remember(trades.map(exitFact));
    for (const trade of trades) this.#judged.set(keyOf(trade), trade.exitTs);
  }

  /** Refuses LOCK_UNKNOWN. */
  lift(id: string, reason: string): Result<null> {
    const lock = this.active().find((one) => one.id === id);
    if (lock === undefined) {
      return refuse('LOCK_UNKNOWN', 'There is no such lock any more; it has ended or was lifted already.', {
        value: id,
      });
    }
    const unrecorded = this.#runtime.record('risk.liftLock', { lock }, reason);
    if (unrecorded !== null) return { ok: false, error: unrecorded };
    const lifted = this.#protections.lift(id, this.#runtime.now());
    if (!lifted.ok) return lifted;
    this.#keep();
    this.#changed();
    return ok(null);
  }

  onSecond(now: EpochMs): void {
    const { core } = this.#runtime;
    if (this.rules.length === 0) return;
    for (const account of core.accounts.keys()) {
      // A position without a price would count at cost.
      if (core.portfolio.unmarked(account).length > 0) continue;
      this.#took(this.#protections.onEquity(account, core.portfolio.equityNumber(account), now));
    }
  }

  /** A trade grows with each partial fill of its exit; it is judged when it is new and again when it grew. */
  #onFill(): void {
    if (this.rules.length === 0) return;
    const { core } = this.#runtime;
    const now = this.#runtime.now();
    const trades = core.ledger.trades();
    const fresh: ClosedTrade[] = [];
    for (let index = trades.length - 1; index >= 0; index -= 1) {
      const trade = trades[index];
      if (trade === undefined) break;
      const key = keyOf(trade);
      if (this.#judged.get(key) === trade.exitTs) break;
      const isNew = !this.#judged.has(key);
      this.#judged.set(key, trade.exitTs);
      if (isNew) fresh.push(trade);
    }
    if (fresh.length === 0) return;
    const locks = fresh.toReversed().flatMap((trade) => this.#protections.onExit(exitFact(trade), now));
    this.#took(locks);
    // The look-backs count exits of before a restart, too.
    if (locks.length === 0) this.#keep();
  }

  #took(locks: readonly Lock[]): void {
    if (locks.length === 0) return;
    const { core, alerts } = this.#runtime;
    const now = this.#runtime.now();
    for (const lock of locks) {
      const until = lock.until === null ? 'a person lifts it' : new Date(lock.until).toISOString();
      const sentence = `${lock.reason} Nothing new is opened${lock.instrument === null ? '' : ` in ${lock.instrument}`} until ${until}.`;
      core.audit('risk', `LOCKED_${lock.rule.toUpperCase().replaceAll('-', '_')}`, sentence, { lock });
      alerts.raise({
        at: now,
        severity: 'warning',
        code: 'PROTECTION_LOCK',
        sentence,
        account: lock.accountId,
        instrument: lock.instrument,
      });
    }
    this.#keep();
    this.#changed();
  }

  #keep(): void {
    const written = this.#write(this.#protections.state);
    if (written.ok) return;
    this.#runtime.alerts.raise({
      at: this.#runtime.now(),
      severity: 'critical',
      code: written.error.code,
      sentence: written.error.sentence,
    });
  }

  #write(state: ProtectionState): Result<null> {
    try {
      replaceFile(this.#path, JSON.stringify({ version: 1, ...state }));
      return ok(null);
    } catch (error) {
      return refuse(
        'PROTECTIONS_NOT_WRITTEN',
        `The protections could not be written (${messageOf(error)}); a restart would know the old ones.`,
      );
    }
  }
}

export function restoreProtections(protections: Protections, path: string, now: EpochMs): void {
  let stored: unknown = null;
  try {
    const text = readIfThere(path);
    if (text === null) return;
    stored = JSON.parse(text);
  } catch {
    // Handed on as it is: not understood.
  }
  protections.restore(stored, now);
}

function keyOf(trade: ClosedTrade): string {
  return `${trade.entryOrderId} ${trade.exitOrderId}`;
}

function exitFact(trade: ClosedTrade): ExitFact {
  return {
    accountId: trade.accountId,
    instrument: trade.instrument,
    side: trade.side,
    exitTs: trade.exitTs,
    returnFraction: trade.returnFraction,
    byStop: /stop|liquidat/.test(trade.exitReason),
  };
}
