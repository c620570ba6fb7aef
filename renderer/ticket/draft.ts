import type { ContractInputs, InstrumentView, OrderSide, OrderTypeName } from '../../src/contract/types.ts';
import { compare, readTyped, signOf } from '../format/decimal-text.ts';

export type TicketInput = ContractInputs['orders']['preview'];
export type TicketTimeInForce = 'GTC' | 'DAY' | 'GTD' | 'IOC' | 'FOK';
/** An algorithm is no order type of the engine: it works a parent order with orders of its own. */
export type DraftType = OrderTypeName | 'algorithm';
type TrailingInput = NonNullable<TicketInput['trailingStop']>;
export type OffsetType = NonNullable<TrailingInput['offsetType']>;
export type TriggerSource = NonNullable<TrailingInput['triggerSource']>;

/** What stands in the fields, as typed. */
export interface Draft {
  readonly side: OrderSide;
  readonly type: DraftType;
  readonly quantity: string;
  readonly price: string;
  readonly trigger: string;
  readonly timeInForce: TicketTimeInForce;
  /** Of GTD: local time as its field writes it. */
  readonly expireAt: string;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly stopLoss: string;
  readonly takeProfit: string;
  readonly trailing: string;
  /** position: one set of exits for all of it. order: a bracket that closes what this very order opened. */
  readonly exits: 'position' | 'order';
  /** Of a trailing stop. */
  readonly offset: string;
  readonly offsetType: OffsetType;
  readonly triggerSource: TriggerSource;
  readonly activation: string;
  readonly conditional: boolean;
  readonly conditionWhen: 'at-or-above' | 'at-or-below';
  readonly conditionSource: TriggerSource;
  readonly conditionPrice: string;
  /** Id of the working order that this one cancels and is cancelled by; empty for none. */
  readonly oco: string;
  /** Share of equity to lose at the stop, in per cent, for the size. */
  readonly risk: string;
}

export const emptyDraft: Draft = {
  side: 'buy',
  type: 'limit',
  quantity: '',
  price: '',
  trigger: '',
  timeInForce: 'GTC',
  expireAt: '',
  postOnly: false,
  reduceOnly: false,
  stopLoss: '',
  takeProfit: '',
  trailing: '',
  exits: 'position',
  offset: '',
  offsetType: 'percent',
  triggerSource: 'bid-ask',
  activation: '',
  conditional: false,
  conditionWhen: 'at-or-above',
  conditionSource: 'last',
  conditionPrice: '',
  oco: '',
  risk: '',
};

export type FigureField =
  | 'quantity'
  | 'price'
  | 'trigger'
  | 'stopLoss'
  | 'takeProfit'
  | 'trailing'
  | 'offset'
  | 'activation'
  | 'conditionPrice';
export type DraftProblems = Partial<Record<FigureField | 'expireAt', string>>;

export function needsPrice(type: DraftType): boolean {
  return type === 'limit' || type === 'stop-limit';
}

export function needsTrigger(type: DraftType): boolean {
  return type === 'stop' || type === 'stop-limit';
}

/** Post-only makes sense only for an order that can rest at its own price. */
export function allowsPostOnly(draft: Draft): boolean {
  return draft.type === 'limit' && draft.timeInForce !== 'IOC' && draft.timeInForce !== 'FOK';
}

const NAMES: Readonly<Record<FigureField, string>> = {
  quantity: 'a quantity',
  price: 'a limit price',
  trigger: 'a stop price',
  stopLoss: 'a stop-loss price',
  takeProfit: 'a take-profit price',
  trailing: 'a trailing distance',
  offset: 'the distance to trail by',
  activation: 'an activation price',
  conditionPrice: 'the price to wait for',
};

export function readFigure(
  draft: Draft,
  field: FigureField,
  required: boolean,
  problems: DraftProblems,
): string | null {
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

function readExpiry(draft: Draft, problems: DraftProblems): number | null {
  if (draft.timeInForce !== 'GTD') return null;
  const at = new Date(draft.expireAt).getTime();
  if (Number.isFinite(at)) return at;
  problems.expireAt = 'Say until when.';
  return null;
}

type Links = Pick<TicketInput, 'trailingStop' | 'condition' | 'oco' | 'bracket'>;
type Exits = Pick<TicketInput, 'stopLoss' | 'takeProfit' | 'trailing'>;

/** What ties the order to prices and to other orders; only what is asked for is named. */
function readLinks(draft: Draft, instrument: InstrumentView, exits: Exits, problems: DraftProblems): Links {
  const isTrailing = draft.type === 'trailing-stop';
  const offset = isTrailing ? readFigure(draft, 'offset', true, problems) : null;
  const activation = isTrailing ? readFigure(draft, 'activation', false, problems) : null;
  const waitFor = draft.conditional ? readFigure(draft, 'conditionPrice', true, problems) : null;
  const { stopLoss = null, takeProfit = null, trailing = null } = exits;
  const isBracket = draft.exits === 'order' && (stopLoss ?? takeProfit ?? trailing) !== null;
  return {
    ...(offset === null
      ? {}
      : {
          trailingStop: { offset, offsetType: draft.offsetType, triggerSource: draft.triggerSource, activation },
        }),
    ...(waitFor === null
      ? {}
      : {
          condition: {
            instrument: instrument.id,
            source: draft.conditionSource,
            when: draft.conditionWhen,
            price: waitFor,
          },
        }),
    ...(draft.oco === '' ? {} : { oco: [draft.oco] }),
    ...(isBracket
      ? { bracket: { stopLoss, takeProfit, trailing: trailing === null ? null : { offset: trailing } } }
      : {}),
  };
}

function readExits(draft: Draft, problems: DraftProblems): Exits {
  if (draft.reduceOnly) return { stopLoss: null, takeProfit: null, trailing: null };
  const stopLoss = readFigure(draft, 'stopLoss', false, problems);
  const takeProfit = readFigure(draft, 'takeProfit', false, problems);
  const trailing = readFigure(draft, 'trailing', false, problems);
  if (stopLoss !== null && takeProfit !== null) {
    const order = compare(stopLoss, takeProfit) ?? 0;
    if (draft.side === 'buy' ? order >= 0 : order <= 0) {
      problems.stopLoss = `The stop-loss of a ${draft.side} belongs ${draft.side === 'buy' ? 'below' : 'above'} the take-profit.`;
    }
  }
  return { stopLoss, takeProfit, trailing };
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
  const { type } = draft;
  const quantity = readFigure(draft, 'quantity', true, problems);
  const price = needsPrice(type) ? readFigure(draft, 'price', true, problems) : null;
  const trigger = needsTrigger(type) ? readFigure(draft, 'trigger', true, problems) : null;
  const exits = readExits(draft, problems);
  const expireAt = readExpiry(draft, problems);
  const links = readLinks(draft, instrument, exits, problems);
  if (Object.keys(problems).length > 0 || quantity === null || type === 'algorithm') return { problems };
  const none = { stopLoss: null, takeProfit: null, trailing: null };
  return {
    ticket: {
      account,
      instrument: instrument.id,
      side: draft.side,
      type,
      quantity,
      price,
      trigger,
      timeInForce: type === 'market' && draft.timeInForce === 'DAY' ? 'GTC' : draft.timeInForce,
      ...(expireAt === null ? {} : { expireAt }),
      postOnly: draft.postOnly && allowsPostOnly(draft),
      reduceOnly: draft.reduceOnly,
      ...(links.bracket === undefined ? exits : none),
      ...links,
    },
  };
}
