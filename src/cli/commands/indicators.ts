import { parseArgs } from 'node:util';
import { indicatorOfFile, type FileIndicator } from '../../research/indicator-file.ts';
import { indicatorDefinitions } from '../../strategies/indicators/registry.ts';
import { type Command, UsageError } from '../command.ts';
import { splitDataName } from '../data-name.ts';
import { reportDropped } from '../dropped-rows.ts';
import { usageOf } from '../usage.ts';

function catalogue(): string {
  return indicatorDefinitions
    .map(({ name, parameters, columns }) => {
      const values = parameters.map((parameter) => `${parameter.name}=${parameter.default}`).join(' ');
      return `  ${name.padEnd(10)}${values.padEnd(34)}${columns.join(', ')}`;
    })
    .join('\n');
}

const help = `tradewright indicators --data FILE.csv[:SYMBOL] --indicator NAME [--param k=v]... [--column C] [--json]

An indicator over bars; values are missing (null) in the warm-up.

  --data FILE[:SYMBOL]   CSV of bars with a header (gzip accepted)
  --indicator NAME       see below
  --param k=v            a parameter; repeatable
  --column C             column to read in place of the close
  --strict               a bad line is an error instead of being left out and counted
  --json                 one JSON document on stdout (default: CSV)

  name      parameters and defaults           columns
${catalogue()}`;

const OPTIONS = {
  data: { type: 'string' },
  indicator: { type: 'string' },
  param: { type: 'string', multiple: true },
  column: { type: 'string' },
  strict: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

function readParameters(given: readonly string[]): Record<string, number> {
  const parameters: Record<string, number> = {};
  for (const text of given) {
    const equals = text.indexOf('=');
    const name = text.slice(0, Math.max(equals, 0)).trim();
    const value = text.slice(equals + 1).trim();
    if (equals === -1 || name === '' || value === '' || !Number.isFinite(Number(value))) {
      throw new UsageError(`--param "${text}" must be a name and a number, such as period=20.`);
    }
    parameters[name] = Number(value);
  }
  return parameters;
}

function csv(result: FileIndicator): string {
  const names = Object.keys(result.columns);
  const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = result.times.map((time, index) =>
    [quoted(time), ...names.map((name) => String(result.columns[name]?.[index] ?? ''))].join(','),
  );
  return `${['time', ...names].join(',')}\n${lines.map((line) => `${line}\n`).join('')}`;
}

export const command: Command = {
  name: 'indicators',
  summary: 'an indicator over bars',
  help,
  async run(args, io) {
    const { values } = usageOf(() => parseArgs({ args: [...args], options: OPTIONS, strict: true }));
    if (values.help) {
      io.out(`${help}\n`);
      return 0;
    }
    if (values.data === undefined) throw new UsageError('--data FILE is needed.');
    if (values.indicator === undefined) throw new UsageError('--indicator NAME is needed.');
    const { path, symbol } = splitDataName(values.data);
    const result = await indicatorOfFile({
      path,
      symbol,
      indicator: values.indicator,
      parameters: readParameters(values.param ?? []),
      column: values.column ?? null,
      strict: values.strict,
    });
    reportDropped(result.data, io);
    if (result.times.length <= result.warmup) {
      io.err(
        `${result.indicator} needs more than ${result.warmup} bars, there are ${result.times.length}: no value yet.\n`,
      );
    }
    io.out(values.json ? `${JSON.stringify(result)}\n` : csv(result));
    return 0;
  },
};
