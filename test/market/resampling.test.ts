import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { istIso } from '../../src/clock/ist.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import type { Bar } from '../../src/domain/market-data.ts';
import { BarAggregator } from '../../src/market/bar-aggregator.ts';
import { openRecordedFeed } from '../../src/market/feeds/recorded.ts';
import { parseTimeframe } from '../../src/market/timeframe.ts';
import { describeWithData, sharedData } from '../support/shared-data.ts';

const PAIRS = [
  ['crypto/binance_BTCUSDT', '2025-03'],
  ['crypto/binance_ETHUSDT', '2025-03'],
  ['more/crypto/binance_BTCUSDT', '2024-10'],
  ['more/crypto/binance_ETHUSDT', '2024-10'],
].map(([stem, month]) => [`${stem}_1m_${month}.csv.gz`, `${stem}_5m_${month}.csv.gz`] as const);

/** Every figure as a plain number, so that files written with other digits compare. */
type Row = [start: number, open: number, high: number, low: number, close: number, volume: number];

async function read(path: string, timeframeName: string | null): Promise<Map<string, Row[]>> {
  const feed = await openRecordedFeed([{ path: sharedData(path) ?? '' }]);
  if (!feed.ok) throw new Error(feed.error.sentence);
  const rows = new Map<string, Row[]>();
  const aggregators = new Map<string, BarAggregator>();
  for (const instrument of feed.value.instruments) {
    const out: Row[] = [];
    rows.set(instrument.symbol, out);
    const timeframe = parseTimeframe(timeframeName ?? '1m');
    if (!timeframe.ok) throw new Error(timeframe.error.sentence);
    const emit = (bar: Bar): void => void out.push(rowOf(bar, instrument));
    aggregators.set(instrument.id, new BarAggregator({ instrument, timeframe: timeframe.value, emit }));
  }
  for await (const batch of feed.value.batches()) {
    for (const event of batch) {
      const aggregator = aggregators.get(event.instrument);
      const instrument = feed.value.instruments.find((one) => one.id === event.instrument);
      if (event.kind === 'trade') aggregator?.onTrade(event);
      else if (event.kind === 'bar' && timeframeName !== null) aggregator?.onBar(event);
      else if (event.kind === 'bar' && instrument !== undefined) {
        rows.get(instrument.symbol)?.push(rowOf(event, instrument));
      }
    }
  }
  for (const aggregator of aggregators.values()) {
    aggregator.flush();
    expect(aggregator.late).toBe(0);
  }
  return rows;
}

function rowOf(bar: Bar, instrument: Instrument): Row {
  const price = 10 ** instrument.priceDigits;
  return [
    bar.start,
    bar.open / price,
    bar.high / price,
    bar.low / price,
    bar.close / price,
    bar.volume / 10 ** instrument.quantityDigits,
  ];
}

describeWithData('one-minute bars resampled to five minutes', PAIRS.flat(), () => {
  it.each(PAIRS)("%s equals the exchange's own %s", async (minutes, fives) => {
    const [made] = (await read(minutes, '5m')).values();
    const [wanted] = (await read(fives, null)).values();
    if (made === undefined || wanted === undefined) throw new Error('no rows');
    const byStart = new Map(made.map((row) => [row[0], row]));
    // The files may cover different spans; every five-minute bar whose five minutes are there must be reproduced.
    const last = made.at(-1)?.[0] ?? 0;
    const comparable = wanted.filter((row) => row[0] >= (made[0]?.[0] ?? 0) && row[0] < last);
    expect(comparable.length).toBeGreaterThan(8_900);
    for (const row of comparable) {
      const own = byStart.get(row[0]);
      expect(own?.slice(0, 5)).toEqual(row.slice(0, 5));
      expect(Math.abs((own?.[5] ?? 0) - row[5])).toBeLessThanOrEqual(0.001 * row[5]);
    }
  });
});

const TICK_DAYS = ['RELIANCE', 'SBIN', 'INFY', 'TCS', 'HDFCBANK'].flatMap((symbol) => [
  ...['04-13', '04-15'].map((day) => [symbol, `2021-${day}`, 'nse', 'nse/nse_1m_from_ticks_2021-04.csv.gz']),
  ...['04-28', '04-30'].map((day) => [symbol, `2021-${day}`, 'more/nse', 'more/nse/nse_1m_from_ticks_2021-05.csv.gz']),
]) as [string, string, string, string][];

describeWithData(
  'NSE ticks',
  [...TICK_DAYS.map(([symbol, day, folder]) => `${folder}/ticks/${symbol}_${day}.csv.gz`), TICK_DAYS[0]?.[3] ?? ''],
  () => {
    it.each(TICK_DAYS)('%s of %s make the expected one-minute bars', async (symbol, day, folder, expected) => {
      const [made] = (await read(`${folder}/ticks/${symbol}_${day}.csv.gz`, '1m')).values();
      const wanted = gunzipSync(readFileSync(sharedData(expected) ?? ''))
        .toString('utf8')
        .split('\n')
        .filter((line) => line.startsWith(`${symbol},${day}T`))
        .map((line) => line.split(',').slice(1, 7));
      expect(wanted.length).toBeGreaterThan(300);
      const text = made?.map(([start, ...figures]) => [istIso(start), ...figures]);
      expect(text).toEqual(wanted.map(([minute, ...figures]) => [minute, ...figures.map(Number)]));
    });
  },
);
