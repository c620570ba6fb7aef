import { Decimal } from '../domain/decimal.ts';
import { type Instrument, priceDecimal, quantityDecimal } from '../domain/instrument.ts';
import { RefusalError } from '../domain/refusal.ts';
import type { EpochMs } from '../domain/units.ts';
import { isDeskSession } from '../engine/workstation/session-opening.ts';
import type { JournalReader } from '../journal/journal-reader.ts';
import type { SessionRecord } from '../journal/journal.ts';
import { createTradeLedger } from '../portfolio/closed-trades.ts';
import { exitReasonOf } from '../portfolio/exit-reasons.ts';
import type { ForwardTrade, LostOrder } from '../research/forward-test.ts';

export interface ForwardSession {
  readonly id: string;
  /** In the time of its data: first and last snapshot, order or fill. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly capital: Decimal;
  readonly trades: readonly ForwardTrade[];
  readonly lost: readonly LostOrder[];
}

/** What a strategy did in a journalled session. Throws RefusalError SESSION_UNKNOWN, COMPARE_NOTHING. */
export function readForwardSession(read: JournalReader, id: string, strategy: string): ForwardSession {
  const session = read.session(id);
  if (session === null) {
    const known = read.sessions().slice(0, 5);
    throw new RefusalError({
      code: 'SESSION_UNKNOWN',
      sentence: `There is no session ${id} in this journal; the newest are ${known.map((one) => one.id).join(', ') || 'none'}.`,
      value: id,
    });
  }
  const orders = read.orders({ sessionId: id });
  // Runs are named after their strategy: "sma-cross@BTCUSDT", in a served session "sma-cross:BTCUSDT.SIM:paper-usdt".
  const isOwn = (run: string | null): boolean =>
    run !== null && (run === strategy || run.startsWith(`${strategy}@`) || run.startsWith(`${strategy}:`));
  const own = orders.map(({ order }) => order).filter((order) => isOwn(order.strategyId));
  if (own.length === 0) {
    const there = [...new Set(orders.flatMap(({ order }) => (order.strategyId === null ? [] : [order.strategyId])))];
    throw new RefusalError({
      code: 'COMPARE_NOTHING',
      sentence: `Session ${id} has no order of the strategy ${strategy}; it has ${there.join(', ') || 'none of any strategy'}.`,
      value: strategy,
    });
  }
  const instruments = new Map(read.instruments().map((instrument) => [instrument.id, instrument]));
  const ledger = createTradeLedger(instruments);
  const times: EpochMs[] = own.map(({ createdAt }) => createdAt);
  for (const one of leadingTo(read, session)) {
    const byId = new Map(read.orders({ sessionId: one }).map(({ order }) => [order.id, order]));
    for (const { execution } of read.fills({ sessionId: one })) {
      const order = byId.get(execution.fill.orderId);
      if (one === id) times.push(execution.fill.ts);
      ledger.applyFill(execution.fill, order?.strategyId ?? null, order === undefined ? 'manual' : exitReasonOf(order));
    }
  }
  for (const { at } of read.snapshots({ sessionId: id })) times.push(at);
  const accounts = new Set(own.map(({ accountId }) => accountId));
  const capital = read
    .accounts(id)
    .filter((account) => accounts.has(account.id))
    .reduce((sum, account) => sum.plus(account.startingCash), new Decimal(0));
  return {
    id,
    from: times.reduce((first, at) => Math.min(first, at), Number.POSITIVE_INFINITY),
    to: times.reduce((last, at) => Math.max(last, at), Number.NEGATIVE_INFINITY),
    capital,
    trades: ledger
      .trades()
      .filter((trade) => isOwn(trade.strategyId))
      .map((trade): ForwardTrade => {
        const instrument = terms(instruments, trade.instrument);
        return {
          symbol: instrument.symbol,
          side: trade.side,
          quantity: quantityDecimal(instrument, trade.quantity),
          entryAt: trade.entryTs,
          exitAt: trade.exitTs,
          entryPrice: priceDecimal(instrument, trade.entryPrice),
          exitPrice: priceDecimal(instrument, trade.exitPrice),
          pnl: trade.pnl,
          fees: trade.fees,
          exitReason: trade.exitReason,
        };
      }),
    lost: own
      .filter(({ filled, status }) => filled === 0 && LOST.has(status))
      .map((order) => ({
        symbol: terms(instruments, order.instrument).symbol,
        at: order.createdAt,
        code: order.reasonCode ?? order.status,
      })),
  };
}

/** The session with those it took positions over from, oldest first: sessions of the workstation go on from one another. */
function leadingTo(read: JournalReader, session: SessionRecord): readonly string[] {
  if (!isDeskSession(session)) return [session.id];
  return read
    .sessions()
    .filter((one) => isDeskSession(one) && one.startedAt <= session.startedAt)
    .toReversed()
    .map(({ id }) => id);
}

const LOST: ReadonlySet<string> = new Set(['DENIED', 'REJECTED', 'CANCELED', 'EXPIRED']);

function terms(instruments: ReadonlyMap<string, Instrument>, id: string): Instrument {
  const instrument = instruments.get(id);
  if (instrument === undefined) throw new RangeError(`${id} is not in the journal`);
  return instrument;
}
