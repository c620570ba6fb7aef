import { DEFAULT_VENUE_MODEL, type ImpactTerms, type SlippageTerms, type VenueModel } from './model.ts';

/** One assumption of the simulator in plain words, and what it leaves out. */
export interface ModelNote {
  readonly part: string;
  readonly assumes: string;
  readonly limits: string;
}

/** Every part of the model that touches a fill, with its figures. */
export function describeModel(given: VenueModel): readonly ModelNote[] {
  // A session recorded before a setting existed ran with its default.
  const model = { ...DEFAULT_VENUE_MODEL, ...given };
  return [depthNote(model), queueNote(model), slippageNote(model.slippage), impactNote(model.impact), ...more(model)];
}

function depthNote({ depth, behindTouch, consumeLiquidity }: VenueModel): ModelNote {
  const book =
    depth === 'L2' ? 'Market orders walk the displayed book; where only' : 'Only the best bid and ask are used; where';
  const behind =
    behindTouch.kind === 'one-tick'
      ? 'a market order takes the rest one tick beyond it, and on bars its whole quantity at the price'
      : `${behindTouch.levels} levels are assumed behind it, ${behindTouch.spacingTicks} tick(s) apart, each ${behindTouch.decay} times the one before; on bars the first holds ${behindTouch.barTouchShare} of the volume`;
  return {
    part: 'depth',
    assumes: `${book} the best price is known, ${behind}. Taken size is ${consumeLiquidity ? 'gone until the venue shows another' : 'there again at once'}.`,
    limits:
      behindTouch.kind === 'one-tick'
        ? 'Orders much larger than the displayed size are filled too cheaply without a book; use a ladder or an impact model.'
        : 'The assumed levels are a guess; what is beyond the last of them is not filled. Bars without volume have no depth.',
  };
}

function queueNote(model: VenueModel): ModelNote {
  const { queue, queuePriority, queueCancels, withoutQueue, touchFillProbability } = model;
  const chance = `by a chance of ${touchFillProbability}`;
  const line =
    queuePriority === 'pro-rata'
      ? 'Everybody at a price shares a trade there by displayed size'
      : `A resting order waits behind the size displayed when it came${queueCancels === 'pro-rata' ? ', which also shrinks by our share of cancels' : ''}`;
  const touch = queue
    ? `${line}; inside the spread and on a bar that only touches the price it fills ${chance}.`
    : withoutQueue === 'first'
      ? `No queue: a trade of the other side at its displayed price fills a resting order up to the size of the trade; inside the spread and on bars a touch fills ${chance}.`
      : `No queue: a trade that only touches the price of a resting order fills it ${chance}.`;
  return {
    part: 'resting orders',
    assumes: `${touch} A trade beyond the price fills up to its own size (${model.restingFill === 'tape' ? 'quotes alone fill nothing while trades are reported' : 'so does a quote or book that crosses it'}).`,
    limits:
      'Hidden orders and the cancels of others inside the queue are not seen; our order does not change what others do.',
  };
}

function slippageNote(terms: SlippageTerms): ModelNote {
  const part = 'slippage';
  switch (terms.kind) {
    case 'none':
      return {
        part,
        assumes: 'None on top of the price that is there.',
        limits: 'Nothing stands for what data of this depth cannot show.',
      };
    case 'ticks':
      return { part, assumes: `${terms.ticks} tick(s) against every order that takes.`, limits: CONSTANT };
    case 'fraction':
      return {
        part,
        assumes: `${terms.fraction} of the price against every order that takes, rounded up to the tick.`,
        limits: CONSTANT,
      };
    case 'spread':
      return {
        part,
        assumes: `${terms.fraction} of the displayed spread against every order that takes, rounded up to the tick; one tick is the spread where none is displayed.`,
        limits: 'On bars and trades the true spread is wider than one tick more often than not.',
      };
    case 'volume-share':
      return {
        part,
        assumes: `price x ${terms.impact} x min(order / volume, ${terms.limit})^2, rounded up to the tick; the volume is that of the bar or of the last minute of trades.`,
        limits: 'Above the limit size costs nothing more; while no volume is known the share is at its limit.',
      };
    case 'probability':
      return {
        part,
        assumes: `${terms.ticks} tick(s) against the order in ${terms.probability} of its fills, drawn from the seed.`,
        limits: CONSTANT,
      };
  }
}

const CONSTANT = 'The same for small and large orders, calm and wild markets.';

function impactNote(terms: ImpactTerms): ModelNote {
  if (terms.kind === 'none') {
    return {
      part: 'impact',
      assumes: 'Our orders take displayed size and move the market no further.',
      limits: 'Large or frequent orders look cheaper than they would be.',
    };
  }
  const estimated = 'estimated from the data seen so far';
  const scale = `daily volatility ${terms.dailyVolatility ?? estimated}, daily volume ${terms.dailyVolume ?? estimated}`;
  const formula =
    terms.kind === 'square-root'
      ? `${terms.coefficient} x volatility x sqrt(quantity / daily volume)`
      : `Almgren et al. 2005: half of ${terms.gamma} x volatility x X/V${terms.sharesOutstanding === null ? '' : ` x (${terms.sharesOutstanding}/V)^${terms.delta}`} (permanent) plus ${terms.eta} x volatility x (X/(V T))^${terms.beta} (temporary)`;
  return {
    part: 'impact',
    assumes: `${formula}, at most ${terms.cap} of the price; ${scale}; what we took in the last ${terms.horizonMs / 60_000} min raises the cost of more of it. In a book the worse of it and the walk holds.`,
    limits:
      'Fitted to large US stocks; resting orders have none; prices in the data do not react to us; before five bars or minutes are known there is none, and the fill says impact-unknown.',
  };
}

function more(model: VenueModel): readonly ModelNote[] {
  const { submit, modify, cancel } = model.commandLatencyMs;
  const extra = submit + modify + cancel > 0 ? `, plus ${submit} submit, ${modify} modify, ${cancel} cancel` : '';
  const jitter =
    model.jitterMs === 0
      ? 'no jitter'
      : `${model.jitterShape} jitter of ${model.jitterMs} ms${model.jitterShape === 'log-normal' ? ` (sigma ${model.jitterSigma})` : ''}`;
  const { priceProtection: protection } = model;
  return [
    {
      part: 'latency',
      assumes: `${model.latencyMs} ms one way for every command${extra}, ${jitter}, from the seed; commands arrive in the order they were sent.`,
      limits: 'Market data are not delayed; a delay does not grow when the market is busy.',
    },
    {
      part: 'price protection',
      assumes:
        protection.kind === 'none'
          ? 'None: a market order takes as far as there is something.'
          : `A market or stop order takes no further than ${protection.kind === 'points' ? `${protection.points} tick(s)` : `${protection.fraction} of the price`} beyond the best price; the remainder is cancelled.`,
      limits:
        protection.kind === 'none' ? 'Many venues have one.' : 'The best price is that of the instant of the fill.',
    },
    {
      part: 'fees',
      assumes: feeWords(model.fees),
      limits: 'Rebates, volume tiers and statutory charges are only in them as far as these figures hold them.',
    },
  ];
}

function feeWords({ maker, taker, fixed, charges }: VenueModel['fees']): string {
  const flat = `maker ${maker}, taker ${taker} of the traded value, ${fixed} per order`;
  if (charges === undefined) return `${flat}.`;
  const itemised = `Itemised charges of ${charges.exchange} by date, plan ${charges.plan}, product ${charges.product} where an account states none`;
  const otherwise =
    charges.uncovered === 'rates'
      ? `days without known charges pay ${flat}`
      : 'orders of days without known charges are refused';
  return `${itemised}; ${otherwise}.`;
}
