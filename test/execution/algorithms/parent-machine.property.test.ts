import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AlgorithmTerms } from '../../../src/execution/algorithms/algorithm-terms.ts';
import { createRandom } from '../../../src/domain/random.ts';
import { advanceParent, newParent, type ParentInput } from '../../../src/execution/algorithms/parent-machine.ts';
import { ENDED, filledOf, type ParentState } from '../../../src/execution/algorithms/parent-state.ts';
import { ticketFault } from '../../../src/execution/algorithms/ticket-fault.ts';
import { RoughRun } from './rough-venue.ts';
import { GRID, sightOf, termsOf, ticketOf, TWAP } from './support.ts';

const anyTerms: fc.Arbitrary<AlgorithmTerms> = fc
  .record({
    own: fc.constantFrom(
      TWAP,
      { ...TWAP, style: 'limit' as const, urgency: 'low' as const },
      { ...TWAP, style: 'limit' as const, urgency: 'high' as const, end: 'closed' as const },
      { ...TWAP, catchUpLimit: 1.5, remainder: 'last' as const },
      { ...TWAP, type: 'vwap' as const, curve: [5, 1, 2] },
      {
        type: 'pov',
        rate: 0.2,
        intervalMs: 1_000,
        horizonMs: 60_000,
        finish: 'complete',
        style: 'market',
        urgency: 'normal',
      } as const,
      {
        type: 'pov',
        rate: 0.3,
        intervalMs: 2_000,
        horizonMs: null,
        finish: 'leave',
        style: 'limit',
        urgency: 'normal',
      } as const,
      { type: 'iceberg', display: 70, postOnly: false } as const,
      { type: 'pegged', joinMs: 20_000, improveMs: 10_000, crosses: true, horizonMs: null, repegMs: 500 } as const,
      { type: 'sniper' } as const,
      { type: 'guarded-market', collarBps: 30 } as const,
    ),
    sizeVariation: fc.constantFrom(0, 0.3),
    timeVariation: fc.constantFrom(0, 0.4),
    seed: fc.integer(),
    withinBook: fc.boolean(),
    maxChildAgeMs: fc.constantFrom(null, 3_000),
    timeoutMs: fc.constantFrom(null, 50_000),
    settleMs: fc.constantFrom(0, 2_000),
  })
  .map(({ own, ...common }) => termsOf({ ...own, ...common } as Parameters<typeof termsOf>[0]));

const anyRun = fc.record({
  terms: anyTerms,
  quantity: fc.integer({ min: 1, max: 3_000 }),
  minimum: fc.constantFrom(1, 10, 50),
  step: fc.constantFrom(1, 5),
  side: fc.constantFrom('buy' as const, 'sell' as const),
  hasLimit: fc.boolean(),
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
});

type Run = typeof anyRun extends fc.Arbitrary<infer T> ? T : never;

function start(run: Run, restart: (step: number) => boolean): RoughRun | null {
  const { terms, side, step, minimum } = run;
  const needsLimit = terms.type === 'iceberg' || terms.type === 'sniper' || run.hasLimit;
  const limit = needsLimit ? (side === 'buy' ? 10_050 : 9_950) : null;
  const grid = { ...GRID, step, minQuantity: minimum };
  const ticket = ticketOf(terms, { side, limit, quantity: run.quantity * step });
  return ticketFault(ticket, grid, 10_000) === null ? new RoughRun(ticket, grid, run.seed, restart) : null;
}

it('never has more out than the parent wants, whatever the venue does', () => {
  fc.assert(
    fc.property(anyRun, (run) => {
      const rough = start(run, () => false);
      if (rough === null) return;
      const { log } = rough.run(300);
      expect(log).toMatchObject({ overfilled: false, tooLarge: false, doubled: false, beyondBook: false });
      rough.settle();
      expect(ENDED.has(rough.state.status)).toBe(true);
      const filled = [...rough.children.values()].reduce((sum, child) => sum + child.filled, 0);
      expect(filledOf(rough.state)).toBe(filled);
      expect(filled).toBeLessThanOrEqual(rough.state.quantity);
      expect(rough.state.status === 'filled').toBe(filled === rough.state.quantity);
    }),
    { numRuns: 200 },
  );
});

it('does the same with restarts at random points as without', () => {
  fc.assert(
    fc.property(anyRun, fc.integer({ min: 1, max: 9 }), (run, every) => {
      const whole = start(run, () => false);
      const torn = start(run, (step) => step % every === 0);
      if (whole === null || torn === null) return;
      whole.run(300).settle();
      torn.run(300).settle();
      expect(torn.log.lines).toEqual(whole.log.lines);
      expect(JSON.stringify(torn.state)).toBe(JSON.stringify(whole.state));
    }),
    { numRuns: 100 },
  );
});

it('children add up to the parent for any quantity, step and minimum, none off the step or below the minimum', () => {
  fc.assert(
    fc.property(
      anyTerms,
      fc.integer({ min: 1, max: 5_000 }),
      fc.constantFrom(1, 3, 10),
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 0, max: 2 ** 31 }),
      (terms, steps, step, minimumSteps, seed) => {
        const grid = { ...GRID, step, minQuantity: minimumSteps * step };
        const limit = terms.type === 'iceberg' || terms.type === 'sniper' ? 10_050 : null;
        const plain = { ...terms, maxChildAgeMs: null, timeoutMs: null, withinBook: false };
        const ticket = ticketOf(plain, { quantity: steps * step, limit });
        if (ticketFault(ticket, grid, 10_000) !== null) return;
        const { state } = fillAll(ticket, grid, seed);
        const sizes = state.children.map(({ quantity }) => quantity);
        if (plain.type === 'pov' && plain.finish === 'leave') return;
        expect(state.status).toBe('filled');
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(ticket.quantity);
        expect(sizes.every((size) => size % step === 0)).toBe(true);
        if (sizes.length > 1 && !('remainder' in plain && plain.remainder === 'last')) {
          expect(Math.min(...sizes)).toBeGreaterThanOrEqual(grid.minQuantity);
        }
      },
    ),
    { numRuns: 200 },
  );
});

/** A venue that fills every child whole, in a market that offers plenty and trades now and then. */
function fillAll(ticket: Parameters<typeof newParent>[0], grid: typeof GRID, seed: number): { state: ParentState } {
  const random = createRandom(seed);
  const sight = sightOf({ askQuantity: 10_000_000, bidQuantity: 10_000_000 });
  let now = 0;
  let state = newParent(ticket, grid, now, sight);
  const inbox: ParentInput[] = [{ type: 'look' }];
  for (let round = 0; round < 4_000 && !ENDED.has(state.status); round += 1) {
    const input = inbox.shift() ?? { type: 'look' };
    const step = advanceParent(state, input, now, sight);
    state = step.state;
    for (const action of step.actions) {
      if (action.kind !== 'send') continue;
      const { n, quantity } = action;
      const done = { status: 'closed', quantity, filled: quantity, value: '0', fees: '0', refused: false } as const;
      inbox.push({ type: 'child', n, ...done, code: null, sentence: null });
    }
    if (inbox.length > 0) continue;
    if (random.next() < 0.5) inbox.push({ type: 'trade', quantity: Math.round(random.next() * 2_000) });
    now = Math.min(now + 1 + random.next() * 3_000, Math.max(now, step.wakeAt));
  }
  return { state };
}
