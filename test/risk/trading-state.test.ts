import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clearCause,
  NO_CAUSES,
  raiseCause,
  readCauses,
  releaseCause,
  statusOf,
  type Cause,
} from '../../src/risk/trading-state.ts';

const cause = (changes: Partial<Cause> = {}): Cause => ({
  code: 'STALE_FEED',
  scope: 'a',
  level: 'REDUCING',
  latched: false,
  at: 1,
  sentence: 'Stale.',
  ...changes,
});

describe('causes', () => {
  it('the strictest cause decides, a global one for every account', () => {
    let causes = raiseCause(NO_CAUSES, cause());
    expect([statusOf(causes, 'a').state, statusOf(causes, 'b').state]).toEqual(['REDUCING', 'ACTIVE']);
    causes = raiseCause(causes, cause({ code: 'JOURNAL_FAILURE', scope: null, level: 'HALTED', latched: true, at: 2 }));
    expect([statusOf(causes, 'a').state, statusOf(causes, 'b').state]).toEqual(['HALTED', 'HALTED']);
    expect(statusOf(causes, 'a').causes.map((one) => one.code)).toEqual(['JOURNAL_FAILURE', 'STALE_FEED']);
  });

  it('one that ends does not hide another', () => {
    let causes = raiseCause(NO_CAUSES, cause());
    causes = raiseCause(causes, cause({ code: 'DRAWDOWN' }));
    causes = releaseCause(causes, 'STALE_FEED', 'a');
    expect(statusOf(causes, 'a').state).toBe('REDUCING');
    expect(statusOf(releaseCause(causes, 'DRAWDOWN', 'a'), 'a').state).toBe('ACTIVE');
  });

  it('the same again changes nothing; stricter sticks; milder does not', () => {
    const causes = raiseCause(NO_CAUSES, cause());
    expect(raiseCause(causes, cause({ at: 9 }))).toBe(causes);
    const halted = raiseCause(causes, cause({ level: 'HALTED', latched: true, at: 9 }));
    expect(halted).toMatchObject([{ level: 'HALTED', latched: true, at: 1 }]);
    expect(raiseCause(halted, cause())).toBe(halted);
  });

  it('a latched cause ends only by a person with a reason', () => {
    const causes = raiseCause(NO_CAUSES, cause({ code: 'USER', latched: true, level: 'HALTED' }));
    expect(releaseCause(causes, 'USER', 'a')).toBe(causes);
    expect(clearCause(causes, 'USER', 'a', ' ')).toMatchObject({ ok: false, error: { code: 'REASON_MISSING' } });
    expect(clearCause(causes, 'USER', null, 'fine')).toMatchObject({ ok: false, error: { code: 'CAUSE_NOT_FOUND' } });
    expect(clearCause(causes, 'USER', 'a', 'checked')).toEqual({ ok: true, value: [] });
  });

  it('whatever happens automatically, a latched HALT stays a HALT', () => {
    const codes = fc.constantFrom('DAILY_LOSS' as const, 'DRAWDOWN' as const, 'STALE_FEED' as const);
    const scopes = fc.constantFrom('a', null);
    const step = fc.oneof(
      fc.record({
        do: fc.constant('raise' as const),
        code: codes,
        scope: scopes,
        level: fc.constantFrom('REDUCING' as const, 'HALTED' as const),
        latched: fc.boolean(),
      }),
      fc.record({ do: fc.constant('release' as const), code: codes, scope: scopes }),
      fc.record({ do: fc.constant('store' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let causes = NO_CAUSES;
        const latched = new Set<string>();
        for (const one of steps) {
          if (one.do === 'raise') {
            causes = raiseCause(causes, cause(one));
            if (one.latched) latched.add(`${one.code} ${one.scope}`);
          } else if (one.do === 'release') causes = releaseCause(causes, one.code, one.scope);
          else causes = readCauses(JSON.parse(JSON.stringify(causes)), 0);
          for (const key of latched) expect(causes.some((each) => `${each.code} ${each.scope}` === key)).toBe(true);
          if (causes.some((each) => each.level === 'HALTED')) expect(statusOf(causes, 'a').state).toBe('HALTED');
        }
      }),
    );
  });
});

describe('reading causes back', () => {
  it.each([undefined, null, 'x', {}, [null], [{ code: 'USER' }], [{ ...cause(), level: 'ACTIVE' }]])(
    '%j cannot be understood and is a HALT',
    (input) => {
      expect(statusOf(readCauses(input, 7), 'anyone')).toMatchObject({
        state: 'HALTED',
        causes: [{ latched: true, at: 7 }],
      });
    },
  );
});
