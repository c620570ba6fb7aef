import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/clock/simulated.ts';
import type { Account } from '../../src/domain/account.ts';
import { defineInstrument } from '../../src/domain/instrument.ts';
import type { Quote } from '../../src/domain/market-data.ts';
import { ok } from '../../src/domain/refusal.ts';
import type { Signal } from '../../src/domain/signal.ts';
import { TradingCore } from '../../src/engine/trading-core.ts';
import { MemoryJournal } from '../../src/journal/memory-journal.ts';
import { DEFAULT_LIMITS } from '../../src/risk/limits.ts';
import type { StrategyContext, StrategyDefinition } from '../../src/strategies/strategy.ts';
import { DEFAULT_VENUE_MODEL } from '../../src/venue/model.ts';

const START = Date.parse('2024-08-08T10:00:00Z');
const defined = defineInstrument({
  symbol: 'BTCUSDT',
  venue: 'SIM',
  kind: 'crypto-spot',
  quote: 'USDT',
  tick: '0.01',
  step: '0.00001',
});
if (!defined.ok) throw new Error(defined.error.sentence);
const BTC = defined.value;
const ACCOUNT: Account = {
  id: 'a',
  name: 'A',
  kind: 'paper',
  broker: 'sim',
  currency: 'USDT',
  type: 'cash',
  leverage: '1',
  startingCash: '100000',
};

/** A strategy that says what the test tells it to. */
function puppet(): { definition: StrategyDefinition; say: (direction: Signal['direction']) => void } {
  let context: StrategyContext | null = null;
  return {
    definition: {
      id: 'puppet',
      title: 'Puppet',
      description: 'Says what it is told.',
      parameters: [],
      warmup: () => 0,
      create: (_parameters, given) => {
        context = given;
        return ok({});
      },
    },
    say: (direction) =>
      context?.emit({
        direction,
        probability: null,
        expectedReturn: null,
        stop: null,
        target: null,
        horizonMs: null,
        reason: `told ${direction}`,
      }),
  };
}

function coreWithStrategy() {
  const clock = new SimulatedClock(START);
  const journal = new MemoryJournal();
  const core = new TradingCore({
    clock,
    journal,
    accounts: [ACCOUNT],
    instruments: [BTC],
    venues: [{ id: 'sim', model: DEFAULT_VENUE_MODEL, serves: () => true }],
    seed: 1,
    limits: () => DEFAULT_LIMITS,
    sessions: true,
    staleAfterMs: 10_000,
    orderPrefix: 'o',
    barFill: 'next-open',
  });
  const { definition, say } = puppet();
  const added = core.addStrategy(
    {
      definition,
      parameters: {},
      instrument: BTC,
      accountId: 'a',
      timeframe: null,
      plan: {
        direction: 'long',
        reverse: false,
        sizing: { kind: 'fraction', fraction: '0.1' },
        units: { kind: 'fractional' },
        stopLoss: null,
        takeProfit: null,
        trailing: null,
      },
    },
    'puppet',
  );
  if (!added.ok) throw new Error(added.error.sentence);
  let seconds = 0;
  const quote = (): void => {
    seconds += 1;
    const ts = START + seconds * 1_000;
    const event: Quote = {
      kind: 'quote',
      instrument: BTC.id,
      ts,
      at: ts,
      bid: 6_000_000,
      bidQuantity: 10_000_000,
      ask: 6_000_100,
      askQuantity: 10_000_000,
    };
    core.onEvent(event);
  };
  quote();
  return { core, journal, run: added.value, say, quote, held: () => core.portfolio.position('a', BTC.id) };
}

describe('a paused strategy', () => {
  it('does not sell what it holds because it would buy more', () => {
    const { run, say, quote, held } = coreWithStrategy();
    say('long');
    quote();
    const bought = held();
    expect(bought).toBeGreaterThan(0);
    run.state = 'paused';
    say('long');
    quote();
    expect(held()).toBe(bought);
  });

  it('still closes on the opposite signal and opens nothing', () => {
    const { run, say, quote, held } = coreWithStrategy();
    say('long');
    quote();
    run.state = 'paused';
    say('short');
    quote();
    expect(held()).toBe(0);
    say('long');
    quote();
    expect(held()).toBe(0);
  });
});

describe('a fill that cannot be booked', () => {
  it('halts its account until a person has looked', () => {
    const { core, journal, say, quote } = coreWithStrategy();
    core.portfolio.applyFill = () => ({ ok: false, error: { code: 'FILL_INVALID', sentence: 'No such fill.' } });
    say('long');
    quote();
    expect(core.monitor.status('a')).toMatchObject({
      state: 'HALTED',
      causes: [{ code: 'POSITION_MISMATCH', scope: 'a', latched: true }],
    });
    expect(journal.records.some((record) => record.kind === 'audit' && record.audit.action === 'FILL_INVALID')).toBe(
      true,
    );
  });

  it('halts also when the books throw', () => {
    const { core, say, quote } = coreWithStrategy();
    core.portfolio.applyFill = () => {
      throw new Error('broken books');
    };
    say('long');
    quote();
    expect(core.monitor.status('a')).toMatchObject({ state: 'HALTED', causes: [{ code: 'POSITION_MISMATCH' }] });
  });
});
