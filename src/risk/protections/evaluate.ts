import type { InstrumentId } from '../../domain/instrument.ts';
import type { EpochMs } from '../../domain/units.ts';
import { percent, plain } from '../findings.ts';
import type { Lock } from './locks.ts';
import type { CooldownRule, EquityDrawdownRule, LowProfitRule, ProtectionRule, StoplossGuardRule } from './rules.ts';

/** A round trip that has closed. */
export interface ExitFact {
  readonly accountId: string;
  readonly instrument: InstrumentId;
  readonly side: 'long' | 'short';
  readonly exitTs: EpochMs;
  /** After fees, as a fraction of the entry's value. */
  readonly returnFraction: number;
  readonly byStop: boolean;
}

export function isExit(input: unknown): input is ExitFact {
  if (typeof input !== 'object' || input === null) return false;
  const exit = input as Partial<Record<keyof ExitFact, unknown>>;
  return (
    typeof exit.accountId === 'string' &&
    typeof exit.instrument === 'string' &&
    (exit.side === 'long' || exit.side === 'short') &&
    typeof exit.exitTs === 'number' &&
    typeof exit.returnFraction === 'number' &&
    typeof exit.byStop === 'boolean'
  );
}

/** Highest equity within the look-back and the equity now. */
export interface EquityFall {
  readonly high: number;
  readonly highAt: EpochMs;
  readonly equity: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** When a lock caused at `from` ends: a pure function of its evidence, so that judging again never extends it. */
function lockEnd(rule: ProtectionRule, from: EpochMs): EpochMs {
  if (rule.unlockAt === null) return from + rule.lockMs;
  const [hours = 0, minutes = 0] = rule.unlockAt.split(':').map(Number);
  const today = Math.floor(from / DAY_MS) * DAY_MS + (hours * 60 + minutes) * MINUTE_MS;
  return today > from ? today : today + DAY_MS;
}

/** The lock that a rule makes of exits of one account after `exit` was added to them (exit included), or null. */
export function judgeExit(rule: ProtectionRule, exits: readonly ExitFact[], exit: ExitFact, now: EpochMs): Lock | null {
  switch (rule.kind) {
    case 'cooldown':
      return cooldown(rule, exit, now);
    case 'stoploss-guard':
      return stoplossGuard(rule, exits, exit, now);
    case 'low-profit':
      return lowProfit(rule, exits, exit, now);
    case 'equity-drawdown':
      return null;
  }
}

function cooldown(rule: CooldownRule, exit: ExitFact, now: EpochMs): Lock | null {
  return lockOf(
    rule,
    exit.accountId,
    exit.instrument,
    null,
    exit.exitTs,
    now,
    `A position in ${exit.instrument} was closed; it rests for a while.`,
  );
}

function stoplossGuard(rule: StoplossGuardRule, exits: readonly ExitFact[], exit: ExitFact, now: EpochMs): Lock | null {
  const counted = exits.filter(
    (one) =>
      one.byStop &&
      one.accountId === exit.accountId &&
      one.returnFraction < rule.requiredProfit &&
      one.exitTs >= now - rule.lookbackMs &&
      one.exitTs <= now &&
      (!rule.perInstrument || one.instrument === exit.instrument) &&
      (!rule.perSide || one.side === exit.side),
  );
  if (counted.length < Math.max(1, rule.tradeLimit)) return null;
  return lockOf(
    rule,
    exit.accountId,
    rule.perInstrument ? exit.instrument : null,
    rule.perSide ? exit.side : null,
    newest(counted),
    now,
    `${counted.length} positions${rule.perInstrument ? ` in ${exit.instrument}` : ''} were stopped out at a loss within ${minutesOf(rule.lookbackMs)}.`,
  );
}

function lowProfit(rule: LowProfitRule, exits: readonly ExitFact[], exit: ExitFact, now: EpochMs): Lock | null {
  const counted = exits.filter(
    (one) =>
      one.accountId === exit.accountId &&
      one.instrument === exit.instrument &&
      one.exitTs >= now - rule.lookbackMs &&
      one.exitTs <= now &&
      (!rule.perSide || one.side === exit.side),
  );
  if (counted.length < Math.max(1, rule.tradeLimit)) return null;
  const sum = counted.reduce((total, one) => total + one.returnFraction, 0);
  if (!(sum < rule.requiredProfit)) return null;
  return lockOf(
    rule,
    exit.accountId,
    exit.instrument,
    rule.perSide ? exit.side : null,
    newest(counted),
    now,
    `The last ${counted.length} trades in ${exit.instrument} returned ${percent(plain(sum, 6))} together, below ${percent(plain(rule.requiredProfit, 6))}.`,
  );
}

/** `closed`: exits of the account within the look-back. The lock counts from the moment the fall was seen. */
export function judgeEquity(
  rule: EquityDrawdownRule,
  accountId: string,
  fall: EquityFall,
  closed: number,
  now: EpochMs,
): Lock | null {
  if (closed < rule.tradeLimit || !(fall.high > 0)) return null;
  const drawdown = (fall.high - fall.equity) / fall.high;
  if (!(drawdown > rule.maxDrawdown * (1 + 1e-12))) return null;
  return lockOf(
    rule,
    accountId,
    null,
    null,
    now,
    now,
    `Equity fell ${percent(plain(drawdown, 6))} from its highest value within ${minutesOf(rule.lookbackMs)}, more than ${percent(plain(rule.maxDrawdown, 6))}.`,
    // One fall from one high is one cause, however often it is looked at.
    fall.highAt,
  );
}

function lockOf(
  rule: ProtectionRule,
  accountId: string,
  instrument: InstrumentId | null,
  side: 'long' | 'short' | null,
  from: EpochMs,
  now: EpochMs,
  reason: string,
  evidence: EpochMs = from,
): Lock | null {
  const until = lockEnd(rule, from);
  if (until <= now) return null;
  const id = [rule.kind, accountId, instrument ?? '*', side ?? '*', Math.trunc(evidence)].join(' ');
  return { id, rule: rule.kind, accountId, instrument, side, from, until, reason };
}

function newest(exits: readonly ExitFact[]): EpochMs {
  return exits.reduce((latest, one) => Math.max(latest, one.exitTs), Number.NEGATIVE_INFINITY);
}

function minutesOf(ms: number): string {
  return ms % MINUTE_MS === 0 ? `${ms / MINUTE_MS} minutes` : `${plain(ms / 1_000, 3)} s`;
}
