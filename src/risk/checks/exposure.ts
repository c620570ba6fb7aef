import { Decimal } from '../../domain/decimal.ts';
import { quantityDecimal } from '../../domain/instrument.ts';
import type { AccountExposure } from '../exposure.ts';
import { percent, type Findings } from '../findings.ts';
import { above, exactNotional } from '../money.ts';

/**
 * Position, gross exposure and concentration as they could become with all open orders filled, on the side that the
 * order opens: a reversal is judged by the position it leads to, whether its close has filled yet or not. An order that
 * opens nothing passes even where the figure is too large already: it is the way back.
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
  const { side } = intent;
  const reach = line.reach(side, quantity);
  const more = reach > line.reach(side, 0);
  const units = more ? reach : line.worstQuantity();
  if (limits.maxPosition !== null) {
    const limit = limits.maxPosition;
    const over = more && !quantityDecimal(instrument, units).lte(limit);
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
      'maxPosition',
    );
  }
  if (!(price > 0)) return;
  const worth = price * quantity * unit;
  const before = line.worstValue();
  const grows = !(line.reachValue(side, worth) <= line.reachValue(side, 0));
  const after = grows ? line.reachValue(side, worth) : before;
  const first = before === 0;
  // Exact where the order is all there is; otherwise marks come in, which are no exact figures either.
  const exactAfter = (): Decimal => (first ? exactNotional(facts) : new Decimal(after));
  const { maxPositionNotional, maxConcentration, warnConcentration, maxGrossExposure, maxGrossNotional } = limits;
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
      'maxPositionNotional',
    );
  }
  if (maxGrossNotional !== null) {
    const gross = exposure.otherValue + after;
    const over =
      grows &&
      above(
        gross,
        Number(maxGrossNotional),
        () => new Decimal(gross),
        () => new Decimal(maxGrossNotional),
      );
    found.add(
      over ? 'block' : 'info',
      'GROSS_NOTIONAL',
      'money',
      gross,
      Number(maxGrossNotional),
      (_, value, most) =>
        over
          ? `Total exposure could become ${value}, above your maximum of ${most}; reduce the quantity or close something.`
          : `Total exposure could become ${value} of at most ${most}.`,
      'maxGrossNotional',
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
      'maxConcentration',
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
      'warnConcentration',
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
      'maxGrossExposure',
    );
  }
}
