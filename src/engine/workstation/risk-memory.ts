import type { InstrumentId } from '../../domain/instrument.ts';
import type { JournalReader } from '../../journal/journal-reader.ts';
import type { TradingCore } from '../trading-core.ts';
import { SESSION_PREFIX } from './desk-session.ts';

/** Enough for the last minute of a busy account and the usual quantities of its instruments. */
const ORDERS_READ = 500;
const FILLS_AT_ONCE = 5_000;

/** What the gate remembers of before a restart: orders sent lately, for rates, duplicates and usual quantities. */
export function rememberOrders(core: TradingCore, read: JournalReader): void {
  const { rows } = read.ordersPage({ limit: ORDERS_READ });
  for (const { sessionId, order } of rows.toReversed()) {
    if (!sessionId.startsWith(SESSION_PREFIX) || order.status === 'DENIED') continue;
    if (core.accounts.has(order.accountId)) core.gate.noteSubmitted(order, order.createdAt);
  }
}

/**
 * Which strategy opened what is held, from all fills of the folder: only asked for where a strategy has limits of its own,
 * since nothing else looks at it.
 */
export function rememberStrategies(core: TradingCore, read: JournalReader): void {
  const { strategies } = core.gate;
  const net = new Map<string, number>();
  for (let seq = 0; ;) {
    const fills = read.fillsAfter(seq, FILLS_AT_ONCE, SESSION_PREFIX);
    const origins = new Map<string, ReturnType<JournalReader['orderOrigins']>>();
    for (const { sessionId } of fills) {
      if (origins.has(sessionId)) continue;
      const ids = fills.filter((one) => one.sessionId === sessionId).map(({ execution }) => execution.fill.orderId);
      origins.set(sessionId, read.orderOrigins(sessionId, [...new Set(ids)]));
    }
    for (const { sessionId, execution } of fills) {
      const { fill } = execution;
      const key = keyOf(fill.accountId, fill.instrument);
      const position = (net.get(key) ?? 0) + (fill.side === 'buy' ? fill.quantity : -fill.quantity);
      net.set(key, position);
      strategies.onFill(fill, origins.get(sessionId)?.get(fill.orderId)?.strategyId ?? null, position);
    }
    const last = fills.at(-1);
    if (last === undefined || fills.length < FILLS_AT_ONCE) return;
    seq = last.seq;
  }
}

function keyOf(accountId: string, instrument: InstrumentId): string {
  return `${accountId} ${instrument}`;
}
