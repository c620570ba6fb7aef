import { ok, refuse, type Result } from '../domain/refusal.ts';
import { breakout } from './breakout.ts';
import { meanReversion } from './mean-reversion.ts';
import { nearestName } from './nearest-name.ts';
import { smaCross } from './sma-cross.ts';
import type { StrategyDefinition } from './strategy.ts';

/** The built-in strategies, in the order they are listed to a user. */
export const strategyDefinitions: readonly StrategyDefinition[] = [smaCross, breakout, meanReversion];

/** Refuses STRATEGY_UNKNOWN with the known ids and the nearest one. */
export function findStrategy(id: string): Result<StrategyDefinition> {
  const found = strategyDefinitions.find((definition) => definition.id === id);
  if (found !== undefined) return ok(found);
  const known = strategyDefinitions.map((definition) => definition.id);
  const nearest = nearestName(id, known);
  const hint = nearest === null ? '' : ` Did you mean "${nearest}"?`;
  return refuse('STRATEGY_UNKNOWN', `There is no strategy "${id}"; the strategies are ${known.join(', ')}.${hint}`, {
    value: id,
  });
}
