import { calendarOf } from '../../clock/calendars.ts';
import type { Account } from '../../domain/account.ts';
import { Decimal, ZERO } from '../../domain/decimal.ts';
import { type Instrument, type InstrumentId, notional } from '../../domain/instrument.ts';
import type { Order, OrderIntent } from '../../domain/order.ts';
import { parseUnits, type PriceUnits, type QuantityUnits } from '../../domain/units.ts';
import { PAPER_CRYPTO_MODEL, PAPER_NSE_MODEL } from '../../engine/session-config.ts';
import { createRiskGate } from '../../risk/create-gate.ts';
import { depthSide, type MarketDepth } from '../../risk/depth.ts';
import { type DayFigures, type FeeTerms, markOf } from '../../risk/facts.ts';
import type { ReferencePrice, RiskView } from '../../risk/gate.ts';
import type { TradingStatus } from '../../risk/trading-state.ts';
import { timeOf } from '../what-if/script-json.ts';
import { fileInstrument } from './file-instruments.ts';
import { fileLimits } from './file-limits.ts';
import type { FileOrder } from './order-fields.ts';
import { orderFault } from './order-fields.ts';
import type { OrderFile } from './order-file.ts';
import type { FileAccount, FilePosition } from './read-account.ts';
import type { FileLevel } from './read-market.ts';
import type { FileOpenOrder } from './read-state.ts';
import type { Situation } from './situation.ts';

interface Holding {
  readonly instrument: Instrument;
  readonly quantity: QuantityUnits;
  readonly reference: ReferencePrice | null;
}

/** Judges by nothing but the file. What it does not state is missing for the checks, too, and missing blocks. */
export function statedSituation(file: OrderFile, wallClock: number): Situation {
  const assumptions: string[] = [];
  const now = file.at ?? wallClock;
  const stated = typeof file.account === 'object' ? file.account : null;
  const instrument = orderInstrument(file, stated);
  const account = stated === null ? null : accountOf(stated, instrument, assumptions);
  const holdings =
    stated === null ? new Map<InstrumentId, Holding>() : holdingsOf(file, stated, instrument, assumptions);
  const reference = referenceOf(file, instrument, now);
  if (!holdings.has(instrument.id)) holdings.set(instrument.id, { instrument, quantity: 0, reference });
  const open = [...(stated?.openOrders ?? []), ...(file.state?.openOrders ?? [])].map((order, index) =>
    openOrder(order, index, instrument, holdings, account?.id ?? ''),
  );
  const cash = stated === null ? null : cashOf(stated, instrument, account);
  const equity = stated === null ? null : equityOf(stated, cash, holdings);
  const limits = fileLimits(file.limits, instrument);
  const day = stated === null ? null : dayOf(stated, equity, assumptions);
  const fees = feesOf(file, instrument, assumptions);
  if (file.state === null) assumptions.push('Trading is ACTIVE: the file states no "state".');
  const status = statusOf(file, now);
  const hours = instrument.calendar === 'nse' && file.at !== null;
  if (instrument.calendar === 'nse' && !hours) {
    assumptions.push('Market hours are not judged: the file states no "at".');
  }
  const depth = depthOf(file, instrument);
  const view: RiskView = {
    now: () => now,
    instrument: (id) => holdings.get(id)?.instrument ?? null,
    account: () => account,
    cash: () => cash,
    equity: () => equity,
    position: (_, id) => holdings.get(id)?.quantity ?? 0,
    held: () => [
      ...new Set([
        ...[...holdings].filter(([, { quantity }]) => quantity !== 0).map(([id]) => id),
        ...open.map((order) => order.instrument),
      ]),
    ],
    openOrders: () => open,
    reference: (id) => holdings.get(id)?.reference ?? null,
    depth: (id) => (id === instrument.id ? depth : null),
    accountsOf: () => (account === null ? [] : [account.id]),
    marketClosed: (id) => {
      const one = holdings.get(id)?.instrument;
      if (!hours || one === undefined || one.calendar === 'always') return null;
      const { state, reason } = calendarOf(one).statusAt(now);
      return state === 'open' ? null : `The market of ${one.symbol} is closed: ${reason}.`;
    },
  };
  const sources = { view, limits: () => limits, state: () => status, day: () => day, fees: () => fees };
  const gate = createRiskGate(sources);
  const intent = intentOf(file.order, instrument, account);
  for (const { order, agoMs } of file.state?.recent ?? []) {
    if (order.symbol !== null && order.symbol.toUpperCase() !== instrument.symbol) continue;
    gate.noteSubmitted(intentOf(order, instrument, account), now - agoMs);
  }
  if (file.order.isWorked) assumptions.push('An order worked in pieces is judged as a whole.');
  const stop = file.order.stopLoss === null ? null : units(file.order.stopLoss, instrument.priceDigits, 'stopLoss');
  return {
    intent,
    plan: { stop },
    gate,
    sources: { ...sources, sentWithin: (id, windowMs) => gate.sentWithin(id, windowMs) },
    assumptions,
  };
}

function orderInstrument(file: OrderFile, account: FileAccount | null): Instrument {
  const { order, market } = file;
  if (file.instrument === null) throw orderFault('The order names no symbol; give "symbol" or "instrument".');
  const levels: readonly FileLevel[] = [...(market.book?.bids ?? []), ...(market.book?.asks ?? [])];
  const recent = file.state?.recent.map((one) => one.order) ?? [];
  const open = [...(account?.openOrders ?? []), ...(file.state?.openOrders ?? [])];
  const isMargin = account?.type === 'margin' || Number(account?.leverage ?? 1) > 1;
  return fileInstrument(
    file.instrument,
    {
      prices: [
        order.price,
        order.trigger,
        order.stopLoss,
        order.takeProfit,
        market.bid,
        market.ask,
        market.last,
        ...levels.map(([price]) => price),
        ...[...recent, ...open].flatMap(({ price, trigger }) => [price, trigger]),
      ],
      quantities: [
        order.quantity,
        market.bidQuantity,
        market.askQuantity,
        ...levels.map(([, quantity]) => quantity),
        ...[...recent, ...open, ...(account?.positions ?? [])].map(({ quantity }) => quantity),
        ...Object.values(account?.cash ?? {}).filter((_, index) => Object.keys(account?.cash ?? {})[index] !== ''),
      ],
    },
    { quote: account?.currency ?? null, isMargin },
  );
}

function accountOf(stated: FileAccount, instrument: Instrument, assumptions: string[]): Account {
  const borrows = Number(stated.leverage) > 1 || instrument.kind === 'crypto-perpetual';
  const type = stated.type ?? (borrows ? 'margin' : 'cash');
  if (stated.type === null) assumptions.push(`The account is a ${type} account: the file states no "type".`);
  return {
    id: stated.id,
    name: stated.id,
    kind: stated.kind,
    broker: stated.broker,
    currency: stated.currency ?? instrument.quote,
    type,
    leverage: stated.leverage,
    startingCash: '0',
  };
}

/** Positions the file states, and a balance of the base currency, which is one, too. */
function holdingsOf(
  file: OrderFile,
  stated: FileAccount,
  instrument: Instrument,
  assumptions: string[],
): Map<InstrumentId, Holding> {
  const holdings = new Map<InstrumentId, Holding>();
  const base = stated.cash?.[instrument.base];
  const all: readonly FilePosition[] = [
    ...stated.positions,
    ...(base === undefined || instrument.base === instrument.quote
      ? []
      : [{ symbol: instrument.symbol, quantity: base, price: null }]),
  ];
  for (const position of all) {
    const isOwn = position.symbol.split('.')[0]?.replace('/', '') === instrument.symbol;
    const one = isOwn
      ? instrument
      : fileInstrument(
          position.symbol,
          { prices: [position.price], quantities: [position.quantity] },
          { quote: instrument.quote, isMargin: true },
        );
    if (one.quote !== instrument.quote) {
      assumptions.push(`${position.symbol} is counted in ${instrument.quote}: the file states no exchange rate.`);
    }
    const price =
      position.price === null ? null : units(position.price, one.priceDigits, `price of ${position.symbol}`);
    const own = isOwn ? referenceOf(file, instrument, 0) : null;
    holdings.set(one.id, {
      instrument: one,
      quantity:
        (holdings.get(one.id)?.quantity ?? 0) +
        units(position.quantity, one.quantityDigits, `qty of ${position.symbol}`),
      reference: own ?? (price === null ? null : { bid: 0, ask: 0, last: price, ts: 0, ageMs: 0, stale: false }),
    });
  }
  return holdings;
}

function referenceOf(file: OrderFile, instrument: Instrument, now: number): ReferencePrice | null {
  const { bid, ask, last, ageMs } = file.market;
  if (bid === null && ask === null && last === null) return null;
  const price = (text: string | null, what: string): PriceUnits =>
    text === null ? 0 : units(text, instrument.priceDigits, what);
  const age = ageMs ?? 0;
  return {
    bid: price(bid, 'bid'),
    ask: price(ask, 'ask'),
    last: price(last, 'last'),
    ts: now - age,
    ageMs: age,
    stale: false,
  };
}

function depthOf(file: OrderFile, instrument: Instrument): MarketDepth | null {
  const { book, bid, bidQuantity, ask, askQuantity } = file.market;
  const side = (levels: readonly FileLevel[]) =>
    depthSide(
      levels.map(([price, quantity]) => [
        units(price, instrument.priceDigits, 'book price'),
        units(quantity, instrument.quantityDigits, 'book quantity'),
      ]),
    );
  if (book !== null) return { bids: side(book.bids), asks: side(book.asks), whole: true };
  if (bidQuantity === null && askQuantity === null) return null;
  const level = (price: string | null, quantity: string | null): readonly FileLevel[] =>
    price === null || quantity === null ? [] : [[price, quantity]];
  return { bids: side(level(bid, bidQuantity)), asks: side(level(ask, askQuantity)), whole: false };
}

function cashOf(stated: FileAccount, instrument: Instrument, account: Account | null): Decimal | null {
  const { cash, equity, positions } = stated;
  const own = cash === null ? undefined : (cash[''] ?? cash[account?.currency ?? instrument.quote] ?? '0');
  if (own !== undefined) return new Decimal(own);
  return equity !== null && positions.length === 0 ? new Decimal(equity) : null;
}

/** Cash and what the positions are worth; null when one of them has no price. */
function equityOf(
  stated: FileAccount,
  cash: Decimal | null,
  holdings: ReadonlyMap<InstrumentId, Holding>,
): Decimal | null {
  if (stated.equity !== null) return new Decimal(stated.equity);
  if (cash === null) return null;
  let sum = ZERO.plus(cash);
  for (const { instrument, quantity, reference } of holdings.values()) {
    if (quantity === 0) continue;
    const mark = markOf(reference);
    if (!(mark > 0)) return null;
    sum = sum.plus(notional(instrument, mark, quantity));
  }
  return sum;
}

function dayOf(stated: FileAccount, equity: Decimal | null, assumptions: string[]): DayFigures | null {
  if (equity === null) return null;
  const startEquity = Number(stated.dayStartEquity ?? equity.toFixed());
  if (stated.dayStartEquity === null)
    assumptions.push('The day began with the equity of now: the file states no "dayStartEquity".');
  const highEquity = Number(stated.highEquity ?? Math.max(startEquity, equity.toNumber()));
  return { startEquity, highEquity: Math.max(highEquity, equity.toNumber()) };
}

function feesOf(file: OrderFile, instrument: Instrument, assumptions: string[]): FeeTerms {
  if (file.fees !== null)
    return { taker: file.order.postOnly ? file.fees.maker : file.fees.taker, fixed: file.fees.fixed };
  const { fees } = instrument.calendar === 'nse' ? PAPER_NSE_MODEL : PAPER_CRYPTO_MODEL;
  assumptions.push(
    `Fees are ${new Decimal(fees.taker).times(100).toFixed()} % of the value: the file states no "fees".`,
  );
  return { taker: fees.taker, fixed: fees.fixed };
}

function statusOf(file: OrderFile, now: number): TradingStatus {
  const state = file.state?.state ?? 'ACTIVE';
  if (state === 'ACTIVE') return { state, causes: [] };
  const sentence = file.state?.reason ?? 'the file says so.';
  return { state, causes: [{ code: 'USER', scope: null, level: state, latched: true, at: now, sentence }] };
}

function openOrder(
  order: FileOpenOrder,
  index: number,
  instrument: Instrument,
  holdings: Map<InstrumentId, Holding>,
  accountId: string,
): Order {
  const symbol = order.symbol?.toUpperCase() ?? instrument.symbol;
  const isOwn = symbol.split('.')[0]?.replace('/', '') === instrument.symbol;
  const held = [...holdings.values()].find((one) => one.instrument.symbol === symbol.split('.')[0]?.replace('/', ''));
  const one =
    isOwn || held !== undefined
      ? (held?.instrument ?? instrument)
      : fileInstrument(
          symbol,
          { prices: [order.price, order.trigger], quantities: [order.quantity] },
          { quote: instrument.quote, isMargin: true },
        );
  if (!holdings.has(one.id)) holdings.set(one.id, { instrument: one, quantity: 0, reference: null });
  const price = (text: string | null): PriceUnits | null =>
    text === null ? null : units(text, one.priceDigits, 'price of an open order');
  return {
    accountId,
    accountKind: 'paper',
    instrument: one.id,
    side: order.side,
    type: order.type,
    quantity: units(order.quantity, one.quantityDigits, 'qty of an open order'),
    price: price(order.price),
    trigger: price(order.trigger),
    timeInForce: 'GTC',
    expireAt: null,
    postOnly: false,
    reduceOnly: order.reduceOnly,
    source: 'manual',
    strategyId: order.strategyId,
    note: null,
    idempotencyKey: null,
    id: `open-${index + 1}`,
    status: 'ACCEPTED',
    previousStatus: 'SUBMITTED',
    filled: 0,
    filledNotional: ZERO,
    fees: ZERO,
    venueOrderId: null,
    createdAt: 0,
    updatedAt: 0,
    reasonCode: null,
    reason: null,
  };
}

/** The file's order in the instrument's units. */
export function intentOf(
  order: FileOrder,
  instrument: Instrument,
  account: Pick<Account, 'id' | 'kind'> | null,
): OrderIntent {
  const price = (text: string | null, what: string): PriceUnits | null =>
    text === null ? null : units(text, instrument.priceDigits, what);
  return {
    accountId: account?.id ?? 'none',
    accountKind: account?.kind ?? 'paper',
    instrument: instrument.id,
    side: order.side,
    type: order.type,
    quantity: units(order.quantity, instrument.quantityDigits, 'qty'),
    price: price(order.price, 'price'),
    trigger: price(order.trigger, 'trigger'),
    timeInForce: order.timeInForce,
    expireAt: order.expireAt === undefined ? null : timeOf(order.expireAt, 'expireAt', 'event'),
    postOnly: order.postOnly,
    reduceOnly: order.reduceOnly,
    source: order.strategyId === null ? 'manual' : 'strategy',
    strategyId: order.strategyId,
    note: null,
    idempotencyKey: null,
  };
}

export function units(text: string, digits: number, what: string): number {
  const value = parseUnits(text, digits);
  if (Number.isNaN(value))
    throw orderFault(`${what} "${text}" is too large, or finer than the instrument's ${digits} decimals.`);
  return value;
}
