import type { RecoverySource } from '../../execution/recovery.ts';
import type { JournalReader } from '../../journal/journal-reader.ts';
import { quantityText } from '../../domain/instrument.ts';
import type { Position } from '../../domain/position.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { Cause } from '../../risk/trading-state.ts';

/** What the fills of a session make of its positions; undefined where pruning has taken the evidence. */
export function positionSums(read: JournalReader, sessionId: string): NonNullable<RecoverySource['netFilled']> {
  const sums = new Map(
    read
      .positionsByFills(sessionId)
      .map(({ accountId, instrument, quantity }) => [`${accountId} ${instrument}`, quantity]),
  );
  return (accountId, instrument) => sums.get(`${accountId} ${instrument}`);
}

/** One halt for each account whose positions are not what its fills add up to. */
export function mismatches(
  read: JournalReader,
  positions: readonly Position[],
  netFilled: NonNullable<RecoverySource['netFilled']>,
  at: EpochMs,
): Cause[] {
  const instruments = new Map(read.instruments().map((instrument) => [instrument.id, instrument]));
  const lines = new Map<string, string[]>();
  for (const { accountId, instrument: id, quantity } of positions) {
    const sum = netFilled(accountId, id);
    if (sum === undefined || sum === quantity) continue;
    const instrument = instruments.get(id);
    const text = (units: number): string =>
      instrument === undefined ? String(units) : quantityText(instrument, units);
    const mine = lines.get(accountId) ?? [];
    mine.push(`${id} is recorded as ${text(quantity)} and its fills add up to ${text(sum)}`);
    lines.set(accountId, mine);
  }
  return [...lines].map(([accountId, found]) => ({
    code: 'POSITION_MISMATCH',
    scope: accountId,
    level: 'HALTED',
    latched: true,
    at,
    sentence: `The positions of the account are not what its fills add up to: ${found.join('; ')}. Compare them with the venue before you clear this.`,
  }));
}
