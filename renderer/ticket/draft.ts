import type { ContractInputs, InstrumentView, OrderSide, OrderTypeName } from '../../src/contract/types.ts';
import { compare, readTyped, signOf } from '../format/decimal-text.ts';

export type TicketInput = ContractInputs['orders']['preview'];
export type TicketTimeInForce = 'GTC' | 'DAY' | 'IOC' | 'FOK';

/** What stands in the fields, as typed. */
export interface Draft {
  readonly side: OrderSide;
  readonly type: OrderTypeName;
  readonly quantity: string;
  readonly price: string;
  readonly trigger: string;
  readonly timeInForce: TicketTimeInForce;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly stopLoss: string;
  readonly takeProfit: string;
  readonly trailing: string;
}

export const emptyDraft: Draft = {
  side: 'buy',
  type: 'limit',
  quantity: '',
  price: '',
  trigger: '',
  timeInForce: 'GTC',
  postOnly: false,
  reduceOnly: false,
  stopLoss: '',
  takeProfit: '',
  trailing: '',
};

type DraftField = 'quantity' | 'price' | 'trigger' | 'stopLoss' | 'takeProfit' | 'trailing';
export type DraftProblems = Partial<Record<DraftField, string>>;

export function needsPrice(type: OrderTypeName): boolean {
  return type === 'limit' || type === 'stop-limit';
}

export function needsTrigger(type: OrderTypeName): boolean {
  return type === 'stop' || type === 'stop-limit';
}

/** Post-only makes sense only for an order that can rest at its own price. */
export function allowsPostOnly(draft: Draft): boolean {
  return draft.type === 'limit' && draft.timeInForce !== 'IOC' && draft.timeInForce !== 'FOK';
}

const NAMES: Readonly<Record<DraftField, string>> = {
  quantity: 'a quantity',
  price: 'a limit price',
  trigger: 'a stop price',
  stopLoss: 'a stop-loss price',
  takeProfit: 'a take-profit price',
  trailing: 'a trailing distance',
};

function readField(draft: Draft, field: DraftField, required: boolean, problems: DraftProblems): string | null {
  const typed = draft[field].trim();
  if (typed === '') {
    if (required) problems[field] = `Enter ${NAMES[field]}.`;
    return null;
  }
  const text = readTyped(typed);
  if (text === null) problems[field] = `"${typed}" is not a number.`;
  else if (signOf(text) <= 0) problems[field] = 'It must be above zero.';
  else return text;
  return null;
}

/**
 * The draft as a ticket, or what is wrong with it. Only what is no number is judged here: ticks, steps, limits and
 * balances are the engine's to judge, in the review.
 */
export function readDraft(
  draft: Draft,
  account: string,
  instrument: InstrumentView,
): { readonly ticket: TicketInput } | { readonly problems: DraftProblems } {
  const problems: DraftProblems = {};
  const quantity = readField(draft, 'quantity', true, problems);
  const price = needsPrice(draft.type) ? readField(draft, 'price', true, problems) : null;
  const trigger = needsTrigger(draft.type) ? readField(draft, 'trigger', true, problems) : null;
  const protects = !draft.reduceOnly;
  const stopLoss = protects ? readField(draft, 'stopLoss', false, problems) : null;
  const takeProfit = protects ? readField(draft, 'takeProfit', false, problems) : null;
  const trailing = protects ? readField(draft, 'trailing', false, problems) : null;
  if (stopLoss !== null && takeProfit !== null) {
    const order = compare(stopLoss, takeProfit) ?? 0;
    if (draft.side === 'buy' ? order >= 0 : order <= 0) {
      problems.stopLoss = `The stop-loss of a ${draft.side} belongs ${draft.side === 'buy' ? 'below' : 'above'} the take-profit.`;
    }
  }
  if (Object.keys(problems).length > 0 || quantity === null) return { problems };
  return {
    ticket: {
      account,
      instrument: instrument.id,
      side: draft.side,
      type: draft.type,
      quantity,
      price,
      trigger,
      timeInForce: draft.type === 'market' && draft.timeInForce === 'DAY' ? 'GTC' : draft.timeInForce,
      postOnly: draft.postOnly && allowsPostOnly(draft),
      reduceOnly: draft.reduceOnly,
      stopLoss,
      takeProfit,
      trailing,
    },
  };
}
