import type { InstrumentId } from '../../domain/instrument.ts';
import type { Hold, MarketSight } from '../../execution/algorithms/market-sight.ts';
import type { Runtime } from './runtime.ts';

/** What a parent of this account may see and do now. */
export function parentSight(runtime: Runtime, accountId: string, instrument: InstrumentId): MarketSight {
  const { core } = runtime;
  const line = core.board.line(instrument);
  const book = line?.book ?? null;
  return {
    bid: line?.bid ?? 0,
    bidQuantity: line?.bidQuantity ?? 0,
    ask: line?.ask ?? 0,
    askQuantity: line?.askQuantity ?? 0,
    last: line?.last ?? 0,
    depth: book !== null && book.isUsable() ? book : null,
    hold: holdOf(runtime, accountId, instrument),
  };
}

function holdOf(runtime: Runtime, accountId: string, instrument: InstrumentId): Hold | null {
  const { core, session } = runtime;
  const status = core.monitor.status(accountId);
  if (status === null || !core.instruments.has(instrument)) {
    return {
      code: 'CLOSED',
      sentence: `Neither account ${accountId} nor ${instrument} is part of this session, or one of them is not.`,
    };
  }
  if (status.state !== 'ACTIVE') {
    return { code: status.state, sentence: status.causes[0]?.sentence ?? `Trading is ${status.state}.` };
  }
  if (session !== null && session.state !== 'running' && session.state !== 'paused') {
    return { code: 'CLOSED', sentence: 'No session is running.' };
  }
  const closed = core.view.marketClosed(instrument);
  if (closed !== null) return { code: 'CLOSED', sentence: closed };
  const reference = core.view.reference(instrument);
  if (reference === null) return { code: 'STALE', sentence: `No price of ${instrument} is known yet.` };
  if (reference.stale) {
    return {
      code: 'STALE',
      sentence: `The price of ${instrument} is ${Math.round(reference.ageMs / 1_000)} s old, too old to trade on.`,
    };
  }
  return null;
}
