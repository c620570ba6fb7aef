import type { Instrument } from '../../domain/instrument.ts';
import type { MarketEvent } from '../../domain/market-data.ts';
import type { EpochMs } from '../../domain/units.ts';
import { csvChunks, RowSymbol, timeCell, zoneOffset, type CsvSource } from './csv-source.ts';
import { EventTime, type TimeBase } from './event-time.ts';
import type { GridEvidence } from './infer-instrument.ts';
import { digitsFor, NumberCell, toUnits } from './number-cell.ts';
import type { RecentIds } from './recent-ids.ts';
import { RowTally, type DropReason } from './row-tally.ts';

interface Decimals {
  price: number;
  quantity: number;
  largestPrice: number;
  largestQuantity: number;
}

/** Exchanges stamp the messages of different machines within milliseconds; this much disorder is theirs, more is a fault. */
const TOLERATED_DISORDER_MS = 1000;

/** Finds rows dated ahead of both rows that follow: one such row must not make the rest of the file look late. */
class SpikeFinder {
  readonly lines = new Set<number>();
  private times = [Number.NaN, Number.NaN, Number.NaN];
  private line = 0;
  private previousLine = 0;

  see(time: EpochMs, line: number): void {
    const [before = 0, suspect = 0, next = 0] = this.times;
    const ahead = suspect - TOLERATED_DISORDER_MS;
    const early = next < ahead && time < ahead && next <= time;
    if (early && !(next < before)) this.lines.add(this.previousLine);
    this.times = [suspect, next, time];
    this.previousLine = this.line;
    this.line = line;
  }
}

/** A CSV file of trades or quotes. It is read twice: for the digits its instruments need, then for the events. */
export class MarketCsv {
  readonly tally: RowTally;
  /** True when some row carries the exchange's own time. */
  hasEventTime = false;
  hasLocalTime = false;
  private firstEvent: EpochMs = Number.NaN;
  private readonly spikes = new SpikeFinder();
  private readonly source: CsvSource;
  private readonly symbols: RowSymbol;
  private readonly a = new NumberCell();
  private readonly b = new NumberCell();
  private readonly c = new NumberCell();
  private readonly d = new NumberCell();
  private readonly needed: number;

  constructor(source: CsvSource, strict: boolean) {
    this.source = source;
    this.tally = new RowTally(source.path, strict);
    this.symbols = new RowSymbol(source);
    this.needed = Math.max(source.layout.time, ...figureColumns(source));
  }

  /** What the file shows of each of its symbols, in the order of first appearance. */
  async evidence(): Promise<Map<string, GridEvidence>> {
    const seen = new Map<string, Decimals>();
    const take = (cells: readonly string[], line: number): void => {
      const symbol = this.symbols.of(cells);
      if (symbol === null || this.check(cells, symbol) !== null) return;
      let decimals = seen.get(symbol);
      if (decimals === undefined) {
        seen.set(symbol, (decimals = { price: 0, quantity: 0, largestPrice: 0, largestQuantity: 0 }));
      }
      widen(decimals, this.a, this.b);
      if (this.source.layout.format === 'quotes') widen(decimals, this.c, this.d);
      const event = this.eventTime(cells, symbol);
      if (Number.isNaN(this.firstEvent)) this.firstEvent = event;
      if (!Number.isNaN(event)) {
        this.hasEventTime = true;
        this.spikes.see(event, line);
      }
      if (!Number.isNaN(this.localTime(cells))) this.hasLocalTime = true;
    };
    // oxlint-disable-next-line no-unused-vars -- the chunks are worked off in `take`
    for await (const _ of csvChunks(this.source, null, take));
    const evidence = new Map<string, GridEvidence>();
    for (const [symbol, decimals] of seen) {
      evidence.set(symbol, {
        priceDigits: digitsFor(decimals.price, decimals.largestPrice),
        quantityDigits: digitsFor(decimals.quantity, decimals.largestQuantity),
        largestPrice: decimals.largestPrice,
        allOnFivePaise: false,
        indianTime: false,
      });
    }
    return evidence;
  }

  async *batches(
    instruments: ReadonlyMap<string, Instrument>,
    base: TimeBase,
    ids: ReadonlyMap<string, RecentIds>,
  ): AsyncGenerator<readonly MarketEvent[]> {
    const clock = new EventTime(base, this.firstEvent);
    let batch: MarketEvent[] = [];
    const take = (cells: readonly string[], line: number): void => {
      const symbol = this.symbols.of(cells);
      if (symbol === null) return this.tally.drop('other-symbol', line);
      const fault = this.check(cells, symbol);
      if (fault !== null) return this.tally.drop(fault, line);
      const instrument = instruments.get(symbol);
      if (instrument === undefined) return this.tally.drop('unknown-symbol', line);
      const event = this.eventTime(cells, symbol);
      const local = this.localTime(cells);
      if (Number.isNaN(event) && (Number.isNaN(local) || this.timeText(cells) !== '')) {
        return this.tally.drop('bad-time', line);
      }
      if (event < clock.latest - TOLERATED_DISORDER_MS || this.spikes.lines.has(line)) {
        return this.tally.drop('out-of-order', line);
      }
      if (this.source.layout.format === 'trades') {
        const id = this.cell(cells, 'id');
        if (id !== '' && ids.get(symbol)?.add(id) === false) return this.tally.drop('duplicate', line);
      }
      const ts = clock.stamp(event, local);
      batch.push(this.event(cells, instrument, ts, clock.at));
    };
    // oxlint-disable-next-line no-unused-vars -- the chunks are worked off in `take`
    for await (const _ of csvChunks(this.source, this.tally, take)) {
      if (batch.length > 0) yield batch;
      batch = [];
    }
  }

  private event(cells: readonly string[], instrument: Instrument, ts: EpochMs, at: EpochMs): MarketEvent {
    const { priceDigits, quantityDigits } = instrument;
    if (this.source.layout.format === 'quotes') {
      return {
        kind: 'quote',
        instrument: instrument.id,
        ts,
        at,
        bid: toUnits(this.a.value, priceDigits),
        bidQuantity: toUnits(this.b.value, quantityDigits),
        ask: toUnits(this.c.value, priceDigits),
        askQuantity: toUnits(this.d.value, quantityDigits),
      };
    }
    const id = this.cell(cells, 'id');
    return {
      kind: 'trade',
      instrument: instrument.id,
      ts,
      at,
      price: toUnits(this.a.value, priceDigits),
      quantity: toUnits(this.b.value, quantityDigits),
      aggressor: aggressorOf(this.cell(cells, 'maker'), this.cell(cells, 'side')),
      tradeId: id === '' ? null : id,
    };
  }

  /** Reads the figures of a row; the reason when it cannot be used. */
  private check(cells: readonly string[], symbol: string): DropReason | null {
    if (symbol === '' || cells.length <= this.needed) return 'missing-field';
    if (this.source.layout.format === 'quotes') {
      if (!this.a.read(this.cell(cells, 'bid')) || !this.b.read(this.cell(cells, 'bidQuantity'))) return 'not-a-number';
      if (!this.c.read(this.cell(cells, 'ask')) || !this.d.read(this.cell(cells, 'askQuantity'))) return 'not-a-number';
      return quoteFault(this.a.value, this.b.value, this.c.value, this.d.value);
    }
    if (!this.a.read(this.cell(cells, 'price')) || !this.b.read(this.cell(cells, 'quantity'))) return 'not-a-number';
    return this.a.value > 0 && this.b.value > 0 ? null : 'not-positive';
  }

  private cell(cells: readonly string[], name: string): string {
    const column = this.source.layout.columns[name] ?? -1;
    return column === -1 ? '' : (cells[column] ?? '').trim();
  }

  private timeText(cells: readonly string[]): string {
    return (cells[this.source.layout.time] ?? '').trim();
  }

  private eventTime(cells: readonly string[], symbol: string): EpochMs {
    return timeCell(cells, this.source.layout.time, zoneOffset(this.source, symbol));
  }

  private localTime(cells: readonly string[]): EpochMs {
    return timeCell(cells, this.source.layout.localTime, 0);
  }
}

/** A missing side has price 0 and quantity 0; a locked market (bid = ask) exists, a crossed one is a fault. */
export function quoteFault(bid: number, bidQuantity: number, ask: number, askQuantity: number): DropReason | null {
  if (bid < 0 || ask < 0 || bidQuantity < 0 || askQuantity < 0 || (bid === 0 && ask === 0)) return 'not-positive';
  if ((bid === 0 && bidQuantity !== 0) || (ask === 0 && askQuantity !== 0)) return 'not-positive';
  return ask > 0 && bid > ask ? 'crossed' : null;
}

function figureColumns(source: CsvSource): number[] {
  const { columns, format } = source.layout;
  const names = format === 'quotes' ? ['bid', 'bidQuantity', 'ask', 'askQuantity'] : ['price', 'quantity'];
  return names.map((name) => columns[name] ?? -1);
}

function widen(decimals: Decimals, price: NumberCell, quantity: NumberCell): void {
  decimals.price = Math.max(decimals.price, price.decimals);
  decimals.quantity = Math.max(decimals.quantity, quantity.decimals);
  decimals.largestPrice = Math.max(decimals.largestPrice, price.value);
  decimals.largestQuantity = Math.max(decimals.largestQuantity, quantity.value);
}

/** The buyer being the maker means that the seller took. */
function aggressorOf(maker: string, side: string): 'buy' | 'sell' | null {
  const flag = maker.toLowerCase();
  if (flag === '1' || flag === 'true' || flag === 't') return 'sell';
  if (flag === '0' || flag === 'false' || flag === 'f') return 'buy';
  const word = side.toLowerCase();
  if (word === 'buy' || word === 'b' || word === 'bid') return 'buy';
  return word === 'sell' || word === 's' || word === 'ask' ? 'sell' : null;
}
