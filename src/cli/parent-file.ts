import { Decimal, ZERO } from '../domain/decimal.ts';
import type { Mark, MarketTrade, ParentExecution, ParentFill } from '../execution/analytics/parent-execution.ts';
import { type ExactJson, type ExactObject, FileFigures } from './exact-json.ts';

/** Reads {side, qty, decision, arrival, fills, end, marketTrades?, fees?}. Throws RefusalError PARENT_INVALID. */
export function readParent(json: ExactJson, name: string): ParentExecution {
  const file = new FileFigures(name, 'PARENT_INVALID');
  const parent = file.object(json, 'the file');
  const timeIn = (row: ExactObject, what: string): number | null => {
    const time = row['t'] ?? row['ts'] ?? row['time'] ?? null;
    return time === null ? null : file.time(time, `${what}: t`);
  };
  const quantityIn = (row: ExactObject, what: string): Decimal =>
    file.decimal(row['qty'] ?? row['quantity'], `${what}: qty`);
  const mark = (value: ExactJson | undefined, what: string): Mark => {
    const row = file.object(value, what);
    return { ts: timeIn(row, what), mid: midIn(file, row, what) };
  };
  const optional = (value: ExactJson | undefined, what: string): Mark | null =>
    value === undefined || value === null ? null : mark(value, what);
  const markIn = (row: ExactObject, what: string, key: string): Decimal | null =>
    (row[key] ?? null) === null ? null : file.decimal(row[key], `${what}: ${key}`);
  const fills = file.list(parent['fills'], 'fills').map((value, index): ParentFill => {
    const what = `fill ${index + 1}`;
    const row = file.object(value, what);
    return {
      ts: timeIn(row, what),
      price: file.decimal(row['price'], `${what}: price`),
      quantity: quantityIn(row, what),
      fee: (row['fee'] ?? null) === null ? ZERO : file.decimal(row['fee'], `${what}: fee`),
      mid: markIn(row, what, 'mid'),
      later: { after5s: markIn(row, what, 'mid5s'), after60s: markIn(row, what, 'mid60s') },
    };
  });
  const market = parent['marketTrades'] ?? null;
  return {
    side: file.word(parent['side'], 'side', ['buy', 'sell']),
    quantity: file.decimal(parent['qty'] ?? parent['quantity'], 'qty'),
    decision: mark(parent['decision'], 'decision'),
    arrival: optional(parent['arrival'], 'arrival'),
    fills,
    end: optional(parent['end'], 'end'),
    marketTrades:
      market === null
        ? null
        : file.list(market, 'marketTrades').map((value, index): MarketTrade => {
            const what = `market trade ${index + 1}`;
            const row = file.object(value, what);
            const ts = timeIn(row, what);
            if (ts === null) throw file.fault(`${what}: t is missing.`);
            return { ts, price: file.decimal(row['price'], `${what}: price`), quantity: quantityIn(row, what) };
          }),
    otherFees: (parent['fees'] ?? null) === null ? ZERO : file.decimal(parent['fees'], 'fees'),
  };
}

/** A stated mid, or the middle of bid and ask. */
function midIn(file: FileFigures, row: ExactObject, what: string): Decimal {
  if ((row['mid'] ?? null) === null && (row['bid'] ?? null) !== null)
    return file
      .decimal(row['bid'], `${what}: bid`)
      .plus(file.decimal(row['ask'], `${what}: ask`))
      .div(2);
  return file.decimal(row['mid'], `${what}: mid`);
}
