// `npm run bench [NAME ...]`: every figure as a median beside its floor of the same run. Machines differ; ratios count.
import { availableParallelism } from 'node:os';
import { benchBacktest, benchLatency } from './engine.ts';
import type { Figure } from './figure.ts';

const SUITES: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  backtest: benchBacktest,
  latency: benchLatency,
  book: async () => (await import('./book.ts')).benchBook(),
  replay: async () => (await import('./replay.ts')).benchReplay(),
  journal: async () => (await import('./journal.ts')).benchJournal(),
  serve: async () => (await import('./serve.ts')).benchServe(),
  kill: async () => (await import('./kill.ts')).benchKill(),
};

const number = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });

function line(figure: Figure): string {
  const floor =
    figure.floor === undefined
      ? ''
      : `  | floor ${number.format(figure.floor)} ${figure.unit} (${figure.floorName ?? ''}), ratio ${(figure.value / figure.floor).toFixed(3)}`;
  return `  ${figure.name}: ${number.format(figure.value)} ${figure.unit}${floor}${figure.aim === undefined ? '' : `  | aim ${figure.aim}`}`;
}

const wanted = process.argv.slice(2);
process.stdout.write(
  `Node ${process.versions.node}, ${availableParallelism()} cores, ${process.platform}-${process.arch}\n`,
);
for (const [name, run] of Object.entries(SUITES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stdout.write(`${name}\n`);
  for (const figure of await run()) process.stdout.write(`${line(figure)}\n`);
}
