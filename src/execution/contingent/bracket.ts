import { priceText, type Instrument } from '../../domain/instrument.ts';
import type { OrderIntent } from '../../domain/order.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';
import type { PriceUnits } from '../../domain/units.ts';
import { type LinkedOrder, linkedOrder, type VenueAbilities } from './linked-order.ts';
import type { PriceCondition, PriceSource, TrailingTerms } from './price-trigger.ts';

export interface BracketTerms {
  readonly stopLoss: PriceUnits | null;
  /** Null: the venue's own trigger. Any other is watched over by the engine. */
  readonly stopSource: PriceSource | null;
  readonly takeProfit: PriceUnits | null;
  /** Its trigger never falls back behind `stopLoss`, where there is one. */
  readonly trailing: TrailingTerms | null;
}

/**
 * The exits of an entry, one group: a reduce-only stop, trailing or not, and a reduce-only limit. Each covers what has
 * entered and has not left yet; they come to life with the entry's first fill.
 */
export function bracketExits(
  entry: { readonly name: string; readonly intent: OrderIntent },
  terms: BracketTerms,
  instrument: Instrument,
  venue: VenueAbilities,
  names: { readonly stop: string; readonly target: string },
): LinkedOrder[] {
  const { intent } = entry;
  const exits: LinkedOrder[] = [];
  const common = { parent: entry.name, group: `exits of ${entry.name}`, persistent: true } as const;
  const exit = (name: string, terms: Partial<OrderIntent>, why: string): OrderIntent => ({
    ...intent,
    side: intent.side === 'buy' ? 'sell' : 'buy',
    price: null,
    trigger: null,
    timeInForce: 'GTC',
    expireAt: null,
    postOnly: false,
    reduceOnly: true,
    source: 'exit',
    note: why,
    idempotencyKey: name,
    ...terms,
  });
  const { stopLoss, takeProfit, trailing } = terms;
  if (trailing !== null) {
    exits.push(
      linkedOrder({
        ...common,
        role: 'stop-loss',
        name: names.stop,
        trailing,
        intent: exit(names.stop, { type: 'trailing-stop', trigger: stopLoss }, 'trailing-stop of a bracket'),
      }),
    );
  } else if (stopLoss !== null) {
    const why = `stop-loss at ${priceText(instrument, stopLoss)} of a bracket`;
    const source = terms.stopSource ?? (venue.stops && venue.reduceOnly ? null : 'bid-ask');
    exits.push(
      source === null
        ? linkedOrder({
            ...common,
            role: 'stop-loss',
            name: names.stop,
            intent: exit(names.stop, { type: 'stop', trigger: stopLoss }, why),
          })
        : linkedOrder({
            ...common,
            role: 'stop-loss',
            name: names.stop,
            condition: stopCondition(intent.instrument, intent.side === 'buy' ? 'sell' : 'buy', stopLoss, source),
            intent: exit(names.stop, { type: 'market' }, why),
          }),
    );
  }
  if (takeProfit !== null) {
    exits.push(
      linkedOrder({
        ...common,
        role: 'take-profit',
        name: names.target,
        intent: exit(
          names.target,
          { type: 'limit', price: takeProfit },
          `take-profit at ${priceText(instrument, takeProfit)} of a bracket`,
        ),
      }),
    );
  }
  return exits;
}

/** A stop that the engine watches over: a market order on the condition of its trigger. */
export function stopCondition(
  instrument: string,
  side: 'buy' | 'sell',
  trigger: PriceUnits,
  source: PriceSource,
): PriceCondition {
  return { instrument, source, when: side === 'sell' ? 'at-or-below' : 'at-or-above', price: trigger };
}

/** Refuses BRACKET_TERMS for a stop above or a target below the entry of a purchase, and the other way round for a sale. */
export function checkBracket(
  instrument: Instrument,
  side: 'buy' | 'sell',
  entry: PriceUnits,
  { stopLoss, takeProfit, trailing }: BracketTerms,
): Result<null> {
  if (stopLoss === null && takeProfit === null && trailing === null) {
    return refuse('BRACKET_TERMS', 'A bracket needs a stop-loss, a take-profit or a trailing stop.');
  }
  if (!(entry > 0)) return ok(null);
  const buys = side === 'buy';
  const wrong = (what: string, price: PriceUnits, belongs: string): Result<null> =>
    refuse(
      'BRACKET_TERMS',
      `The ${what} ${priceText(instrument, price)} of a ${buys ? 'purchase' : 'sale'} belongs ${belongs} its entry ${priceText(instrument, entry)}.`,
      { value: priceText(instrument, price), limit: priceText(instrument, entry) },
    );
  if (stopLoss !== null && (buys ? stopLoss >= entry : stopLoss <= entry)) {
    return wrong('stop-loss', stopLoss, buys ? 'below' : 'above');
  }
  if (takeProfit !== null && (buys ? takeProfit <= entry : takeProfit >= entry)) {
    return wrong('take-profit', takeProfit, buys ? 'above' : 'below');
  }
  return ok(null);
}
