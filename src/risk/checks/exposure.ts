import { Decimal } from '../../domain/decimal.ts';
import { quantityDecimal } from '../../domain/instrument.ts';
import type { AccountExposure } from '../exposure.ts';
import { percent, type Findings } from '../findings.ts';
import { above, exactNotional } from '../money.ts';

/**
 * Position, gross exposure and concentration as they could become with all open orders filled. An order that does not
 * make the figure larger passes even where the figure is too large already: it is the way back.
 */
export function checkExposure(found: Findings, exposure: AccountExposure): void {
  const { facts } = found;
  const { instrument, intent, limits, mode, price, quantity, unit, equity, equityNumber } = facts;
  if (instrument === null || limits === null || mode !== 'full') return;
  if (exposure.unknown !== null) {
    found.add(
      'block',
      'EXPOSURE_UNKNOWN',
      'text',
      exposure.unknown,
      'a price',
      (_, value) =>
        `You hold or have orders in ${value} but its price is not known, so exposure cannot be judged; wait for its feed.`,
    );
  }
  const { line } = exposure;
  const signed = intent.side === 'buy' ? quantity : -quantity;
  const reach = intent.side === 'buy' ? line.net + line.buys + signed : line.net - line.sells + signed;
  const units = Math.max(Math.abs(reach), line.worstQuantity());
  if (limits.maxPosition !== null) {
    const limit = limits.maxPosition;
    const over = units > line.worstQuantity() && !quantityDecimal(instrument, units).lte(limit);
    found.add(
      over ? 'block' : 'info',
      'MAX_POSITION',
      'text',
      quantityDecimal(instrument, units).toFixed(),
      limit,
      (_, value, most) =>
        over
          ? `The position could reach ${value}, above your maximum of ${most}; reduce the quantity or raise the limit.`
          : `The position could reach ${value} of at most ${most}.`,
    );
  }
  if (!(price > 0)) return;
  const worth = price * quantity * unit;
  const before = line.worstValue();
  const reachValue =
    intent.side === 'buy' ? line.netValue + line.buyValue + worth : line.netValue - line.sellValue - worth;
  const after = Math.max(Math.abs(reachValue), before);
  const grows = !(after <= before);
  const first = before === 0;
  // Exact where the order is all there is; otherwise marks come in, which are no exact figures either.
  const exactAfter = (): Decimal => (first ? exactNotional(facts) : new Decimal(after));
  const { maxPositionNotional, maxConcentration, warnConcentration, maxGrossExposure } = limits;
  if (maxPositionNotional !== null) {
    const over = grows && above(after, Number(maxPositionNotional), exactAfter, () => new Decimal(maxPositionNotional));
    found.add(
      over ? 'block' : 'info',
      'MAX_POSITION_NOTIONAL',
      'money',
      after,
      Number(maxPositionNotional),
      (_, value, most) =>
        over
          ? `The position could be worth ${value}, above your maximum of ${most}; reduce the quantity or raise the limit.`
          : `The position could be worth ${value} of at most ${most}.`,
    );
  }
  if (maxConcentration === null && warnConcentration === null && maxGrossExposure === null) return;
  if (equity === null || !(equityNumber > 0)) {
    if (!grows) return;
    found.add(
      'block',
      'EQUITY_UNKNOWN',
      'money',
      equityNumber,
      0,
      (_, value) => `Equity is ${value}, so exposure cannot be judged; only orders that reduce a position pass.`,
    );
    return;
  }
  const beyond = (figure: number, exact: () => Decimal, limit: string | null): boolean =>
    grows && limit !== null && above(figure, equityNumber * Number(limit), exact, () => equity.times(limit));
  const share = after / equityNumber;
  if (beyond(after, exactAfter, maxConcentration)) {
    found.add(
      'block',
      'CONCENTRATION',
      'fraction',
      share,
      Number(maxConcentration),
      (one, value, limit) =>
        `${one.intent.instrument} could become ${percent(value)} of equity, above the ${percent(limit)} allowed; reduce the quantity or raise the limit.`,
    );
  } else {
    const high = beyond(after, exactAfter, warnConcentration);
    found.add(
      high ? 'warn' : 'info',
      'CONCENTRATION',
      'fraction',
      share,
      Number(warnConcentration ?? maxConcentration),
      (one, value, limit) =>
        high
          ? `${one.intent.instrument} could become ${percent(value)} of equity, more than ${percent(limit)}; consider a smaller order.`
          : `${one.intent.instrument} could become ${percent(value)} of equity.`,
    );
  }
  if (maxGrossExposure !== null) {
    const gross = exposure.otherValue + after;
    const over = beyond(gross, () => (exposure.otherValue === 0 ? exactAfter() : new Decimal(gross)), maxGrossExposure);
    found.add(
      over ? 'block' : 'info',
      'GROSS_EXPOSURE',
      'fraction',
      gross / equityNumber,
      Number(maxGrossExposure),
      (_, value, limit) =>
        over
          ? `Total exposure could become ${percent(value)} of equity, above the ${percent(limit)} allowed; reduce the quantity or close something.`
          : `Total exposure could become ${percent(value)} of equity, at most ${percent(limit)}.`,
    );
  }
}
