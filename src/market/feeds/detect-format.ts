import { basename } from 'node:path';
import { RefusalError } from '../../domain/refusal.ts';
import { eachLine } from './csv-rows.ts';
import { csvLayout, type CsvLayout } from './csv-layout.ts';
import { lineChunks } from './file-lines.ts';

export type FileFormat = { readonly kind: 'raw' } | { readonly kind: 'csv'; readonly layout: CsvLayout };

/** `local_ns JSON` */
const RAW_LINE = /^\d{10,19}\s+\{/;
const RAW_SAMPLE_LINES = 50;

/** Looks at the beginning of a file. Throws RefusalError DATA_FORMAT_UNKNOWN, DATA_EMPTY or what lineChunks throws. */
export async function detectFormat(path: string): Promise<FileFormat> {
  const lines: string[] = [];
  for await (const chunk of lineChunks(path)) {
    eachLine(chunk, (line) => {
      if (lines.length < RAW_SAMPLE_LINES && line.trim() !== '') lines.push(line);
    });
    if (lines.length > 0) break;
  }
  const first = lines[0];
  if (first === undefined) {
    const sentence = `${path} is empty; give a file with market data.`;
    throw new RefusalError({ code: 'DATA_EMPTY', sentence, value: path });
  }
  if (lines.some((line) => RAW_LINE.test(line))) return { kind: 'raw' };
  const layout = csvLayout(first);
  if (layout !== null) return { kind: 'csv', layout };
  const sentence =
    `${basename(path)}: the format is not known. Accepted are CSV bars (open_time,open,high,low,close,volume), trades ` +
    `(timestamp,price,qty,side), quotes (timestamp,bid,bid_qty,ask,ask_qty), NSE ticks (timestamp,ltp,volume), Binance ` +
    `klines without header, and raw Binance stream lines "local_ns JSON".`;
  throw new RefusalError({ code: 'DATA_FORMAT_UNKNOWN', sentence, value: path });
}
