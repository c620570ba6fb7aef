import { describe, expect, it } from 'vitest';
import type { MarketEvent, Quote, Trade } from '../../src/domain/market-data.ts';
import { dataFolder, readAll, refusalOf } from './support.ts';

const write = dataFolder();
const trades = (events: readonly MarketEvent[]): Trade[] =>
  events.filter((event): event is Trade => event.kind === 'trade');
const quotes = (events: readonly MarketEvent[]): Quote[] =>
  events.filter((event): event is Quote => event.kind === 'quote');

describe('recorded trades', () => {
  it('reads ids, sides and both clocks', async () => {
    const lines = [
      'local_ns,event_ms,trade_ms,trade_id,price,qty,buyer_is_maker',
      '1723161254087896568,1723161255343,1723161255342,7,61837.63000000,0.02000000,1',
      '1723161254347673567,1723161255619,1723161255617,8,61837.64000000,0.04800000,0',
    ];
    const path = write('binance_spot_BTCUSDT_trades.csv', lines.join('\n'));
    const byEvent = trades((await readAll(path)).events);
    expect(byEvent).toEqual([
      {
        kind: 'trade',
        instrument: 'BTCUSDT.BINANCE',
        ts: 1723161255342,
        at: 1723161255342,
        price: 6183763,
        quantity: 2000,
        aggressor: 'sell',
        tradeId: '7',
      },
      expect.objectContaining({ ts: 1723161255617, price: 6183764, quantity: 4800, aggressor: 'buy', tradeId: '8' }),
    ]);
    const byLocal = trades((await readAll(path, { timeBase: 'local' })).events);
    expect(byLocal[0]?.at).toBeCloseTo(1723161254087.8965, 3);
    expect(byLocal[0]?.ts).toBe(1723161255342);
  });

  it.each([
    ['side', 'buy', 'sell'],
    ['side', 'B', 'S'],
    ['isBuyerMaker', 'false', 'true'],
    ['buyer_is_maker', '0', '1'],
  ])('reads the aggressor from %s %s/%s', async (column, buy, sell) => {
    const path = write(
      'DOGEUSDT.csv',
      `timestamp,price,qty,${column}\n1704189600,0.1,5,${buy}\n1704189601,0.1,5,${sell}`,
    );
    expect(trades((await readAll(path)).events).map((trade) => trade.aggressor)).toEqual(['buy', 'sell']);
  });

  it('drops bad trades with reason and place, and stops at the first one under strict', async () => {
    const lines = [
      'timestamp,price,quantity,side,id',
      '1704189600000,10,1,buy,1',
      '1704189600500,nan,1,buy,2',
      '1704189600600,-10,1,buy,3',
      '1704189600700,10,0,buy,4',
      '1704189600800,10,1,buy,1',
      'never,10,1,buy,5',
      '1704189500000,10,1,buy,6',
      '1704189600900,10',
      '1704189600900,10.5,1,,7',
    ];
    const path = write('SOLUSDT.csv', lines.join('\n'));
    const { events, report } = await readAll(path);
    expect(trades(events).map((trade) => trade.tradeId)).toEqual(['1', '7']);
    expect(report.dropped).toEqual({
      'bad-time': 1,
      duplicate: 1,
      'missing-field': 1,
      'not-a-number': 1,
      'not-positive': 2,
      'out-of-order': 1,
    });
    const refusal = await refusalOf(path, { strict: true });
    expect(refusal).toMatchObject({ code: 'DATA_LINE_BAD', value: 'not-a-number' });
    expect(refusal.sentence).toContain(`${path}:3:`);
  });

  it('does not let one trade dated ahead hide the rest', async () => {
    const times = [0, 100, 9_000_000_000, 200, 300].map((ms) => `${1704189600000 + ms},10,1`);
    const { events, report } = await readAll(write('SOLUSDT.csv', `timestamp,price,qty\n${times.join('\n')}`));
    expect(events).toHaveLength(4);
    expect(report.dropped).toEqual({ 'out-of-order': 1 });
  });
});

describe('recorded quotes', () => {
  const header = 'local_ns,event_ms,trans_ms,update_id,bid,bid_qty,ask,ask_qty';
  it('falls back on the recorder’s clock where the exchange gives no time', async () => {
    const path = write('BTCUSDT_bookticker.csv', `${header}\n1723161254087891268,,,1,1.10,3,1.20,4\n`);
    const [quote] = quotes((await readAll(path)).events);
    expect(quote?.ts).toBeCloseTo(1723161254087.891, 3);
    expect(quote).toMatchObject({ bid: 110, ask: 120 });
  });

  it('orders trades and quotes by the one clock both have', async () => {
    const book = write(
      'binance_BTCUSDT_quotes.csv',
      `${header}\n1723161254100000000,,,1,1.1,3,1.2,4\n1723161254300000000,,,2,1.1,3,1.3,4`,
    );
    const tape = write(
      'binance_BTCUSDT_trades.csv',
      'local_ns,trade_ms,price,qty,side\n1723161254200000000,1723161255470,1.2,1,buy',
    );
    const { events } = await readAll([{ path: tape }, { path: book }]);
    expect(events.map((event) => event.kind)).toEqual(['quote', 'trade', 'quote']);
  });

  it('drops crossed and impossible quotes, keeps a locked and a one-sided one', async () => {
    const lines = ['1.2,1,1.1,1', '1.1,1,1.1,1', '0,0,1.1,1', '-1,1,1.1,1', '0,5,1.1,1', '0,0,0,0', 'x,1,1.1,1'];
    const text = lines.map((line, i) => `${1704189600000 + i},${line}`).join('\n');
    const { events, report } = await readAll(write('ABCUSDT.csv', `timestamp,bid,bid_qty,ask,ask_qty\n${text}`));
    expect(quotes(events).map((quote) => [quote.bid, quote.ask])).toEqual([
      [11, 11],
      [0, 11],
    ]);
    expect(report.dropped).toEqual({ crossed: 1, 'not-a-number': 1, 'not-positive': 3 });
  });
});

describe('NSE ticks', () => {
  it('keeps the session day in time order with the increase of the running volume', async () => {
    const lines = [
      'timestamp,ltp,volume',
      '2021-04-16 09:14:59,99,50',
      '2021-04-16 09:15:00,100.05,100',
      '2021-04-16 09:15:00,100.05,100',
      '2021-04-16 09:15:03,101,180',
      '2021-04-16 09:15:02,100.5,150',
      '2021-04-16 09:15:04,100.9,170',
      '1970-01-01 05:30:00,98,10',
      '2021-04-19 09:15:01,120,20',
      '2021-04-16 15:30:00,102,500',
      '2021-04-16 15:29:59,101.5,490',
      '2021-04-16 10:00:00,,200',
    ];
    const path = write('RELIANCE_ticks.csv', lines.join('\n'));
    const { events, report, instruments } = await readAll(path);
    expect(
      trades(events).map((trade) => [new Date(trade.ts).toISOString().slice(11, 19), trade.price, trade.quantity]),
    ).toEqual([
      ['03:45:00', 10005, 100],
      ['03:45:02', 10050, 50],
      ['03:45:03', 10100, 30],
      ['03:45:04', 10090, 0],
      ['09:59:59', 10150, 310],
    ]);
    expect(report.dropped).toEqual({ duplicate: 1, 'not-a-number': 1, 'other-day': 2, 'out-of-session': 2 });
    expect(instruments[0]).toMatchObject({
      id: 'RELIANCE.NSE',
      tick: 5,
      priceDigits: 2,
      quote: 'INR',
      calendar: 'nse',
    });
  });
});
