import type { Instrument } from '../../domain/instrument.ts';
import { powerOfTen, type EpochMs, type PriceUnits, type QuantityUnits } from '../../domain/units.ts';
import { tradingDayMs, type Activity } from '../activity.ts';
import type { ImpactTerms } from '../model.ts';
import { permanentImpact, temporaryImpact, type AlmgrenMarket } from './almgren.ts';
import { OwnFlow } from './own-flow.ts';
import { squareRootImpact } from './square-root.ts';

type ModelledTerms = Exclude<ImpactTerms, { readonly kind: 'none' }>;

/**
 * What our own taking does to the prices of one instrument. The cost of a quantity is charged at the margin: splitting
 * it at one instant changes nothing, spreading it over time makes it cheaper, because the temporary part of what we
 * took fades with the horizon and the permanent part with a trading day. Each side pays for its own taking only, so
 * that a later trade of the other side is never paid for it.
 */
export class MarketImpact {
  private readonly terms: ModelledTerms;
  private readonly activity: Activity | null;
  private readonly quantityUnit: number;
  private readonly tick: PriceUnits;
  private readonly horizonDays: number;
  private readonly buys: Flows;
  private readonly sells: Flows;

  constructor(terms: ModelledTerms, instrument: Instrument, activity: Activity | null) {
    const dayMs = tradingDayMs(instrument);
    this.terms = terms;
    this.activity = activity;
    this.quantityUnit = powerOfTen(instrument.quantityDigits);
    this.tick = instrument.tick;
    this.horizonDays = terms.horizonMs / dayMs;
    this.buys = { fading: new OwnFlow(terms.horizonMs), lasting: new OwnFlow(dayMs) };
    this.sells = { fading: new OwnFlow(terms.horizonMs), lasting: new OwnFlow(dayMs) };
  }

  /** Adverse distance to `price` for taking `quantity` now, in whole ticks (nearest); -1 while the market's scale is unknown. */
  shift(sign: 1 | -1, price: PriceUnits, quantity: QuantityUnits, now: EpochMs): PriceUnits {
    const fraction = this.fraction(sign, quantity, now);
    if (fraction < 0) return -1;
    return Math.round((price * fraction) / this.tick) * this.tick;
  }

  /** As a fraction of the price; -1 while the daily volume or volatility is unknown. */
  fraction(sign: 1 | -1, quantity: QuantityUnits, now: EpochMs): number {
    const { terms } = this;
    const volatility = terms.dailyVolatility ?? this.activity?.dailyVolatility() ?? 0;
    const volume = terms.dailyVolume ?? (this.activity?.dailyVolume() ?? 0) / this.quantityUnit;
    if (!(volatility > 0) || !(volume > 0)) return -1;
    const flows = sign === 1 ? this.buys : this.sells;
    const fading = flows.fading.weighed(now);
    const lasting = flows.lasting.weighed(now);
    const market = {
      dailyVolatility: volatility,
      dailyVolume: volume,
      sharesOutstanding: terms.kind === 'almgren' ? terms.sharesOutstanding : null,
    };
    const temporary = this.total('temporary', fading + quantity, market) - this.total('temporary', fading, market);
    const permanent = this.total('permanent', lasting + quantity, market) - this.total('permanent', lasting, market);
    return Math.min(terms.cap, Math.max(0, (temporary + permanent) / quantity));
  }

  took(sign: 1 | -1, quantity: QuantityUnits, now: EpochMs): void {
    const flows = sign === 1 ? this.buys : this.sells;
    flows.fading.add(quantity, now);
    flows.lasting.add(quantity, now);
  }

  /** Quantity x cost per unit of having taken `units` at one go; of the permanent part a taker pays half on average. */
  private total(part: 'temporary' | 'permanent', units: number, market: AlmgrenMarket): number {
    if (units <= 0) return 0;
    const { terms } = this;
    const quantity = units / this.quantityUnit;
    if (part === 'permanent') {
      return terms.kind === 'square-root' ? 0 : (units * permanentImpact(quantity, market, terms)) / 2;
    }
    return terms.kind === 'square-root'
      ? units * squareRootImpact(quantity, terms.coefficient, market.dailyVolatility, market.dailyVolume)
      : units * temporaryImpact(quantity, this.horizonDays, market, terms);
  }
}

interface Flows {
  readonly fading: OwnFlow;
  readonly lasting: OwnFlow;
}
