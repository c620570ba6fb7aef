import { Decimal, ZERO, type DecimalString } from '../../domain/decimal.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';

/** One bracket of a margin table. Rates are fractions of the position's value. */
export interface MarginTier {
  /** Position values up to this one, in quote currency; null = no upper end. */
  readonly upTo: DecimalString | null;
  readonly initialRate: DecimalString;
  readonly maintenanceRate: DecimalString;
}

interface Bracket {
  readonly from: Decimal;
  readonly upTo: Decimal | null;
  readonly initialRate: Decimal;
  readonly maintenanceRate: Decimal;
  /** What makes maintenance = rate x value - amount continuous where one bracket ends and the next begins. */
  readonly amount: Decimal;
  /** Doubles of the above, for the screening on every price. */
  readonly upToNumber: number;
  readonly rateNumber: number;
  readonly amountNumber: number;
}

/** Initial and maintenance margin by the size of a position. */
export class MarginTable {
  readonly brackets: readonly Bracket[];

  private constructor(brackets: readonly Bracket[]) {
    this.brackets = brackets;
  }

  /**
   * From tiers in rising order. `firstAmount` is the maintenance amount of the first tier where the venue states one; those
   * of the others follow from continuity. Refuses MARGIN_TIERS.
   */
  static of(tiers: readonly MarginTier[], firstAmount: DecimalString = '0'): Result<MarginTable> {
    const brackets: Bracket[] = [];
    let from = ZERO;
    let amount = new Decimal(firstAmount);
    for (const tier of tiers) {
      const before = brackets.at(-1);
      const maintenanceRate = new Decimal(tier.maintenanceRate);
      const initialRate = new Decimal(tier.initialRate);
      const upTo = tier.upTo === null ? null : new Decimal(tier.upTo);
      if (before !== undefined) amount = before.amount.plus(maintenanceRate.minus(before.maintenanceRate).times(from));
      const isRising =
        before === undefined || (before.upTo !== null && maintenanceRate.greaterThanOrEqualTo(before.maintenanceRate));
      if (
        !isRising ||
        (upTo !== null && upTo.lessThanOrEqualTo(from)) ||
        maintenanceRate.lessThan(0) ||
        maintenanceRate.greaterThanOrEqualTo(1) ||
        initialRate.lessThan(maintenanceRate)
      ) {
        return refuse(
          'MARGIN_TIERS',
          'Margin tiers must rise: each ends above the one before, with 0 <= maintenance rate <= initial rate and a maintenance rate that does not fall.',
          { value: `${tier.upTo ?? 'rest'} ${tier.initialRate} ${tier.maintenanceRate}` },
        );
      }
      brackets.push({
        from,
        upTo,
        initialRate,
        maintenanceRate,
        amount,
        upToNumber: upTo === null ? Number.POSITIVE_INFINITY : upTo.toNumber(),
        rateNumber: maintenanceRate.toNumber(),
        amountNumber: amount.toNumber(),
      });
      if (upTo !== null) from = upTo;
    }
    if (brackets.length === 0 || brackets.at(-1)?.upTo !== null) {
      return refuse('MARGIN_TIERS', 'The last margin tier must have no upper end.');
    }
    return ok(new MarginTable(brackets));
  }

  /** The bracket of a position worth `value`, the upper end included. */
  at(value: Decimal): Bracket {
    const found = this.brackets.find(({ upTo }) => upTo === null || value.lessThanOrEqualTo(upTo));
    if (found === undefined) throw new RangeError('a margin table has a last bracket');
    return found;
  }

  /** Maintenance margin of a position worth `value` >= 0. */
  maintenance(value: Decimal): Decimal {
    const bracket = this.at(value);
    return Decimal.max(ZERO, value.times(bracket.maintenanceRate).minus(bracket.amount));
  }

  maintenanceNumber(value: number): number {
    for (let index = 0; index < this.brackets.length; index += 1) {
      const bracket = this.brackets[index];
      if (bracket === undefined || value > bracket.upToNumber) continue;
      return Math.max(0, value * bracket.rateNumber - bracket.amountNumber);
    }
    return Number.NaN;
  }

  /** Margin to open a position worth `value`: by the chosen leverage, but no less than its tier asks for. */
  initial(value: Decimal, leverage: DecimalString): Decimal {
    return value.times(Decimal.max(this.at(value).initialRate, new Decimal(1).div(leverage)));
  }
}

/** Maintenance of margin accounts and perpetuals where the venue's table is not known: half a percent at any size. */
export const PLAIN_MARGIN: readonly MarginTier[] = [{ upTo: null, initialRate: '0.005', maintenanceRate: '0.005' }];

/** Position value up to which a leverage is allowed, and the maintenance rate there. */
type TierRow = readonly [upTo: DecimalString | null, leverage: number, maintenanceRate: DecimalString];

/** BTCUSDT linear perpetual on Binance, table of 2025; an account's own table replaces it once one is connected. */
const LARGE_PERPETUAL: readonly TierRow[] = [
  ['50000', 125, '0.004'],
  ['600000', 100, '0.005'],
  ['3000000', 75, '0.0065'],
  ['12000000', 50, '0.01'],
  ['70000000', 25, '0.02'],
  ['100000000', 20, '0.025'],
  ['230000000', 10, '0.05'],
  ['480000000', 5, '0.1'],
  ['600000000', 4, '0.125'],
  ['800000000', 3, '0.15'],
  ['1200000000', 2, '0.25'],
  [null, 1, '0.5'],
];

export const LARGE_PERPETUAL_MARGIN: readonly MarginTier[] = LARGE_PERPETUAL.map(
  ([upTo, leverage, maintenanceRate]) => ({
    upTo,
    initialRate: new Decimal(1).div(leverage).toFixed(10),
    maintenanceRate,
  }),
);
