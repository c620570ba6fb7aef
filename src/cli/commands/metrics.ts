import { parseArgs } from 'node:util';
import { performanceOfFile, type FilePerformance } from '../../research/performance-file.ts';
import { type Command, UsageError } from '../command.ts';
import { splitDataName } from '../data-name.ts';
import { reportDropped } from '../dropped-rows.ts';
import { usageOf } from '../usage.ts';

const help = `tradewright metrics --returns FILE.csv | --prices FILE.csv[:SYMBOL] [options]

Performance statistics of a series: growth, risk, tails, drawdowns and, with a benchmark, relative figures.

  --returns FILE[:SYMBOL]  simple returns per period, as fractions (0.01 = 1 %)
  --prices FILE[:SYMBOL]   prices; returns are taken between neighbouring rows
  --column C               the column (default: close for prices, else the only one)
  --periods N              periods per year: 252 trading days (default), 365 days, 52 weeks, 12 months
  --benchmark C            another column of the file, or another symbol of a file with a symbol column
  --risk-free R            annual rate as a fraction, R / N per period (default 0); or, for returns, a column of
                           per-period risk-free returns
  --strict                 a bad line is an error instead of being left out and counted
  --json                   one JSON document on stdout

Files are CSV with a header (gzip accepted), a column per series or a symbol column; empty cells and NaN mean no data.`;

const OPTIONS = {
  returns: { type: 'string' },
  prices: { type: 'string' },
  column: { type: 'string' },
  periods: { type: 'string', default: '252' },
  benchmark: { type: 'string' },
  'risk-free': { type: 'string', default: '0' },
  strict: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const SHOWN_DRAWDOWNS = 5;

function figure(value: number | null): string {
  if (value === null) return '-';
  return Number.isInteger(value) ? String(value) : value.toPrecision(8).replace(/\.?0+$/, '');
}

function table(report: FilePerformance): string {
  const lines = [`${report.series}: ${report.n} periods, ${report.from ?? ''} to ${report.to ?? ''}`, ''];
  for (const [key, value] of Object.entries(report.stats)) {
    const reason = report.unavailable[key];
    lines.push(`${key.padEnd(26)}${figure(value).padStart(16)}${reason === undefined ? '' : `   ${reason}`}`);
  }
  if (report.drawdowns.length > 0) {
    lines.push('', 'depth        from         trough       to           length  to trough  recovery');
    for (const row of report.drawdowns.slice(0, SHOWN_DRAWDOWNS)) {
      const dates = [row.from, row.trough, row.to ?? '-'].map((date) => date.padEnd(13)).join('');
      const counts = `${String(row.length).padStart(6)}${String(row.toTrough).padStart(11)}`;
      lines.push(`${row.depth.toFixed(6).padEnd(13)}${dates}${counts}${String(row.recovery ?? '-').padStart(10)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function readPeriods(text: string): number {
  const periods = Number(text);
  if (text.trim() === '' || !(periods > 0) || !Number.isFinite(periods)) {
    throw new UsageError(`--periods "${text}" must be a number above zero, such as 252, 365, 52 or 12.`);
  }
  return periods;
}

/** A number is an annual rate, anything else the name of a column. */
function readRiskFree(text: string): number | string {
  const rate = Number(text);
  if (text.trim() === '') throw new UsageError('--risk-free needs an annual rate such as 0.035, or a column.');
  return Number.isFinite(rate) ? rate : text;
}

export const command: Command = {
  name: 'metrics',
  summary: 'performance statistics of a return or price series',
  help,
  async run(args, io) {
    const { values } = usageOf(() => parseArgs({ args: [...args], options: OPTIONS, strict: true }));
    if (values.help) {
      io.out(`${help}\n`);
      return 0;
    }
    const { returns, prices } = values;
    const source = returns ?? prices;
    if (source === undefined || (returns !== undefined && prices !== undefined)) {
      throw new UsageError('One of --returns FILE and --prices FILE is needed.');
    }
    const { path, symbol } = splitDataName(source);
    const report = await performanceOfFile({
      path,
      symbol,
      column: values.column ?? null,
      kind: returns === undefined ? 'prices' : 'returns',
      periods: readPeriods(values.periods),
      benchmark: values.benchmark ?? null,
      riskFree: readRiskFree(values['risk-free']),
      strict: values.strict,
    });
    reportDropped(report.data, io);
    io.out(values.json ? `${JSON.stringify(report)}\n` : table(report));
    return 0;
  },
};
