import { type Json, objectOf } from '../what-if/script-json.ts';
import { maybeDecimal, onlyKnown } from './order-fields.ts';

/** Fractions of the value, and an amount per order. */
export interface FileFees {
  readonly maker: string;
  readonly taker: string;
  readonly fixed: string;
}

export function readFees(value: Json | undefined): FileFees | null {
  if (value === undefined || value === null) return null;
  const fees = objectOf(value, 'fees');
  onlyKnown(fees, ['maker', 'taker', 'fixed'], 'fees');
  const taker = maybeDecimal(fees, 'fees.taker', 'taker') ?? '0';
  return {
    taker,
    maker: maybeDecimal(fees, 'fees.maker', 'maker') ?? taker,
    fixed: maybeDecimal(fees, 'fees.fixed', 'fixed') ?? '0',
  };
}
