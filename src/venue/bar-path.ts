import type { Bar } from '../domain/market-data.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import type { VenueCore } from './venue-core.ts';

/**
 * Whether the bar's low is visited before its high. Adaptive: the extreme nearer to the open comes first, the high only
 * when it is strictly nearer. Pessimistic: the extreme that hurts the account's open position comes first; a flat
 * account's entry is filled on the way to the extreme that hurts it (a buy: high first, then low).
 */
export function lowFirst(core: VenueCore, market: InstrumentMarket, bar: Bar, accountId: string | null): boolean {
  switch (core.model.barPath) {
    case 'ohlc':
      return false;
    case 'olhc':
      return true;
    case 'adaptive':
      return bar.high - bar.open >= bar.open - bar.low;
    case 'pessimistic': {
      const account = accountId ?? firstAccount(core, market);
      if (account === null) return true;
      const position = core.options.position(account, market.instrument.id);
      if (position !== 0) return position > 0;
      for (const order of core.orders.values()) {
        if (order.isHeld && order.intent.accountId === account && order.intent.instrument === market.instrument.id) {
          return order.sign === -1;
        }
      }
      return true;
    }
  }
}

function firstAccount(core: VenueCore, market: InstrumentMarket): string | null {
  for (const order of core.orders.values()) {
    if (order.isHeld && order.intent.instrument === market.instrument.id) return order.intent.accountId;
  }
  return null;
}

/** The accounts whose paths may differ: under `pessimistic` each account has its own worst case. */
export function accountsToWalk(core: VenueCore, market: InstrumentMarket): readonly (string | null)[] {
  if (core.model.barPath !== 'pessimistic') return [null];
  const accounts = new Set<string>();
  for (const order of core.orders.values()) {
    if (order.isHeld && order.intent.instrument === market.instrument.id) accounts.add(order.intent.accountId);
  }
  return accounts.size < 2 ? [null] : [...accounts];
}
