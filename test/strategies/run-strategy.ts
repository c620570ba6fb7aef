import { defineInstrument, type Instrument } from '../../src/domain/instrument.ts';
import type { Bar } from '../../src/domain/market-data.ts';
import type { Refusal } from '../../src/domain/refusal.ts';
import { findStrategy } from '../../src/strategies/registry.ts';
import type { StrategyContext } from '../../src/strategies/strategy.ts';

type Emitted = Parameters<StrategyContext['emit']>[0];

export interface StrategyRun {
  readonly signals: readonly { readonly bar: number; readonly signal: Emitted }[];
  readonly refusal: Refusal | null;
}

function testInstrument(): Instrument {
  const defined = defineInstrument({
    symbol: 'TEST',
    venue: 'sim',
    kind: 'equity',
    quote: 'USD',
    tick: '0.01',
    step: '1',
  });
  if (!defined.ok) throw new Error(defined.error.sentence);
  return defined.value;
}

export interface Prices {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

function testBar(index: number, prices: number | Prices): Bar {
  const { open, high, low, close } =
    typeof prices === 'number' ? { open: prices, high: prices, low: prices, close: prices } : prices;
  const start = index * 60_000;
  const ts = start + 60_000;
  return { kind: 'bar', instrument: 'TEST.SIM', ts, at: ts, start, open, high, low, close, volume: 1 };
}

/** Runs bars through a strategy whose every signal is filled with one unit at once. */
export function runStrategy(
  id: string,
  parameters: Record<string, number>,
  bars: readonly (number | Prices)[],
): StrategyRun {
  const found = findStrategy(id);
  if (!found.ok) throw new Error(found.error.sentence);
  const signals: { bar: number; signal: Emitted }[] = [];
  let index = 0;
  let position = 0;
  const created = found.value.create(parameters, {
    now: () => index * 60_000,
    instrument: testInstrument(),
    position: () => position,
    emit: (signal) => {
      signals.push({ bar: index, signal });
      position = signal.direction === 'long' ? 1 : signal.direction === 'short' ? -1 : 0;
    },
  });
  if (!created.ok) return { signals, refusal: created.error };
  for (const prices of bars) {
    created.value.onBar?.(testBar(index, prices));
    index += 1;
  }
  return { signals, refusal: null };
}
