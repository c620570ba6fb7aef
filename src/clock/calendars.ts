import type { Instrument } from '../domain/instrument.ts';
import { ALWAYS_OPEN, type MarketCalendar } from './market-calendar.ts';
import { nseCalendar } from './nse-calendar.ts';

const NSE_CASH = nseCalendar('cash');

/** The calendar an instrument trades by. */
export function calendarOf(instrument: Pick<Instrument, 'calendar'>): MarketCalendar {
  return instrument.calendar === 'nse' ? NSE_CASH : ALWAYS_OPEN;
}
