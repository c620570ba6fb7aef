import type { OrderType } from '../../domain/order.ts';
import { PRICE_SOURCES, type PriceSource } from '../../execution/contingent/price-trigger.ts';
import { OFFSET_TYPES, type OffsetType } from '../../execution/contingent/trailing-terms.ts';
import { decimalText, isObject, type Json, type JsonObject, listOf, pick, scriptFault, wordOf } from './script-json.ts';

export interface ScriptTrailing {
  readonly offset: string;
  readonly offsetType: OffsetType;
  readonly source: PriceSource;
  readonly activation: string | null;
}

export interface ScriptCondition {
  readonly symbol: string | null;
  readonly price: string;
  readonly when: 'at-or-above' | 'at-or-below';
  readonly source: PriceSource;
}

export interface ScriptBracket {
  readonly stopLoss: string | null;
  readonly stopSource: PriceSource | null;
  readonly takeProfit: string | null;
  readonly trailing: ScriptTrailing | null;
}

/** What ties an order to others and to prices, as a script writes it. */
export interface ScriptLinks {
  readonly oco: readonly string[];
  readonly onPartial: 'reduce' | 'cancel';
  /** One-triggers-other: the order whose fills send this one, or the orders that this one's fills send. */
  readonly parent: string | null;
  readonly oto: readonly string[];
  readonly bracket: ScriptBracket | null;
  readonly trailing: ScriptTrailing | null;
  readonly condition: ScriptCondition | null;
  /** Of a stop: watched over by the engine instead of the venue. */
  readonly stopSource: PriceSource | null;
}

const OFFSET = ['offset', 'trailingOffset', 'trailing_offset', 'trail'] as const;
const OFFSET_TYPE = ['offsetType', 'offset_type', 'trailingOffsetType', 'trailing_offset_type'] as const;
const SOURCE = ['triggerSource', 'trigger_source', 'triggerType', 'trigger_type'] as const;
const ACTIVATION = ['activation', 'activationPrice', 'activation_price'] as const;

export const LINK_FIELDS: readonly string[] = [
  'oco',
  'ocoPartial',
  'parent',
  'oto',
  'bracket',
  'condition',
  ...OFFSET,
  ...OFFSET_TYPE,
  ...SOURCE,
  ...ACTIVATION,
];

export function readLinks(value: JsonObject, id: string, type: OrderType): ScriptLinks {
  const isTrailing = type === 'trailing-stop';
  if (!isTrailing && (pick(value, ...OFFSET) !== undefined || pick(value, ...ACTIVATION) !== undefined)) {
    throw scriptFault(`Order ${id} is a ${type} order and takes no offset or activation; use "type":"trailing-stop".`);
  }
  const source = pick(value, ...SOURCE);
  const parent = pick(value, 'parent');
  if (parent !== undefined && typeof parent !== 'string')
    throw scriptFault(`parent of order ${id} must be an order id.`);
  return {
    oco: readIds(pick(value, 'oco'), `oco of order ${id}`),
    onPartial: wordOf(pick(value, 'ocoPartial') ?? 'reduce', `ocoPartial of order ${id}`, ['reduce', 'cancel']),
    parent: parent ?? null,
    oto: readIds(pick(value, 'oto'), `oto of order ${id}`),
    bracket: readBracket(pick(value, 'bracket'), id),
    trailing: isTrailing ? readTrailing(value, `order ${id}`) : null,
    condition: readCondition(pick(value, 'condition'), id),
    stopSource: isTrailing || source === undefined ? null : readSource(source, `order ${id}`),
  };
}

function readIds(value: Json | undefined, what: string): readonly string[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return [value];
  return listOf(value, what).map((one) => {
    if (typeof one === 'string') return one;
    throw scriptFault(`${what} must list order ids.`);
  });
}

function readSource(value: Json | undefined, of: string): PriceSource {
  return wordOf(value ?? 'bid-ask', `The triggerSource of ${of}`, PRICE_SOURCES);
}

const OFFSET_WORDS: Readonly<Record<string, OffsetType>> = {
  'basis-points': 'bps',
  'basis points': 'bps',
  bp: 'bps',
  '%': 'percent',
  pct: 'percent',
  tick: 'ticks',
  amount: 'price',
};

function readTrailing(value: JsonObject, of: string): ScriptTrailing {
  const offset = pick(value, ...OFFSET);
  if (offset === undefined) throw scriptFault(`The trailing stop of ${of} needs an "offset" such as "5".`);
  const type = pick(value, ...OFFSET_TYPE) ?? 'price';
  const plain = typeof type === 'string' ? type.toLowerCase().replaceAll('_', '-') : '';
  const activation = pick(value, ...ACTIVATION);
  return {
    offset: decimalText(offset, `The offset of ${of}`),
    offsetType: OFFSET_WORDS[plain] ?? wordOf(type, `The offsetType of ${of}`, OFFSET_TYPES),
    source: readSource(pick(value, ...SOURCE), of),
    activation: activation === undefined ? null : decimalText(activation, `The activation of ${of}`),
  };
}

function readCondition(value: Json | undefined, id: string): ScriptCondition | null {
  if (value === undefined) return null;
  if (!isObject(value)) {
    throw scriptFault(`condition of order ${id} must be {"price":"..","when":"at-or-above|at-or-below"}.`);
  }
  const symbol = pick(value, 'symbol', 'instrument');
  const when = pick(value, 'when', 'op');
  const word =
    when === 'above' || when === '>=' ? 'at-or-above' : when === 'below' || when === '<=' ? 'at-or-below' : when;
  return {
    symbol: typeof symbol === 'string' ? symbol : null,
    price: decimalText(pick(value, 'price'), `The price of the condition of order ${id}`),
    when: wordOf(word, `"when" of the condition of order ${id}`, ['at-or-above', 'at-or-below']),
    source: wordOf(
      pick(value, ...SOURCE, 'source') ?? 'last',
      `The source of the condition of order ${id}`,
      PRICE_SOURCES,
    ),
  };
}

const BRACKET_FIELDS = ['stopLoss', 'takeProfit', 'trailing', ...SOURCE];

function readBracket(value: Json | undefined, id: string): ScriptBracket | null {
  if (value === undefined) return null;
  if (!isObject(value)) throw scriptFault(`bracket of order ${id} must be {"stopLoss":"..","takeProfit":".."}.`);
  for (const key of Object.keys(value)) {
    if (BRACKET_FIELDS.includes(key)) continue;
    throw scriptFault(
      `bracket of order ${id} knows stopLoss, takeProfit, trailing and triggerSource, not "${key}".`,
      'ORDER_UNSUPPORTED',
    );
  }
  const leg = (name: string): string | null => {
    const level = pick(value, name);
    return level === undefined ? null : decimalText(level, `${name} of order ${id}`);
  };
  const source = pick(value, ...SOURCE);
  const trailing = pick(value, 'trailing');
  const bracket = {
    stopLoss: leg('stopLoss'),
    stopSource: source === undefined ? null : readSource(source, `the bracket of order ${id}`),
    takeProfit: leg('takeProfit'),
    trailing:
      trailing === undefined
        ? null
        : readTrailing(isObject(trailing) ? trailing : { offset: trailing }, `the bracket of order ${id}`),
  };
  if (bracket.stopLoss === null && bracket.takeProfit === null && bracket.trailing === null) {
    throw scriptFault(`bracket of order ${id} needs a stopLoss or a takeProfit.`);
  }
  return bracket;
}
