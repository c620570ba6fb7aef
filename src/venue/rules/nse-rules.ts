import { dayText, istDay, istInstant } from '../../clock/ist.ts';
import type { MarketCalendar } from '../../clock/market-calendar.ts';
import { nseCalendar } from '../../clock/nse-calendar.ts';
import { priceText, quantityText, type Instrument, type InstrumentId } from '../../domain/instrument.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { parseUnits, type EpochMs, type PriceUnits } from '../../domain/units.ts';
import { LISTED_SHARE, type Listing } from './listing.ts';
import type { MarketRules, RuledMarket, RuledOrder } from './market-rules.ts';
import { nseMarketProtection } from './nse-market-protection.ts';
import { entryRefusal } from './nse-order-entry.ts';
import { nsePriceBand, type PriceBand } from './nse-price-band.ts';
import { nseTickSize } from './nse-tick-size.ts';

export interface NseRuleOptions {
  /** Contract file; instruments that are not in it count as large shares with derivatives. */
  readonly listing?: (instrument: InstrumentId) => Listing | null;
  /** Market hours bind. Off where recorded data are taken as tradable whenever they have a row. */
  readonly sessions?: boolean;
}

const CALENDARS = {
  auction: nseCalendar('cash', true),
  plain: nseCalendar('cash', false),
  derivatives: nseCalendar('fo'),
} as const;

/** Trading hours, tick-size slabs, price bands, freeze quantities and market price protection of NSE, by date. */
export class NseRules implements MarketRules {
  readonly #listing: (instrument: InstrumentId) => Listing;
  readonly #sessions: boolean;
  /** Ticks of the month by reference price; the slab stays as long as the month. */
  readonly #ticks = new Map<string, PriceUnits>();

  constructor(options: NseRuleOptions = {}) {
    const { listing } = options;
    this.#listing = (id) => listing?.(id) ?? LISTED_SHARE;
    this.#sessions = options.sessions ?? true;
  }

  refusal(order: RuledOrder, instrument: Instrument, at: EpochMs, market: RuledMarket): Refusal | null {
    const listing = this.#listing(instrument.id);
    if (this.#sessions) {
      const closed = entryRefusal(order, instrument.symbol, at, calendarFor(listing).statusAt(at));
      if (closed !== null) return closed;
    }
    const frozen = freezeRefusal(order, instrument, listing);
    if (frozen !== null) return frozen;
    if (order.price === 0 && order.trigger === 0) return null;
    const date = dayText(istDay(at));
    const tick = this.#tick(instrument, listing, date);
    const base = basePrice(listing, instrument, market);
    const band = nsePriceBand(listing, date, base, market.last, tick);
    return (
      priceRefusal('limit price', order.price, instrument, tick, band, base) ??
      priceRefusal('stop trigger', order.trigger, instrument, tick, band, base)
    );
  }

  protection(order: RuledOrder, instrument: Instrument, at: EpochMs, market: RuledMarket): PriceUnits {
    if (order.type !== 'market') return 0;
    const listing = this.#listing(instrument.id);
    const date = dayText(istDay(at));
    const tick = this.#tick(instrument, listing, date);
    const band = nsePriceBand(listing, date, basePrice(listing, instrument, market), market.last, tick);
    const sign = order.side === 'buy' ? 1 : -1;
    return nseMarketProtection(listing.segment, date, sign, market.touch, instrument.priceDigits, tick, band);
  }

  nextDay(at: EpochMs): EpochMs {
    return istInstant(istDay(at) + 1, '00:00');
  }

  #tick(instrument: Instrument, listing: Listing, date: string): PriceUnits {
    const { tickReference, segment } = listing;
    if (tickReference === null) return instrument.tick;
    const key = `${segment} ${tickReference} ${date.slice(0, 7)} ${date >= '2025-04-15'} ${date >= '2024-06-10'} ${instrument.priceDigits}`;
    const known = this.#ticks.get(key);
    if (known !== undefined) return known;
    const size = nseTickSize(segment, date, tickReference);
    const units = size.ok ? parseUnits(size.value.tick, instrument.priceDigits) : Number.NaN;
    const tick = units > 0 ? units : instrument.tick;
    this.#ticks.set(key, tick);
    return tick;
  }
}

function basePrice(listing: Listing, instrument: Instrument, market: RuledMarket): PriceUnits {
  if (listing.previousClose === null) return market.base;
  const stated = parseUnits(listing.previousClose, instrument.priceDigits);
  return stated > 0 ? stated : market.base;
}

function calendarFor(listing: Listing): MarketCalendar {
  if (listing.segment === 'cash' || listing.segment === 'etf') {
    return listing.hasDerivatives ? CALENDARS.auction : CALENDARS.plain;
  }
  return CALENDARS.derivatives;
}

function freezeRefusal(order: RuledOrder, instrument: Instrument, listing: Listing): Refusal | null {
  const { freezeQuantity } = listing;
  if (freezeQuantity === null || order.quantity <= freezeQuantity) return null;
  const largest = Math.floor(freezeQuantity / instrument.step) * instrument.step;
  const asked = quantityText(instrument, order.quantity);
  const limit = quantityText(instrument, largest);
  const slices = largest > 0 ? Math.ceil(order.quantity / largest) : 0;
  const advice =
    largest > 0
      ? `send at most ${limit} in one order: ${slices} orders carry ${asked}`
      : 'no order of a whole lot is possible';
  return {
    code: 'FREEZE_QUANTITY',
    sentence: `Quantity ${asked} of ${instrument.symbol} is above the exchange's freeze quantity ${quantityText(instrument, freezeQuantity)}; ${advice}.`,
    value: asked,
    limit,
  };
}

function priceRefusal(
  what: string,
  price: PriceUnits,
  instrument: Instrument,
  tick: PriceUnits,
  band: PriceBand | null,
  base: PriceUnits,
): Refusal | null {
  if (price === 0) return null;
  const text = priceText(instrument, price);
  if (price % tick !== 0) {
    const below = priceText(instrument, Math.max(tick, Math.floor(price / tick) * tick));
    const above = priceText(instrument, Math.ceil(price / tick) * tick);
    const limit = priceText(instrument, tick);
    return {
      code: 'PRICE_OFF_TICK',
      sentence: `The ${what} ${text} is not a multiple of the tick size ${limit} that ${instrument.symbol} has this month; use ${below} or ${above}.`,
      value: text,
      limit,
    };
  }
  if (band === null || (price >= band.lower && price <= band.upper)) return null;
  const [lower, upper] = [priceText(instrument, band.lower), priceText(instrument, band.upper)];
  return {
    code: 'PRICE_BAND',
    sentence: `The ${what} ${text} is outside the day's price band ${lower} to ${upper} (${band.percent} % around ${priceText(instrument, base)}) of ${instrument.symbol}; choose a price within it.`,
    value: text,
    limit: price > band.upper ? upper : lower,
  };
}
