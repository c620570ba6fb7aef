import { parseArgs } from 'node:util';
import type { Decimal } from '../../domain/decimal.ts';
import { RefusalError } from '../../domain/refusal.ts';
import { brokeragePlan, DEFAULT_PLAN } from '../../venue/charges/brokerage-plan.ts';
import type { ChargedTrade, Exchange } from '../../venue/charges/charge-terms.ts';
import { contractNote, type ChargeSums, type ContractNote } from '../../venue/charges/contract-note.ts';
import { type Command, UsageError } from '../command.ts';
import { productOf, readDayTrades } from '../day-trades.ts';
import { readDecimal, readExactJson } from '../exact-json.ts';
import { usageOf } from '../usage.ts';

const help = `tradewright charges --venue nse --product delivery|intraday|futures|options --side buy|sell --qty Q --price P --date D [options]
tradewright charges --venue nse --note TRADES.json [--date D] [options]

Itemised contract-note charges of one executed order, or of a whole day, with the rates in force on that day.

  --exchange NSE|BSE  default NSE
  --plan NAME         zerodha (default: delivery free, else the lesser of 20 and 0.03 %, options flat 20), fyers
                      (delivery the lesser of 20 and 0.3 %), discount (all but options the lesser of 20 and 0.03 %),
                      none, or a rule in words: "min(20, 0.03%)", "flat 20", "0.02%"
  --note FILE         [{time, symbol, side, qty, price, product, exchange?, order?}, ...]; executions with the same order
                      share its brokerage, others are orders of their own. The transaction tax of shares is on the day's
                      average price per security (buys and sells together), same-day buys and sells net to intraday, and
                      is rounded to the rupee once per note
  --exercised         with --product options --side buy: an exercised option, --price is its intrinsic value
  --ipft              bill the investor protection fund as a line of its own (2024-10-01 to 2026-02-28; later it is in the
                      transaction charge)
  --dp                bill the plan's depository charge per security sold for delivery
  --json              one JSON document on stdout

A day before the first known rate of a line is refused. Options: price is the premium per unit, qty counts units, not lots.`;

const OPTIONS = {
  venue: { type: 'string' },
  product: { type: 'string' },
  side: { type: 'string' },
  qty: { type: 'string' },
  price: { type: 'string' },
  date: { type: 'string' },
  exchange: { type: 'string', default: 'NSE' },
  plan: { type: 'string' },
  note: { type: 'string' },
  exercised: { type: 'boolean', default: false },
  ipft: { type: 'boolean', default: false },
  dp: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** At least two decimals, and all there are. */
function rupees(amount: Decimal): string {
  return amount.decimalPlaces() <= 2 ? amount.toFixed(2) : amount.toFixed();
}

function sumsOf(sums: ChargeSums): Record<string, string> {
  return {
    turnover: rupees(sums.turnover),
    brokerage: rupees(sums.brokerage),
    stt: rupees(sums.stt),
    transaction: rupees(sums.transaction),
    sebi: rupees(sums.sebi),
    gst: rupees(sums.gst),
    stamp: rupees(sums.stamp),
    other: rupees(sums.other),
    total: rupees(sums.total),
  };
}

function linesOf(note: ContractNote): readonly Record<string, string | null>[] {
  return note.lines.map((line) => ({
    name: line.name,
    product: line.product,
    exchange: line.exchange,
    basis: rupees(line.basis),
    rate: line.rate,
    amount: rupees(line.amount),
    rule: line.rule,
    effectiveFrom: line.effectiveFrom,
    source: line.source,
  }));
}

function table(note: ContractNote, date: string): string {
  const rows = note.lines.map((line) => {
    const what = [line.name, line.exchange, line.product].filter((part) => part !== null).join(' ');
    const basis = rupees(line.basis.toDecimalPlaces(2)).padStart(16);
    return `${what.padEnd(24)}${basis}${(line.rate ?? '-').padStart(12)}${rupees(line.amount).padStart(12)}  ${line.rule}${line.effectiveFrom === null ? '' : ` (from ${line.effectiveFrom})`}`;
  });
  const head = `charges of ${date}${' '.repeat(9)}${'basis'.padStart(14)}${'rate'.padStart(12)}${'amount'.padStart(12)}`;
  return `${[head, ...rows, `${'total'.padEnd(24)}${rupees(note.turnover).padStart(16)}${''.padStart(12)}${rupees(note.total).padStart(12)}`].join('\n')}\n`;
}

function oneOf<T extends string>(name: string, value: string | undefined, words: readonly T[]): T {
  const found = words.find((word) => word.toLowerCase() === value?.toLowerCase());
  if (found === undefined)
    throw new UsageError(`${name} is ${words.join(' or ')}${value === undefined ? '' : `, not "${value}"`}.`);
  return found;
}

function figure(name: string, value: string | undefined): Decimal {
  if (value === undefined) throw new UsageError(`${name} is needed.`);
  const decimal = readDecimal(value.trim());
  if (decimal === null) throw new UsageError(`${name} "${value}" is not a decimal number.`);
  return decimal;
}

type Values = ReturnType<typeof valuesOf>;
function valuesOf(args: readonly string[]) {
  return usageOf(() => parseArgs({ args: [...args], options: OPTIONS, strict: true })).values;
}

function singleTrade(values: Values, exchange: Exchange): { date: string; trades: readonly ChargedTrade[] } {
  const word = values.product;
  if (word === undefined) throw new UsageError('--product is needed: delivery, intraday, futures or options.');
  const named = productOf(word);
  if (named === null) throw new UsageError(`--product is delivery, intraday, futures or options, not "${word}".`);
  if (values.exercised && named !== 'options') throw new UsageError('--exercised goes with --product options.');
  if (values.date === undefined)
    throw new UsageError('--date is needed: charges depend on the day, such as 2026-11-20.');
  const trade: ChargedTrade = {
    symbol: 'order',
    side: oneOf('--side', values.side, ['buy', 'sell']),
    quantity: figure('--qty', values.qty),
    price: figure('--price', values.price),
    product: values.exercised ? 'exercise' : named,
    exchange,
    order: null,
  };
  return { date: values.date, trades: [trade] };
}

export const command: Command = {
  name: 'charges',
  summary: 'itemised contract-note charges of NSE and BSE trades on a date',
  help,
  async run(args, io) {
    const values = valuesOf(args);
    if (values.help) {
      io.out(`${help}\n`);
      return 0;
    }
    oneOf('--venue', values.venue, ['nse']);
    const exchange = oneOf('--exchange', values.exchange, ['NSE', 'BSE']);
    const plan = values.plan === undefined ? { ok: true as const, value: DEFAULT_PLAN } : brokeragePlan(values.plan);
    if (!plan.ok) throw new RefusalError(plan.error);
    if (values.note !== undefined && (values.product ?? values.side ?? values.qty ?? values.price) !== undefined)
      throw new UsageError('Use either --note FILE or one order with --product, --side, --qty and --price.');
    const { date, trades } =
      values.note === undefined
        ? singleTrade(values, exchange)
        : readDayTrades(await readExactJson(values.note, io), values.note, values.date ?? null, exchange);
    const made = contractNote(trades, { date, plan: plan.value, billIpft: values.ipft, billDepository: values.dp });
    if (!made.ok) throw new RefusalError(made.error);
    const note = made.value;
    for (const warning of note.warnings) io.err(`${warning}\n`);
    if (!values.json) {
      io.out(table(note, date));
      return 0;
    }
    const perTrade = note.perTrade.map((sums, index) => {
      const trade = trades[index];
      if (trade === undefined) throw new Error('a trade without its charges');
      const { symbol, side, product, order } = trade;
      return { symbol, side, product, exchange: trade.exchange, order, ...sumsOf(sums) };
    });
    const document = {
      date,
      plan: plan.value.name,
      currency: 'INR',
      ...sumsOf(note),
      lines: linesOf(note),
      ...(values.note === undefined ? {} : { perTrade, warnings: note.warnings }),
    };
    io.out(`${JSON.stringify(document)}\n`);
    return 0;
  },
};
