import { dayText, istDay, istInstant, parseDay } from '../../clock/ist.ts';
import { nseCalendar } from '../../clock/nse-calendar.ts';
import { RefusalError } from '../../domain/refusal.ts';
import { type Instrument } from '../../domain/instrument.ts';
import { parseUnits, type EpochMs } from '../../domain/units.ts';
import type { Listing } from '../../venue/rules/listing.ts';
import { nseTickSize } from '../../venue/rules/nse-tick-size.ts';
import { decimalText, flagOf, isObject, type Json, type JsonObject, pick, scriptFault, wordOf } from './script-json.ts';

/** Parts of a script's instrument that the contract file of NSE states. */
export const LISTING_PARTS: readonly string[] =
  'date segment band freezeQuantity freezeQty previousClose prevClose tickReference hasDerivatives product'.split(' ');

const SEGMENTS = ['cash', 'etf', 'stock-futures', 'index-futures', 'options'] as const;
/** Times below this are a script's own count (0, 1, 2 ...), not calendar time. */
export const CALENDAR_TIME = 1e11;

/** NSE as a script sees it: what its contract file says, and the day on which the script counts its time. */
export interface ScriptListing {
  readonly terms: Omit<Listing, 'freezeQuantity'> & { readonly freezeQuantity: string | null };
  /** Opening of the stated day; script times that are no calendar times count from it. Null: no day is stated. */
  readonly open: EpochMs | null;
  /** First day of the script, for its tick size; null when neither a day nor a calendar time is given. */
  readonly date: string | null;
}

/** Null for an instrument of another venue. `firstTime` is that of the first step. */
export function readListing(
  instrument: JsonObject | null,
  stated: Json | undefined,
  firstTime: EpochMs,
): ScriptListing | null {
  if (instrument === null || !isNse(instrument)) {
    if (stated !== undefined && stated !== null) throw scriptFault('date applies to scripts of "venue":"nse" only.');
    return null;
  }
  const segment = pick(instrument, 'segment');
  const text = (...names: string[]): string | null => {
    const value = pick(instrument, ...names);
    return value === undefined ? null : decimalText(value, `instrument.${names[0] ?? ''}`);
  };
  const previousClose = text('previousClose', 'prevClose');
  const open = openOf(pick(instrument, 'date') ?? stated ?? undefined);
  const at = firstTime >= CALENDAR_TIME ? firstTime : open;
  return {
    terms: {
      segment: segment === undefined ? 'cash' : wordOf(segment, 'instrument.segment', SEGMENTS),
      band: readBand(pick(instrument, 'band'), previousClose !== null),
      freezeQuantity: text('freezeQuantity', 'freezeQty'),
      hasDerivatives: flagOf(instrument['hasDerivatives'], 'instrument.hasDerivatives', true),
      tickReference: text('tickReference'),
      previousClose,
    },
    open,
    date: at === null ? null : dayText(istDay(at)),
  };
}

export function isNse(instrument: JsonObject): boolean {
  const venue = pick(instrument, 'venue');
  return typeof venue === 'string' && venue.toLowerCase() === 'nse';
}

/** The tick of the slab where the script states none: by the month's reference price, else by the previous close. */
export function slabTick(listing: ScriptListing | null): string | null {
  if (listing === null || listing.date === null) return null;
  const { segment, tickReference, previousClose } = listing.terms;
  const reference = tickReference ?? previousClose;
  if (reference === null) return null;
  const size = nseTickSize(segment, listing.date, reference);
  if (!size.ok) throw new RefusalError(size.error);
  return size.value.tick;
}

/** The contract file's terms in the units of the instrument. */
export function listingOf(listing: ScriptListing, instrument: Instrument): Listing {
  const { freezeQuantity } = listing.terms;
  const units = freezeQuantity === null ? null : parseUnits(freezeQuantity, instrument.quantityDigits);
  if (units !== null && !(units > 0))
    throw scriptFault(`freezeQuantity ${freezeQuantity ?? ''} is finer than the step.`);
  return { ...listing.terms, freezeQuantity: units };
}

/** 20, "20", "20%", "range" or "none"; left out: the operating range where a previous close is stated. */
function readBand(value: Json | undefined, hasClose: boolean): Listing['band'] {
  if (value === undefined) return hasClose ? 'range' : null;
  if (value === 'none' || value === false) return null;
  if (value === 'range') return 'range';
  const percent = Number(
    decimalText(typeof value === 'string' ? value.replace(/\s*%$/, '') : value, 'instrument.band'),
  );
  if (!(percent > 0 && percent <= 100)) throw scriptFault('instrument.band is a percentage, "range" or "none".');
  return percent;
}

function openOf(value: Json | undefined): EpochMs | null {
  if (value === undefined || isObject(value)) return null;
  const day = typeof value === 'string' ? parseDay(value) : Number.NaN;
  if (Number.isNaN(day)) throw scriptFault(`date ${JSON.stringify(value)} is not a day such as "2026-08-03".`);
  const date = dayText(day);
  // Without a session the ordinary opening time stands, and orders are refused with the reason.
  return nseCalendar('cash').sessions(date, date)[0]?.open ?? istInstant(day, '09:15');
}
