import type { RecoverySource } from './recovery.ts';
import type { JournalReader } from '../journal/journal-reader.ts';

/**
 * The journal as recovery reads it: the orders of one session, positions and balances as last written. `checkSums` also
 * adds up every fill of each position's account, which takes time in proportion to the account's history.
 */
export function journalSource(
  reader: Pick<JournalReader, 'orders' | 'fills' | 'positions' | 'balances'>,
  sessionId: string,
  checkSums = false,
): RecoverySource {
  const source: RecoverySource = {
    openOrders: () => reader.orders({ sessionId, openOnly: true }).map((stored) => stored.order),
    fillsOf: (orderId) => reader.fills({ sessionId, orderId }).map((stored) => stored.execution.fill),
    positions: () => reader.positions(),
    balances: () => reader.balances(),
  };
  if (!checkSums) return source;
  return {
    ...source,
    netFilled: (accountId, instrument) =>
      reader
        .fills({ accountId, instrument })
        .reduce((sum, { execution: { fill } }) => sum + (fill.side === 'buy' ? fill.quantity : -fill.quantity), 0),
  };
}
