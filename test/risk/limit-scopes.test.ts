import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../src/domain/decimal.ts';
import { changeLimits, type LimitBook, readScopes } from '../../src/risk/limit-book.ts';
import { bindingLimits, isStricter, limitsOfScope } from '../../src/risk/limit-scopes.ts';
import {
  DEFAULT_LIMITS,
  LIMIT_NAMES,
  type LimitScope,
  type LimitScopeKind,
  RESEARCH_LIMITS,
  type RiskLimits,
  type ScopedLimits,
} from '../../src/risk/limits.ts';
import { fillOf } from '../portfolio/fixtures.ts';
import { gateOf, orderOf, workingOf, worldOf } from './gate-fixtures.ts';

const SYMBOL: LimitScope = { kind: 'symbol', id: 'BTCUSDT.BINANCE' };
const ACCOUNT: LimitScope = { kind: 'account', id: 'paper-1' };
const STRATEGY: LimitScope = { kind: 'strategy', id: 's1' };
const BROKER: LimitScope = { kind: 'broker', id: 'paper' };
const by = { owner: 'user', reason: 'a test', at: 1 };
const limitsOf = (...scopes: ScopedLimits[]): RiskLimits => ({ ...RESEARCH_LIMITS, scopes });
const blocks = (
  limits: RiskLimits,
  order = orderOf({ strategyId: 's1' }),
  open = [] as ReturnType<typeof workingOf>[],
) =>
  gateOf(worldOf({ limits, open, equity: new Decimal(1e9) }))
    .check(order)
    .checks.filter(({ severity }) => severity === 'block');

describe('the strictest limit of all scopes holds and is named', () => {
  const KINDS = [SYMBOL, ACCOUNT, STRATEGY, BROKER];
  it.each(KINDS)('of $kind $id', (scope) => {
    const [check] = blocks(limitsOf({ scope, limits: { maxOrderNotional: '999' } }));
    expect(check).toMatchObject({
      code: 'NOTIONAL_EXCEEDS_MAX_PER_ORDER',
      limit: '999',
      scope: `${scope.kind} ${scope.id}`,
    });
    expect(check?.sentence).toContain(`This is the limit of ${scope.kind} ${scope.id}.`);
  });

  it('whichever is the strictest, in whatever order they stand', () => {
    const figures = ['100', '300', '500', '700'];
    fc.assert(
      fc.property(
        fc.shuffledSubarray(KINDS, { minLength: 4 }),
        fc.option(fc.constantFrom('50', '900')),
        (order, base) => {
          const scopes = order.map((scope, index) => ({ scope, limits: { maxOrderNotional: figures[index] ?? '' } }));
          const [check] = blocks({ ...limitsOf(...scopes), maxOrderNotional: base });
          if (base === '50') {
            expect(check).toMatchObject({ limit: '50' });
            expect(check?.scope).toBeUndefined();
          } else {
            const first = order[0];
            expect(check).toMatchObject({ limit: '100', scope: `${first?.kind} ${first?.id}` });
          }
        },
      ),
    );
  });

  it('another account, strategy, symbol or broker is not bound', () => {
    for (const scope of KINDS) {
      expect(blocks(limitsOf({ scope: { ...scope, id: 'other' }, limits: { maxOrderNotional: '1' } }))).toEqual([]);
    }
  });

  it('merging is as strict as the strictest for every limit and looser for none', () => {
    const value = (name: string, step: number): string | number =>
      /Ms$|Count$|per(Second|Minute)$|OpenOrders$|orders/i.test(name) ? step : `0.${step}`;
    for (const kind of ['account', 'symbol', 'strategy', 'broker'] as const) {
      const scope = KINDS.find((one) => one.kind === kind) ?? ACCOUNT;
      for (const name of limitsOfScope(kind)) {
        for (const [inBase, inScope] of [
          [3, 5],
          [5, 3],
          [4, 4],
          [null, 3],
          [3, null],
        ] as const) {
          const figure = (step: number | null) => (step === null ? null : value(name, step));
          const limits = { ...RESEARCH_LIMITS, ...(inBase === null ? {} : { [name]: figure(inBase) }) } as RiskLimits;
          const scoped = { scope, limits: { [name]: figure(inScope) } };
          const merged = bindingLimits({ ...limits, scopes: [scoped] }, orderOf({ strategyId: 's1' }), 'paper').limits[
            name
          ];
          expect(isStricter(name, limits[name], merged)).toBe(false);
        }
      }
    }
  });
});

describe('limits measured by the scope itself', () => {
  it('rates and open orders of a symbol and of a strategy count only their own', () => {
    const own = [workingOf({ strategyId: 's1' }), workingOf({ strategyId: 's2' })];
    const other = [workingOf({ strategyId: 's1', instrument: 'ETHUSDT.BINANCE', reduceOnly: true })];
    const limit = (scope: LimitScope, maxOpenOrders: number) => limitsOf({ scope, limits: { maxOpenOrders } });
    expect(blocks(limit(SYMBOL, 3), orderOf({ strategyId: 's1' }), [...own, ...other])).toEqual([]);
    expect(blocks(limit(SYMBOL, 2), orderOf({ strategyId: 's1' }), own)).toMatchObject([
      { code: 'MAX_OPEN_ORDERS', value: '3', limit: '2', scope: 'symbol BTCUSDT.BINANCE' },
    ]);
    expect(blocks(limit(STRATEGY, 2), orderOf({ strategyId: 's1' }), own)).toEqual([]);
    expect(blocks(limit(STRATEGY, 1), orderOf({ strategyId: 's1' }), own)).toMatchObject([{ code: 'MAX_OPEN_ORDERS' }]);
    const world = worldOf({ limits: limitsOf({ scope: STRATEGY, limits: { ordersPerMinute: 2 } }) });
    const gate = gateOf(world);
    gate.noteSubmitted(orderOf({ strategyId: 's2' }), world.now);
    gate.noteSubmitted(orderOf({ strategyId: 's1' }), world.now);
    expect(gate.check(orderOf({ strategyId: 's1' })).verdict).toBe('allow');
    gate.noteSubmitted(orderOf({ strategyId: 's1' }), world.now);
    expect(gate.check(orderOf({ strategyId: 's1' })).checks[0]).toMatchObject({
      code: 'RATE_LIMIT_EXCEEDED',
      value: '3',
    });
    expect(gate.check(orderOf({ strategyId: 's2' })).verdict).toBe('allow');
  });

  it('a strategy is bound by what it opened itself, also where the account nets to less', () => {
    const world = worldOf({
      net: 2_000,
      limits: limitsOf({ scope: STRATEGY, limits: { maxPosition: '10' } }),
      equity: new Decimal(1e9),
    });
    const gate = gateOf(world);
    gate.strategies.onFill(fillOf('buy', 9_000, 10_000), 's1', 9_000);
    gate.strategies.onFill(fillOf('sell', 7_000, 10_000), 's2', 2_000);
    const check = (quantity: number, strategyId: string, side: 'buy' | 'sell' = 'buy') =>
      gate
        .check(orderOf({ quantity, strategyId, side, type: 'market' }))
        .checks.filter((one) => one.severity === 'block');
    expect(check(1_000, 's1')).toEqual([]);
    expect(check(1_001, 's1')).toMatchObject([{ code: 'MAX_POSITION', value: '10.001', scope: 'strategy s1' }]);
    expect(check(9_000, 's1', 'sell')).toEqual([]);
    expect(check(50_000, 's2')).toEqual([]);
    // A person closes everything: the strategies hold nothing any more.
    gate.strategies.onFill(fillOf('sell', 2_000, 10_000), null, 0);
    expect(check(10_000, 's1')).toEqual([]);
  });

  it('exposure of a broker is that of its accounts', () => {
    const limits = limitsOf({ scope: BROKER, limits: { maxGrossNotional: '2500' } });
    const open = [workingOf({ quantity: 15_000 })];
    expect(blocks(limits, orderOf({ quantity: 10_000 }), open)).toEqual([]);
    expect(blocks(limits, orderOf({ quantity: 10_001 }), open)).toMatchObject([
      { code: 'GROSS_NOTIONAL', limit: '2500', scope: 'broker paper' },
    ]);
  });
});

describe('changing limits of a scope', () => {
  const book: LimitBook = { limits: DEFAULT_LIMITS, changes: [] };
  const granted = (result: ReturnType<typeof changeLimits>): LimitBook => {
    if (!result.ok) throw new Error(result.error.sentence);
    return result.value;
  };

  it('keeps who, when and why of each, and null takes a limit away', () => {
    const one = granted(changeLimits(book, { maxPosition: '2', maxOpenOrders: 3 }, by, SYMBOL));
    expect(one.limits.scopes).toEqual([{ scope: SYMBOL, limits: { maxPosition: '2', maxOpenOrders: 3 } }]);
    expect(one.changes).toMatchObject([
      { scope: SYMBOL, name: 'maxPosition', before: 'null', after: '2', owner: 'user', reason: 'a test', at: 1 },
      { scope: SYMBOL, name: 'maxOpenOrders', before: 'null', after: '3' },
    ]);
    const two = granted(changeLimits(one, { maxPosition: null }, { ...by, at: 2 }, SYMBOL));
    expect(two.limits.scopes).toEqual([{ scope: SYMBOL, limits: { maxOpenOrders: 3 } }]);
    expect(two.changes.at(-1)).toMatchObject({ name: 'maxPosition', before: '2', after: 'null', at: 2 });
    const three = granted(changeLimits(two, { maxOpenOrders: null }, by, SYMBOL));
    expect(three.limits.scopes).toEqual([]);
    // Limits of all accounts and of a scope live side by side.
    const four = granted(changeLimits(two, { maxOpenOrders: 20 }, by));
    expect(four.limits).toMatchObject({ maxOpenOrders: 20, scopes: [{ limits: { maxOpenOrders: 3 } }] });
    expect(readScopes(JSON.parse(JSON.stringify(two.limits.scopes)))).toEqual({ ok: true, value: two.limits.scopes });
  });

  it.each([
    [SYMBOL, { maxDrawdown: '0.1' }, 'LIMIT_UNKNOWN'],
    [STRATEGY, { minCash: '5' }, 'LIMIT_UNKNOWN'],
    [BROKER, { maxPosition: '5' }, 'LIMIT_UNKNOWN'],
    [ACCOUNT, { maxLuck: '5' }, 'LIMIT_UNKNOWN'],
    [ACCOUNT, { maxDrawdown: '5' }, 'LIMIT_INVALID'],
    [ACCOUNT, { maxDrawdown: 0.05 }, 'LIMIT_INVALID'],
    [{ kind: 'planet' as LimitScopeKind, id: 'mars' }, {}, 'LIMIT_SCOPE'],
    [{ kind: 'symbol' as const, id: ' ' }, {}, 'LIMIT_SCOPE'],
  ])('%j %j is refused', (scope, input, code) => {
    expect(changeLimits(book, input, by, scope)).toMatchObject({ ok: false, error: { code } });
  });

  it('needs a name and a reason', () => {
    expect(changeLimits(book, { maxPosition: '2' }, { ...by, reason: ' ' }, SYMBOL).ok).toBe(false);
  });

  it.each([null, {}, [{}], [{ scope: SYMBOL, limits: { nonsense: 1 } }], [{ scope: { kind: 'symbol' }, limits: {} }]])(
    'stored %j is refused',
    (stored) => expect(readScopes(stored).ok).toBe(false),
  );

  it('every limit has a place in an account', () => {
    expect([...limitsOfScope('account')].sort()).toEqual([...LIMIT_NAMES].sort());
  });
});
