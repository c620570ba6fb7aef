import type { FillView, OrderView } from '../../src/contract/types.ts';
import { statusWord, typeWord } from '../desk/order-kind.ts';
import { stampOf } from '../format/time.ts';

/** One column of a file: its name and what stands in it. */
export type CsvColumn<Row> = readonly [name: string, text: (row: Row) => string];

/** Text that a spreadsheet would run as a formula is made text; figures stay figures, also negative ones. */
function cell(text: string): string {
  const isFigure = /^[-+]?\d+(\.\d+)?$/.test(text);
  const safe = !isFigure && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** RFC 4180: CRLF between the lines, quotes where they are needed. */
export function csvText<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): string {
  const lines = [columns.map(([name]) => cell(name)), ...rows.map((row) => columns.map(([, text]) => cell(text(row))))];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

/** Both zones in every file: the exchange's and the one that has no summer time anywhere. */
export const ORDER_CSV: readonly CsvColumn<OrderView>[] = [
  ['created_utc', (row) => stampOf(row.createdAt, 'UTC')],
  ['created_ist', (row) => stampOf(row.createdAt, 'IST')],
  ['updated_utc', (row) => stampOf(row.updatedAt, 'UTC')],
  ['updated_ist', (row) => stampOf(row.updatedAt, 'IST')],
  ['order', (row) => row.id],
  ['venue_order', (row) => row.venueOrderId ?? ''],
  ['account', (row) => row.account],
  ['mode', (row) => row.accountKind],
  ['instrument', (row) => row.instrument],
  ['side', (row) => row.side],
  ['type', (row) => typeWord(row.type)],
  ['time_in_force', (row) => row.timeInForce],
  ['post_only', (row) => String(row.postOnly)],
  ['reduce_only', (row) => String(row.reduceOnly)],
  ['quantity', (row) => row.quantity],
  ['filled', (row) => row.filled],
  ['limit', (row) => row.price ?? ''],
  ['trigger', (row) => row.trigger ?? ''],
  ['average_fill', (row) => row.averagePrice ?? ''],
  ['fees', (row) => row.fees],
  ['status', (row) => statusWord(row.status)],
  ['source', (row) => row.source],
  ['strategy', (row) => row.strategy ?? ''],
  ['parent', (row) => row.parent ?? ''],
  ['reason_code', (row) => row.reasonCode ?? ''],
  ['reason', (row) => row.reason ?? ''],
  ['note', (row) => row.note ?? ''],
];

export const FILL_CSV: readonly CsvColumn<FillView>[] = [
  ['time_utc', (row) => stampOf(row.ts, 'UTC')],
  ['time_ist', (row) => stampOf(row.ts, 'IST')],
  ['trade', (row) => row.tradeId],
  ['order', (row) => row.orderId],
  ['account', (row) => row.account],
  ['instrument', (row) => row.instrument],
  ['side', (row) => row.side],
  ['quantity', (row) => row.quantity],
  ['price', (row) => row.price],
  ['fee', (row) => row.fee],
  ['liquidity', (row) => row.liquidity],
  ['slippage', (row) => row.modelled.slippage],
  ['impact', (row) => row.modelled.impact],
  ['latency_ms', (row) => String(row.modelled.latencyMs)],
  ['model', (row) => row.modelled.model],
  ['strategy', (row) => row.strategy ?? ''],
];
