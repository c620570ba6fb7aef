import { beforeAll, expect, it } from 'vitest';
import { filledOf } from '../../../src/execution/algorithms/parent-state.ts';
import { describeWithData, sharedData } from '../../support/shared-data.ts';
import { curveOf, FEEDS, HISTORY, HORIZON_MS, type ParentName, recordedParents, START_AT } from './recorded-parents.ts';
import { readRecording, RecordedRun, type Recording, type RecordedOutcome } from './recorded-run.ts';

describeWithData('20 BTC through the recorded full-depth feed', [...FEEDS, HISTORY], () => {
  let recording: Recording;
  let curve: number[];
  beforeAll(async () => {
    recording = await readRecording(FEEDS.map((path) => sharedData(path) ?? ''));
    curve = await curveOf(sharedData(HISTORY) ?? '');
  }, 120_000);

  function run(name: ParentName): RecordedOutcome {
    return new RecordedRun(recording).run(START_AT, recordedParents(curve)[name]);
  }

  function judge(outcome: RecordedOutcome): void {
    const { parent, cost, beyondBook } = outcome;
    expect(beyondBook).toBe(0);
    const quantity = parent.children.reduce((sum, child) => sum + child.filled, 0);
    expect(quantity).toBe(filledOf(parent));
    expect(quantity).toBeLessThanOrEqual(parent.quantity);
    const { delay, trading, opportunity, fees, total } = cost.costs;
    expect(delay.plus(trading).plus(opportunity).plus(fees).eq(total)).toBe(true);
    // Fees of 10 bp, a fraction of a bp of spread, and eight minutes of drift: another order of magnitude is a fault.
    expect(Math.abs(cost.bps.total)).toBeLessThan(60);
  }

  it.each(['TWAP, market slices', 'VWAP'] as const)(
    '%s fills whole and keeps its schedule',
    (name) => {
      const outcome = run(name);
      judge(outcome);
      expect(outcome.parent).toMatchObject({ status: 'filled' });
      expect(outcome.parent.slices.filter((_, at) => at % 2 === 1).reduce((sum, size) => sum + size, 0)).toBe(
        20_000_000,
      );
      // A slice is filled one latency after it is due, or with the retry where the touch was thin.
      expect(outcome.longestLagMs).toBeLessThanOrEqual(10_000);
      expect((outcome.parent.endedAt ?? 0) - outcome.parent.startedAt).toBeLessThanOrEqual(HORIZON_MS + 10_000);
    },
    60_000,
  );

  it('TWAP in limit slices fills within its horizon, partly as a maker', () => {
    const outcome = run('TWAP, limit slices');
    judge(outcome);
    expect(outcome.parent).toMatchObject({ status: 'filled' });
    expect(outcome.makerShare).toBeGreaterThan(0.05);
  }, 60_000);

  it('the iceberg never shows more than its part, and never pays more than its limit', () => {
    const outcome = run('Iceberg');
    judge(outcome);
    expect(Math.max(...outcome.parent.children.map(({ quantity }) => quantity))).toBeLessThanOrEqual(600_000);
    for (const child of outcome.parent.children) expect(child.price).toBe(outcome.parent.limit);
    const paid = outcome.log.filter((line) => line.includes(' fill ')).map((line) => Number(line.split(' ')[4]));
    expect(paid.length).toBeGreaterThan(10);
    expect(Math.max(...paid)).toBeLessThanOrEqual(outcome.parent.limit ?? 0);
    // The price falls through the limit, so most of the later parts find offers at once.
    expect(outcome.makerShare).toBeGreaterThan(0);
  }, 60_000);

  it('participation stays at its rate', () => {
    const outcome = run('POV 10 %');
    judge(outcome);
    expect(outcome.cost.participation).toBeLessThanOrEqual(0.1001);
    expect(outcome.cost.participation).toBeGreaterThan(0.05);
  }, 60_000);

  it('is the same in every run', () => {
    expect(run('TWAP, limit slices').log).toEqual(run('TWAP, limit slices').log);
  }, 60_000);
});
