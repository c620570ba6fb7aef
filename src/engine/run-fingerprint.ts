import { MemoryJournal } from '../journal/memory-journal.ts';
import type { TradingCore } from './trading-core.ts';

/**
 * What a run without a journal did, as a journal's fingerprint: its instruments and accounts, every order with every
 * event and fill in order of sending, and the money at the end. The same data, options and seed give the same text.
 */
export function runFingerprint(core: TradingCore): string {
  const journal = new MemoryJournal();
  const now = core.options.clock.now();
  journal.commit([
    {
      kind: 'session',
      session: {
        id: 'run',
        mode: 'backtest',
        status: 'running',
        startedAt: 0,
        endedAt: null,
        seed: core.options.seed,
        config: '{}',
        fingerprint: null,
      },
    },
  ]);
  for (const instrument of core.instruments.values()) journal.commit([{ kind: 'instrument', instrument }]);
  for (const account of core.accounts.values()) journal.commit([{ kind: 'account', account }]);
  for (const order of core.orders.orders()) {
    for (const event of core.orders.history(order.id)) {
      journal.commit([{ kind: 'order', order, event }]);
      if (event.type !== 'filled') continue;
      journal.commit([{ kind: 'execution', execution: { fill: event.fill, ackLatencyMs: null, fillLatencyMs: null } }]);
    }
  }
  for (const id of core.accounts.keys()) {
    const snapshot = core.portfolio.snapshot(id, now);
    if (snapshot !== null) journal.commit([{ kind: 'snapshot', snapshot }]);
  }
  return journal.fingerprint();
}
