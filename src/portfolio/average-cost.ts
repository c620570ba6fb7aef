import type { Account } from '../domain/account.ts';
import { Decimal, ZERO } from '../domain/decimal.ts';
import type { Fill } from '../domain/fill.ts';
import { nearNumber } from '../domain/quotient.ts';
import { notional, type Instrument, type InstrumentId } from '../domain/instrument.ts';
import type { Position } from '../domain/position.ts';
import { ok, refuse, type Result } from '../domain/refusal.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';
import type { BalanceRecord, SnapshotRecord } from '../journal/journal.ts';
import type { Exposure, FillOutcome, OpenHolding, Portfolio, PortfolioOptions } from './portfolio.ts';
import { Mark, OpenPosition } from './open-position.ts';

const NO_HOLDINGS: readonly OpenHolding[] = [];

class AccountBook {
  readonly account: Account;
  readonly byInstrument = new Map<InstrumentId, OpenPosition>();
  readonly open: OpenPosition[] = [];
  flows: Decimal = ZERO;
  #cash: Decimal;
  /** Double of the cash, NaN until somebody asks: at one instant several fills may follow each other. */
  #cashNumber = Number.NaN;

  constructor(account: Account) {
    this.account = account;
    this.#cash = new Decimal(account.startingCash);
  }

  get cash(): Decimal {
    return this.#cash;
  }

  set cash(cash: Decimal) {
    this.#cash = cash;
    this.#cashNumber = Number.NaN;
  }

  get cashNumber(): number {
    if (Number.isNaN(this.#cashNumber)) this.#cashNumber = nearNumber(this.#cash);
    return this.#cashNumber;
  }

  /** Over all positions, the closed ones too. Added up when somebody asks, which is seldom beside the fills. */
  get realised(): Decimal {
    let sum = ZERO;
    for (const position of this.byInstrument.values()) sum = sum.plus(position.realised);
    return sum;
  }

  get fees(): Decimal {
    let sum = ZERO;
    for (const position of this.byInstrument.values()) sum = sum.plus(position.fees);
    return sum;
  }

  /** Keeps `open` = positions with a quantity. */
  follow(position: OpenPosition): void {
    const index = this.open.indexOf(position);
    if (position.quantity !== 0 && index === -1) this.open.push(position);
    else if (position.quantity === 0 && index !== -1) this.open.splice(index, 1);
  }
}

export class AverageCostPortfolio implements Portfolio {
  private readonly books = new Map<string, AccountBook>();
  private readonly instruments: Map<InstrumentId, Instrument>;
  private readonly marks = new Map<InstrumentId, Mark>();
  /** Every position record of an instrument over all accounts, to follow its range. */
  private readonly holders = new Map<InstrumentId, OpenPosition[]>();

  constructor(options: PortfolioOptions) {
    for (const account of options.accounts) this.books.set(account.id, new AccountBook(account));
    this.instruments = new Map(options.instruments);
  }

  addInstrument(instrument: Instrument): void {
    if (!this.instruments.has(instrument.id)) this.instruments.set(instrument.id, instrument);
  }

  applyFill(fill: Fill): Result<FillOutcome> {
    const book = this.books.get(fill.accountId);
    if (book === undefined)
      return refuse('ACCOUNT_NOT_FOUND', `There is no account "${fill.accountId}" to book a fill on.`);
    if (!(fill.quantity > 0) || !Number.isSafeInteger(fill.quantity) || !Number.isSafeInteger(fill.price)) {
      return refuse(
        'FILL_INVALID',
        `Fill ${fill.tradeId} has no whole positive quantity and price; ask the venue again.`,
      );
    }
    const found = this.open(book, fill.instrument);
    if (!found.ok) return found;
    const position = found.value;
    const previousQuantity = position.quantity;
    const traded = notional(position.instrument, fill.price, fill.side === 'buy' ? fill.quantity : -fill.quantity);
    const realised = position.apply(fill, traded);
    const cash = book.cash.minus(traded);
    book.cash = fill.fee.isZero() ? cash : cash.minus(fill.fee);
    book.follow(position);
    if (fill.ts >= position.mark.ts) position.mark.last = fill.price;
    return ok({ position: position.toPosition(), previousQuantity, cash: book.cash, realised });
  }

  applyCashFlow(accountId: string, amount: Decimal): Result<Decimal> {
    const book = this.books.get(accountId);
    if (book === undefined) return refuse('ACCOUNT_NOT_FOUND', `There is no account "${accountId}" to book money on.`);
    book.flows = book.flows.plus(amount);
    book.cash = book.cash.plus(amount);
    return ok(book.cash);
  }

  cashFlows(accountId: string): Decimal {
    return this.books.get(accountId)?.flows ?? ZERO;
  }

  holdings(accountId: string): readonly OpenHolding[] {
    return this.books.get(accountId)?.open ?? NO_HOLDINGS;
  }

  private open(book: AccountBook, id: InstrumentId): Result<OpenPosition> {
    const known = book.byInstrument.get(id);
    if (known !== undefined) return ok(known);
    const instrument = this.instruments.get(id);
    if (instrument === undefined) return refuse('INSTRUMENT_NOT_FOUND', `Instrument ${id} is not known; add it first.`);
    if (instrument.quote !== book.account.currency) {
      return refuse(
        'CURRENCY_MISMATCH',
        `${id} is quoted in ${instrument.quote} but account ${book.account.id} is in ${book.account.currency}; use an account in ${instrument.quote}.`,
        { value: instrument.quote, limit: book.account.currency },
      );
    }
    const position = new OpenPosition(book.account.id, instrument, this.markOf(id));
    book.byInstrument.set(id, position);
    const holders = this.holders.get(id);
    if (holders === undefined) this.holders.set(id, [position]);
    else holders.push(position);
    return ok(position);
  }

  private markOf(id: InstrumentId): Mark {
    let mark = this.marks.get(id);
    if (mark === undefined) {
      mark = new Mark();
      this.marks.set(id, mark);
    }
    return mark;
  }

  mark(instrument: InstrumentId, bid: PriceUnits, ask: PriceUnits, last: PriceUnits, ts: EpochMs): void {
    const mark = this.markOf(instrument);
    mark.bid = bid;
    mark.ask = ask;
    if (last > 0) mark.last = last;
    mark.ts = ts;
    const holders = this.holders.get(instrument);
    if (holders === undefined) return;
    for (let index = 0; index < holders.length; index += 1) {
      const position = holders[index];
      if (position === undefined || position.quantity === 0) continue;
      const price = mark.priceFor(position.quantity);
      position.seen(price, price);
    }
  }

  markBar(instrument: InstrumentId, low: PriceUnits, high: PriceUnits, close: PriceUnits, ts: EpochMs): void {
    const mark = this.markOf(instrument);
    mark.bid = 0;
    mark.ask = 0;
    mark.last = close;
    mark.ts = ts;
    const holders = this.holders.get(instrument);
    if (holders === undefined) return;
    for (let index = 0; index < holders.length; index += 1) holders[index]?.seen(low, high);
  }

  private find(accountId: string, instrument: InstrumentId): OpenPosition | undefined {
    return this.books.get(accountId)?.byInstrument.get(instrument);
  }

  position(accountId: string, instrument: InstrumentId): QuantityUnits {
    return this.find(accountId, instrument)?.quantity ?? 0;
  }

  positionRecord(accountId: string, instrument: InstrumentId): Position | null {
    return this.find(accountId, instrument)?.toPosition() ?? null;
  }

  averagePrice(accountId: string, instrument: InstrumentId): number | null {
    return this.find(accountId, instrument)?.averagePrice() ?? null;
  }

  positions(accountId: string): readonly Position[] {
    const book = this.books.get(accountId);
    return book === undefined ? [] : Array.from(book.byInstrument.values(), (position) => position.toPosition());
  }

  held(accountId: string): readonly InstrumentId[] {
    return this.books.get(accountId)?.open.map((position) => position.instrument.id) ?? [];
  }

  unmarked(accountId: string): readonly InstrumentId[] {
    const open = this.books.get(accountId)?.open ?? [];
    return open.filter((position) => position.mark.priceFor(position.quantity) === 0).map((one) => one.instrument.id);
  }

  cash(accountId: string): Decimal | null {
    return this.books.get(accountId)?.cash ?? null;
  }

  equity(accountId: string): Decimal | null {
    const book = this.books.get(accountId);
    if (book === undefined) return null;
    let equity = book.cash;
    for (const position of book.open) equity = equity.plus(position.value());
    return equity;
  }

  equityNumber(accountId: string): number {
    const book = this.books.get(accountId);
    if (book === undefined) return Number.NaN;
    let equity = book.cashNumber;
    const open = book.open;
    for (let index = 0; index < open.length; index += 1) equity += open[index]?.valueNumber() ?? 0;
    return equity;
  }

  realised(accountId: string): Decimal {
    return this.books.get(accountId)?.realised ?? ZERO;
  }

  fees(accountId: string): Decimal {
    return this.books.get(accountId)?.fees ?? ZERO;
  }

  unrealised(accountId: string): Decimal {
    let sum = ZERO;
    for (const position of this.books.get(accountId)?.open ?? []) sum = sum.plus(position.value().minus(position.cost));
    return sum;
  }

  unrealisedOf(accountId: string, instrument: InstrumentId): Decimal {
    const position = this.find(accountId, instrument);
    return position === undefined ? ZERO : position.value().minus(position.cost);
  }

  exposure(accountId: string): Exposure {
    let gross = ZERO;
    let net = ZERO;
    for (const position of this.books.get(accountId)?.open ?? []) {
      const value = position.value();
      gross = gross.plus(value.abs());
      net = net.plus(value);
    }
    return { gross, net };
  }

  restore(positions: readonly Position[], balances: readonly BalanceRecord[]): Result<null> {
    for (const record of positions) {
      const book = this.books.get(record.accountId);
      if (book === undefined) {
        return refuse(
          'ACCOUNT_NOT_FOUND',
          `The journal holds a position of account "${record.accountId}", which is not configured.`,
        );
      }
      const found = this.open(book, record.instrument);
      if (!found.ok) return found;
      const position = found.value;
      position.restore(record);
      book.follow(position);
    }
    for (const balance of balances) {
      const book = this.books.get(balance.accountId);
      if (book === undefined) {
        return refuse(
          'ACCOUNT_NOT_FOUND',
          `The journal holds a balance of account "${balance.accountId}", which is not configured.`,
        );
      }
      if (balance.currency !== book.account.currency) {
        return refuse(
          'CURRENCY_MISMATCH',
          `The journal holds ${balance.currency} for account ${book.account.id}, which is in ${book.account.currency}.`,
          { value: balance.currency, limit: book.account.currency },
        );
      }
      book.cash = new Decimal(balance.cash);
    }
    return ok(null);
  }

  snapshot(accountId: string, now: EpochMs): SnapshotRecord | null {
    const equity = this.equity(accountId);
    const cash = this.cash(accountId);
    if (equity === null || cash === null) return null;
    return {
      accountId,
      at: now,
      equity: equity.toFixed(),
      cash: cash.toFixed(),
      realised: this.realised(accountId).toFixed(),
      unrealised: this.unrealised(accountId).toFixed(),
      fees: this.fees(accountId).toFixed(),
      exposure: this.exposure(accountId).gross.toFixed(),
    };
  }
}
