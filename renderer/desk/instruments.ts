import type { InstrumentView } from '../../src/contract/types.ts';

/** "BTC/USDT" for a pair, "RELIANCE" for a share. */
export function displayName(instrument: InstrumentView): string {
  return instrument.kind.startsWith('crypto') ? `${instrument.base}/${instrument.quote}` : instrument.symbol;
}

/** What a quantity counts: coins, or shares. */
export function quantityUnit(instrument: InstrumentView): string {
  return instrument.kind === 'equity' ? 'shares' : instrument.base;
}

/** What the button names: "0.5 BTC", "10 RELIANCE". */
export function quantityName(instrument: InstrumentView): string {
  return instrument.kind === 'equity' ? instrument.symbol : instrument.base;
}
