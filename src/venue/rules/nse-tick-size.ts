import { dayText, parseDay, weekday } from '../../clock/ist.ts';
import { NSE_HOLIDAYS, NSE_SPECIAL_SESSIONS } from '../../clock/nse-holidays.ts';
import { Decimal, type DecimalString } from '../../domain/decimal.ts';
import { refuse, ok, type Result } from '../../domain/refusal.ts';
import type { ListedSegment } from './listing.ts';

/** `tick` holds for reference prices up to `upTo`, that price included unless `below`; null = no upper end. */
interface TickSlab {
  readonly upTo: DecimalString | null;
  readonly below?: true;
  readonly tick: DecimalString;
}

interface DatedSlabs {
  /** First day of force, "2025-04-15". */
  readonly effectiveFrom: string;
  readonly slabs: readonly TickSlab[];
}

const flat = (tick: DecimalString): readonly TickSlab[] => [{ upTo: null, tick }];
const LONG_AGO = '0000-01-01';

/** NSE circulars of 2024-05-24 (in force 2024-06-10) and of 2025 (in force 2025-04-15). */
const SHARES: readonly DatedSlabs[] = [
  { effectiveFrom: LONG_AGO, slabs: flat('0.05') },
  {
    effectiveFrom: '2024-06-10',
    slabs: [
      { upTo: '250', below: true, tick: '0.01' },
      { upTo: null, tick: '0.05' },
    ],
  },
  {
    effectiveFrom: '2025-04-15',
    slabs: [
      { upTo: '250', below: true, tick: '0.01' },
      { upTo: '1000', tick: '0.05' },
      { upTo: '5000', tick: '0.1' },
      { upTo: '10000', tick: '0.5' },
      { upTo: '20000', tick: '1' },
      { upTo: null, tick: '5' },
    ],
  },
];
const INDEX_FUTURES: readonly DatedSlabs[] = [
  { effectiveFrom: LONG_AGO, slabs: flat('0.05') },
  {
    effectiveFrom: '2025-04-15',
    slabs: [
      { upTo: '15000', tick: '0.05' },
      { upTo: '30000', tick: '0.1' },
      { upTo: null, tick: '0.2' },
    ],
  },
];
const STOCK_FUTURES: readonly DatedSlabs[] = [
  { effectiveFrom: LONG_AGO, slabs: flat('0.05') },
  ...SHARES.filter(({ effectiveFrom }) => effectiveFrom === '2025-04-15'),
];

const SLABS: Readonly<Record<ListedSegment, readonly DatedSlabs[]>> = {
  cash: SHARES,
  etf: [{ effectiveFrom: LONG_AGO, slabs: flat('0.01') }],
  'stock-futures': STOCK_FUTURES,
  'index-futures': INDEX_FUTURES,
  options: [{ effectiveFrom: LONG_AGO, slabs: flat('0.05') }],
};

export interface TickSize {
  readonly tick: DecimalString;
  readonly effectiveFrom: string | null;
  /** Day whose close is the reference price. */
  readonly referenceDay: string;
}

/**
 * The tick size on a trading day for a reference price (the close of `referenceDay`: the last trading day of the month
 * before; the tick stays for the month). Refuses TICK_DATE_INVALID and TICK_REFERENCE_INVALID.
 */
export function nseTickSize(segment: ListedSegment, date: string, reference: DecimalString): Result<TickSize> {
  const day = parseDay(date);
  if (Number.isNaN(day)) {
    return refuse('TICK_DATE_INVALID', `"${date}" is not a day; write it as 2026-11-20.`, { value: date });
  }
  if (!/^\d+(\.\d+)?$/.test(reference) || !new Decimal(reference).greaterThan(0)) {
    return refuse('TICK_REFERENCE_INVALID', `The reference price "${reference}" must be a plain decimal above zero.`, {
      value: reference,
    });
  }
  // ISO dates compare as text.
  const dated = SLABS[segment].findLast(({ effectiveFrom }) => effectiveFrom <= date);
  const price = new Decimal(reference);
  const slab = dated?.slabs.find(
    ({ upTo, below }) => upTo === null || (below === true ? price.lessThan(upTo) : price.lessThanOrEqualTo(upTo)),
  );
  if (dated === undefined || slab === undefined) throw new RangeError(`no tick slab for ${segment} on ${date}`);
  return ok({
    tick: slab.tick,
    effectiveFrom: dated.effectiveFrom === LONG_AGO ? null : dated.effectiveFrom,
    referenceDay: tickReferenceDay(day),
  });
}

/** Last trading day of the month before the one that holds `day`. */
function tickReferenceDay(day: number): string {
  const first = parseDay(`${dayText(day).slice(0, 7)}-01`);
  for (let candidate = first - 1; candidate > first - 15; candidate -= 1) {
    const date = dayText(candidate);
    const special = NSE_SPECIAL_SESSIONS.get(date);
    if (special !== undefined) {
      if (special.kind.includes('full session')) return date;
      continue;
    }
    const isWeekend = weekday(candidate) === 0 || weekday(candidate) === 6;
    if (!isWeekend && !NSE_HOLIDAYS.has(date)) return date;
  }
  return dayText(first - 1);
}
