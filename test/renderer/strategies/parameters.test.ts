import { describe, expect, test } from 'vitest';
import { parameterProblem, readParameters } from '../../../renderer/strategies/parameters.ts';

const fast = { name: 'fast', description: '', default: 10, min: 1, max: 2000, integer: true };
const stop = { name: 'stopAtr', description: '', default: 0, min: 0, max: 50, integer: false };
const definition = { id: 'x', title: 'X', description: '', parameters: [fast, stop] };

describe('parameters of a strategy', () => {
  test('are the defaults until something is typed', () => {
    expect(readParameters(definition, {})).toEqual({ fast: 10, stopAtr: 0 });
    expect(readParameters(definition, { fast: '1,200', stopAtr: '2.5' })).toEqual({ fast: 1200, stopAtr: 2.5 });
  });

  test.each([
    ['0', 'Between 1 and 2000.'],
    ['2001', 'Between 1 and 2000.'],
    ['1.5', 'It must be a whole number.'],
    ['', '"" is not a number.'],
    ['many', '"many" is not a number.'],
    ['2000', null],
    ['1', null],
  ])('%j is judged by its bounds', (typed, problem) => {
    expect(parameterProblem(fast, { fast: typed })).toBe(problem);
    expect(readParameters(definition, { fast: typed }) === null).toBe(problem !== null);
  });
});
