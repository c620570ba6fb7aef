import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { Decimal } from '../../../src/domain/decimal.ts';
import { nseTickSize } from '../../../src/venue/rules/nse-tick-size.ts';
import { describeWithData, sharedData } from '../../support/shared-data.ts';

const FILE = 'nse/nifty50_daily_2020-10_2025-09.csv.gz';

describeWithData('tick slabs against recorded prices', [FILE], () => {
  it('every price of a month lies on the tick that the close of the reference day sets', () => {
    const rows = gunzipSync(readFileSync(sharedData(FILE) ?? ''))
      .toString()
      .trim()
      .split('\n')
      .slice(1)
      .map((row) => row.split(','));
    const closes = new Map(rows.map(([symbol, date, , , , close]) => [`${symbol} ${date}`, close ?? '']));
    // Prices before a later bonus, split or demerger are adjusted and lie on no tick.
    const ADJUSTED = new Set<string>();
    const isOn = (price: string, tick: string): boolean => new Decimal(price).mod(tick).isZero();
    for (const [symbol = '', date = '', , , , close = ''] of rows) {
      if (date >= '2025-04-15' && !isOn(close, '0.01')) ADJUSTED.add(symbol);
    }
    let judged = 0;
    let off = 0;
    for (const [symbol = '', date = '', ...figures] of rows) {
      if (date < '2025-04-15' || ADJUSTED.has(symbol)) continue;
      const probe = nseTickSize('cash', date, '1');
      const reference = probe.ok ? closes.get(`${symbol} ${probe.value.referenceDay}`) : undefined;
      if (reference === undefined) continue;
      const size = nseTickSize('cash', date, reference);
      if (!size.ok) throw new Error(size.error.sentence);
      judged += 1;
      if (!figures.slice(0, 4).every((price) => isOn(price, size.value.tick))) off += 1;
    }
    expect(judged).toBeGreaterThan(3_000);
    expect(off).toBe(0);
  });
});
