import { describe, expect, it } from 'vitest';
import { changeLimits } from '../../src/risk/limit-book.ts';
import { DEFAULT_LIMITS, parseLimits, readLimits, RESEARCH_LIMITS } from '../../src/risk/limits.ts';

describe('reading limits', () => {
  it('a warning that nobody named follows its block down', () => {
    expect(readLimits({ collarHard: '0.01' })).toMatchObject({
      ok: true,
      value: { collarHard: '0.01', collarSoft: '0.01' },
    });
  });

  it('round-trips through JSON', () => {
    for (const limits of [DEFAULT_LIMITS, RESEARCH_LIMITS]) {
      expect(parseLimits(JSON.stringify(limits))).toEqual({ ok: true, value: limits });
    }
  });

  it('takes a part and keeps the rest', () => {
    expect(readLimits({ maxDailyLoss: '0.03', maxOpenOrders: null })).toMatchObject({
      ok: true,
      value: { ...DEFAULT_LIMITS, maxDailyLoss: '0.03', maxOpenOrders: null },
    });
  });

  it.each([
    [{ maxDailyLos: '0.05' }, 'LIMIT_UNKNOWN', 'maxDailyLos'],
    [{ maxDailyLoss: 0.05 }, 'LIMIT_INVALID', 'quotes'],
    [{ maxDailyLoss: '5' }, 'LIMIT_INVALID', 'fraction'],
    [{ maxDailyLoss: '-0.05' }, 'LIMIT_INVALID', 'plain decimal'],
    [{ maxDailyLoss: '0' }, 'LIMIT_INVALID', 'above zero'],
    [{ maxDailyLoss: '5e-2' }, 'LIMIT_INVALID', 'plain decimal'],
    [{ maxOrderNotional: 'NaN' }, 'LIMIT_INVALID', 'plain decimal'],
    [{ maxOpenOrders: 1.5 }, 'LIMIT_INVALID', 'whole number'],
    [{ maxOpenOrders: '5' }, 'LIMIT_INVALID', 'whole number'],
    [{ minCash: null }, 'LIMIT_INVALID', 'switched off'],
    [{ collarSoft: '0.2', collarHard: '0.1' }, 'LIMIT_INVALID', 'must not be above'],
    [{ collarSoft: '0.11' }, 'LIMIT_INVALID', 'must not be above'],
    [[], 'LIMIT_INVALID', 'object'],
    [null, 'LIMIT_INVALID', 'object'],
    ['{}', 'LIMIT_INVALID', 'object'],
    [{ __proto__: null, constructor: '1' }, 'LIMIT_UNKNOWN', 'constructor'],
  ])('refuses %j', (input, code, words) => {
    const read = readLimits(input);
    expect(read).toMatchObject({ ok: false, error: { code } });
    if (!read.ok) expect(read.error.sentence).toContain(words);
  });

  it('refuses text that is no JSON without a stack', () => {
    expect(parseLimits('{oops')).toMatchObject({ ok: false, error: { code: 'LIMIT_INVALID' } });
  });
});

describe('changing limits', () => {
  const book = { limits: DEFAULT_LIMITS, changes: [] };
  const by = { owner: 'maria', reason: 'smaller account', at: 5 };

  it('writes down who, when, why, from what to what, once per changed field', () => {
    const changed = changeLimits(book, { maxDailyLoss: '0.02', maxDrawdown: '0.10' }, by);
    expect(changed).toMatchObject({
      ok: true,
      value: { changes: [{ ...by, name: 'maxDailyLoss', before: '0.05', after: '0.02' }] },
    });
    if (changed.ok) expect(changed.value.changes).toHaveLength(1);
  });

  it.each([
    [{ ...by, owner: ' ' }, {}],
    [{ ...by, reason: '' }, {}],
  ])('refuses a change nobody signs', (who, input) => {
    expect(changeLimits(book, input, who)).toMatchObject({ ok: false, error: { code: 'LIMIT_REASON_MISSING' } });
  });
});
