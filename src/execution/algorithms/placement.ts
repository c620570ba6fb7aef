import type { PriceUnits, QuantityUnits } from '../../domain/units.ts';
import type { Stage } from './algorithm-terms.ts';
import { farSide, isBeyond, ownSide } from './market-sight.ts';
import type { ParentDraft, Wanted } from './parent-draft.ts';
import type { ChildState } from './parent-state.ts';

const RANK: Readonly<Record<Stage, number>> = { join: 0, improve: 1, cross: 2 };

/** A child that takes at once: at any price, or up to the parent's limit. Null while that is impossible. */
export function takingChild(draft: ParentDraft, quantity: QuantityUnits): Wanted | null {
  const { side, limit } = draft.state;
  const far = farSide(draft.sight, side);
  // Where only last prices are known (bars), the venue finds the price. An empty side that is quoted otherwise is empty.
  const isEmpty = far === 0 && (ownSide(draft.sight, side) > 0 || draft.sight.last === 0);
  if (isEmpty || (limit !== null && far > 0 && isBeyond(side, far, limit))) {
    draft.watchesTouch = true;
    return null;
  }
  return {
    quantity,
    type: limit === null ? 'market' : 'limit',
    price: limit,
    stage: 'cross',
    takes: true,
    postOnly: false,
    growth: 'free',
  };
}

/**
 * A child at the price of its stage: join the best price of the own side, improve it by a tick where the spread leaves
 * room, cross to the best opposite price. Never beyond the parent's limit; a cross that the limit forbids rests there.
 * Null while no price is known.
 */
export function stagedChild(draft: ParentDraft, quantity: QuantityUnits, stage: Stage): Wanted | null {
  const { side, limit, grid } = draft.state;
  const sign = side === 'buy' ? 1 : -1;
  const own = ownSide(draft.sight, side);
  const far = farSide(draft.sight, side);
  const common = { quantity, type: 'limit', stage, postOnly: false, growth: 'free' } as const;
  if (stage === 'cross') {
    if (!(far > 0)) return null;
    if (!isBeyond(side, far, limit)) return { ...common, price: far, takes: true };
  }
  const join = own > 0 ? own : far > 0 ? far - sign * grid.tick : (limit ?? 0);
  if (!(join > 0)) return null;
  const better = join + sign * grid.tick;
  const hasRoom = far === 0 || sign * (far - better) > 0;
  const price = stage !== 'join' && hasRoom ? better : join;
  const within = isBeyond(side, price, limit) ? (limit ?? price) : price;
  return { ...common, price: Math.round(within / grid.tick) * grid.tick, takes: false };
}

/**
 * Takes resting children back that belong to an earlier stage, or that the market has outbid. The rest is sent anew once
 * the venue confirms, so that nothing is ever out twice.
 */
export function followPrice(draft: ParentDraft, stage: Stage, repegMs: number): void {
  const { side, limit } = draft.state;
  const sign = side === 'buy' ? 1 : -1;
  const own = ownSide(draft.sight, side);
  const outbid = (child: ChildState): boolean =>
    own > 0 && child.price !== null && child.price !== limit && sign * (own - child.price) > 0;
  for (const child of draft.state.children) {
    if (child.status === 'closed' || child.cancelAsked || child.type !== 'limit') continue;
    draft.watchesTouch = true;
    const isOld = RANK[child.stage] < RANK[stage];
    if (isOld) draft.cancelLive(`Its parent goes on to ${stage} the spread.`, (one) => one.n === child.n);
    else if (child.stage !== 'cross' && outbid(child)) {
      const at = child.sentAt + repegMs;
      if (draft.now >= at) draft.cancelLive('The best price moved on; it follows.', (one) => one.n === child.n);
      else draft.wake(at);
    }
  }
}

/** The collar: `bps` beyond the touch, rounded towards it. */
export function collarPrice(touch: PriceUnits, sign: 1 | -1, bps: number, tick: PriceUnits): PriceUnits {
  const raw = touch * (1 + (sign * bps) / 10_000);
  const ticks = sign === 1 ? Math.floor(raw / tick + 1e-9) : Math.ceil(raw / tick - 1e-9);
  return Math.max(tick, ticks * tick);
}
