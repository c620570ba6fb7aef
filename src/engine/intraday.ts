import { istDay, istInstant, istIso } from '../clock/ist.ts';
import type { MarketCalendar } from '../clock/market-calendar.ts';
import type { DecimalString } from '../domain/decimal.ts';
import { refuse, ok, type Result } from '../domain/refusal.ts';
import type { EpochMs } from '../domain/units.ts';

/** When an intraday account may open positions and when it must be out. Times are Asia/Kolkata, "15:10". */
export interface IntradayTerms {
  /** Last minute for orders that open or enlarge a position. */
  readonly entryUntil: string;
  /** Working orders are cancelled and positions closed with market orders. */
  readonly squareOffAt: string;
  /** Buying power of the account as a multiple of its equity. */
  readonly leverage: DecimalString;
}

/** From 2026-08-03 continuous trading of shares with derivatives ends at 15:15. */
export const DEFAULT_INTRADAY: IntradayTerms = { entryUntil: '15:00', squareOffAt: '15:10', leverage: '5' };

/** Latest square-off: nothing can be closed after the end of continuous trading. */
const LATEST = '15:15';
/** Where a session is shorter than an ordinary one, it is left this long before its end. */
const BEFORE_CLOSE_MS = 5 * 60_000;
const ENTRY_BEFORE_MS = 10 * 60_000;

/** Refuses INTRADAY_TIMES and INTRADAY_LEVERAGE. */
export function checkedIntraday(terms: IntradayTerms): Result<IntradayTerms> {
  const { entryUntil, squareOffAt, leverage } = terms;
  const isTime = (text: string): boolean => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
  if (!isTime(entryUntil) || !isTime(squareOffAt) || entryUntil > squareOffAt || squareOffAt >= LATEST) {
    return refuse(
      'INTRADAY_TIMES',
      `Intraday orders until ${entryUntil} and square-off at ${squareOffAt} are impossible; write both as HH:MM, the cut-off not after the square-off and the square-off before ${LATEST}.`,
      { value: `${entryUntil} ${squareOffAt}`, limit: LATEST },
    );
  }
  if (!/^\d+(\.\d+)?$/.test(leverage) || Number(leverage) < 1) {
    return refuse('INTRADAY_LEVERAGE', `The intraday leverage "${leverage}" must be a plain decimal of 1 or more.`, {
      value: leverage,
      limit: '1',
    });
  }
  return ok(terms);
}

export interface IntradayDay {
  readonly open: EpochMs;
  readonly close: EpochMs;
  readonly entryUntil: EpochMs;
  readonly squareOffAt: EpochMs;
}

/** The times of the trading day that `at` falls on; null on a day without a session. */
export function intradayDay(calendar: MarketCalendar, at: EpochMs, terms: IntradayTerms): IntradayDay | null {
  const day = istDay(at);
  const date = new Date(day * 86_400_000).toISOString().slice(0, 10);
  const sessions = calendar.sessions(date, date);
  const first = sessions[0];
  const last = sessions.at(-1);
  if (first === undefined || last === undefined) return null;
  const latest = last.close - BEFORE_CLOSE_MS;
  const configured = istInstant(day, terms.squareOffAt);
  // A session in the evening or one that ends early is left shortly before its own end.
  const squareOffAt = configured > first.open && configured <= latest ? configured : latest;
  const entry = istInstant(day, terms.entryUntil);
  const entryUntil = squareOffAt === configured ? entry : squareOffAt - ENTRY_BEFORE_MS;
  return { open: first.open, close: last.close, entryUntil, squareOffAt };
}

/** Why an intraday account may open nothing at `at`; null before the cut-off and outside the session. */
export function entryCutOff(
  calendar: MarketCalendar,
  at: EpochMs,
  terms: IntradayTerms,
  account: string,
): { readonly now: string; readonly until: string; readonly sentence: string } | null {
  const day = intradayDay(calendar, at, terms);
  if (day === null || at < day.entryUntil || at >= day.close) return null;
  const time = (instant: EpochMs): string => istIso(instant).slice(11, 16);
  const until = time(day.entryUntil);
  return {
    now: time(at),
    until,
    sentence: `${account} is an intraday account: it opens nothing after ${until} and is squared off at ${time(day.squareOffAt)} (India). Only orders that reduce a position pass; use a delivery account to hold overnight.`,
  };
}
