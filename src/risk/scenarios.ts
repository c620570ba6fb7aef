import { Decimal, ZERO } from '../domain/decimal.ts';
import { ok, refuse, type Result } from '../domain/refusal.ts';

/** Prices move at once: all by `all`, those named by their own. Fractions: "-0.05" = 5 % down. */
export interface Scenario {
  readonly name: string;
  readonly all: string | null;
  /** By base asset ("BTC") or instrument id; the id wins over the asset. */
  readonly moves: Readonly<Record<string, string>>;
}

export const STANDARD_SCENARIOS: readonly Scenario[] = [
  { name: 'All -1 %', all: '-0.01', moves: {} },
  { name: 'All -3 %', all: '-0.03', moves: {} },
  { name: 'All -5 %', all: '-0.05', moves: {} },
  { name: 'BTC -10 %', all: null, moves: { BTC: '-0.10' } },
];

export interface ScenarioPosition {
  readonly instrument: string;
  readonly base: string;
  /** Signed, account currency. */
  readonly value: Decimal;
}

/** Profit of the positions in the scenario, exact; negative is a loss. */
export function scenarioProfit(scenario: Scenario, positions: readonly ScenarioPosition[]): Decimal {
  return positions.reduce((sum, { instrument, base, value }) => {
    const move = scenario.moves[instrument] ?? scenario.moves[base] ?? scenario.all;
    return move === null ? sum : sum.plus(value.times(move));
  }, ZERO);
}

const MOST = 20;

/** Refuses SCENARIO_INVALID. A price cannot fall by more than all of it. */
export function readScenarios(input: unknown): Result<readonly Scenario[]> {
  const no = (sentence: string): Result<never> => refuse('SCENARIO_INVALID', sentence);
  if (!Array.isArray(input)) return no('Scenarios are a list such as [{"name":"Crash","all":"-0.2","moves":{}}].');
  if (input.length > MOST) return no(`At most ${MOST} scenarios can be kept.`);
  const scenarios: Scenario[] = [];
  for (const one of input as unknown[]) {
    const { name, all = null, moves = {} } = (one ?? {}) as Partial<Record<keyof Scenario, unknown>>;
    if (typeof name !== 'string' || name.trim() === '' || name.length > 80) return no('A scenario needs a name.');
    if (scenarios.some((present) => present.name === name)) return no(`There are two scenarios "${name}".`);
    if (typeof moves !== 'object' || moves === null || Array.isArray(moves))
      return no(`${name}: moves must be an object.`);
    const figures = [...(all === null ? [] : [all]), ...Object.values(moves as Record<string, unknown>)];
    if (figures.length === 0) return no(`${name} moves nothing; give "all", or "moves" such as {"BTC":"-0.1"}.`);
    if (!figures.every(isMove)) return no(`${name}: a move is a fraction such as "-0.05", at least -1.`);
    scenarios.push({ name, all: all as string | null, moves: moves as Record<string, string> });
  }
  return ok(scenarios);
}

function isMove(value: unknown): value is string {
  return typeof value === 'string' && /^-?\d{1,6}(\.\d{1,12})?$/.test(value) && new Decimal(value).gte(-1);
}
