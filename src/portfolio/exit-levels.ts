import { Decimal, type DecimalString } from '../domain/decimal.ts';
import { priceText, type Instrument } from '../domain/instrument.ts';
import { ok, refuse, type Result } from '../domain/refusal.ts';
import type { PriceUnits } from '../domain/units.ts';

/** Distance from the entry (or, trailing, from the best price): a fraction of it, or price units. `price` is a fixed level. */
type ExitDistance =
  | { readonly kind: 'fraction'; readonly fraction: DecimalString }
  | { readonly kind: 'offset'; readonly units: PriceUnits };
type ExitLevel = ExitDistance | { readonly kind: 'price'; readonly price: PriceUnits };

export interface ExitRules {
  readonly stopLoss: ExitLevel | null;
  readonly takeProfit: ExitLevel | null;
  readonly trailing: ExitDistance | null;
  /** Close this long after the position was opened. */
  readonly holdMs: number | null;
}

export const NO_EXITS: ExitRules = { stopLoss: null, takeProfit: null, trailing: null, holdMs: null };

export type ExitReason = 'stop-loss' | 'trailing-stop' | 'take-profit' | 'time-exit';

/** Refuses EXIT_INVALID for a distance that is not above zero, or a fraction of one or more below the price. */
export function checkExitRules(rules: ExitRules): Result<ExitRules> {
  for (const [name, level] of [
    ['stop-loss', rules.stopLoss],
    ['take-profit', rules.takeProfit],
    ['trailing stop', rules.trailing],
  ] as const) {
    if (level === null) continue;
    const value =
      level.kind === 'fraction' ? Number(level.fraction) : level.kind === 'offset' ? level.units : level.price;
    if (!(value > 0) || !Number.isFinite(value)) {
      return refuse('EXIT_INVALID', `The ${name} must be above zero.`, { value: String(value), limit: '0' });
    }
    if (level.kind === 'fraction' && name !== 'take-profit' && value >= 1) {
      return refuse(
        'EXIT_INVALID',
        `The ${name} of ${value * 100} % is the whole price or more; choose one below 100 %.`,
        {
          value: level.fraction,
          limit: '1',
        },
      );
    }
  }
  if (rules.holdMs !== null && !(rules.holdMs > 0)) {
    return refuse('EXIT_INVALID', 'The holding time must be above zero.', { value: String(rules.holdMs), limit: '0' });
  }
  return ok(rules);
}

/**
 * Price level `distance` away from `from`. `direction` +1 is above, -1 below. Rounded to the tick in the holder's
 * favour where the grid does not hold it: a stop is never wider and a target never nearer than asked.
 */
function level(instrument: Instrument, from: number, distance: ExitLevel, direction: 1 | -1, up: boolean): PriceUnits {
  if (distance.kind === 'price') return distance.price;
  const exact =
    distance.kind === 'offset'
      ? new Decimal(from).plus(distance.units * direction)
      : new Decimal(from).times(new Decimal(1).plus(new Decimal(distance.fraction).times(direction)));
  const ticks = exact.div(instrument.tick);
  // The average entry carries binary noise in its last digits, which must not push a level over to the next tick.
  const near = ticks.round();
  const whole = ticks.minus(near).abs().lt(1e-9) ? near : up ? ticks.ceil() : ticks.floor();
  return Math.max(instrument.tick, whole.times(instrument.tick).toNumber());
}

export interface StopLevel {
  readonly trigger: PriceUnits;
  readonly reason: 'stop-loss' | 'trailing-stop';
}

/** The tighter of stop-loss and trailing stop. `entry` and `best` in price units; `long` is the position's side. */
export function stopLevel(
  instrument: Instrument,
  rules: ExitRules,
  long: boolean,
  entry: number,
  best: PriceUnits,
): StopLevel | null {
  const direction = long ? -1 : 1;
  const fixed = rules.stopLoss === null ? null : level(instrument, entry, rules.stopLoss, direction, long);
  const trailed = rules.trailing === null ? null : level(instrument, best, rules.trailing, direction, long);
  if (fixed === null) return trailed === null ? null : { trigger: trailed, reason: 'trailing-stop' };
  if (trailed === null) return { trigger: fixed, reason: 'stop-loss' };
  const tighter = long ? trailed > fixed : trailed < fixed;
  return tighter ? { trigger: trailed, reason: 'trailing-stop' } : { trigger: fixed, reason: 'stop-loss' };
}

export function targetLevel(instrument: Instrument, rules: ExitRules, long: boolean, entry: number): PriceUnits | null {
  return rules.takeProfit === null ? null : level(instrument, entry, rules.takeProfit, long ? 1 : -1, long);
}

/** Why, with its figures, for the order's note. */
export function exitNote(instrument: Instrument, reason: ExitReason, at: PriceUnits | null, entry: number): string {
  const price = at === null ? 'market' : priceText(instrument, at);
  return `${reason} at ${price}, entry ${priceText(instrument, Math.round(entry))}`;
}
