import type { InstrumentKind, InstrumentTerms } from '../../domain/instrument.ts';

type Grid = Pick<InstrumentTerms, 'tick' | 'step' | 'minNotional'>;

/** Trading rules Binance publishes (exchangeInfo of spot and USD-M futures), as they stood in 2024-2025. */
const BINANCE_SPOT: Readonly<Record<string, Grid>> = {
  BTCUSDT: { tick: '0.01', step: '0.00001', minNotional: '5' },
  ETHUSDT: { tick: '0.01', step: '0.0001', minNotional: '5' },
};
const BINANCE_USDM: Readonly<Record<string, Grid>> = {
  BTCUSDT: { tick: '0.1', step: '0.001', minNotional: '100' },
  ETHUSDT: { tick: '0.01', step: '0.001', minNotional: '20' },
};

/** The published grid of an instrument, null where we do not know one. */
export function knownGrid(symbol: string, venue: string, kind: InstrumentKind): Grid | null {
  if (venue === 'binance' && kind === 'crypto-spot') return BINANCE_SPOT[symbol] ?? null;
  return venue === 'binanceusdm' && kind === 'crypto-perpetual' ? (BINANCE_USDM[symbol] ?? null) : null;
}
