import { PAPER_CRYPTO_MODEL, PAPER_NSE_MODEL, type SessionConfig } from '../../src/engine/session-config.ts';
import { DEFAULT_LIMITS } from '../../src/risk/limits.ts';

const start = Date.parse('2025-06-02T00:00:00Z');

/** Small, but with entries, exits, partial fills and a position left open: every kind of journal write happens. */
export const crashConfig: SessionConfig = {
  version: 1,
  feeds: [{ kind: 'sim', market: 'crypto', start, end: start + 180_000 }],
  symbols: ['BTCUSDT'],
  strategies: [{ id: 'sma-cross', parameters: { fast: 2, slow: 5 } }],
  timeframe: '5s',
  capital: '100000',
  seed: 11,
  durationMs: null,
  plan: {
    direction: 'long',
    reverse: false,
    sizing: { kind: 'fraction', fraction: '0.2' },
    units: { kind: 'fractional' },
    stopLoss: null,
    takeProfit: null,
    trailing: null,
  },
  models: { crypto: PAPER_CRYPTO_MODEL, nse: PAPER_NSE_MODEL },
  limits: DEFAULT_LIMITS,
  staleAfterMs: 5_000,
};
