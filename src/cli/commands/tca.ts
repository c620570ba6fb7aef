import { parseArgs } from 'node:util';
import { DEFINITIONS, executionCost, type ExecutionCost } from '../../execution/analytics/execution-cost.ts';
import type { ParentExecution } from '../../execution/analytics/parent-execution.ts';
import { RefusalError } from '../../domain/refusal.ts';
import { type Command, UsageError } from '../command.ts';
import { readExactJson } from '../exact-json.ts';
import { readParent } from '../parent-file.ts';
import { usageOf } from '../usage.ts';

const help = `tradewright tca --parent FILE.json [--json]     (--parent - reads standard input)

Implementation shortfall and execution quality of a parent order. The file:
  {"side":"buy","qty":"5000","decision":{"t":0,"mid":"10"},"arrival":{"t":1,"mid":"10.1"},
   "fills":[{"t":2,"price":"10.5","qty":"5000","fee":"100","mid":"10.45"}],"end":{"t":9,"mid":"11"},
   "marketTrades":[{"t":1,"price":"10.2","qty":"300"}]}

Numbers may be JSON numbers or strings; t is epoch milliseconds or an ISO instant. A mark may give bid and ask instead of
mid. Without arrival it is taken as the decision; end is needed only when something was not filled; fee and a fill's mid
may be missing (without mids trading is not split), as may its mid5s and mid60s, the mid so much later; "fees" of the order are added to those of the fills.

Costs are positive when they hurt and add up exactly: total = delay + trading + opportunity + fees. --json prints the
definition of every figure.`;

const OPTIONS = {
  parent: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const COMPONENTS = ['delay', 'trading', 'opportunity', 'fees', 'total'] as const;
const PARTS = ['spread', 'impact', 'timing'] as const;

function documentOf(parent: ParentExecution, cost: ExecutionCost): Record<string, unknown> {
  const parts = cost.costs.tradingParts;
  return {
    side: parent.side,
    qty: parent.quantity.toFixed(),
    filled: cost.filled.toFixed(),
    averagePrice: cost.averagePrice === null ? null : cost.averagePrice.toSignificantDigits(20).toFixed(),
    costs: Object.fromEntries(COMPONENTS.map((name) => [name, cost.costs[name].toFixed()])),
    bps: cost.bps,
    trading: parts === null ? null : Object.fromEntries(PARTS.map((name) => [name, parts[name].toFixed()])),
    tradingBps: cost.tradingBps,
    vsArrivalBps: cost.vsArrivalBps,
    vsVwapBps: cost.vsVwapBps,
    vsTwapBps: cost.vsTwapBps,
    effectiveSpreadBps: cost.effectiveSpreadBps,
    realisedSpreadBps: cost.realisedSpreadBps,
    vwap: cost.vwap?.toSignificantDigits(20).toFixed() ?? null,
    twap: cost.twap?.toSignificantDigits(20).toFixed() ?? null,
    fillRate: cost.fillRate,
    participation: cost.participation,
    priceImprovement: cost.priceImprovement.toFixed(),
    priceImprovementBps: cost.priceImprovementBps,
    improvedShare: cost.improvedShare,
    efficiency: cost.efficiency,
    definitions: DEFINITIONS,
    unavailable: cost.unavailable,
  };
}

function table(parent: ParentExecution, cost: ExecutionCost): string {
  const bps = (value: number | null): string => (value === null ? '-' : `${value.toFixed(3)} bp`);
  const row = (name: string, amount: string, value: number | null): string =>
    `${name.padEnd(14)}${amount.padStart(24)}${bps(value).padStart(18)}`;
  const lines = [`${parent.side} ${parent.quantity.toFixed()}, filled ${cost.filled.toFixed()}`];
  for (const name of COMPONENTS) {
    lines.push(row(name, cost.costs[name].toFixed(), cost.bps[name]));
    const parts = cost.costs.tradingParts;
    if (name !== 'trading' || parts === null) continue;
    for (const part of PARTS) lines.push(row(`  ${part}`, parts[part].toFixed(), cost.tradingBps?.[part] ?? null));
  }
  lines.push(
    `against arrival ${bps(cost.vsArrivalBps)}, VWAP ${bps(cost.vsVwapBps)}, TWAP ${bps(cost.vsTwapBps)}`,
    `fill rate ${cost.fillRate}, participation ${cost.participation ?? '-'}, price improvement ${cost.priceImprovement.toFixed()}, efficiency ${cost.efficiency.toFixed(4)}`,
    ...Object.entries(cost.unavailable).map(([name, reason]) => `${name}: ${reason}`),
  );
  return `${lines.join('\n')}\n`;
}

export const command: Command = {
  name: 'tca',
  summary: 'implementation shortfall and execution quality of a parent order',
  help,
  async run(args, io) {
    const { values } = usageOf(() => parseArgs({ args: [...args], options: OPTIONS, strict: true }));
    if (values.help) {
      io.out(`${help}\n`);
      return 0;
    }
    if (values.parent === undefined) throw new UsageError('--parent FILE.json is needed.');
    const parent = readParent(await readExactJson(values.parent, io), values.parent);
    const cost = executionCost(parent);
    if (!cost.ok) throw new RefusalError(cost.error);
    io.out(values.json ? `${JSON.stringify(documentOf(parent, cost.value))}\n` : table(parent, cost.value));
    return 0;
  },
};
