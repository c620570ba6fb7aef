import type { Account } from '../../domain/account.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { JournalReader } from '../../journal/journal-reader.ts';
import { dayStart, dayZoneOf, nextDayStart } from '../../risk/day.ts';
import type { DayRecord } from '../../risk/monitor.ts';
import type { Cause } from '../../risk/trading-state.ts';
import { SESSION_PREFIX } from './desk-session.ts';

/**
 * The figures of the account's day after a restart: as kept with each new high, brought up to the last snapshot. Without
 * a kept record they are worked out from the snapshots, which may have missed a high between two of them.
 */
export function dayRecord(
  read: JournalReader,
  account: Account,
  now: EpochMs,
  kept: readonly DayRecord[],
): DayRecord[] {
  const last = read.lastSnapshot(account.id, SESSION_PREFIX);
  const record = kept.find(({ accountId }) => accountId === account.id);
  if (record !== undefined) {
    const lastEquity = last === null ? record.lastEquity : Number(last.equity);
    return [{ ...record, lastEquity, highEquity: Math.max(record.highEquity, lastEquity) }];
  }
  if (last === null) return [];
  const zone = dayZoneOf(account.currency);
  const begin = dayStart(now, zone);
  const lastEquity = Number(last.equity);
  const highEquity = highSince(read, account.id, lastEquity);
  if (last.at < begin)
    return [{ accountId: account.id, nextDay: begin, startEquity: lastEquity, highEquity, lastEquity }];
  const first = read.snapshots({ accountId: account.id, from: begin, to: now + 1, sessionPrefix: SESSION_PREFIX })[0];
  const startEquity = first === undefined ? lastEquity : Number(first.equity);
  return [{ accountId: account.id, nextDay: nextDayStart(now, zone), startEquity, highEquity, lastEquity }];
}

/** The highest snapshot since a drawdown was last cleared by hand. */
function highSince(read: JournalReader, accountId: string, lastEquity: number): number {
  const cleared = read.lastAuditOf('STATE_CLEARED_DRAWDOWN', SESSION_PREFIX);
  const from = cleared === null ? {} : { from: cleared.at };
  return read
    .snapshots({ accountId, sessionPrefix: SESSION_PREFIX, ...from })
    .reduce((high, { equity }) => Math.max(high, Number(equity)), lastEquity);
}

/** A drawdown counted from too low a high would be no guard: a person looks first. */
export function highsUnreadable(now: EpochMs): Cause {
  return {
    code: 'EQUITY_UNKNOWN',
    scope: null,
    level: 'REDUCING',
    latched: true,
    at: now,
    sentence:
      'The record of the highest equity is damaged, so the drawdown may count from too low a figure; compare it with your statements, then lift this with a reason.',
  };
}
