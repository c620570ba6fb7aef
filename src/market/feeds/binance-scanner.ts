import { ByteCursor, bytesOf } from './byte-cursor.ts';
import { type BinanceMessage, DEPTH, SNAPSHOT, TICKER, TRADE, type UnitDigits } from './binance-message.ts';

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const CLOSE_OBJECT = 125;
const OPEN_LIST = 91;
const ZERO = 48;

const STREAM = bytesOf('{"stream":"');
const DATA = bytesOf('","data":{');
const SNAPSHOT_START = bytesOf('{"lastUpdateId":');
const BIDS = bytesOf('"bids":');
const ASKS = bytesOf('"asks":');

const [E, T, U, u, t, b, B, a, A, p, q, m, s, e, X, P] = [...bytesOf('ETUutbBaApqmseXp')] as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/**
 * Reads the known message shapes straight from the bytes of a line. `scan` is true only for a line that is complete and
 * regular in every character; anything else, right or wrong, is left to the thorough reader (binance-message.ts).
 */
export class BinanceScanner extends ByteCursor {
  private readonly message: BinanceMessage;
  private readonly digitsOf: (symbol: string) => UnitDigits | null;
  /** The symbol of the line before, in the bytes of its stream name, so that text is made only when it changes. */
  private streamName: Uint8Array = new Uint8Array(0);
  private symbol = '';
  private grid: UnitDigits | null = null;

  constructor(message: BinanceMessage, digitsOf: (symbol: string) => UnitDigits | null) {
    super();
    this.message = message;
    this.digitsOf = digitsOf;
  }

  scan(bytes: Uint8Array, start: number, end: number): boolean {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    const message = this.message;
    message.reset();
    if (!this.localTime()) return false;
    if (this.literal(STREAM)) return this.streamSymbol() && this.fields() && this.closed(CLOSE_OBJECT, true);
    return this.literal(SNAPSHOT_START) && this.snapshot();
  }

  /** Nineteen digits of nanoseconds and one space. */
  private localTime(): boolean {
    const bytes = this.bytes;
    const start = this.at;
    if (this.end - start < 21 || bytes[start + 19] !== 32) return false;
    let ms = 0;
    for (let at = start; at < start + 13; at += 1) {
      const digit = (bytes[at] as number) - ZERO;
      if (digit < 0 || digit > 9) return false;
      ms = ms * 10 + digit;
    }
    let rest = 0;
    for (let at = start + 13; at < start + 19; at += 1) {
      const digit = (bytes[at] as number) - ZERO;
      if (digit < 0 || digit > 9) return false;
      rest = rest * 10 + digit;
    }
    this.message.local = ms + rest / 1e6;
    this.at = start + 20;
    return true;
  }

  /** `btcusdt@bookTicker","data":{` */
  private streamSymbol(): boolean {
    const bytes = this.bytes;
    const name = this.streamName;
    const start = this.at;
    let at = start;
    let same = true;
    let byte = bytes[at] as number;
    while (byte !== 64) {
      if (at - start >= 32 || byte === QUOTE || byte === BACKSLASH || at >= this.end) return false;
      if (byte !== name[at - start]) same = false;
      at += 1;
      byte = bytes[at] as number;
    }
    if (!same || at - start !== name.length) {
      this.streamName = bytes.slice(start, at);
      this.symbol = new TextDecoder().decode(this.streamName).toUpperCase();
      this.grid = this.digitsOf(this.symbol);
    }
    while (bytes[at] !== QUOTE) {
      at += 1;
      if (at >= this.end || bytes[at] === BACKSLASH) return false;
    }
    this.at = at;
    this.message.symbol = this.symbol;
    return this.grid !== null && this.literal(DATA);
  }

  /** The fields of `data` up to and including its closing brace. */
  private fields(): boolean {
    const bytes = this.bytes;
    const message = this.message;
    const grid = this.grid as UnitDigits;
    // One bit per field seen; a field that comes twice, or a set that fits no message, is not regular.
    let seen = 0;
    let event = 0;
    for (;;) {
      if (bytes[this.at] !== QUOTE) return false;
      const key = bytes[this.at + 1] as number;
      let bit: number;
      if (bytes[this.at + 2] === QUOTE) {
        if (bytes[this.at + 3] !== COLON) return false;
        this.at += 4;
        switch (key) {
          case e:
            bit = 1;
            event = this.eventName();
            if (event === 0) return false;
            break;
          case E:
            bit = 2;
            if (!this.whole()) return false;
            message.event = this.figure;
            break;
          case T:
            bit = 4;
            if (!this.whole()) return false;
            message.trade = this.figure;
            break;
          case s:
            bit = 8;
            if (!this.sameSymbol()) return false;
            break;
          case U:
            bit = 16;
            if (!this.whole()) return false;
            message.first = this.figure;
            break;
          case u:
            bit = 32;
            if (!this.whole()) return false;
            message.last = this.figure;
            break;
          case t:
            bit = 64;
            if (!this.whole()) return false;
            message.id = this.figure;
            break;
          case b:
            bit = 128;
            if (bytes[this.at] === OPEN_LIST) {
              message.bids = [];
              if (!this.levels(message.bids, grid)) return false;
              bit |= 1 << 20;
            } else {
              if (!this.decimal(grid.priceDigits)) return false;
              message.bid = this.figure;
            }
            break;
          case B:
            bit = 256;
            if (!this.decimal(grid.quantityDigits)) return false;
            message.bidQuantity = this.figure;
            break;
          case a:
            bit = 512;
            if (bytes[this.at] === OPEN_LIST) {
              message.asks = [];
              if (!this.levels(message.asks, grid)) return false;
              bit |= 1 << 21;
            } else {
              if (!this.decimal(grid.priceDigits)) return false;
              message.ask = this.figure;
            }
            break;
          case A:
            bit = 1024;
            if (!this.decimal(grid.quantityDigits)) return false;
            message.askQuantity = this.figure;
            break;
          case p:
            bit = 2048;
            if (!this.decimal(grid.priceDigits)) return false;
            message.price = this.figure;
            break;
          case q:
            bit = 4096;
            if (!this.decimal(grid.quantityDigits)) return false;
            message.quantity = this.figure;
            break;
          case m: {
            bit = 8192;
            const flag = this.flag();
            if (flag < 0) return false;
            message.buyerIsMaker = flag === 1;
            break;
          }
          case X:
            bit = 16384;
            if (!this.literal(MARKET)) return false;
            break;
          case 77: // "M", an obsolete flag
            bit = 32768;
            if (this.flag() < 0) return false;
            break;
          default:
            return false;
        }
      } else if (
        key === P &&
        bytes[this.at + 2] === u &&
        bytes[this.at + 3] === QUOTE &&
        bytes[this.at + 4] === COLON
      ) {
        this.at += 5;
        bit = 65536;
        if (!this.whole()) return false;
        message.previous = this.figure;
      } else return false;
      if ((seen & bit) !== 0) return false;
      seen |= bit;
      const next = bytes[this.at] as number;
      this.at += 1;
      if (next === COMMA) continue;
      return next === CLOSE_OBJECT && this.complete(event, seen);
    }
  }

  /** The set of fields decides what the message is. */
  private complete(event: number, seen: number): boolean {
    const message = this.message;
    message.kind = event === 0 ? TICKER : event;
    if (message.kind === TRADE) return (seen & ~(16384 | 32768)) === TRADE_FIELDS && message.fault() === null;
    if (message.kind === DEPTH) {
      return (seen & ~(4 | 65536)) === DEPTH_FIELDS && message.first <= message.last;
    }
    return (seen & ~(1 | 2 | 4)) === TICKER_FIELDS && message.fault() === null;
  }

  /** `50093239218,"bids":[...],"asks":[...]}`, for futures with E and T in between. */
  private snapshot(): boolean {
    const message = this.message;
    const grid = this.digitsOf('');
    message.kind = SNAPSHOT;
    message.symbol = '';
    if (grid === null || !this.whole() || !this.closed(COMMA, false)) return false;
    message.last = this.figure;
    message.bids = [];
    message.asks = [];
    return (
      this.literal(BIDS) &&
      this.levels(message.bids, grid) &&
      this.closed(COMMA, false) &&
      this.literal(ASKS) &&
      this.levels(message.asks, grid) &&
      this.closed(CLOSE_OBJECT, true)
    );
  }

  private eventName(): number {
    if (this.literal(DEPTH_NAME)) return DEPTH;
    if (this.literal(TRADE_NAME)) return TRADE;
    return this.literal(TICKER_NAME) ? TICKER : 0;
  }

  /** `"BTCUSDT"`, the symbol of the stream name in capitals. */
  private sameSymbol(): boolean {
    const bytes = this.bytes;
    const name = this.streamName;
    if (bytes[this.at] !== QUOTE) return false;
    const start = this.at + 1;
    for (let i = 0; i < name.length; i += 1) {
      const byte = name[i] as number;
      const capital = byte >= 97 && byte <= 122 ? byte - 32 : byte;
      if (bytes[start + i] !== capital) return false;
    }
    this.at = start + name.length + 1;
    return bytes[this.at - 1] === QUOTE;
  }
}

const DEPTH_NAME = bytesOf('"depthUpdate"');
const TRADE_NAME = bytesOf('"trade"');
const TICKER_NAME = bytesOf('"bookTicker"');
const MARKET = bytesOf('"MARKET"');
/** e E T s t p q m */
const TRADE_FIELDS = 1 | 2 | 4 | 8 | 64 | 2048 | 4096 | 8192;
/** e E s U u and the lists b and a */
const DEPTH_FIELDS = 1 | 2 | 8 | 16 | 32 | 128 | 512 | (1 << 20) | (1 << 21);
/** u s b B a A, both prices plain */
const TICKER_FIELDS = 32 | 8 | 128 | 256 | 512 | 1024;
