import { parseChildKey } from '../../domain/child-key.ts';
import type { EpochMs } from '../../domain/units.ts';
import { type AccountTerms, readAccount } from './read-account.ts';
import { isNse, readListing, type ScriptListing } from './read-listing.ts';
import { readModel, type ScriptModel } from './read-model.ts';
import { readOrder, type ScriptOrder } from './read-order.ts';
import {
  decimalText,
  isObject,
  type Json,
  type JsonObject,
  listOf,
  numberOf,
  objectOf,
  pick,
  scriptFault,
  type TimeUnit,
  timeOf,
  wordOf,
} from './script-json.ts';

/** [price, quantity] as plain decimals. */
export type TextLevel = readonly [string, string];

export type StepAction =
  | { readonly kind: 'book'; readonly bids: readonly TextLevel[]; readonly asks: readonly TextLevel[] }
  | { readonly kind: 'level'; readonly side: 'bid' | 'ask'; readonly price: string; readonly quantity: string }
  | { readonly kind: 'quote'; readonly bid: TextLevel; readonly ask: TextLevel }
  | {
      readonly kind: 'trade';
      readonly price: string;
      readonly quantity: string;
      readonly aggressor: 'buy' | 'sell' | null;
    }
  | {
      readonly kind: 'bar';
      readonly start: EpochMs;
      readonly open: string;
      readonly high: string;
      readonly low: string;
      readonly close: string;
      readonly volume: string;
    }
  /** Rate of perpetuals, paid by longs, on the mark price; null = on the price now. */
  | { readonly kind: 'funding'; readonly rate: string; readonly mark: string | null }
  | { readonly kind: 'submit'; readonly order: ScriptOrder }
  | { readonly kind: 'cancel'; readonly id: string }
  | {
      readonly kind: 'modify';
      readonly id: string;
      readonly price: string | null;
      readonly trigger: string | null;
      readonly quantity: string | null;
    }
  | {
      readonly kind: 'observe';
      readonly levels: number;
      readonly withinBp: number | null;
      readonly sweeps: readonly { readonly side: 'buy' | 'sell'; readonly quantity: string }[];
    };

export interface Step {
  readonly t: EpochMs;
  readonly action: StepAction;
}

export interface Script {
  readonly instrument: JsonObject | null;
  readonly model: ScriptModel;
  readonly account: AccountTerms;
  readonly feed: readonly string[];
  readonly unit: TimeUnit;
  readonly steps: readonly Step[];
  /** Rules of NSE; null on other venues. */
  readonly listing: ScriptListing | null;
}

const TOP_LEVEL = new Set(['instrument', 'model', 'account', 'feed', 'timeBase', 'steps', 'book', 'date']);
/** Notes for people, without effect. */
const NOTES = new Set(['name', 'id', 'title', 'description', 'comment', 'note', 'src', 'source', '$schema']);

export function readScript(json: JsonObject): Script {
  for (const key of Object.keys(json)) {
    if (TOP_LEVEL.has(key) || NOTES.has(key)) continue;
    throw scriptFault(`The script has an unknown part "${key}"; it knows ${[...TOP_LEVEL].join(', ')}.`);
  }
  const feed = readFeed(json['feed']);
  const base = pick(json, 'timeBase');
  const unit: TimeUnit = base === undefined ? 'event' : wordOf(base, 'timeBase', ['event', 'local-ns']);
  const instrument = pick(json, 'instrument');
  const first: JsonObject[] = json['book'] === undefined ? [] : [{ book: json['book'] }];
  const terms = instrument === undefined ? null : objectOf(instrument, 'instrument');
  // A time without an offset is the venue's own.
  const zone = terms !== null && isNse(terms) ? '+05:30' : '';
  const steps = readSteps([...first, ...listOf(json['steps'] ?? [], 'steps')], unit, zone);
  const listing = readListing(terms, json['date'], steps[0]?.t ?? 0);
  const { model, seed } = readModel(json['model'], feed.length > 0);
  const script: Script = {
    instrument: terms,
    model: { model: (listing?.date ?? null) === null ? model : { ...model, rules: 'nse' }, seed },
    account: readAccount(json['account'], model.fees.taker),
    feed,
    unit,
    steps,
    listing,
  };
  if (json['steps'] === undefined && feed.length === 0 && first.length === 0)
    throw scriptFault('The script holds nothing to run; give it "steps", a "feed", or both.');
  return script;
}

function readFeed(value: Json | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  const names = typeof value === 'string' ? [value] : listOf(value, 'feed');
  return names.map((name) => {
    if (typeof name === 'string' && name !== '') return name.startsWith('file:') ? name.slice(5) : name;
    throw scriptFault('feed must list file names.');
  });
}

/** Steps in the order of their times; steps of one time keep the order of the script. */
function readSteps(list: readonly Json[], unit: TimeUnit, zone: string): Step[] {
  const steps: Step[] = [];
  const submitted: string[] = [];
  let last: EpochMs = 0;
  list.forEach((value, index) => {
    const what = `Step ${index + 1}`;
    const step = objectOf(value, what);
    const t = step['t'] === undefined ? last : timeOf(zoned(step['t'], zone), `t of step ${index + 1}`, unit);
    last = t;
    const actions = Object.entries(step).filter(([key]) => key !== 't' && !NOTES.has(key));
    if (actions.length === 0) throw scriptFault(`${what} does nothing; give it a book, submit, trade, ...`);
    for (const [kind, body] of actions) steps.push({ t, action: readAction(kind, body, what, t, unit, submitted) });
  });
  refuseGivenIds(steps);
  // Array.prototype.sort is stable.
  return steps.sort((a, b) => a.t - b.t);
}

/** Exits of a bracket, children of an algorithm and liquidations get their ids here: no order of the script may have one. */
function refuseGivenIds(steps: readonly Step[]): void {
  const orders = steps.flatMap(({ action }) => (action.kind === 'submit' ? [action.order] : []));
  const brackets = new Set(orders.filter(({ links }) => links.bracket !== null).map(({ id }) => id));
  const worked = new Set(orders.filter(({ algorithm }) => algorithm !== null).map(({ id }) => id));
  for (const { id } of orders) {
    const isExit = /-(SL|TP)(#\d+)?$/.test(id) && brackets.has(id.replace(/-(SL|TP)(#\d+)?$/, ''));
    const child = parseChildKey(id);
    if (!isExit && !/^LIQ-\d+$/.test(id) && (child === null || !worked.has(child.parentId))) continue;
    throw scriptFault(`The id "${id}" is given to an exit, a child or a liquidation here; choose another one.`);
  }
}

function readAction(
  kind: string,
  body: Json,
  what: string,
  t: EpochMs,
  unit: TimeUnit,
  submitted: string[],
): StepAction {
  const text = (object: JsonObject, label: string, ...names: string[]): string =>
    decimalText(pick(object, ...names), `${label} of ${what.toLowerCase()}`);
  switch (kind) {
    case 'book': {
      const book = objectOf(body, `${what}: book`);
      return { kind, bids: readLevels(book['bids'], `${what}: bids`), asks: readLevels(book['asks'], `${what}: asks`) };
    }
    case 'level': {
      const level = objectOf(body, `${what}: level`);
      const side = wordOf(level['side'], `${what}: side`, ['bid', 'ask', 'buy', 'sell', 'bids', 'asks']);
      return {
        kind,
        side: side === 'bid' || side === 'bids' || side === 'buy' ? 'bid' : 'ask',
        price: text(level, 'price', 'price'),
        quantity: text(level, 'qty', 'qty', 'quantity'),
      };
    }
    case 'quote': {
      const quote = objectOf(body, `${what}: quote`);
      const side = (price: string, ...names: string[]): TextLevel =>
        pick(quote, price) === undefined
          ? ['0', '0']
          : [text(quote, price, price), text(quote, names[0] ?? '', ...names)];
      return {
        kind,
        bid: side('bid', 'bidQty', 'bid_qty', 'bidSize'),
        ask: side('ask', 'askQty', 'ask_qty', 'askSize'),
      };
    }
    case 'trade': {
      const trade = objectOf(body, `${what}: trade`);
      const given = pick(trade, 'aggressor', 'side');
      const aggressor =
        given === undefined
          ? null
          : wordOf(given, `${what}: aggressor`, ['buy', 'sell', 'buyer', 'seller', 'none', 'unknown']);
      return {
        kind,
        price: text(trade, 'price', 'price'),
        quantity: text(trade, 'qty', 'qty', 'quantity'),
        aggressor:
          aggressor?.startsWith('buy') === true ? 'buy' : aggressor?.startsWith('sell') === true ? 'sell' : null,
      };
    }
    case 'bar':
      return readBar(objectOf(body, `${what}: bar`), what, t, unit);
    case 'submit': {
      const order = readOrder(body, `o${submitted.length + 1}`);
      if (submitted.includes(order.id)) throw scriptFault(`${what}: there is already an order "${order.id}".`);
      submitted.push(order.id);
      return { kind, order };
    }
    case 'funding': {
      const funding = objectOf(body, `${what}: funding`);
      const mark = pick(funding, 'mark', 'price');
      return {
        kind,
        rate: text(funding, 'rate', 'rate'),
        mark: mark === undefined ? null : text(funding, 'mark', 'mark', 'price'),
      };
    }
    case 'cancel':
      return { kind, id: orderIdOf(isObject(body) ? body['id'] : body, what, submitted) };
    case 'modify': {
      const change = objectOf(body, `${what}: modify`);
      const part = (...names: string[]): string | null =>
        pick(change, ...names) === undefined ? null : text(change, names[0] ?? '', ...names);
      return {
        kind,
        id: orderIdOf(change['id'], what, submitted),
        price: part('price', 'limit'),
        trigger: part('trigger', 'stop', 'stopPrice'),
        quantity: part('qty', 'quantity'),
      };
    }
    case 'observe': {
      const observe = objectOf(body, `${what}: observe`);
      const within = pick(observe, 'withinBp');
      return {
        kind,
        levels: numberOf(observe['levels'], `${what}: levels`, 5),
        withinBp: within === undefined ? null : numberOf(within, `${what}: withinBp`, 0),
        sweeps: listOf(observe['sweeps'] ?? [], `${what}: sweeps`).map((value) => {
          const sweep = objectOf(value, `${what}: sweep`);
          return {
            side: wordOf(sweep['side'], `${what}: side`, ['buy', 'sell']),
            quantity: text(sweep, 'qty', 'qty', 'quantity'),
          };
        }),
      };
    }
    default:
      throw scriptFault(
        `${what} has an unknown action "${kind}"; known are book, level, quote, trade, bar, funding, submit, cancel, modify, observe.`,
        'STEP_UNSUPPORTED',
      );
  }
}

/** An ISO time without an offset gets that of the venue. */
function zoned(value: Json | undefined, zone: string): Json | undefined {
  if (typeof value !== 'string' || zone === '') return value;
  const time = value.trim();
  return /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(time) ? `${time.replace(' ', 'T')}${zone}` : value;
}

/** `start` is when the bar began; left out, the whole bar happens at t. */
function readBar(bar: JsonObject, what: string, t: EpochMs, unit: TimeUnit): StepAction {
  const at = (name: string, short: string): string => decimalText(pick(bar, name, short), `${what}: ${name}`);
  const start = bar['start'] === undefined ? t : timeOf(bar['start'], `${what}: start`, unit);
  const [open, high, low, close] = [at('open', 'o'), at('high', 'h'), at('low', 'l'), at('close', 'c')];
  const volume = pick(bar, 'volume', 'v') === undefined ? '0' : at('volume', 'v');
  const highest = Math.max(Number(open), Number(close));
  const lowest = Math.min(Number(open), Number(close));
  if (Number(high) < highest || Number(low) > lowest || Number(low) <= 0 || Number(volume) < 0 || start > t) {
    throw scriptFault(`${what}: the bar contradicts itself; low <= open, close <= high and a start before its end.`);
  }
  return { kind: 'bar', start, open, high, low, close, volume };
}

function readLevels(value: Json | undefined, what: string): readonly TextLevel[] {
  const seen = new Set<string>();
  return listOf(value ?? [], what).map((level) => {
    const [price, quantity] = Array.isArray(level)
      ? (level as readonly Json[])
      : isObject(level)
        ? [pick(level, 'price'), pick(level, 'qty', 'quantity', 'size')]
        : [];
    const at = decimalText(price, `${what}: price`);
    if (seen.has(at)) throw scriptFault(`${what} name the price ${at} twice; give each price its whole quantity.`);
    seen.add(at);
    return [at, decimalText(quantity, `${what}: quantity`)];
  });
}

/** An order is named by its id, or by its place among the submits, counted from 0. */
function orderIdOf(value: Json | undefined, what: string, submitted: readonly string[]): string {
  if (typeof value !== 'string') throw scriptFault(`${what} must name an order by its id.`);
  if (submitted.includes(value)) return value;
  return /^\d+$/.test(value) ? (submitted[Number(value)] ?? value) : value;
}
