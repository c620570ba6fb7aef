import { describe, expect, it } from 'vitest';
import type { ParentTicket } from '../../../src/execution/algorithms/algorithm-terms.ts';
import type { MarketSight } from '../../../src/execution/algorithms/market-sight.ts';
import type { ChildNews, ParentAction } from '../../../src/execution/algorithms/parent-draft.ts';
import { advanceParent, newParent, type ParentInput } from '../../../src/execution/algorithms/parent-machine.ts';
import { filledOf, leftOf, type ParentState } from '../../../src/execution/algorithms/parent-state.ts';
import { GRID, HALTED, REDUCING, sightOf, STALE, termsOf, ticketOf, TWAP } from './support.ts';

/** A parent and its story, told by hand. */
class Story {
  state: ParentState;
  now = 0;
  sight: MarketSight = sightOf();
  actions: readonly ParentAction[] = [];
  wakeAt = 0;

  constructor(ticket: ParentTicket, sight = sightOf()) {
    this.sight = sight;
    this.state = newParent(ticket, GRID, 0, sight);
    this.tell({ type: 'look' });
  }

  tell(input: ParentInput, now = this.now): this {
    this.now = now;
    const step = advanceParent(this.state, input, now, this.sight);
    this.state = step.state;
    this.actions = step.actions;
    this.wakeAt = step.wakeAt;
    return this;
  }

  look(now: number, sight = this.sight): this {
    this.sight = sight;
    return this.tell({ type: 'look' }, now);
  }

  child(n: number, change: Partial<ChildNews>): this {
    const known = this.state.children.find((child) => child.n === n);
    return this.tell({
      type: 'child',
      n,
      status: 'working',
      quantity: known?.quantity ?? 0,
      filled: known?.filled ?? 0,
      value: '0',
      fees: '0',
      refused: false,
      code: null,
      sentence: null,
      ...change,
    });
  }

  get sent(): string[] {
    return this.actions.map((action) =>
      action.kind === 'send' ? `send ${action.n} ${action.quantity}` : `cancel ${action.n}`,
    );
  }
}

const twap = (change: object = {}): ParentTicket => ticketOf(termsOf({ ...TWAP, ...change }));
const iceberg = (change: object = {}): ParentTicket =>
  ticketOf(termsOf({ type: 'iceberg', display: 400, postOnly: false, ...change }), { limit: 9_900 });

describe('what is not known counts in full', () => {
  it('an unknown child holds its quantity until the venue has spoken', () => {
    const story = new Story(twap());
    story.child(1, { status: 'unknown' });
    story.look(20_000);
    expect(story.sent).toEqual(['send 2 400']);
    story.child(2, { status: 'closed', filled: 400 });
    story.look(40_000);
    expect(story.sent).toEqual(['send 3 400']);
    story.child(3, { status: 'closed', filled: 400 });
    expect(leftOf(story.state, story.now)).toBe(0);
    expect(story.look(50_000).sent).toEqual([]);
    // It never reached the venue: only now is its quantity free.
    story.child(1, { status: 'closed', refused: true, code: 'NOT_AT_VENUE' });
    expect(story.look(51_000).sent).toEqual(['send 4 400']);
  });

  it('a cancelled child is free only once the venue confirms, with what it filled meanwhile', () => {
    const story = new Story(iceberg({ maxChildAgeMs: 5_000 }));
    expect(story.look(5_000).sent).toEqual(['cancel 1']);
    expect(story.look(6_000).sent).toEqual([]);
    story.child(1, { status: 'working', filled: 150 });
    expect(story.child(1, { status: 'closed', filled: 150 }).sent).toEqual(['send 2 400']);
    expect(leftOf(story.state, story.now)).toBe(1_200 - 150 - 400);
  });

  it('with a settling time, a fill that comes after the confirmation still fits', () => {
    const story = new Story(iceberg({ maxChildAgeMs: 5_000, settleMs: 3_000, display: 1_200 }));
    story.look(5_000);
    expect(story.child(1, { status: 'closed' }).sent).toEqual([]);
    story.now = 6_000;
    story.child(1, { status: 'closed', filled: 1_000 });
    expect(story.look(8_000).sent).toEqual(['send 2 200']);
  });

  it('without one, a late fill takes back what is too much', () => {
    const story = new Story(iceberg({ maxChildAgeMs: 5_000, display: 1_200 }));
    story.look(5_000);
    expect(story.child(1, { status: 'closed' }).sent).toEqual(['send 2 1200']);
    expect(story.child(1, { status: 'closed', filled: 1_000 }).sent).toEqual(['cancel 2']);
    expect(story.child(2, { status: 'closed' }).sent).toEqual(['send 3 200']);
  });
});

describe('the end', () => {
  it('a cancelled parent waits for its children and counts their late fills', () => {
    const story = new Story(iceberg());
    expect(story.tell({ type: 'cancel', reason: 'Enough.' }).sent).toEqual(['cancel 1']);
    expect(story.state.status).toBe('ending');
    story.child(1, { status: 'working', filled: 100 });
    expect(story.state.status).toBe('ending');
    story.child(1, { status: 'closed', filled: 250 });
    expect(story.state).toMatchObject({ status: 'cancelled', reason: 'Enough.' });
    story.child(1, { status: 'closed', filled: 300 });
    expect(story.state.status).toBe('cancelled');
    expect(filledOf(story.state)).toBe(300);
    expect(story.sent).toEqual([]);
  });

  it('filled meanwhile is filled, not cancelled', () => {
    const story = new Story(iceberg({ display: 1_200 }));
    story.tell({ type: 'cancel', reason: 'Enough.' });
    story.child(1, { status: 'closed', filled: 1_200 });
    expect(story.state).toMatchObject({ status: 'filled', reason: null });
  });

  it('a time-out takes the rest back and says what is left', () => {
    const story = new Story(iceberg({ timeoutMs: 10_000 }));
    story.child(1, { status: 'working', filled: 100 });
    expect(story.look(10_000).sent).toEqual(['cancel 1']);
    story.child(1, { status: 'closed', filled: 100 });
    expect(story.state).toMatchObject({ status: 'expired', reasonCode: 'TIME_OVER' });
    expect(story.state.reason).toContain('1.100 of 1.200');
  });

  it('refused children are tried again, so many times in a row and no more', () => {
    const story = new Story(twap());
    const refuse = (n: number): Story =>
      story.child(n, { status: 'closed', refused: true, code: 'NO', sentence: 'Not today.' });
    refuse(1);
    expect(story.look(999).sent).toEqual([]);
    expect(story.look(1_000).sent).toEqual(['send 2 400']);
    refuse(2);
    expect(story.look(2_000).sent).toEqual(['send 3 400']);
    refuse(3);
    expect(story.state).toMatchObject({ status: 'failed', reasonCode: 'NO' });
    expect(story.state.reason).toContain('Not today.');
  });

  it('a child that was taken begins the count anew', () => {
    const story = new Story(twap());
    const refuse = (n: number): Story =>
      story.child(n, { status: 'closed', refused: true, code: 'NO', sentence: 'No.' });
    refuse(1).look(1_000);
    refuse(2).look(2_000);
    story.child(3, { status: 'closed', filled: 400 });
    story.look(20_000);
    refuse(4).look(21_000);
    refuse(5).look(22_000);
    expect(story.state.status).toBe('working');
  });
});

describe('pauses', () => {
  it.each([
    ['stale prices', STALE, false],
    ['a halt', HALTED, true],
    ['reduce-only', REDUCING, false],
  ] as const)(
    '%s: children are taken back, nothing is sent, and the rule of resuming holds',
    (_name, hold, needsResume) => {
      const story = new Story(iceberg());
      expect(story.look(1_000, sightOf({ hold })).sent).toEqual(['cancel 1']);
      expect(story.state).toMatchObject({ status: 'paused', pause: { code: hold.code, needsResume } });
      story.child(1, { status: 'closed' });
      expect(story.look(2_000).sent).toEqual([]);
      story.look(3_000, sightOf());
      expect(story.sent).toEqual(needsResume ? [] : ['send 2 400']);
      if (!needsResume) return;
      expect(story.tell({ type: 'resume' }).sent).toEqual(['send 2 400']);
      expect(story.state).toMatchObject({ status: 'working', pause: null });
    },
  );

  it('resumed during the halt it goes on when that ends', () => {
    const story = new Story(iceberg());
    story.look(1_000, sightOf({ hold: HALTED })).child(1, { status: 'closed' });
    expect(story.tell({ type: 'resume' }).state.status).toBe('paused');
    expect(story.look(2_000, sightOf()).sent).toEqual(['send 2 400']);
  });

  it('a halt during a pause for stale prices needs a person', () => {
    const story = new Story(iceberg());
    story.look(1_000, sightOf({ hold: STALE })).look(2_000, sightOf({ hold: HALTED }));
    story.child(1, { status: 'closed' });
    expect(story.look(3_000, sightOf()).state.status).toBe('paused');
  });

  it('reduce-only parents go on while trading is reducing', () => {
    const ticket = ticketOf(termsOf(TWAP), { reduceOnly: true });
    const story = new Story(ticket, sightOf({ hold: REDUCING }));
    expect(story.state.status).toBe('working');
    expect(story.sent).toEqual(['send 1 400']);
  });

  it('missed slices are caught up, at most so many at once', () => {
    const story = new Story(twap({ catchUpLimit: 1.5, horizonMs: 80_000, intervalMs: 20_000 }));
    story.child(1, { status: 'closed', filled: 300 });
    story.look(1_000, sightOf({ hold: STALE }));
    story.look(45_000, sightOf());
    expect(story.sent).toEqual(['send 2 450']);
    story.child(2, { status: 'closed', filled: 450 });
    story.look(46_000);
    expect(story.sent).toEqual(['send 3 150']);
  });

  it('time does not wait: a parent whose time ends while paused has expired', () => {
    const story = new Story(twap());
    story.child(1, { status: 'closed', filled: 400 });
    story.look(1_000, sightOf({ hold: HALTED }));
    story.look(80_000);
    expect(story.state).toMatchObject({ status: 'expired', reasonCode: 'TIME_OVER' });
    expect(story.state.reason).toContain('Trading is halted.');
  });

  it('a child ended by somebody else pauses until a person has looked', () => {
    const story = new Story(iceberg());
    story.child(1, { status: 'closed', code: 'CANCELED_ON_REQUEST', sentence: 'Cancelled on request.' });
    expect(story.state).toMatchObject({ status: 'paused', pause: { code: 'USER', needsResume: true } });
    expect(story.look(60_000).sent).toEqual([]);
    expect(story.tell({ type: 'resume' }).sent).toEqual(['send 2 400']);
  });
});

describe('sizes', () => {
  it('what is displayed bounds a child where that is asked', () => {
    const story = new Story(twap({ withinBook: true }), sightOf({ askQuantity: 150 }));
    expect(story.sent).toEqual(['send 1 150']);
  });

  it('the largest order of the venue bounds a child', () => {
    const state = newParent(twap(), { ...GRID, maxQuantity: 250 }, 0, sightOf());
    const { actions } = advanceParent(state, { type: 'look' }, 0, sightOf());
    expect(actions).toMatchObject([{ kind: 'send', quantity: 250 }]);
  });

  it('a rest below the smallest order is said and not sent', () => {
    const ticket = ticketOf(termsOf({ ...TWAP, withinBook: true }), { quantity: 1_000 });
    const grid = { ...GRID, minQuantity: 100 };
    let step = advanceParent(newParent(ticket, grid, 0, sightOf()), { type: 'look' }, 0, sightOf());
    const closed = (n: number, filled: number): ParentInput => ({
      type: 'child',
      n,
      status: 'closed',
      quantity: 1_000,
      filled,
      value: '0',
      fees: '0',
      refused: false,
      code: null,
      sentence: null,
    });
    step = advanceParent(step.state, closed(1, 334), 10, sightOf());
    step = advanceParent(step.state, { type: 'look' }, 20_000, sightOf());
    step = advanceParent(step.state, closed(2, 333), 20_010, sightOf());
    step = advanceParent(step.state, { type: 'look' }, 40_000, sightOf());
    step = advanceParent(step.state, closed(3, 300), 40_010, sightOf());
    expect(step.state).toMatchObject({ status: 'expired', reasonCode: 'REST_BELOW_MINIMUM' });
    expect(step.state.reason).toContain('0.033 is left');
  });

  it('an iceberg that must not take waits while the market is through its limit', () => {
    const story = new Story(iceberg({ postOnly: true }), sightOf({ bid: 9_880, ask: 9_890 }));
    expect(story.sent).toEqual([]);
    expect(story.look(1_000, sightOf({ bid: 9_905, ask: 9_910 })).sent).toEqual(['send 1 400']);
  });
});

it('a step that changes nothing returns the same state', () => {
  const story = new Story(twap());
  const before = story.state;
  expect(story.look(5_000).state).toBe(before);
  expect(story.child(1, { status: 'working' }).child(1, { status: 'working' }).state).toBe(story.state);
});
