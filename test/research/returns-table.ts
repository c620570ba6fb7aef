import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A plain CSV as a test's own, independent reader sees it: header and rows of text. */
export function csvRows(path: string): { header: string[]; rows: string[][] } {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const [header = '', ...lines] = text.trim().split(/\r?\n/);
  return { header: header.split(','), rows: lines.map((line) => line.split(',')) };
}

/** One column as numbers, NaN where a cell is empty. */
export function csvColumn(path: string, name: string): number[] {
  const { header, rows } = csvRows(path);
  const index = header.indexOf(name);
  if (index === -1) throw new Error(`no column ${name} in ${path}`);
  return rows.map((row) => (row[index] === '' || row[index] === undefined ? Number.NaN : Number(row[index])));
}

export function jsonFile<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
