import type { Fill } from '../domain/fill.ts';
import { notional, type InstrumentId } from '../domain/instrument.ts';
import type { OrderId } from '../domain/order.ts';
import type { VenueEvent } from '../domain/order-event.ts';
import { createRandom, seedOf, type Random } from '../domain/random.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';
import type { Decimal } from '../domain/decimal.ts';
import { RefusalError } from '../domain/refusal.ts';
import { ItemisedFees, type ItemisedFee } from './charges/itemised-fees.ts';
import { Costs } from './costs.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import { DEFAULT_VENUE_MODEL, type VenueModel } from './model.ts';
import { createPriceProtection, type PriceProtection } from './price-protection.ts';
import { createSlippage, type Slippage } from './slippage/slippage.ts';
import type { MarketRules } from './rules/market-rules.ts';
import { NseRules } from './rules/nse-rules.ts';
import type { VenueOptions } from './venue.ts';
import { venueOrderId, type WorkingOrder } from './working-order.ts';

/** How a fill came about: the name of the model in its record and what the model did to the price. */
export interface Execution {
  price: PriceUnits;
  liquidity: 'maker' | 'taker';
  model: string;
  /** Price without slippage and impact. */
  reference: PriceUnits;
  slippage: PriceUnits;
}

function itemisedFees(model: VenueModel): ItemisedFees | null {
  const { charges } = model.fees;
  if (charges === undefined) return null;
  const fees = ItemisedFees.of(charges);
  if (!fees.ok) throw new RefusalError(fees.error);
  return fees.value;
}

/** State and outcomes shared by the parts of the simulator. */
export class VenueCore {
  readonly options: VenueOptions;
  readonly model: VenueModel;
  readonly costs: Costs;
  /** Null where the rates of the model are the fees. */
  readonly charges: ItemisedFees | null;
  /** Null where nothing beyond the instrument's terms binds. */
  readonly rules: MarketRules | null;
  /** Null where the model has none. */
  readonly slippage: Slippage | null;
  readonly protection: PriceProtection | null;
  /** Model name of a fill at our price by our place in line. */
  readonly queueName: string;
  /** Chance of a fill by touch. A stream of its own, so that latency draws do not move it. */
  readonly chance: Random;
  readonly orders = new Map<OrderId, WorkingOrder>();
  readonly markets = new Map<InstrumentId, InstrumentMarket>();
  now: EpochMs = Number.NEGATIVE_INFINITY;
  nextExpiry: EpochMs = Number.POSITIVE_INFINITY;
  private arrivals = 0;
  /** Number of the market event in progress, so that an order born of it is not matched by it. */
  serial = 0;
  /** Number of the matching pass in progress; an event may need several. */
  event = 0;
  /** Runs the commands that are due; called between the outcomes of one market event. */
  readonly drain: () => void;
  private readonly emit: (event: VenueEvent) => void;

  constructor(options: VenueOptions, drain: () => void) {
    this.options = options;
    // A session recorded before a setting existed ran with its default.
    this.model = { ...DEFAULT_VENUE_MODEL, ...options.model };
    this.costs = new Costs(this.model);
    this.slippage = createSlippage(this.model.slippage, createRandom(seedOf('slippage', options.seed)));
    this.queueName = !this.model.queue
      ? 'first-in-line'
      : this.model.queuePriority === 'pro-rata'
        ? 'pro-rata'
        : 'queue';
    this.protection = createPriceProtection(this.model.priceProtection);
    this.charges = itemisedFees(options.model);
    this.rules =
      options.model.rules === 'nse'
        ? new NseRules(options.listing === undefined ? {} : { listing: options.listing })
        : null;
    this.chance = createRandom(seedOf('touch', options.seed));
    this.emit = options.emit;
    this.drain = drain;
  }

  marketOf(order: WorkingOrder): InstrumentMarket {
    const market = this.markets.get(order.intent.instrument);
    if (market === undefined) throw new RangeError(`no market for ${order.intent.instrument}`);
    return market;
  }

  /** What the order may still fill: a reduce-only order no more than the open position it reduces. */
  room(order: WorkingOrder): QuantityUnits {
    const leaves = order.quantity - order.filled;
    if (!order.intent.reduceOnly) return leaves;
    const open = -order.sign * this.options.position(order.intent.accountId, order.intent.instrument);
    return open <= 0 ? 0 : open < leaves ? open : leaves;
  }

  /** Time of an outcome caused by data of time `dataTs`: never before the data or the last thing that befell the order. */
  stamp(order: WorkingOrder, dataTs: EpochMs): EpochMs {
    return dataTs > order.updatedAt ? dataTs : order.updatedAt;
  }

  fill(
    order: WorkingOrder,
    market: InstrumentMarket,
    quantity: QuantityUnits,
    execution: Readonly<Execution>,
    ts: EpochMs,
  ): void {
    const { price, liquidity, reference, slippage } = execution;
    const instrument = market.instrument;
    const value = notional(instrument, price, quantity);
    const itemised = this.charges === null ? null : this.itemised(this.charges, order, value, ts);
    const fee = itemised === null ? this.costs.fee(value, liquidity, order.filled === 0) : itemised.fee;
    order.filled += quantity;
    order.updatedAt = ts;
    const complete = order.filled >= order.quantity;
    if (complete) this.remove(order);
    else {
      order.filledNotional = order.filledNotional.plus(value);
      if (!fee.isZero()) order.fees = order.fees.plus(fee);
    }
    const intent = order.intent;
    const fill: Fill = {
      tradeId: `${order.id}/${order.filled}`,
      orderId: order.id,
      accountId: intent.accountId,
      instrument: intent.instrument,
      side: intent.side,
      price,
      quantity,
      liquidity,
      fee,
      ts,
      modelled: {
        model: execution.model,
        seed: this.options.seed,
        latencyMs: order.latencyMs,
        reference,
        slippage,
        impact: order.sign * (price - reference) - slippage,
      },
    };
    this.emit({
      type: 'filled',
      orderId: order.id,
      ts,
      fill: itemised === null ? fill : { ...fill, charges: itemised.charges },
    });
    if (market.reduceOnly > 0) this.cancelWhatCannotReduce(market, intent.accountId, ts);
  }

  calendarTime(at: EpochMs): EpochMs {
    return this.options.calendarTime?.(at) ?? at;
  }

  /** Null on a day whose charges are not known: then the flat rates are the fee. */
  private itemised(charges: ItemisedFees, order: WorkingOrder, value: Decimal, ts: EpochMs): ItemisedFee | null {
    const { side, accountId } = order.intent;
    const product = this.options.product?.(accountId) ?? null;
    const day = this.calendarTime(ts);
    if (!charges.covers(side, product, day)) return null;
    return charges.fee(side, product, day, order.filledNotional, value, order.fees);
  }

  /** Keeps the order, in its ladder or among the waiting. */
  hold(order: WorkingOrder, market: InstrumentMarket): void {
    if (order.done) return;
    order.isHeld = true;
    this.arrivals += 1;
    order.sequence = this.arrivals;
    market.hold(order);
  }

  /** Takes the order out of its place for a while, to be held again at another. */
  lift(order: WorkingOrder, market: InstrumentMarket): void {
    if (!order.isHeld) return;
    order.isHeld = false;
    market.release(order);
  }

  /** Whether data of time `ts` may fill the order: it must not be older than the order, nor the very event it was sent on. */
  isEligible(order: WorkingOrder, ts: EpochMs): boolean {
    return order.acceptedAt <= ts && order.bornIn !== this.serial;
  }

  accept(order: WorkingOrder): void {
    order.bornIn = this.serial;
    this.orders.set(order.id, order);
    if (order.expireAt < this.nextExpiry) this.nextExpiry = order.expireAt;
    this.emit({ type: 'accepted', orderId: order.id, ts: order.acceptedAt, venueOrderId: venueOrderId(order.id) });
  }

  announce(event: VenueEvent): void {
    this.emit(event);
  }

  close(
    order: WorkingOrder,
    type: 'canceled' | 'expired' | 'rejected',
    code: string,
    sentence: string,
    ts: EpochMs,
  ): void {
    this.remove(order);
    this.emit({ type, orderId: order.id, ts, code, sentence });
  }

  /** Ends an order without an event of its own. */
  finish(order: WorkingOrder): void {
    this.remove(order);
  }

  private remove(order: WorkingOrder): void {
    if (order.done) return;
    order.done = true;
    this.orders.delete(order.id);
    if (order.isHeld) this.lift(order, this.marketOf(order));
  }

  private cancelWhatCannotReduce(market: InstrumentMarket, accountId: string, ts: EpochMs): void {
    for (const order of this.orders.values()) {
      if (!order.intent.reduceOnly || order.done) continue;
      if (order.intent.accountId !== accountId || order.intent.instrument !== market.instrument.id) continue;
      if (this.room(order) > 0) continue;
      this.close(
        order,
        'canceled',
        'REDUCE_ONLY_FLAT',
        `The position in ${market.instrument.symbol} is closed; there is nothing left for this reduce-only order to reduce.`,
        Math.max(ts, order.acceptedAt),
      );
    }
  }
}
