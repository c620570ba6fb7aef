import { describe, expect, it } from 'vitest';
import { Decimal } from '../../src/domain/decimal.ts';
import { DEFAULT_LIMITS, RESEARCH_LIMITS } from '../../src/risk/limits.ts';
import { gauges, type Gauge } from '../../src/risk/gauges.ts';
import { accountOf, BTC, instrumentOf } from '../portfolio/fixtures.ts';
import { workingOf, worldOf, type World } from './gate-fixtures.ts';

function read(world: World): Map<string, Gauge> {
  const list = gauges(
    {
      view: {
        now: () => world.now,
        instrument: () => world.instrument,
        account: () => world.account,
        cash: () => world.cash,
        equity: () => world.equity,
        position: () => world.net,
        held: () => [BTC.id],
        openOrders: () => world.open,
        reference: () => world.reference,
        depth: () => null,
        accountsOf: () => [],
        marketClosed: () => null,
      },
      limits: () => world.limits,
      day: () => world.day,
      fees: () => world.fees,
      sentWithin: (_, windowMs) => (windowMs === 1_000 ? 3 : 40),
    },
    'paper-1',
  );
  return new Map(list.map((gauge) => [gauge.code, gauge]));
}

describe('gauges', () => {
  it('show value, limit, used share and a sentence for each limit', () => {
    const meters = read(
      worldOf({
        equity: new Decimal(96_880),
        net: 100_000,
        reference: { bid: 9_999, ask: 10_001, last: 0, ts: 0, ageMs: 0, stale: false },
        open: [workingOf({ quantity: 50_000 })],
        account: accountOf({ leverage: '5' }),
      }),
    );
    expect(meters.get('DAILY_LOSS')).toMatchObject({
      value: '0.0312',
      limit: '0.05',
      sentence: 'Daily loss: 3.12 % of 5 % (62 %).',
    });
    expect(meters.get('DAILY_LOSS')?.fraction).toBeCloseTo(0.624, 12);
    // 10,000 held and 5,000 ordered.
    expect(meters.get('GROSS_EXPOSURE')?.fraction).toBeCloseTo(15_000 / 96_880 / 3, 12);
    expect(meters.get('CONCENTRATION')?.title).toBe('Largest exposure (BTCUSDT)');
    expect(Number(meters.get('MARGIN_EXCEEDS_FREE_BALANCE')?.value)).toBeCloseTo(3_005, 6);
    expect(meters.get('MAX_OPEN_ORDERS')).toMatchObject({ value: '1', limit: '50', fraction: 0.02 });
    expect(meters.get('RATE_PER_SECOND')).toMatchObject({ fraction: 0.3 });
    expect(meters.get('RATE_PER_MINUTE')).toMatchObject({ fraction: 0.2 });
  });

  it('a profit is no negative loss', () => {
    expect(read(worldOf({ equity: new Decimal(130_000) })).get('DAILY_LOSS')).toMatchObject({
      value: '0',
      fraction: 0,
    });
  });

  it.each<[string, Partial<World>, string]>([
    ['price', { reference: null, net: 5 }, 'GROSS_EXPOSURE'],
    ['equity', { equity: null }, 'DAILY_LOSS'],
    ['day', { day: null }, 'DRAWDOWN'],
    ['instrument', { instrument: null }, 'CONCENTRATION'],
  ])('without %s the meter shows no value instead of zero', (_, world, code) => {
    expect(read(worldOf(world)).get(code)).toMatchObject({ value: null, fraction: null });
  });

  it('limits that are off have no meter; unknown account or limits have none at all', () => {
    expect([...read(worldOf({ limits: RESEARCH_LIMITS })).keys()]).toEqual(['MARGIN_EXCEEDS_FREE_BALANCE']);
    expect(read(worldOf({ limits: null })).size).toBe(0);
    expect(read(worldOf({ account: null })).size).toBe(0);
    const all = { ...DEFAULT_LIMITS, maxPosition: '10', maxPositionNotional: '500' };
    const meters = read(
      worldOf({ limits: all, net: 5_000, instrument: instrumentOf(), account: accountOf({ type: 'cash' }) }),
    );
    expect(meters.get('MAX_POSITION')).toMatchObject({ value: '5', fraction: 0.5 });
    expect(meters.has('NOTIONAL_EXCEEDS_FREE_BALANCE')).toBe(true);
  });
});
