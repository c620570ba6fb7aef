import { Decimal, type DecimalString } from '../../domain/decimal.ts';
import type { PriceUnits } from '../../domain/units.ts';
import { powerOfTen } from '../../domain/units.ts';
import type { ListedSegment } from './listing.ts';
import type { PriceBand } from './nse-price-band.ts';

/** Up to this price (null = above all others) an order is protected by an amount in rupees or a fraction of the price. */
interface ProtectionSlab {
  readonly upTo: DecimalString | null;
  readonly amount?: DecimalString;
  readonly fraction?: DecimalString;
}

/** Market price protection of derivatives as published by FYERS; in force with the retail algorithm rules. */
const EFFECTIVE_FROM = '2026-04-01';
const SLABS: Readonly<Partial<Record<ListedSegment, readonly ProtectionSlab[]>>> = {
  'index-futures': [
    { upTo: '10000', amount: '50' },
    { upTo: null, fraction: '0.005' },
  ],
  'stock-futures': [
    { upTo: '50', amount: '0.75' },
    { upTo: null, fraction: '0.015' },
  ],
  options: [
    { upTo: '10', amount: '1.5' },
    { upTo: '20', fraction: '0.15' },
    { upTo: null, fraction: '0.1' },
  ],
};

/**
 * Limit price that a market order gets: `touch` plus the protection for a buy, less it for a sale, within the price band
 * and on the tick (rounded towards the touch). Beyond it the order rests unfilled. 0 where no protection is published.
 */
export function nseMarketProtection(
  segment: ListedSegment,
  date: string,
  sign: 1 | -1,
  touch: PriceUnits,
  priceDigits: number,
  tick: PriceUnits,
  band: PriceBand | null,
): PriceUnits {
  const slabs = SLABS[segment];
  if (slabs === undefined || touch <= 0 || date < EFFECTIVE_FROM) return 0;
  const scale = powerOfTen(priceDigits);
  const price = new Decimal(touch).div(scale);
  const slab = slabs.find(({ upTo }) => upTo === null || price.lessThanOrEqualTo(upTo));
  if (slab === undefined) return 0;
  const distance = (slab.amount === undefined ? price.times(slab.fraction ?? '0') : new Decimal(slab.amount)).times(
    scale,
  );
  const exact = new Decimal(touch).plus(distance.times(sign)).div(tick);
  const limit = (sign === 1 ? exact.floor() : exact.ceil()).times(tick).toNumber();
  if (band === null) return Math.max(tick, limit);
  return Math.max(tick, Math.min(Math.max(limit, band.lower), band.upper));
}
