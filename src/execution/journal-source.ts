import type { JournalReader } from '../journal/journal-reader.ts';
import type { RecoverySource } from './recovery.ts';

/**
 * The journal as recovery reads it: the orders of one session, positions and balances as last written. `netFilled` checks
 * the positions against the fills.
 */
export function journalSource(
  reader: Pick<JournalReader, 'orders' | 'fills' | 'positions' | 'balances'>,
  sessionId: string,
  netFilled: NonNullable<RecoverySource['netFilled']> = () => undefined,
): RecoverySource {
  return {
    openOrders: () => reader.orders({ sessionId, openOnly: true }).map((stored) => stored.order),
    fillsOf: (orderId) => reader.fills({ sessionId, orderId }).map((stored) => stored.execution.fill),
    positions: () => reader.positions(sessionId),
    balances: () => reader.balances(sessionId),
    netFilled,
  };
}
