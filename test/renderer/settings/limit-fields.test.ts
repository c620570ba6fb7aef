import { describe, expect, test } from 'vitest';
import { LIMIT_FIELDS, limitText, limitWords, readLimit } from '../../../renderer/settings/limit-fields.ts';

describe('limits in a form', () => {
  test.each([
    ['percent', '5', '0.05'],
    ['percent', '0.5', '0.005'],
    ['percent', '100', '1'],
    ['amount', '5,000', '5000'],
    ['amount', '2 lakh', '200000'],
    ['multiple', '1.50', '1.5'],
    ['count', '10', 10],
    ['seconds', '2.5', 2500],
  ] as const)('%s %s is %s to the engine, and comes back as it was typed', (unit, typed, value) => {
    expect(readLimit(unit, typed)).toEqual({ kind: 'value', value });
    expect(readLimit(unit, limitText(unit, value))).toEqual({ kind: 'value', value });
  });

  test.each([
    ['count', '1.5', /whole/],
    ['seconds', '0.0001', /three digits/],
    ['amount', 'many', /not a number/],
    ['percent', '0', /above zero/],
    ['amount', '-5', /above zero/],
  ] as const)('%s %s is a problem', (unit, typed, sentence) => {
    const read = readLimit(unit, typed);
    expect(read.kind === 'problem' ? read.sentence : '').toMatch(sentence);
  });

  test('empty is off', () => {
    expect(readLimit('amount', '  ')).toEqual({ kind: 'value', value: null });
    expect(limitText('percent', null)).toBe('');
  });

  test('in words', () => {
    const field = (name: string) => LIMIT_FIELDS.find((each) => each.name === name) ?? LIMIT_FIELDS[0];
    const words = (name: string, value: string | number | null) => {
      const found = field(name);
      return found === undefined ? '' : limitWords(found, value);
    };
    expect(words('maxDrawdownFraction', '0.1')).toBe('10 %');
    expect(words('duplicateWindowMs', 10_000)).toBe('10 s');
    expect(words('maxOrderNotional', '250000')).toBe('250,000');
    expect(words('maxOrderNotional', null)).toBe('off');
  });
});
