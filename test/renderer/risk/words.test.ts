import { describe, expect, test } from 'vitest';
import type { RiskStatus } from '../../../src/contract/types.ts';
import { lockScope, ruleWords } from '../../../renderer/risk/protection-words.ts';
import { readScenario } from '../../../renderer/risk/scenario-strip.tsx';
import { stateWords } from '../../../renderer/risk/state-words.ts';
import { riskStatus } from '../../fakes/workstation-values.ts';

const status = (change: Partial<RiskStatus>): RiskStatus => ({ ...riskStatus('ACTIVE'), ...change });

describe('the state of trading in words', () => {
  test('names the rule and the time of a halt, and how many causes more', () => {
    const since = Date.UTC(2026, 10, 20, 8, 32, 11);
    const cause = { code: 'DAILY_LOSS', sentence: 'The loss of the day reached 5 %.', since, actor: 'risk' } as const;
    const words = stateWords(status({ state: 'HALTED', causes: [cause, { ...cause, code: 'DRAWDOWN' }] }), 'UTC');
    expect(words.word).toBe('HALTED');
    expect(words.why).toBe('by rule DAILY_LOSS since 08:32:11 UTC · The loss of the day reached 5 %. And 1 more.');
    expect(stateWords(status({ state: 'HALTED', causes: [{ ...cause, actor: 'user' }] }), 'IST').why).toMatch(
      /^by a person since 14:02:11 IST/,
    );
  });

  test('warns of the fullest meter first, and of one that is not known', () => {
    const gauge = { name: 'A', title: 'A', account: null, value: '1', limit: '2', unit: 'count' } as const;
    const words = stateWords(
      status({
        gauges: [
          { ...gauge, utilisation: 0.2, state: 'ok' },
          { ...gauge, title: 'Near', utilisation: 0.81, state: 'warn' },
          { ...gauge, title: 'Nearer', account: 'p', utilisation: 0.97, state: 'warn' },
          { ...gauge, utilisation: null, state: 'unknown' },
        ],
      }),
      'UTC',
    );
    expect(words).toEqual({ word: 'WARN', why: 'Nearer 97 % (p), Near 81 %, 1 not known.' });
    expect(stateWords(status({ gauges: [] }), 'UTC').word).toBe('OK');
  });
});

describe('a scenario of the user', () => {
  test.each([
    ['', '−7', { name: 'All -7 %', all: '-0.07', moves: {} }],
    [' btc ', '-12.5', { name: 'BTC -12.5 %', all: null, moves: { BTC: '-0.125' } }],
    ['ETH', '250', { name: 'ETH +250 %', all: null, moves: { ETH: '2.5' } }],
    ['', '-100', { name: 'All -100 %', all: '-1', moves: {} }],
    ['', '-101', null],
    ['', '0', null],
    ['BTC', 'much', null],
  ])('%j by %j', (asset, typed, scenario) => {
    expect(readScenario(asset, typed)).toEqual(scenario);
  });
});

describe('a protection in words', () => {
  test('says what sets it off, and until when it holds', () => {
    expect(ruleWords({ kind: 'stoploss-guard', lockMs: 5_400_000, lookbackMs: 86_400_000, tradeLimit: 3 })).toBe(
      '3 stopped trades within 24 h: locks openings for 1.5 h.',
    );
    expect(
      ruleWords({ kind: 'equity-drawdown', lockMs: 0, unlockAt: '03:45', lookbackMs: 604_800_000, maxDrawdown: 0.04 }),
    ).toBe('Equity 4.0% below its peak within 7 days: locks openings until 03:45 UTC.');
  });

  test('says what it keeps from being opened', () => {
    const lock = {
      id: '1',
      rule: 'cooldown',
      account: null,
      instrument: 'X.Y',
      side: 'long',
      from: 0,
      until: null,
      reason: '',
    } as const;
    expect(lockScope(lock)).toBe('all accounts, X.Y, long only');
  });
});
