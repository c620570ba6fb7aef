import type { Instrument } from '../domain/instrument.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';
import { Activity, needsActivity } from './activity.ts';
import { BarDepth } from './bar-depth.ts';
import { MarketImpact } from './impact/market-impact.ts';
import { Ladder } from './ladder.ts';
import type { VenueModel } from './model.ts';
import { StandingMarket } from './standing-market.ts';
import { createTouchLadder } from './touch-ladder.ts';
import type { WorkingOrder } from './working-order.ts';

/** Where in a bar the market is. `open`: the open has been matched, the rest has not. `walk`: on the way along the bar's path. */
export type BarPhase = 'none' | 'open' | 'walk' | 'closed';

/** Everything the venue holds for one instrument. */
export class InstrumentMarket {
  readonly instrument: Instrument;
  readonly standing: StandingMarket;
  readonly buyLimits = new Ladder(-1);
  readonly sellLimits = new Ladder(1);
  readonly buyStops = new Ladder(1);
  readonly sellStops = new Ladder(-1);
  /** Orders that wait for the next open, in order of arrival. */
  readonly waiting: WorkingOrder[] = [];
  /** Orders held in the four ladders and in `waiting`. */
  held = 0;
  reduceOnly = 0;

  phase: BarPhase = 'none';
  /** Serial number of the bar in progress or of the last one. */
  bar = 0;
  /** Start of the bar whose open has been matched. */
  openedAt: EpochMs = Number.NEGATIVE_INFINITY;
  /** Price at which the bar stands: its open, the point of the walk, its close. 0 before the first bar. */
  barPrice: PriceUnits = 0;
  /** Quantity the bar in progress can still fill. */
  barLeft: QuantityUnits = Number.POSITIVE_INFINITY;
  /** Event time of the bar data that `barPrice` stands for. */
  barTs: EpochMs = Number.NEGATIVE_INFINITY;
  readonly barsOnly: boolean;
  /** Last price of the trading day before, for the exchange's price bands; 0 = not known. */
  basePrice: PriceUnits = 0;
  /** When `basePrice` changes next; never where the exchange has no rules. */
  dayTurn: EpochMs = Number.POSITIVE_INFINITY;
  /** Null where the model asks for none of them. */
  readonly activity: Activity | null;
  readonly impact: MarketImpact | null;
  readonly barDepth: BarDepth | null;

  constructor(instrument: Instrument, model: VenueModel, barsOnly: boolean) {
    this.instrument = instrument;
    this.standing = new StandingMarket(instrument, model);
    this.barsOnly = barsOnly;
    this.activity = needsActivity(model) ? new Activity(instrument) : null;
    this.impact = model.impact.kind === 'none' ? null : new MarketImpact(model.impact, instrument, this.activity);
    const ladder = createTouchLadder(model.behindTouch, instrument);
    this.barDepth = ladder === null ? null : new BarDepth(ladder, instrument);
  }

  /** True while nothing but bars is known of this instrument. */
  get isBarDriven(): boolean {
    const source = this.standing.source;
    return source === 'bar' || (source === 'none' && this.barsOnly);
  }

  limits(sign: 1 | -1): Ladder {
    return sign === 1 ? this.buyLimits : this.sellLimits;
  }

  stops(sign: 1 | -1): Ladder {
    return sign === 1 ? this.buyStops : this.sellStops;
  }

  hold(order: WorkingOrder): void {
    if (order.waiting) this.waiting.push(order);
    else if (order.active) this.limits(order.sign).add(order, order.price);
    else this.stops(order.sign).add(order, order.trigger);
    this.held += 1;
    if (order.intent.reduceOnly) this.reduceOnly += 1;
  }

  release(order: WorkingOrder): void {
    if (order.waiting) this.waiting.splice(this.waiting.indexOf(order), 1);
    else if (order.active) this.limits(order.sign).remove(order);
    else this.stops(order.sign).remove(order);
    this.held -= 1;
    if (order.intent.reduceOnly) this.reduceOnly -= 1;
  }
}
