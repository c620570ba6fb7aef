import { defineInstrument, type Instrument, type InstrumentTerms } from '../../src/domain/instrument.ts';

/** A two-decimal, three-decimal-quantity spot pair unless told otherwise. */
export function testInstrument(terms: Partial<InstrumentTerms> = {}): Instrument {
  const made = defineInstrument({
    symbol: 'TESTUSDT',
    venue: 'binance',
    kind: 'crypto-spot',
    quote: 'USDT',
    tick: '0.01',
    step: '0.001',
    ...terms,
  });
  if (!made.ok) throw new Error(made.error.sentence);
  return made.value;
}
