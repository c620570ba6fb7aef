import { type Refusal, refuse } from '../../domain/refusal.ts';
import { formatUnits, type PriceUnits } from '../../domain/units.ts';
import { type AlgorithmTerms, MAX_CHILDREN, type ParentTicket } from './algorithm-terms.ts';
import { minimumAt, type ParentGrid } from './parent-state.ts';
import { slotCount } from './slice-plan.ts';

const no = (sentence: string, value: number | string, limit: number | string): Refusal =>
  refuse('ALGORITHM_TERMS', sentence, { value: String(value), limit: String(limit) }).error;

const isTime = (ms: number): boolean => Number.isFinite(ms) && ms > 0;

/** Why a parent cannot be begun, null when it can. `price` judges minimum values; 0 = not known. */
export function ticketFault(ticket: ParentTicket, grid: ParentGrid, price: PriceUnits): Refusal | null {
  const { quantity, limit, terms } = ticket;
  const text = (units: number): string => formatUnits(units, grid.quantityDigits);
  if (!Number.isSafeInteger(quantity) || quantity <= 0) {
    return refuse('QUANTITY_NOT_POSITIVE', 'The quantity of a parent order must be above zero.').error;
  }
  if (quantity % grid.step !== 0) {
    return refuse(
      'QUANTITY_OFF_STEP',
      `Quantity ${text(quantity)} is not a multiple of the step ${text(grid.step)}; no set of children could add up to it.`,
      { value: text(quantity), limit: text(grid.step) },
    ).error;
  }
  if (limit !== null && (!Number.isSafeInteger(limit) || limit <= 0 || limit % grid.tick !== 0)) {
    const tick = formatUnits(grid.tick, grid.priceDigits);
    return refuse('PRICE_OFF_TICK', `The limit must be a multiple of the tick size ${tick} above zero.`, {
      limit: tick,
    }).error;
  }
  return commonFault(terms) ?? ownFault(ticket, terms, grid, price);
}

function commonFault(terms: AlgorithmTerms): Refusal | null {
  const { sizeVariation, timeVariation, maxRefusals, retryMs, settleMs, timeoutMs, maxChildAgeMs } = terms;
  if (!(sizeVariation >= 0 && sizeVariation < 1)) {
    return no('Sizes may vary by 0 up to, not including, the whole of themselves.', sizeVariation, 1);
  }
  if (!(timeVariation >= 0 && timeVariation <= 0.5)) {
    return no(
      'Times may vary by at most half of the interval, or slices would overtake each other.',
      timeVariation,
      0.5,
    );
  }
  if (!Number.isSafeInteger(maxRefusals) || maxRefusals < 1) {
    return no('A parent ends after 1 or more refusals in a row.', maxRefusals, 1);
  }
  if (!isTime(retryMs)) return no('The pause before another try must be above zero ms.', retryMs, 0);
  if (!(settleMs >= 0)) return no('The time for late fills must not be negative.', settleMs, 0);
  if (timeoutMs !== null && !isTime(timeoutMs)) return no('A time-out must be above zero ms.', timeoutMs, 0);
  if (maxChildAgeMs !== null && !isTime(maxChildAgeMs)) {
    return no('The age limit of children must be above zero ms.', maxChildAgeMs, 0);
  }
  return null;
}

function ownFault(
  { quantity, limit }: ParentTicket,
  terms: AlgorithmTerms,
  grid: ParentGrid,
  price: PriceUnits,
): Refusal | null {
  switch (terms.type) {
    case 'twap':
    case 'vwap': {
      const { horizonMs, intervalMs, catchUpLimit } = terms;
      if (!isTime(intervalMs)) return no('The interval must be above zero ms.', intervalMs, 0);
      if (!isTime(horizonMs)) return no('The horizon must be above zero ms.', horizonMs, 0);
      if (horizonMs < intervalMs) return no('The horizon must be at least one interval long.', horizonMs, intervalMs);
      const slots = slotCount(terms);
      if (slots > MAX_CHILDREN) {
        return no(`${slots} slices are too many; choose a longer interval.`, slots, MAX_CHILDREN);
      }
      if (catchUpLimit !== null && !(catchUpLimit >= 1)) {
        return no('A child that catches up is at least one slice.', catchUpLimit, 1);
      }
      return terms.type === 'vwap' ? curveFault(terms.curve) : null;
    }
    case 'pov': {
      const { rate, intervalMs, horizonMs } = terms;
      if (!(rate > 0 && rate <= 1)) return no('The participation rate must be above 0 and at most 1.', rate, 1);
      if (!isTime(intervalMs)) return no('The interval must be above zero ms.', intervalMs, 0);
      if (horizonMs !== null && !isTime(horizonMs)) return no('The horizon must be above zero ms.', horizonMs, 0);
      return null;
    }
    case 'iceberg':
      return limit === null
        ? no('An iceberg rests in the book, so it needs a limit price.', 'none', 'a price')
        : displayFault(quantity, terms.display, grid, limit);
    case 'pegged': {
      const { joinMs, improveMs, repegMs, horizonMs } = terms;
      if (horizonMs !== null && !isTime(horizonMs)) return no('The horizon must be above zero ms.', horizonMs, 0);
      if (!(joinMs >= 0 && improveMs >= 0 && joinMs + improveMs < Number.POSITIVE_INFINITY)) {
        return no('The times to join and to improve must be zero or more ms.', joinMs + improveMs, 0);
      }
      return isTime(repegMs) ? null : no('The pause before following the price must be above zero ms.', repegMs, 0);
    }
    case 'sniper':
      return limit === null
        ? no('A sniper waits for a price, so it needs a limit; use "pegged" to go for any price.', 'none', 'a price')
        : null;
    case 'guarded-market':
      if (!(terms.collarBps > 0 && terms.collarBps < 10_000)) {
        return no('The collar must lie between 0 and 10000 bp.', terms.collarBps, 10_000);
      }
      return price > 0 || limit !== null ? null : refuse('NO_PRICE', 'No price is known; wait for the feed.').error;
  }
}

function curveFault(curve: readonly number[]): Refusal | null {
  const total = curve.reduce((sum, share) => sum + share, 0);
  if (curve.length > 0 && total > 0 && Number.isFinite(total) && curve.every((share) => share >= 0)) return null;
  return no('A volume curve is a list of shares from 0 up, not all of them 0.', curve.length, 1);
}

function displayFault(quantity: number, display: number, grid: ParentGrid, limit: PriceUnits): Refusal | null {
  const text = (units: number): string => formatUnits(units, grid.quantityDigits);
  if (!Number.isSafeInteger(display) || display <= 0 || display % grid.step !== 0) {
    return no(`The display must be a multiple of the step ${text(grid.step)} above zero.`, display, text(grid.step));
  }
  const least = minimumAt(grid, limit);
  if (display < Math.min(least, quantity)) {
    return no(
      `The display of ${text(display)} is below the smallest order of ${text(least)}.`,
      text(display),
      text(least),
    );
  }
  const parts = Math.ceil(quantity / display);
  return parts > MAX_CHILDREN ? no(`${parts} parts are too many; show more at a time.`, parts, MAX_CHILDREN) : null;
}
