import { ok, refuse, type Result } from '../../domain/refusal.ts';
import { nearestName } from '../nearest-name.ts';
import { readParameters, type ParameterValues } from '../parameters.ts';
import { ema, sma, wilders, wma } from './averages.ts';
import { adx } from './directional.ts';
import type { IndicatorDefinition } from './indicator.ts';
import { cci, macd, roc, rsi, stoch } from './momentum.ts';
import { atr, bbands, donchian, keltner, tr, zscore } from './volatility.ts';
import { obv, vwap } from './volume.ts';

export const indicatorDefinitions: readonly IndicatorDefinition[] = [
  sma,
  ema,
  wma,
  wilders,
  rsi,
  macd,
  stoch,
  roc,
  cci,
  adx,
  tr,
  atr,
  bbands,
  zscore,
  donchian,
  keltner,
  obv,
  vwap,
];

/** "%K period", "k_period" and "kPeriod" are the same name. */
function letters(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/g, '');
}

/** Refuses INDICATOR_UNKNOWN with the known names and the nearest one. */
export function findIndicator(name: string): Result<IndicatorDefinition> {
  const wanted = letters(name);
  const found = indicatorDefinitions.find(
    (definition) => definition.name === wanted || definition.aliases.includes(wanted),
  );
  if (found !== undefined) return ok(found);
  const known = indicatorDefinitions.map((definition) => definition.name);
  const nearest = nearestName(name, known);
  const hint = nearest === null ? '' : ` Did you mean "${nearest}"?`;
  return refuse(
    'INDICATOR_UNKNOWN',
    `There is no indicator "${name}"; the indicators are ${known.join(', ')}.${hint}`,
    {
      value: name,
    },
  );
}

/** All parameter values of an indicator, given by any of their spellings or default. Refuses like `readParameters`. */
export function readIndicatorParameters(
  definition: IndicatorDefinition,
  given: ParameterValues,
): Result<ParameterValues> {
  const named: Record<string, number> = {};
  for (const [name, value] of Object.entries(given)) {
    const wanted = letters(name);
    const spec = definition.parameters.find(
      (candidate) => letters(candidate.name) === wanted || candidate.aliases.includes(wanted),
    );
    named[spec?.name ?? name] = value;
  }
  const read = readParameters(definition.name, definition.parameters, named);
  if (!read.ok || definition.name !== 'macd') return read;
  const { short = 0, long = 0 } = read.value;
  if (short < long) return read;
  return refuse('PARAMETER_RANGE', `Parameter short of macd must be below long (${long}), not ${short}.`, {
    value: String(short),
    limit: String(long),
  });
}
