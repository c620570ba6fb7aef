import type { Instrument } from '../../domain/instrument.ts';
import type { MarketEvent } from '../../domain/market-data.ts';
import { type EpochMs, powerOfTen } from '../../domain/units.ts';
import { BinanceMessage, DEPTH, readMessage, TICKER, TRADE, type UnitDigits } from './binance-message.ts';
import { BinanceScanner } from './binance-scanner.ts';
import { EventTime, type TimeBase } from './event-time.ts';
import { lineChunks } from './file-lines.ts';
import type { GridEvidence } from './infer-instrument.ts';
import type { RecentIds } from './recent-ids.ts';
import { RowTally, type DropReason } from './row-tally.ts';

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
/**
 * Decimals of figures in the raw stream: Binance writes at most eight. Quantities of very cheap coins leave the exact range
 * with that many, but then end in zeros.
 */
const RAW_DIGITS: readonly UnitDigits[] = [8, 4, 2, 0].map((quantityDigits) => ({ priceDigits: 8, quantityDigits }));
const FINEST: UnitDigits = { priceDigits: 8, quantityDigits: 8 };

export interface RawEvidence extends GridEvidence {
  futures: boolean;
}

/** A recording of a Binance combined stream, one `local_ns JSON` per line. */
export class BinanceRaw {
  readonly tally: RowTally;
  private readonly path: string;
  /** The symbol asked for, null = all. */
  private readonly wanted: string | null;
  private firstEvent: EpochMs = Number.NaN;

  constructor(path: string, wanted: string | null, strict: boolean) {
    this.path = path;
    this.wanted = wanted;
    this.tally = new RowTally(path, strict);
  }

  /**
   * What the file shows of each symbol. Reads all of it, even where the exchange publishes a grid: books hold orders from
   * before a coarser step came in force, and leaving out one such level would break the sequence of updates.
   */
  async evidence(): Promise<Map<string, RawEvidence>> {
    const seen = new Map<string, RawEvidence>();
    const message = new BinanceMessage();
    const scanner = new BinanceScanner(message, () => FINEST);
    const unplaced = noEvidence();
    for await (const chunk of lineChunks(this.path)) {
      eachRange(chunk, (start, end) => {
        let digits: UnitDigits | undefined = FINEST;
        if (!scanner.scan(chunk, start, end)) {
          const text = chunk.toString('utf8', start, end);
          digits = RAW_DIGITS.find((grid) => readMessage(text, message, () => grid) === null);
        }
        if (digits === undefined) return;
        if (Number.isNaN(this.firstEvent)) this.firstEvent = eventTime(message);
        // A snapshot line belongs to the one symbol of the file, which the lines around it name.
        if (message.symbol === '') return widen(unplaced, message, digits);
        let evidence = seen.get(message.symbol);
        if (evidence === undefined) seen.set(message.symbol, (evidence = noEvidence()));
        widen(evidence, message, digits);
      });
    }
    const [only] = seen.values();
    if (only !== undefined && seen.size === 1) {
      only.priceDigits = Math.max(only.priceDigits, unplaced.priceDigits);
      only.quantityDigits = Math.max(only.quantityDigits, unplaced.quantityDigits);
    }
    return seen;
  }

  /** `sole` is the instrument a snapshot line belongs to, null when the file has several. */
  async *batches(
    instruments: ReadonlyMap<string, Instrument>,
    sole: Instrument | null,
    base: TimeBase,
    ids: ReadonlyMap<string, RecentIds>,
  ): AsyncGenerator<readonly MarketEvent[]> {
    const { tally } = this;
    const clock = new EventTime(base, this.firstEvent);
    const message = new BinanceMessage();
    const gridOf = (symbol: string): UnitDigits | null =>
      symbol === '' ? sole : this.isWanted(symbol) ? (instruments.get(symbol) ?? null) : null;
    const scanner = new BinanceScanner(message, gridOf);
    const refuseOrGrid = (symbol: string): UnitDigits | DropReason => {
      if (symbol === '') return sole ?? 'snapshot-without-symbol';
      return this.isWanted(symbol) ? (instruments.get(symbol) ?? 'unknown-symbol') : 'other-symbol';
    };
    let line = 0;
    let batch: MarketEvent[] = [];
    for await (const chunk of lineChunks(this.path)) {
      eachRange(chunk, (start, end) => {
        line += 1;
        tally.read += 1;
        if (!scanner.scan(chunk, start, end)) {
          const fault = readMessage(chunk.toString('utf8', start, end), message, refuseOrGrid);
          if (fault !== null) return tally.drop(fault, line);
        }
        const instrument = message.symbol === '' ? sole : instruments.get(message.symbol);
        if (instrument === null || instrument === undefined) return tally.drop('unknown-symbol', line);
        if (message.kind === TRADE && message.id >= 0 && ids.get(instrument.symbol)?.add(message.id) === false) {
          return tally.drop('duplicate', line);
        }
        const ts = clock.stamp(eventTime(message), message.local);
        batch.push(toEvent(message, instrument, ts, clock.at));
      });
      if (batch.length > 0) yield batch;
      batch = [];
    }
  }

  private isWanted(symbol: string): boolean {
    return this.wanted === null || this.wanted === symbol;
  }
}

/** T of a trade (when it happened), E of everything else. */
function eventTime(message: BinanceMessage): EpochMs {
  return message.kind === TRADE && !Number.isNaN(message.trade) ? message.trade : message.event;
}

function toEvent(message: BinanceMessage, instrument: Instrument, ts: EpochMs, at: EpochMs): MarketEvent {
  const id = instrument.id;
  switch (message.kind) {
    case TRADE:
      return {
        kind: 'trade',
        instrument: id,
        ts,
        at,
        price: message.price,
        quantity: message.quantity,
        aggressor: message.buyerIsMaker ? 'sell' : 'buy',
        tradeId: message.id < 0 ? null : String(message.id),
      };
    case TICKER:
      return {
        kind: 'quote',
        instrument: id,
        ts,
        at,
        bid: message.bid,
        bidQuantity: message.bidQuantity,
        ask: message.ask,
        askQuantity: message.askQuantity,
      };
    case DEPTH:
      return {
        kind: 'delta',
        instrument: id,
        ts,
        at,
        // Futures chain by pu, the last id of the event before; spot by U = previous u + 1.
        firstSequence: message.previous >= 0 ? message.previous + 1 : message.first,
        lastSequence: message.last,
        bids: message.bids,
        asks: message.asks,
      };
    default:
      return { kind: 'book', instrument: id, ts, at, sequence: message.last, bids: message.bids, asks: message.asks };
  }
}

function eachRange(chunk: Buffer, line: (start: number, end: number) => void): void {
  let start = 0;
  while (start < chunk.length) {
    let end = chunk.indexOf(NEWLINE, start);
    if (end === -1) end = chunk.length;
    line(start, end > start && chunk[end - 1] === CARRIAGE_RETURN ? end - 1 : end);
    start = end + 1;
  }
}

function noEvidence(): RawEvidence {
  const none = { priceDigits: 0, quantityDigits: 0, largestPrice: 0 };
  return { ...none, allOnFivePaise: false, indianTime: false, futures: false };
}

function widen(evidence: RawEvidence, message: BinanceMessage, digits: UnitDigits): void {
  if (message.isFutures()) evidence.futures = true;
  if (message.kind === TRADE) {
    see(evidence, message.price, message.quantity, digits);
  } else if (message.kind === TICKER) {
    see(evidence, message.bid, message.bidQuantity, digits);
    see(evidence, message.ask, message.askQuantity, digits);
  } else {
    seeLevels(evidence, message.bids, digits);
    seeLevels(evidence, message.asks, digits);
  }
}

function seeLevels(evidence: RawEvidence, levels: readonly number[], digits: UnitDigits): void {
  for (let at = 0; at < levels.length; at += 2) see(evidence, levels[at] ?? 0, levels[at + 1] ?? 0, digits);
}

/** Figures are in units of 10^-digits: the digits seen grow until the figure is a whole number of theirs. */
function see(evidence: RawEvidence, price: number, quantity: number, digits: UnitDigits): void {
  while (price % powerOfTen(digits.priceDigits - evidence.priceDigits) !== 0) evidence.priceDigits += 1;
  while (evidence.quantityDigits < digits.quantityDigits) {
    if (quantity % powerOfTen(digits.quantityDigits - evidence.quantityDigits) === 0) break;
    evidence.quantityDigits += 1;
  }
  if (price > evidence.largestPrice * 1e8) evidence.largestPrice = price / 1e8;
}
