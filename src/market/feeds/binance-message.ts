import { parseUnits } from '../../domain/units.ts';
import { quoteFault } from './market-csv.ts';
import type { DropReason } from './row-tally.ts';

export const DEPTH = 1;
export const TICKER = 2;
export const TRADE = 3;
export const SNAPSHOT = 4;

/** Digits of the units that prices and quantities of a symbol are read in. */
export interface UnitDigits {
  readonly priceDigits: number;
  readonly quantityDigits: number;
}

/** Never written to: a reader of levels puts a new array in its place. */
const NO_LEVELS: number[] = [];

/** The fields of one message of the raw stream. One instance is reused; levels are new arrays per message. */
export class BinanceMessage {
  kind = 0;
  /** Recorder's time in ms. */
  local = 0;
  /** Event time E, trade time T; NaN when the message has none. */
  event = Number.NaN;
  trade = Number.NaN;
  /** Update ids U, u and pu of a depth event, u of a book ticker, lastUpdateId of a snapshot; -1 = absent. */
  first = -1;
  last = -1;
  previous = -1;
  id = -1;
  price = 0;
  quantity = 0;
  bid = 0;
  bidQuantity = 0;
  ask = 0;
  askQuantity = 0;
  buyerIsMaker = false;
  bids: number[] = NO_LEVELS;
  asks: number[] = NO_LEVELS;
  /** Capitals; empty on a snapshot line. */
  symbol = '';

  reset(): void {
    this.kind = 0;
    this.event = Number.NaN;
    this.trade = Number.NaN;
    this.first = -1;
    this.last = -1;
    this.previous = -1;
    this.id = -1;
    this.price = 0;
    this.quantity = 0;
    this.bid = 0;
    this.bidQuantity = 0;
    this.ask = 0;
    this.askQuantity = 0;
    this.buyerIsMaker = false;
    this.bids = NO_LEVELS;
    this.asks = NO_LEVELS;
  }

  /** True when the message comes from a futures stream: only those chain by `pu` or carry T beside E in a depth event. */
  isFutures(): boolean {
    return this.previous >= 0 || (this.kind !== TRADE && !Number.isNaN(this.trade));
  }

  /** The reason when figures are there but cannot be right. */
  fault(): DropReason | null {
    if (this.kind === TRADE) return this.price > 0 && this.quantity > 0 ? null : 'not-positive';
    return this.kind === TICKER ? quoteFault(this.bid, this.bidQuantity, this.ask, this.askQuantity) : null;
  }
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads one line `local_ns JSON` the thorough way, for whatever the fast scanner does not recognise.
 * Returns the reason when it cannot be used. `digits` null = a symbol nobody asked for.
 */
export function readMessage(
  text: string,
  message: BinanceMessage,
  digits: (symbol: string) => UnitDigits | DropReason,
): DropReason | null {
  message.reset();
  const match = /^(\d{10,19})\s+(\{.*\})\s*$/s.exec(text);
  if (match === null) return text.trim() === '' ? 'blank-line' : 'malformed';
  const stamp = match[1] ?? '';
  message.local = localMs(stamp);
  let json: Json;
  try {
    json = JSON.parse(match[2] ?? '') as Json;
  } catch {
    return 'malformed';
  }
  const data = isObject(json['data']) ? json['data'] : json;
  const stream = typeof json['stream'] === 'string' ? json['stream'] : '';
  const named = stream.split('@')[0]?.toUpperCase() ?? '';
  const symbol = typeof data['s'] === 'string' ? data['s'].toUpperCase() : named;
  if (named !== '' && symbol !== named) return 'malformed';
  message.symbol = symbol;
  message.kind = kindOf(data, stream);
  if (message.kind === 0) return 'unsupported-stream';
  if (symbol === '' && message.kind !== SNAPSHOT) return 'missing-field';
  const grid = digits(symbol);
  if (typeof grid === 'string') return grid;
  message.event = time(data['E']);
  message.trade = time(data['T']);
  if (message.kind === TRADE) return readTrade(data, message, grid);
  return message.kind === TICKER ? readTicker(data, message, grid) : readBook(data, message, grid);
}

/** Told apart by size: nanoseconds, microseconds, milliseconds or seconds since 1970. */
function localMs(digits: string): number {
  const split = digits.length >= 18 ? 6 : digits.length >= 15 ? 3 : 0;
  if (split === 0) return digits.length >= 12 ? Number(digits) : Number(digits) * 1000;
  return Number(digits.slice(0, -split)) + Number(digits.slice(-split)) / 10 ** split;
}

function kindOf(data: Json, stream: string): number {
  switch (data['e']) {
    case 'depthUpdate':
      return DEPTH;
    case 'bookTicker':
      return TICKER;
    case 'trade':
    case 'aggTrade':
      return TRADE;
    case undefined:
      if ('lastUpdateId' in data) return SNAPSHOT;
      return stream.includes('@bookTicker') || ('A' in data && 'B' in data) ? TICKER : 0;
    default:
      return 0;
  }
}

function readTrade(data: Json, message: BinanceMessage, grid: UnitDigits): DropReason | null {
  if (typeof data['X'] === 'string' && data['X'] !== 'MARKET') return 'not-a-market-trade';
  message.price = units(data['p'], grid.priceDigits);
  message.quantity = units(data['q'], grid.quantityDigits);
  message.id = whole(data['t'] ?? data['a']);
  if (typeof data['m'] !== 'boolean' || (Number.isNaN(message.trade) && Number.isNaN(message.event))) {
    return 'missing-field';
  }
  message.buyerIsMaker = data['m'];
  return figureFault([data['p'], data['q']], [message.price, message.quantity]) ?? message.fault();
}

function readTicker(data: Json, message: BinanceMessage, grid: UnitDigits): DropReason | null {
  message.last = whole(data['u']);
  message.bid = units(data['b'], grid.priceDigits);
  message.bidQuantity = units(data['B'], grid.quantityDigits);
  message.ask = units(data['a'], grid.priceDigits);
  message.askQuantity = units(data['A'], grid.quantityDigits);
  const read = [message.bid, message.bidQuantity, message.ask, message.askQuantity];
  return figureFault([data['b'], data['B'], data['a'], data['A']], read) ?? message.fault();
}

function readBook(data: Json, message: BinanceMessage, grid: UnitDigits): DropReason | null {
  const snapshot = message.kind === SNAPSHOT;
  message.first = whole(data['U']);
  message.last = whole(snapshot ? data['lastUpdateId'] : data['u']);
  message.previous = whole(data['pu']);
  if (message.last < 0 || (!snapshot && message.first < 0)) return 'missing-field';
  if (!snapshot && message.first > message.last) return 'malformed';
  message.bids = [];
  message.asks = [];
  return (
    readLevels(snapshot ? data['bids'] : data['b'], message.bids, grid) ??
    readLevels(snapshot ? data['asks'] : data['a'], message.asks, grid)
  );
}

function readLevels(levels: unknown, into: number[], grid: UnitDigits): DropReason | null {
  if (levels === undefined) return 'missing-field';
  if (!Array.isArray(levels)) return 'malformed';
  for (const level of levels as unknown[]) {
    if (!Array.isArray(level) || level.length < 2) return 'malformed';
    const [priceText, quantityText] = level as unknown[];
    const price = units(priceText, grid.priceDigits);
    const quantity = units(quantityText, grid.quantityDigits);
    const fault = figureFault([priceText, quantityText], [price, quantity]);
    if (fault !== null) return fault;
    if (price <= 0 || quantity < 0) return 'not-positive';
    into.push(price, quantity);
  }
  return null;
}

/** Why a figure could not be read as units: absent, no number, or finer than the grid. */
function figureFault(raw: readonly unknown[], read: readonly number[]): DropReason | null {
  for (let at = 0; at < raw.length; at += 1) {
    if (raw[at] === undefined) return 'missing-field';
    if (!Number.isNaN(read[at])) continue;
    return typeof raw[at] === 'string' && /^-?\d+(\.\d+)?$/.test(raw[at] as string) ? 'off-grid' : 'not-a-number';
  }
  return null;
}

function units(value: unknown, digits: number): number {
  return typeof value === 'string' ? parseUnits(value, digits) : Number.NaN;
}

function whole(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : -1;
}

function time(value: unknown): number {
  return typeof value === 'number' && value > 0 ? value : Number.NaN;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
