import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import { Decimal, ZERO } from '../../src/domain/decimal.ts';
import type { Fill } from '../../src/domain/fill.ts';
import { defineInstrument, notional, type Instrument, type InstrumentKind } from '../../src/domain/instrument.ts';
import { liquidatable, liquidationText, marginFigures, type MarginTerms } from '../../src/portfolio/margin-account.ts';
import { createPortfolio, type Portfolio } from '../../src/portfolio/portfolio.ts';
import { fundingPayment } from '../../src/venue/margin/funding.ts';
import { LARGE_PERPETUAL_MARGIN, MarginTable, PLAIN_MARGIN } from '../../src/venue/margin/margin-tier.ts';

function instrumentOf(symbol: string, kind: InstrumentKind): Instrument {
  const made = defineInstrument({ symbol, venue: 'test', kind, quote: 'USDT', tick: '0.01', step: '0.001' });
  if (!made.ok) throw new Error(made.error.sentence);
  return made.value;
}

const SPOT = instrumentOf('AAAUSDT', 'crypto-spot');
const PERP = instrumentOf('BBBUSDT', 'crypto-perpetual');
const OTHER = instrumentOf('CCCUSDT', 'crypto-perpetual');

function accountOf(leverage = '1', startingCash = '100000'): Account {
  return {
    id: 'a',
    name: 'a',
    kind: 'paper',
    broker: 'paper',
    currency: 'USDT',
    type: 'margin',
    leverage,
    startingCash,
  };
}

function portfolioOf(account: Account): Portfolio {
  const instruments = new Map([SPOT, PERP, OTHER].map((one) => [one.id, one]));
  return createPortfolio({ accounts: [account], instruments });
}

function tableOf(tiers = PLAIN_MARGIN): MarginTable {
  const made = MarginTable.of(tiers);
  if (!made.ok) throw new Error(made.error.sentence);
  return made.value;
}
const PLAIN = tableOf();
const TIERED = tableOf(LARGE_PERPETUAL_MARGIN);
const terms = (mode: 'cross' | 'isolated', table = PLAIN): MarginTerms => ({
  mode,
  rule: 'maintenance',
  fee: ZERO,
  table: () => table,
});

let made = 0;
function fillOf(instrument: Instrument, signed: number, price: number, fee: Decimal = ZERO): Fill {
  made += 1;
  return {
    tradeId: `t${made}`,
    orderId: `o${made}`,
    accountId: 'a',
    instrument: instrument.id,
    side: signed > 0 ? 'buy' : 'sell',
    price,
    quantity: Math.abs(signed),
    liquidity: 'taker',
    fee,
    ts: made,
    modelled: { model: 'test', seed: null, latencyMs: 0, reference: price, slippage: 0, impact: 0 },
  };
}

function book(portfolio: Portfolio, fill: Fill): void {
  const booked = portfolio.applyFill(fill);
  if (!booked.ok) throw new Error(booked.error.sentence);
}

function used(portfolio: Portfolio, account: Account): string | undefined {
  return marginFigures(portfolio, account, terms('cross'))?.used.toFixed();
}

describe('margin in use', () => {
  const p = 10_000;
  it.each([
    ['buy 100, sell 50, sell 50', [100, -50, -50], ['10000', '5000', '0']],
    ['buy 100, sell 200: only the excess is a position', [100, -200], ['10000', '10000']],
    ['buy and sell twice', [100, -100, 100, -100], ['10000', '0', '10000', '0']],
    ['short 100, buy 40', [-100, 40], ['10000', '6000']],
  ])('%s', (_, steps, expected) => {
    const account = accountOf();
    const portfolio = portfolioOf(account);
    const seen = steps.map((lots) => {
      book(portfolio, fillOf(PERP, lots * 1_000, p));
      return used(portfolio, account);
    });
    expect(seen).toEqual(expected);
  });

  it('is a share by leverage, and no less than the tier asks for', () => {
    const account = accountOf('125', '10000000');
    const portfolio = portfolioOf(account);
    // 1,000 at 1,000.00 is a million: the third tier, 75 times at most.
    book(portfolio, fillOf(PERP, 1_000_000, 100_000));
    const figures = marginFigures(portfolio, account, terms('cross', TIERED));
    expect(figures?.used.toFixed()).toBe('13333.3333');
    expect(figures?.maintenance.toFixed()).toBe('5550');
    expect(figures?.free.toFixed()).toBe('9986666.6667');
    expect(figures?.wallet.toFixed()).toBe('10000000');
  });
});

describe('liquidation', () => {
  it('isolated: the price of a position does not look at the other', () => {
    const account = accountOf('5', '1000000');
    const portfolio = portfolioOf(account);
    book(portfolio, fillOf(PERP, 1_000, 100_000));
    book(portfolio, fillOf(OTHER, -1_000, 200_000));
    const figures = marginFigures(portfolio, account, terms('isolated'));
    // 1000 x (1 - 1/5) / (1 - 0.005) and 2000 x (1 + 1/5) / (1 + 0.005)
    expect(figures?.positions.map((one) => one.liquidationPrice?.toFixed(4))).toEqual(['804.0201', '2388.0597']);
  });

  it('cross: the whole wallet and the profit of the others stand for it', () => {
    const account = accountOf('5', '1000');
    const portfolio = portfolioOf(account);
    book(portfolio, fillOf(PERP, 2_000, 100_000));
    book(portfolio, fillOf(OTHER, 1_000, 50_000));
    portfolio.mark(OTHER.id, 60_000, 60_000, 60_000, 10);
    const figures = marginFigures(portfolio, account, terms('cross'));
    // (1000 + 100 - 3 - 2000) / (2 x 0.005 - 2)
    expect(figures?.positions[0]?.liquidationPrice?.toFixed(6)).toBe('453.768844');
  });

  it('happens at the price that was named and not a tick before it', () => {
    fc.assert(
      fc.property(
        fc.record({
          lots: fc.integer({ min: 1, max: 400 }),
          price: fc.integer({ min: 5_000, max: 500_000 }),
          leverage: fc.integer({ min: 2, max: 50 }),
          isShort: fc.boolean(),
          isIsolated: fc.boolean(),
          isTiered: fc.boolean(),
        }),
        ({ lots, price, leverage, isShort, isIsolated, isTiered }) => {
          const quantity = lots * (isShort ? -1_000 : 1_000);
          const stake = notional(PERP, price, Math.abs(quantity)).div(leverage);
          const account = accountOf(String(leverage), stake.toFixed());
          const portfolio = portfolioOf(account);
          const how = terms(isIsolated ? 'isolated' : 'cross', isTiered ? TIERED : PLAIN);
          book(portfolio, fillOf(PERP, quantity, price));
          const exact = marginFigures(portfolio, account, how)?.positions[0]?.liquidationPrice ?? null;
          // Above the leverage of its tier a position is liquidated as soon as it is open.
          if (exact === null || exact.times(100).minus(price).toNumber() > 0 !== isShort) return;
          const at = Math.round(Number(liquidationText(PERP, quantity, exact)) * 100);
          const beyond = isShort ? at + 1 : at - 1;
          const before = isShort ? at - 1 : at + 1;
          const isAt = (mark: number): boolean => {
            portfolio.mark(PERP.id, mark, mark, mark, 99);
            return liquidatable(portfolio, account, how).length === 1;
          };
          expect(isAt(beyond)).toBe(true);
          expect(isAt(before)).toBe(false);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each(['cross', 'isolated'] as const)('%s: happens when exactly the maintenance margin is left', (mode) => {
    const account = accountOf('2', '99.5');
    const portfolio = portfolioOf(account);
    book(portfolio, fillOf(PERP, 1_000, 19_900));
    // 99.5 - 99 = 0.5 = 0.5 % of 100
    portfolio.mark(PERP.id, 10_001, 10_001, 10_001, 10);
    expect(liquidatable(portfolio, account, terms(mode))).toEqual([]);
    portfolio.mark(PERP.id, 10_000, 10_000, 10_000, 11);
    expect(liquidatable(portfolio, account, terms(mode))).toHaveLength(1);
  });

  it('cross: takes the largest loss first', () => {
    const account = accountOf('10', '150');
    const portfolio = portfolioOf(account);
    book(portfolio, fillOf(PERP, 1_000, 100_000));
    book(portfolio, fillOf(OTHER, 1_000, 50_000));
    portfolio.mark(PERP.id, 94_000, 94_000, 94_000, 10);
    portfolio.mark(OTHER.id, 40_500, 40_500, 40_500, 10);
    expect(liquidatable(portfolio, account, terms('cross')).map(({ instrument }) => instrument.symbol)).toEqual([
      'CCCUSDT',
      'BBBUSDT',
    ]);
    portfolio.mark(OTHER.id, 42_500, 42_500, 42_500, 11);
    expect(liquidatable(portfolio, account, terms('cross'))).toEqual([]);
  });
});

describe('money is conserved', () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('fill' as const),
      instrument: fc.constantFrom(SPOT, PERP, OTHER),
      signed: fc.integer({ min: -500_000, max: 500_000 }).filter((units) => units !== 0),
      price: fc.integer({ min: 1, max: 9_999_999 }),
      fee: fc.integer({ min: -5_000, max: 200_000 }),
    }),
    fc.record({
      kind: fc.constant('funding' as const),
      instrument: fc.constantFrom(PERP, OTHER),
      mark: fc.integer({ min: 1, max: 9_999_999 }),
      rate: fc.integer({ min: -300, max: 300 }),
    }),
    fc.record({
      kind: fc.constant('mark' as const),
      instrument: fc.constantFrom(SPOT, PERP, OTHER),
      mark: fc.integer({ min: 1, max: 9_999_999 }),
    }),
  );

  it('to the last digit over fills, fees, marks and funding, on any leverage', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 60 }),
        fc.constantFrom('1', '5', '20'),
        (steps, leverage) => {
          const account = accountOf(leverage);
          const portfolio = portfolioOf(account);
          let cash = new Decimal(account.startingCash);
          let fees = ZERO;
          let flows = ZERO;
          const held = new Map<string, number>();
          const marks = new Map<string, number>();
          for (const one of steps) {
            const { instrument } = one;
            const quantity = held.get(instrument.id) ?? 0;
            if (one.kind === 'fill') {
              const fee = new Decimal(one.fee).div(10_000);
              book(portfolio, fillOf(instrument, one.signed, one.price, fee));
              cash = cash.minus(notional(instrument, one.price, one.signed)).minus(fee);
              fees = fees.plus(fee);
              held.set(instrument.id, quantity + one.signed);
              if (!marks.has(instrument.id)) marks.set(instrument.id, 0);
            } else if (one.kind === 'mark') {
              portfolio.mark(instrument.id, one.mark, one.mark, one.mark, made);
              marks.set(instrument.id, one.mark);
            } else {
              const paid = fundingPayment(instrument, quantity, one.mark, new Decimal(one.rate).div(1e6));
              expect(portfolio.applyCashFlow('a', paid).ok).toBe(true);
              cash = cash.plus(paid);
              flows = flows.plus(paid);
            }
          }
          // The last word on every price, so that the value is known.
          let value = ZERO;
          for (const instrument of [SPOT, PERP, OTHER]) {
            portfolio.mark(instrument.id, 12_345, 12_345, 12_345, made + 1);
            value = value.plus(notional(instrument, 12_345, held.get(instrument.id) ?? 0));
          }
          expect(portfolio.cash('a')?.toFixed()).toBe(cash.toFixed());
          expect(portfolio.equity('a')?.toFixed()).toBe(cash.plus(value).toFixed());
          expect(portfolio.fees('a').toFixed()).toBe(fees.toFixed());
          expect(portfolio.cashFlows('a').toFixed()).toBe(flows.toFixed());
          const cost = portfolio.holdings('a').reduce((sum, one) => sum.plus(one.cost), ZERO);
          const identity = new Decimal(account.startingCash)
            .plus(portfolio.realised('a'))
            .minus(cost)
            .minus(fees)
            .plus(flows);
          expect(portfolio.cash('a')?.toFixed()).toBe(identity.toFixed());
          const figures = marginFigures(portfolio, account, terms('cross'));
          // The wallet is what remains when everything is closed at cost.
          expect(figures?.wallet.toFixed()).toBe(cash.plus(cost).toFixed());
        },
      ),
      { numRuns: 200 },
    );
  });

  it('refuses money for an account that is not there', () => {
    expect(portfolioOf(accountOf()).applyCashFlow('b', new Decimal(1))).toMatchObject({
      ok: false,
      error: { code: 'ACCOUNT_NOT_FOUND' },
    });
  });
});
