import { parseArgs } from 'node:util';
import { Decimal } from '../../domain/decimal.ts';
import { RefusalError, type Result } from '../../domain/refusal.ts';
import {
  type Edge,
  fixedFractionSize,
  kellySize,
  type PositionSize,
  type SizingCase,
  volatilitySize,
} from '../../risk/sizing/position-size.ts';
import { quantityGrid } from '../../risk/sizing/quantity-grid.ts';
import { type Command, UsageError } from '../command.ts';
import { readDecimal } from '../exact-json.ts';
import { usageOf } from '../usage.ts';

const help = `tradewright size --method fixed-fraction --equity E --risk R --entry P --stop S [limits] [--json]
tradewright size --method volatility --target T --volatility V [--equity E --entry P] [limits] [--json]
tradewright size --method kelly --win-rate W --payoff B | --mean M --variance S2 [--equity E --entry P] [limits] [--json]

How large a position is, with the arithmetic in words. Fractions are fractions: 0.01 = 1 %.

  --risk        fraction of equity lost at the stop (fixed-fraction)
  --target, --volatility   annualised volatility wanted, and of the asset
  --win-rate, --payoff     chance of a win; average win / average loss:  Kelly = W - (1 - W) / B
  --mean, --variance       of excess returns of one period:              Kelly = M / S2
  --multiple    part of Kelly to use (default 1; 0.5 = half Kelly)
  --stop        with kelly: only states what the position loses there
limits:
  --lot, --step       quantities are whole multiples of both (default 1); always rounded down
  --cap               largest position value, and largest Kelly share, as a fraction of equity (1 = no borrowing)
  --min, --max        smallest and largest quantity
  --exchange-rate     account currency per unit of the price's currency (default 1)

A size below one lot is 0, and the arithmetic says so. fraction = risked (fixed-fraction) or invested (volatility, kelly)
share of equity before rounding; riskAmount = loss at the stop, one-sigma move of a year, or the stake.`;

const FIGURES = [
  'equity',
  'entry',
  'stop',
  'risk',
  'lot',
  'step',
  'min',
  'max',
  'volatility',
  'target',
  'win-rate',
  'payoff',
  'mean',
  'variance',
  'multiple',
  'cap',
  'exchange-rate',
] as const;
type Figure = (typeof FIGURES)[number];

const OPTIONS = {
  method: { type: 'string' },
  ...(Object.fromEntries(FIGURES.map((name) => [name, { type: 'string' }])) as Record<Figure, { type: 'string' }>),
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** "--mean -0.001" as "--mean=-0.001", the only form in which the parser takes a negative figure. */
function joinNegatives(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of args) {
    const before = joined.at(-1);
    if (/^-[\d.]/.test(word) && before?.startsWith('--') === true && !before.includes('='))
      joined[joined.length - 1] = `${before}=${word}`;
    else joined.push(word);
  }
  return joined;
}

class Figures {
  readonly #texts: Readonly<Partial<Record<Figure, string | undefined>>>;

  constructor(texts: Readonly<Partial<Record<Figure, string | undefined>>>) {
    this.#texts = texts;
  }

  optional(name: Figure): Decimal | null {
    const given = this.#texts[name];
    if (given === undefined) return null;
    const figure = readDecimal(given.trim());
    if (figure === null) throw new UsageError(`--${name} "${given}" is not a decimal number.`);
    return figure;
  }

  needed(name: Figure, method: string): Decimal {
    const figure = this.optional(name);
    if (figure === null) throw new UsageError(`--method ${method} needs --${name}.`);
    return figure;
  }
}

function sized(method: string | undefined, figures: Figures): Result<PositionSize> {
  const grid = quantityGrid({
    lot: figures.optional('lot'),
    step: figures.optional('step'),
    min: figures.optional('min'),
    max: figures.optional('max'),
  });
  if (!grid.ok) return grid;
  const of: SizingCase = {
    equity: figures.optional('equity'),
    entry: figures.optional('entry'),
    stop: figures.optional('stop'),
    exchangeRate: figures.optional('exchange-rate') ?? new Decimal(1),
    cap: figures.optional('cap'),
    grid: grid.value,
  };
  switch (method) {
    case 'fixed-fraction':
      for (const name of ['equity', 'entry', 'stop'] as const) figures.needed(name, method);
      return fixedFractionSize(of, figures.needed('risk', method));
    case 'volatility':
      return volatilitySize(of, figures.needed('target', method), figures.needed('volatility', method));
    case 'kelly':
      return kellySize(of, edgeOf(figures), figures.optional('multiple') ?? new Decimal(1));
    default:
      throw new UsageError(
        `--method is fixed-fraction, volatility or kelly${method === undefined ? '' : `, not "${method}"`}.`,
      );
  }
}

function edgeOf(figures: Figures): Edge {
  const binary = figures.optional('win-rate') !== null || figures.optional('payoff') !== null;
  const continuous = figures.optional('mean') !== null || figures.optional('variance') !== null;
  if (binary === continuous)
    throw new UsageError('--method kelly needs either --win-rate and --payoff, or --mean and --variance.');
  return binary
    ? { kind: 'binary', winRate: figures.needed('win-rate', 'kelly'), payoff: figures.needed('payoff', 'kelly') }
    : { kind: 'continuous', mean: figures.needed('mean', 'kelly'), variance: figures.needed('variance', 'kelly') };
}

export const command: Command = {
  name: 'size',
  summary: 'position size by fixed fraction, volatility target or Kelly, with its arithmetic',
  help,
  // oxlint-disable-next-line typescript/require-await -- the Command type is asynchronous for commands that need it
  async run(args, io) {
    const { values } = usageOf(() => parseArgs({ args: joinNegatives(args), options: OPTIONS, strict: true }));
    if (values.help) {
      io.out(`${help}\n`);
      return 0;
    }
    const result = sized(values.method, new Figures(values));
    if (!result.ok) throw new RefusalError(result.error);
    const { quantity, notional, riskAmount, fraction, arithmetic } = result.value;
    if (!values.json) {
      io.out(`${[...arithmetic, `Size: ${quantity?.toFixed() ?? '-'}`].join('\n')}\n`);
      return 0;
    }
    const document = {
      method: values.method,
      quantity: quantity?.toFixed() ?? null,
      notional: notional?.toFixed() ?? null,
      riskAmount: riskAmount?.toFixed() ?? null,
      fraction: fraction.toNumber(),
      arithmetic,
    };
    io.out(`${JSON.stringify(document)}\n`);
    return 0;
  },
};
