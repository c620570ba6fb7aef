import { Decimal } from '../../domain/decimal.ts';
import { quantityDecimal } from '../../domain/instrument.ts';
import { percent, type Findings } from '../findings.ts';
import { above, exactNotional } from '../money.ts';

/** Fat fingers: the size of this one order. Reduce-only orders are bounded by the position instead. */
export function checkSize(found: Findings): void {
  const { facts } = found;
  const { instrument, limits, mode, price, quantity, unit, equity, equityNumber } = facts;
  if (instrument === null || limits === null || mode !== 'full') return;
  if (limits.maxOrderQuantity !== null) {
    const limit = new Decimal(limits.maxOrderQuantity);
    const asked = quantityDecimal(instrument, quantity);
    const over = !asked.lte(limit);
    found.add(
      over ? 'block' : 'info',
      'QUANTITY_EXCEEDS_MAX_PER_ORDER',
      'text',
      asked.toFixed(),
      limits.maxOrderQuantity,
      (_, value, most) =>
        over
          ? `Quantity ${value} is above your maximum of ${most} per order; reduce it or raise the limit.`
          : `Quantity ${value} of at most ${most} per order.`,
      'maxOrderQuantity',
    );
  }
  if (!(price > 0)) return;
  const worth = price * quantity * unit;
  const exactWorth = (): Decimal => exactNotional(facts);
  const least = Number(instrument.minNotional);
  if (least > 0 && above(least, worth, () => new Decimal(instrument.minNotional), exactWorth)) {
    found.add(
      'block',
      'NOTIONAL_BELOW_MINIMUM',
      'money',
      worth,
      least,
      (one, value, limit) =>
        `The order is worth ${value} ${one.instrument?.quote ?? ''}, below the venue's minimum of ${limit}; raise the quantity.`,
    );
  }
  const { maxOrderNotional, warnOrderFraction } = limits;
  if (maxOrderNotional !== null) {
    const over = above(worth, Number(maxOrderNotional), exactWorth, () => new Decimal(maxOrderNotional));
    found.add(
      over ? 'block' : 'info',
      'NOTIONAL_EXCEEDS_MAX_PER_ORDER',
      'money',
      worth,
      Number(maxOrderNotional),
      (one, value, limit) =>
        over
          ? `The order is worth ${value} ${one.instrument?.quote ?? ''}, above your maximum of ${limit} per order; reduce it or raise the limit.`
          : `Worth ${value} of at most ${limit} ${one.instrument?.quote ?? ''} per order.`,
      'maxOrderNotional',
    );
  }
  if (warnOrderFraction !== null && equity !== null && equityNumber > 0) {
    const large = above(worth, equityNumber * Number(warnOrderFraction), exactWorth, () =>
      equity.times(warnOrderFraction),
    );
    found.add(
      large ? 'warn' : 'info',
      'ORDER_SHARE_OF_EQUITY',
      'fraction',
      worth / equityNumber,
      Number(warnOrderFraction),
      (_, value, limit) =>
        large
          ? `The order is ${percent(value)} of equity, more than ${percent(limit)}; check the quantity.`
          : `The order is ${percent(value)} of equity.`,
      'warnOrderFraction',
    );
  }
}
