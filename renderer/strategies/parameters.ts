import type { StrategyDefinitionView } from '../../src/contract/types.ts';
import { readTyped } from '../format/decimal-text.ts';

type Parameter = StrategyDefinitionView['parameters'][number];
export type TypedParameters = Readonly<Record<string, string>>;

export function typedOf(parameter: Parameter, typed: TypedParameters): string {
  return typed[parameter.name] ?? String(parameter.default);
}

/** What is wrong with what was typed, or null. */
export function parameterProblem(parameter: Parameter, typed: TypedParameters): string | null {
  const text = readTyped(typedOf(parameter, typed));
  if (text === null) return `"${typedOf(parameter, typed)}" is not a number.`;
  const value = Number(text);
  if (parameter.integer && !Number.isInteger(value)) return 'It must be a whole number.';
  if (value < parameter.min || value > parameter.max) return `Between ${parameter.min} and ${parameter.max}.`;
  return null;
}

/** As the contract takes them; null while one of them is wrong. */
export function readParameters(
  definition: StrategyDefinitionView,
  typed: TypedParameters,
): Readonly<Record<string, number>> | null {
  if (definition.parameters.some((parameter) => parameterProblem(parameter, typed) !== null)) return null;
  return Object.fromEntries(
    definition.parameters.map((parameter) => [parameter.name, Number(readTyped(typedOf(parameter, typed)))]),
  );
}
