import type { Fill } from '../domain/fill.ts';
import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import type { PriceUnits } from '../domain/units.ts';
import type { ClosedTrade, OpenTrade, TradeLedger } from './closed-trades.ts';
import { feeShare } from './fee-share.ts';
import { FlatTrade, type FlatState } from './flat-trade.ts';

/** One trade per account and instrument at a time: everything between two moments of being flat. */
export class FlatLedger implements TradeLedger {
  readonly #instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly #open = new Map<InstrumentId, FlatTrade[]>();
  #closed: FlatTrade[] = [];
  #isWatched = true;

  constructor(instruments: ReadonlyMap<InstrumentId, Instrument>) {
    this.#instruments = instruments;
  }

  applyFill(fill: Fill, strategyId: string | null, reason: string): void {
    const terms = this.#instruments.get(fill.instrument);
    if (terms === undefined) throw new RangeError(`fill of ${fill.instrument}, which the trade ledger does not know`);
    const side = fill.side === 'buy' ? 'long' : 'short';
    let trade = this.#find(fill.accountId, fill.instrument);
    let left = fill.quantity;
    let fee = fill.fee;
    if (trade !== null && trade.side !== side) {
      const quantity = Math.min(left, trade.left);
      const share = feeShare(fee, quantity, left);
      trade.exit(fill, quantity, share, reason);
      left -= quantity;
      fee = fee.minus(share);
      if (trade.left > 0) return;
      this.#remove(trade);
      this.#closed.push(trade);
      trade = null;
    }
    if (left === 0) return;
    if (trade === null) {
      const { accountId, instrument, ts: entryTs, orderId: entryOrderId, tradeId: entryTradeId } = fill;
      const first = { accountId, instrument, strategyId, side, entryTs, entryOrderId, entryTradeId } as const;
      trade = new FlatTrade(terms, first, fill.price);
      trade.watched = this.#isWatched;
      this.#add(trade);
    }
    trade.enter(fill.price, left, fee);
  }

  seen(instrument: InstrumentId, low: PriceUnits, high: PriceUnits): void {
    const open = this.#open.get(instrument);
    if (open === undefined) return;
    for (let index = 0; index < open.length; index += 1) open[index]?.seen(low, high);
  }

  quoted(instrument: InstrumentId, bid: PriceUnits, ask: PriceUnits, last: PriceUnits): void {
    const open = this.#open.get(instrument);
    if (open === undefined) return;
    for (let index = 0; index < open.length; index += 1) {
      const trade = open[index];
      if (trade === undefined) continue;
      const side = trade.side === 'long' ? bid : ask;
      const price = side > 0 ? side : last;
      if (price > 0) trade.seen(price, price);
    }
  }

  planned(accountId: string, instrument: InstrumentId, stop: PriceUnits, target: PriceUnits): void {
    this.#find(accountId, instrument)?.planned(stop, target);
  }

  wantsPlan(accountId: string, instrument: InstrumentId): boolean {
    const trade = this.#find(accountId, instrument);
    return trade !== null && (trade.stop === 0 || trade.target === 0);
  }

  trades(): readonly ClosedTrade[] {
    return this.#closed;
  }

  take(): readonly ClosedTrade[] {
    const closed = this.#closed;
    this.#closed = [];
    return closed;
  }

  open(): readonly OpenTrade[] {
    return this.#all().map((trade) => ({
      method: 'average',
      accountId: trade.accountId,
      instrument: trade.instrument,
      strategyId: trade.strategyId,
      side: trade.side,
      quantity: trade.left,
      entryTs: trade.entryTs,
      cost: trade.cost,
      fees: trade.fees,
      realised: trade.realised,
    }));
  }

  state(): unknown {
    return this.#all().map((trade) => ({ ...trade.state(), exitTradeId: trade.exitTradeId }));
  }

  restore(state: unknown): void {
    for (const stored of state as readonly (FlatState & { readonly exitTradeId: string })[]) {
      const terms = this.#instruments.get(stored.instrument);
      if (terms === undefined)
        throw new RangeError(`a stored trade of ${stored.instrument}, which the trade ledger does not know`);
      const trade = new FlatTrade(terms, stored, stored.low);
      trade.restore(stored, stored.exitTradeId);
      this.#add(trade);
    }
  }

  watch(on: boolean): void {
    this.#isWatched = on;
    if (on) return;
    for (const trade of this.#all()) trade.watched = false;
  }

  #all(): FlatTrade[] {
    return [...this.#open.values()].flat();
  }

  #find(accountId: string, instrument: InstrumentId): FlatTrade | null {
    return this.#open.get(instrument)?.find((trade) => trade.accountId === accountId) ?? null;
  }

  #add(trade: FlatTrade): void {
    const open = this.#open.get(trade.instrument);
    if (open === undefined) this.#open.set(trade.instrument, [trade]);
    else open.push(trade);
  }

  #remove(trade: FlatTrade): void {
    const open = this.#open.get(trade.instrument);
    open?.splice(open.indexOf(trade), 1);
  }
}
