import { walkDepth } from '../depth.ts';
import { markOf, takesNow } from '../facts.ts';
import { percent, type Findings } from '../findings.ts';
import { quantityText } from '../../domain/instrument.ts';

/**
 * What the order takes at once, walked through the displayed depth: its average against the middle of the market, and
 * whether a market order finds enough. An order that only reduces is warned and never held up by it.
 */
export function checkImpact(found: Findings): void {
  const { facts } = found;
  const { intent, limits, mode, touch, quantity } = facts;
  if (limits === null || mode === 'protective' || !(touch > 0) || !(quantity > 0)) return;
  const { slippageSoft, slippageHard } = limits;
  if (slippageSoft === null && slippageHard === null) return;
  if (!takesNow(intent, touch)) return;
  const { depth } = facts;
  if (depth === null) return depthMissing(found);
  const walk = walkDepth(depth, intent.side, quantity, intent.type === 'limit' ? intent.price : null);
  if (walk.filled < quantity && intent.type === 'market') shortOf(found, walk.filled, depth.whole);
  if (walk.filled === 0) return;
  const middle = markOf(facts.reference);
  if (!(middle > 0)) return;
  const slippage = ((walk.average - middle) / middle) * (intent.side === 'buy' ? 1 : -1);
  const hard = beyond(slippage, slippageHard);
  if (hard && slippageHard !== null) {
    found.add(
      mode === 'full' ? 'block' : 'warn',
      'SLIPPAGE',
      'fraction',
      slippage,
      Number(slippageHard),
      (_, value, limit) =>
        `Filling this at once would cost ${percent(value)} against the middle of the market, more than the ${percent(limit)} allowed; use a smaller quantity or a limit order.`,
      'slippageHard',
    );
  } else if (beyond(slippage, slippageSoft) && slippageSoft !== null) {
    found.add(
      'warn',
      'SLIPPAGE',
      'fraction',
      slippage,
      Number(slippageSoft),
      (_, value, limit) =>
        `Filling this at once would cost ${percent(value)} against the middle of the market, more than ${percent(limit)}; check the quantity.`,
      'slippageSoft',
    );
  } else {
    found.add(
      'info',
      'SLIPPAGE',
      'fraction',
      slippage,
      Number(slippageSoft ?? slippageHard),
      (_, value, limit) => `Filling this at once would cost ${percent(value)}, within ${percent(limit)}.`,
    );
  }
}

/** With real money nothing is taken from a market that cannot be seen, beyond what the order's own limit bounds. */
function depthMissing(found: Findings): void {
  const { account, intent, limits, mode, reference } = found.facts;
  const middle = markOf(reference);
  const reach = intent.price === null ? Number.NaN : Math.abs(intent.price - middle) / middle;
  const isBounded = intent.type === 'limit' && !beyond(reach, limits?.slippageHard ?? null);
  const blocks = account?.kind === 'live' && mode === 'full' && limits?.slippageHard !== null && !isBounded;
  found.add(blocks ? 'block' : 'info', 'DEPTH_UNKNOWN', 'text', 'unknown', 'the book', (one) =>
    blocks
      ? `The depth of ${one.intent.instrument} is not known, so the cost of filling this at once cannot be judged; use a limit order near the market.`
      : `The depth of ${one.intent.instrument} is not known; the estimate is the best price.`,
  );
}

function shortOf(found: Findings, filled: number, whole: boolean): void {
  const { facts } = found;
  const { limits, mode, quantity } = facts;
  if (whole) {
    found.add(
      mode === 'full' && limits?.slippageHard !== null ? 'block' : 'warn',
      'DEPTH_EXCEEDED',
      'quantity',
      quantity,
      filled,
      (_, value, limit) =>
        `The book shows only ${limit}, less than the ${value} of this market order; reduce the quantity or use a limit order.`,
      'slippageHard',
    );
  } else if (filled > 0) {
    found.add('warn', 'DEPTH_UNKNOWN', 'quantity', quantity, filled, (one, value) => {
      const shown = one.instrument === null ? String(filled) : quantityText(one.instrument, filled);
      return `The best price shows ${shown} and what is behind it is not known; the rest of ${value} may fill at a much worse price.`;
    });
  }
}

/** With a hair of tolerance: exactly 2 % is not more than 2 %. */
function beyond(value: number, limit: string | null): boolean {
  return limit !== null && !(value <= Number(limit) * (1 + 1e-9));
}
