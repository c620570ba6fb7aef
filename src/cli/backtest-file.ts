import type { Decimal } from '../domain/decimal.ts';
import type { EpochMs } from '../domain/units.ts';
import type { ForwardTrade } from '../research/forward-test.ts';
import { type ExactJson, FileFigures } from './exact-json.ts';

export interface BacktestFile {
  readonly strategy: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly bars: number;
  readonly cash: Decimal;
  readonly trades: readonly ForwardTrade[];
}

/** Reads what `backtest --json` printed. Throws RefusalError BACKTEST_INVALID. */
export function readBacktest(json: ExactJson, name: string): BacktestFile {
  const file = new FileFigures(name, 'BACKTEST_INVALID');
  const document = file.object(json, 'the file');
  const meta = file.object(document['meta'], 'meta (the output of "backtest --json")');
  return {
    strategy: file.text(meta['strategy'], 'meta.strategy'),
    from: file.time(meta['start'], 'meta.start'),
    to: file.time(meta['end'], 'meta.end'),
    bars: file.decimal(meta['bars'], 'meta.bars').toNumber(),
    cash: file.decimal(meta['cash'], 'meta.cash'),
    trades: file.list(document['trades'], 'trades').map((value, index): ForwardTrade => {
      const what = `trade ${index + 1}`;
      const row = file.object(value, what);
      const amount = (key: string): Decimal => file.decimal(row[key], `${what}: ${key}`);
      return {
        symbol: file.text(row['symbol'], `${what}: symbol`),
        side: file.word(row['side'], `${what}: side`, ['long', 'short']),
        quantity: amount('qty'),
        entryAt: file.time(row['entryTime'], `${what}: entryTime`),
        exitAt: file.time(row['exitTime'], `${what}: exitTime`),
        entryPrice: amount('entryPrice'),
        exitPrice: amount('exitPrice'),
        pnl: amount('pnl'),
        fees: amount('fees'),
        exitReason: file.text(row['exitReason'], `${what}: exitReason`),
      };
    }),
  };
}
