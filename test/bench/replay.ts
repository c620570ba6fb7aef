import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { openRecordedFeed } from '../../src/market/feeds/recorded.ts';
import { OrderBook } from '../../src/market/order-book.ts';

export interface ReplayBench {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor: number;
  readonly floorName: string;
  readonly aim: number;
}

const ROUNDS = 7;
const DATA = process.env['TRADEWRIGHT_DATA'] ?? resolve(import.meta.dirname, '../../../shared/data');
const FILES = ['08', '09'].map((day) => resolve(DATA, `crypto/binance_spot_BTCUSDT_2024-08-${day}_feed.jsonl.gz`));

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

interface Depth {
  readonly e?: string;
  readonly b: readonly (readonly [string, string])[];
  readonly a: readonly (readonly [string, string])[];
}

/** The floor: unzip, split, JSON.parse, and the levels of depth events into two plain maps. No order, no units, no checks. */
function bareLoop(): number {
  const bids = new Map<string, string>();
  const asks = new Map<string, string>();
  let lines = 0;
  for (const file of FILES) {
    for (const line of gunzipSync(readFileSync(file)).toString('latin1').split('\n')) {
      if (line === '') continue;
      lines += 1;
      const data = (JSON.parse(line.slice(line.indexOf(' ') + 1)) as { data?: Depth }).data;
      if (data?.e !== 'depthUpdate') continue;
      for (const [price, quantity] of data.b) {
        if (Number(quantity) === 0) bids.delete(price);
        else bids.set(price, quantity);
      }
      for (const [price, quantity] of data.a) {
        if (Number(quantity) === 0) asks.delete(price);
        else asks.set(price, quantity);
      }
    }
  }
  return lines;
}

/** Open (which reads the files once for their digits), read all events, keep the book. */
async function replay(): Promise<number> {
  const feed = await openRecordedFeed(FILES.map((path) => ({ path })));
  if (!feed.ok) throw new Error(feed.error.sentence);
  const [instrument] = feed.value.instruments;
  if (instrument === undefined) throw new Error('no instrument');
  const book = new OrderBook(instrument);
  for await (const batch of feed.value.batches()) {
    for (const event of batch) {
      if (event.kind === 'delta') book.applyDelta(event);
      else if (event.kind === 'book') book.applySnapshot(event);
    }
  }
  if (book.state !== 'live' || book.gaps > 0) throw new Error('the book broke');
  return feed.value.report().kept;
}

/** Raw feed to order book, lines per second; empty where the recording is not on this machine. */
export async function benchReplay(): Promise<ReplayBench[]> {
  if (!FILES.every((file) => existsSync(file))) return [];
  const floors: number[] = [];
  const values: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    let start = performance.now();
    const lines = bareLoop();
    floors.push(lines / ((performance.now() - start) / 1000));
    start = performance.now();
    const kept = await replay();
    values.push(kept / ((performance.now() - start) / 1000));
    if (kept !== lines) throw new Error(`${kept} events of ${lines} lines`);
  }
  const floor = median(floors);
  return [
    {
      name: 'raw feed to order book',
      value: median(values),
      unit: 'lines/s',
      floor,
      floorName: 'bare JSON.parse and Map loop',
      aim: floor / 2,
    },
  ];
}
