import type { EpochMs } from '../domain/units.ts';
import { dayText, IST_OFFSET_MS, istDay, istInstant, parseDay, weekday } from './ist.ts';
import type { MarketCalendar, MarketState, MarketStatus, SessionWindow } from './market-calendar.ts';
import { NSE_CALENDAR_YEARS, NSE_HOLIDAYS, NSE_SPECIAL_SESSIONS } from './nse-holidays.ts';

export type NseSegment = 'cash' | 'fo';

interface Phase {
  readonly state: MarketState;
  readonly reason: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

interface TradingDay {
  readonly closedBecause: string | null;
  readonly special: string | null;
  readonly phases: readonly Phase[];
}

type PhaseTimes = readonly (readonly [MarketState, string, string, string])[];

/** NSE/CMTR/72394: closing auction for stocks with derivative contracts; NSE/FAOP/74467: derivatives until 15:40. */
const CLOSING_AUCTION_FROM = parseDay('2026-08-03');
/** NSE/FAOP/71092: pre-open call auction, current-month futures only. */
const FUTURES_PREOPEN_FROM = parseDay('2025-12-08');

const PREOPEN: PhaseTimes = [['preopen', 'Pre-open call auction', '09:00', '09:15']];

const CASH_TO_2026_08: PhaseTimes = [
  ...PREOPEN,
  ['open', 'Continuous trading', '09:15', '15:30'],
  ['closed', 'Closing price calculation', '15:30', '15:40'],
  ['post_close', 'Post-close session at the closing price', '15:40', '16:00'],
];
const CASH_WITH_AUCTION: PhaseTimes = [
  ...PREOPEN,
  ['open', 'Continuous trading', '09:15', '15:15'],
  ['closing_auction', 'Closing auction: reference price', '15:15', '15:20'],
  ['closing_auction', 'Closing auction: order entry', '15:20', '15:30'],
  ['closing_auction', 'Closing auction: matching', '15:30', '15:35'],
  ['closed', 'Transition to the post-close session', '15:35', '15:50'],
  ['post_close', 'Post-close session at the closing price', '15:50', '16:00'],
];
const DERIVATIVES_TO_2026_08: PhaseTimes = [['open', 'Continuous trading', '09:15', '15:30']];
const DERIVATIVES_TO_1540: PhaseTimes = [['open', 'Continuous trading', '09:15', '15:40']];
const FUTURES_PREOPEN: PhaseTimes = [
  ['preopen', 'Pre-open call auction (current-month futures only)', '09:00', '09:15'],
];

function ordinaryPhases(day: number, segment: NseSegment, closingAuction: boolean): PhaseTimes {
  if (segment === 'cash') return closingAuction && day >= CLOSING_AUCTION_FROM ? CASH_WITH_AUCTION : CASH_TO_2026_08;
  const preopen = day >= FUTURES_PREOPEN_FROM ? FUTURES_PREOPEN : [];
  return [...preopen, ...(day >= CLOSING_AUCTION_FROM ? DERIVATIVES_TO_1540 : DERIVATIVES_TO_2026_08)];
}

/**
 * NSE sessions by date (Asia/Kolkata). `closingAuction`: whether the security has derivative contracts and therefore takes
 * part in the closing auction from 2026-08-03; true for the whole default universe.
 * Outside 2024-2026 holidays are not known: weekdays count as trading days and the reason says so.
 */
export function nseCalendar(segment: NseSegment = 'cash', closingAuction = true): MarketCalendar {
  const days = new Map<number, TradingDay>();

  function tradingDay(day: number): TradingDay {
    const known = days.get(day);
    if (known !== undefined) return known;
    const made = makeDay(day, segment, closingAuction);
    days.set(day, made);
    return made;
  }

  function nextOpen(at: EpochMs): EpochMs | null {
    const first = istDay(at);
    for (let day = first; day < first + 366; day += 1) {
      for (const phase of tradingDay(day).phases) if (phase.state === 'open' && phase.from > at) return phase.from;
    }
    return null;
  }

  function statusAt(at: EpochMs): MarketStatus {
    const day = tradingDay(istDay(at));
    const open = day.phases.filter((phase) => phase.state === 'open');
    const current = open.find((phase) => at < phase.to) ?? open.at(-1);
    const session = current === undefined ? null : { open: current.from, close: current.to };
    const phase = day.phases.find((candidate) => at >= candidate.from && at < candidate.to);
    if (phase !== undefined) {
      const reason = day.special === null ? phase.reason : `${phase.reason} (${day.special})`;
      return { state: phase.state, reason, session, nextOpen: nextOpen(at) };
    }
    const reason =
      day.closedBecause ??
      (at < (open[0]?.from ?? 0)
        ? 'Before the session'
        : current !== undefined && at < current.from
          ? 'Between two sessions'
          : 'After the session');
    return { state: 'closed', reason, session, nextOpen: nextOpen(at) };
  }

  return {
    venue: 'nse',
    statusAt,
    isOpen: (at) =>
      tradingDay(istDay(at)).phases.some((phase) => phase.state === 'open' && at >= phase.from && at < phase.to),
    sessions(from, to) {
      const windows: SessionWindow[] = [];
      for (let day = parseDay(from); day <= parseDay(to); day += 1) {
        const { phases, special } = tradingDay(day);
        for (const phase of phases) {
          if (phase.state !== 'open') continue;
          windows.push({
            date: dayText(day),
            open: phase.from,
            close: phase.to,
            special: special !== null,
            reason: special ?? phase.reason,
          });
        }
      }
      return windows;
    },
    dayEnd(at) {
      const today = tradingDay(istDay(at)).phases.filter(
        (phase) => phase.state === 'open' || phase.state === 'closing_auction',
      );
      const end = today.at(-1)?.to;
      if (end !== undefined && end > at) return end;
      const next = nextOpen(at);
      if (next === null) return at;
      return (
        tradingDay(istDay(next))
          .phases.filter((phase) => phase.state === 'open' || phase.state === 'closing_auction')
          .at(-1)?.to ?? next
      );
    },
    dayStart: (at) => istDay(at) * 86_400_000 - IST_OFFSET_MS,
  };
}

function makeDay(day: number, segment: NseSegment, closingAuction: boolean): TradingDay {
  const date = dayText(day);
  const special = NSE_SPECIAL_SESSIONS.get(date);
  const place = (times: PhaseTimes): Phase[] =>
    times.map(([state, reason, from, to]) => ({ state, reason, from: istInstant(day, from), to: istInstant(day, to) }));

  if (special !== undefined) {
    if (special.hours === null)
      return {
        closedBecause: `${special.kind}: the hours of this session are not known`,
        special: special.kind,
        phases: [],
      };
    if (special.kind.includes('full session')) {
      return {
        closedBecause: null,
        special: special.kind,
        phases: place(ordinaryPhases(day, segment, closingAuction)),
      };
    }
    const preopen: PhaseTimes =
      special.preopen === null || segment === 'fo'
        ? []
        : [['preopen', 'Pre-open call auction', special.preopen[0], special.preopen[1]]];
    const open: PhaseTimes = special.hours.map(([from, to]) => ['open', 'Continuous trading', from, to]);
    return { closedBecause: null, special: special.kind, phases: place([...preopen, ...open]) };
  }
  const holiday = NSE_HOLIDAYS.get(date);
  if (holiday !== undefined) return { closedBecause: `Holiday: ${holiday}`, special: null, phases: [] };
  const name = weekday(day);
  if (name === 0 || name === 6) return { closedBecause: name === 0 ? 'Sunday' : 'Saturday', special: null, phases: [] };
  const year = Number(date.slice(0, 4));
  const unknown = year < NSE_CALENDAR_YEARS[0] || year > NSE_CALENDAR_YEARS[1];
  const phases = place(ordinaryPhases(day, segment, closingAuction));
  if (!unknown) return { closedBecause: null, special: null, phases };
  const note = ` (holidays of ${year} are not in the calendar: weekday assumed to trade)`;
  return {
    closedBecause: null,
    special: null,
    phases: phases.map((phase) => ({ ...phase, reason: phase.reason + note })),
  };
}
