import { ok, refuse, type Result } from '../domain/refusal.ts';
import { nearestName } from './nearest-name.ts';
import type { ParameterSpec } from './strategy.ts';

export type ParameterValues = Readonly<Record<string, number>>;

/** Every parameter of `specs`, given or default. Refuses PARAMETER_UNKNOWN and PARAMETER_RANGE. */
export function readParameters(
  owner: string,
  specs: readonly ParameterSpec[],
  given: ParameterValues,
): Result<ParameterValues> {
  const values: Record<string, number> = {};
  for (const spec of specs) values[spec.name] = spec.default;
  for (const [name, value] of Object.entries(given)) {
    const spec = specs.find((candidate) => candidate.name === name);
    if (spec === undefined) {
      const known = specs.map((candidate) => candidate.name);
      const nearest = nearestName(name, known);
      const hint = nearest === null ? '' : ` Did you mean "${nearest}"?`;
      const list = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
      return refuse('PARAMETER_UNKNOWN', `${owner} has no parameter "${name}"; ${list}.${hint}`, { value: name });
    }
    const whole = spec.integer ? 'a whole number' : 'a number';
    if (!(value >= spec.min && value <= spec.max) || (spec.integer && !Number.isInteger(value))) {
      return refuse(
        'PARAMETER_RANGE',
        `Parameter ${spec.name} of ${owner} must be ${whole} from ${spec.min} to ${spec.max}, not ${value}.`,
        { value: String(value), limit: `${spec.min}..${spec.max}` },
      );
    }
    values[name] = value;
  }
  return ok(values);
}

/** A value that `readParameters` has filled in. A missing one is a programming error. */
export function parameter(values: ParameterValues, name: string): number {
  const value = values[name];
  if (value === undefined) throw new RangeError(`parameter ${name} was not read`);
  return value;
}

/** The given value, else the default: for questions such as the warm-up that come before validation. */
export function parameterOrDefault(specs: readonly ParameterSpec[], given: ParameterValues, name: string): number {
  return given[name] ?? specs.find((spec) => spec.name === name)?.default ?? 0;
}
