import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BookDelta, MarketEvent } from '../../src/domain/market-data.ts';
import { BinanceMessage, readMessage } from '../../src/market/feeds/binance-message.ts';
import { BinanceScanner } from '../../src/market/feeds/binance-scanner.ts';
import { OrderBook } from '../../src/market/order-book.ts';
import { dataFolder, readAll, refusalOf } from './support.ts';

const write = dataFolder();
const NS = 1_723_161_254_000_000_000n;
const E0 = 1_723_161_255_270;
const DIGITS = { priceDigits: 2, quantityDigits: 5 };

function line(ms: number, json: string): string {
  return `${NS + BigInt(ms) * 1_000_000n} ${json}`;
}
function depth(ms: number, first: number, last: number, bids: string, asks: string, more = ''): string {
  const ids = `"U":${first},"u":${last},${more}`;
  return line(
    ms,
    `{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":${E0 + ms},"s":"BTCUSDT",${ids}"b":${bids},"a":${asks}}}`,
  );
}
function ticker(ms: number, bid = '100.00000000', ask = '101.00000000'): string {
  return line(
    ms,
    `{"stream":"btcusdt@bookTicker","data":{"u":7,"s":"BTCUSDT","b":"${bid}","B":"1.00000000","a":"${ask}","A":"2.00000000"}}`,
  );
}
function trade(ms: number, id: number, price = '100.50000000', quantity = '0.10000000'): string {
  const data = `"e":"trade","E":${E0 + ms},"s":"BTCUSDT","t":${id},"p":"${price}","q":"${quantity}","T":${E0 + ms - 1},"m":true,"M":true`;
  return line(ms, `{"stream":"btcusdt@trade","data":{${data}}}`);
}
function snapshot(ms: number, id: number, bids: string, asks: string): string {
  return line(ms, `{"lastUpdateId":${id},"bids":${bids},"asks":${asks}}`);
}
const BIDS = '[["100.00000000","1.00000000"],["99.00000000","2.50000000"]]';
const ASKS = '[["101.00000000","3.00000000"]]';

function book(events: readonly MarketEvent[], made: OrderBook): OrderBook {
  for (const event of events) {
    if (event.kind === 'book') made.applySnapshot(event);
    else if (event.kind === 'delta') made.applyDelta(event);
  }
  return made;
}

describe('raw Binance stream', () => {
  const lines = [
    depth(0, 1, 4, '[["90.00000000","1.00000000"]]', '[]'),
    ticker(10),
    trade(20, 500),
    depth(100, 5, 9, '[["98.00000000","7.00000000"]]', '[]'),
    snapshot(150, 6, BIDS, ASKS),
    depth(200, 10, 12, '[["100.00000000","0.00000000"]]', '[["100.50000000","0.12345678"]]'),
    trade(210, 501),
  ];

  it('gives all messages in order with event times that never run back', async () => {
    const { events, instruments, report } = await readAll(write('feed.jsonl', `${lines.join('\n')}\n`));
    expect(events.map((event) => event.kind)).toEqual(['delta', 'quote', 'trade', 'delta', 'book', 'delta', 'trade']);
    expect(report).toMatchObject({ read: 7, kept: 7, dropped: {} });
    // The ticker and the snapshot have no event time: they take the latest known one.
    expect(events.map((event) => event.ts - E0)).toEqual([0, 0, 19, 100, 100, 200, 209]);
    expect(events.every((event, i) => i === 0 || event.at >= (events[i - 1]?.at ?? 0))).toBe(true);
    expect(instruments[0]).toMatchObject({ id: 'BTCUSDT.BINANCE', tick: 1, priceDigits: 2, assumedGrid: false });
    // A level finer than the published step is kept exactly: leaving it out would break the sequence.
    expect(instruments[0]?.quantityDigits).toBe(8);
    const [instrument] = instruments;
    if (instrument === undefined) throw new Error('no instrument');
    const made = book(events, new OrderBook(instrument));
    expect(made.state).toBe('live');
    expect(made.depth(3)).toEqual({
      bids: [9900, 250_000_000, 9800, 700_000_000],
      asks: [10050, 12_345_678, 10100, 300_000_000],
    });
  });

  it('follows the recorder’s clock when asked', async () => {
    const { events } = await readAll(write('feed.jsonl', lines.join('\n')), { timeBase: 'local' });
    expect(events.map((event) => Math.round(event.at - Number(NS / 1_000_000n)))).toEqual([
      0, 10, 20, 100, 150, 200, 210,
    ]);
  });

  it('carries a stream on over several files whose first one holds the snapshot', async () => {
    const first = write('BTCUSDT_1.jsonl', lines.join('\n'));
    const second = write(
      'BTCUSDT_2.jsonl',
      [depth(300, 13, 13, '[]', ASKS), trade(310, 501), trade(320, 502)].join('\n'),
    );
    const { events, instruments, report } = await readAll([{ path: first }, { path: second }]);
    const [instrument] = instruments;
    if (instrument === undefined) throw new Error('no instrument');
    const made = book(events, new OrderBook(instrument));
    expect([made.state, made.sequence, made.gaps]).toEqual(['live', 13, 0]);
    // Trade 501 is in both files.
    expect(report.dropped).toEqual({ duplicate: 1 });
  });

  it('chains futures by pu and leaves out trades that are no market trades', async () => {
    const futures = (ms: number, first: number, last: number, pu: number): string =>
      depth(ms, first, last, '[["100.0","2"]]', '[]', `"pu":${pu},`).replace('"s":', `"T":${E0 + ms - 2},"s":`);
    const tape = (ms: number, id: number, kind: string): string =>
      trade(ms, id, '100.1', '0.010').replace('"m":true,"M":true', `"X":"${kind}","m":false`);
    const rows = [
      snapshot(0, 20, BIDS, ASKS),
      futures(10, 15, 24, 12),
      futures(20, 30, 33, 24),
      tape(30, 1, 'MARKET'),
      tape(31, 2, 'INSURANCE_FUND'),
    ];
    const { events, report, instruments } = await readAll(write('usdm_BTCUSDT.jsonl', rows.join('\n')));
    const deltas = events.filter((event): event is BookDelta => event.kind === 'delta');
    expect(deltas.map((delta) => [delta.firstSequence, delta.lastSequence])).toEqual([
      [13, 24],
      [25, 33],
    ]);
    const [instrument] = instruments;
    expect(instrument).toMatchObject({ id: 'BTCUSDT.BINANCEUSDM', kind: 'crypto-perpetual', shortable: true });
    if (instrument !== undefined) expect(book(events, new OrderBook(instrument)).state).toBe('live');
    expect(report.dropped).toEqual({ 'not-a-market-trade': 1 });
  });

  it('counts every kind of bad line and goes on', async () => {
    const good = depth(0, 1, 4, BIDS, '[]');
    const rows = [
      good,
      'no stream line',
      good.slice(0, -20),
      `${good}}`,
      trade(1, 1, '-100.5'),
      trade(1, 2, '0.00000000'),
      trade(1, 3, 'abc'),
      trade(1, 4).replace('"p":"100.50000000",', ''),
      depth(2, 5, 6, '[["99.0"]]', '[]'),
      depth(2, 6, 5, '[]', '[]'),
      ticker(3, '102.00000000', '101.00000000'),
      ticker(3).replace('"s":"BTCUSDT"', '"s":"ETHUSDT"'),
      line(4, '{"stream":"btcusdt@kline_1m","data":{"e":"kline","E":1,"s":"BTCUSDT"}}'),
      line(4, '{"result":null,"id":1}'),
      '',
      trade(5, 9),
    ];
    const path = write('bad.jsonl', rows.join('\n'));
    const { events, report } = await readAll(path);
    expect(events).toHaveLength(2);
    expect(report.dropped).toEqual({
      'blank-line': 1,
      crossed: 1,
      malformed: 6,
      'missing-field': 1,
      'not-a-number': 1,
      'not-positive': 2,
      'unsupported-stream': 2,
    });
    expect(report.problems[0]).toEqual({ file: path, line: 2, reason: 'malformed' });
    expect((await refusalOf(path, { strict: true })).sentence).toContain(`${path}:2:`);
  });

  it('reads quantities of very cheap coins, whose eight decimals leave the exact range', async () => {
    const rows = [
      trade(1, 1, '0.00000850', '123456789012.00000000'),
      depth(2, 1, 2, '[["0.00000849","987654321098.00000000"]]', '[]'),
    ].map((text) => text.replaceAll('BTCUSDT', 'PEPEUSDT').replaceAll('btcusdt', 'pepeusdt'));
    const { events, instruments } = await readAll(write('pepe.jsonl', rows.join('\n')));
    expect(instruments[0]).toMatchObject({ symbol: 'PEPEUSDT', priceDigits: 8, quantityDigits: 0, assumedGrid: true });
    expect(events).toMatchObject([{ price: 850, quantity: 123_456_789_012 }, { bids: [849, 987_654_321_098] }]);
  });

  it('refuses a symbol the recording does not hold', async () => {
    const path = write('BTCUSDT.jsonl', lines.join('\n'));
    const refusal = await refusalOf([{ path, symbol: 'ETHUSDT' }]);
    expect(refusal.code).toBe('DATA_SYMBOL_UNKNOWN');
    expect(refusal.sentence).toContain('BTCUSDT');
  });
});

describe('fast scanner against the thorough reader', () => {
  const whole = [
    depth(0, 1, 4, BIDS, ASKS),
    depth(0, 1, 4, '[]', '[]', '"pu":0,'),
    ticker(10),
    trade(20, 500),
    trade(20, 501).replace(',"M":true', ',"X":"MARKET"'),
    snapshot(150, 6, BIDS, ASKS),
  ];
  const fast = new BinanceMessage();
  const slow = new BinanceMessage();
  const scanner = new BinanceScanner(fast, () => DIGITS);

  function scan(text: string): boolean {
    const bytes = Buffer.from(`${text}\n{"next":"line"}`);
    return scanner.scan(bytes, 0, Buffer.byteLength(text));
  }

  it.each(whole)('recognises %s', (text) => {
    expect(scan(text)).toBe(true);
    expect(readMessage(text, slow, () => DIGITS)).toBeNull();
    expect(fast).toEqual(slow);
  });

  it('never accepts what the thorough reader refuses, nor reads it otherwise', () => {
    const change = fc.record({
      base: fc.constantFrom(...whole),
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      cut: fc.integer({ min: 0, max: 6 }),
      put: fc.oneof(
        fc.constantFrom(
          '"',
          ',',
          '.',
          '0',
          '9',
          '[',
          ']',
          '{',
          '}',
          ':',
          '-',
          'e',
          ' ',
          '\\',
          'true',
          '"b":',
          '],[',
          'é',
        ),
        fc.string({ maxLength: 4 }),
      ),
    });
    let accepted = 0;
    fc.assert(
      fc.property(change, ({ base, at, cut, put }) => {
        const from = Math.floor(at * base.length);
        const text = (base.slice(0, from) + put + base.slice(from + cut)).replaceAll(/[\n\r]/g, '');
        if (!scan(text)) return;
        accepted += 1;
        expect(readMessage(text, slow, () => DIGITS)).toBeNull();
        expect(fast).toEqual(slow);
      }),
      { numRuns: 4000 },
    );
    expect(accepted).toBeGreaterThan(20);
  });
});
