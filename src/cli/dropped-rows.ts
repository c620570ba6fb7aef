import type { DataReport } from '../domain/market-data.ts';
import type { CommandIo } from './command.ts';

/** Tells on stderr what was left out of a file, with the first places. */
export function reportDropped(report: DataReport, io: CommandIo): void {
  const bad = report.problems;
  if (bad.length === 0) return;
  const counts = Object.entries(report.dropped)
    .filter(([reason]) => reason !== 'other-symbol')
    .map(([reason, count]) => `${count} ${reason}`);
  io.err(`${report.source}: ${report.read} rows read, left out: ${counts.join(', ')}.\n`);
  for (const { file, line, reason } of bad.slice(0, 5)) io.err(`  ${file}:${line}: ${reason}\n`);
}
