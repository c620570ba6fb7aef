import { Decimal, type DecimalString } from '../../domain/decimal.ts';
import { type Instrument, readPrice } from '../../domain/instrument.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';
import type { TrailOffset } from './price-trigger.ts';

/** price: an amount of the quote currency; percent: of the price followed; bps: hundredths of a percent; ticks: tick sizes. */
export type OffsetType = 'price' | 'percent' | 'bps' | 'ticks';
export const OFFSET_TYPES: readonly OffsetType[] = ['price', 'percent', 'bps', 'ticks'];

/** A trailing distance as written by people. Refuses what `readPrice` refuses, and TRAILING_OFFSET. */
export function readOffset(instrument: Instrument, text: DecimalString, type: OffsetType): Result<TrailOffset> {
  if (type === 'price') {
    const units = readPrice(instrument, text);
    return units.ok ? ok({ kind: 'units', units: units.value }) : units;
  }
  let value: Decimal;
  try {
    value = new Decimal(text);
  } catch {
    return refuse('TRAILING_OFFSET', `"${text}" is no trailing distance; write it as a plain decimal such as 0.5.`);
  }
  if (type === 'ticks') {
    const units = value.times(instrument.tick);
    if (!value.isInteger() || !value.isPositive() || value.isZero() || !units.lt(Number.MAX_SAFE_INTEGER)) {
      return refuse('TRAILING_OFFSET', `A trailing distance in ticks is a whole number above zero, not ${text}.`, {
        value: text,
      });
    }
    return ok({ kind: 'units', units: units.toNumber() });
  }
  const fraction = value.div(type === 'percent' ? 100 : 10_000);
  if (!fraction.gt(0) || !fraction.lt(1)) {
    const limit = type === 'percent' ? '100' : '10000';
    return refuse(
      'TRAILING_OFFSET',
      `A trailing distance must be above zero and below ${limit} ${type}, not ${text}.`,
      {
        value: text,
        limit,
      },
    );
  }
  return ok({ kind: 'fraction', fraction: fraction.toFixed() });
}
