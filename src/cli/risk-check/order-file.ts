import { isObject, type Json, type JsonObject, objectOf, pick, timeOf } from '../what-if/script-json.ts';
import { type FileAccount, readFileAccount } from './read-account.ts';
import { type FileMarket, readMarket } from './read-market.ts';
import { type FileState, readState } from './read-state.ts';
import { type FileOrder, onlyKnown, ORDER_FIELDS, orderFault, readFileOrder } from './order-fields.ts';
import { type FileFees, readFees } from './read-fees.ts';

/** Everything an order file may say. What it leaves out is null or undefined here. */
export interface OrderFile {
  readonly order: FileOrder;
  /** Terms, or the symbol or id alone. */
  readonly instrument: JsonObject | string | null;
  /** Terms, or the id alone. */
  readonly account: FileAccount | string | null;
  readonly market: FileMarket;
  readonly limits: Json | undefined;
  readonly state: FileState | null;
  readonly fees: FileFees | null;
  readonly at: number | null;
}

const PARTS = [
  'instrument',
  'account',
  'quote',
  'book',
  'market',
  'last',
  'limits',
  'state',
  'fees',
  'model',
  'at',
  'now',
  't',
];
const NOTES = ['name', 'title', 'description', '$schema'];

export function readOrderFile(json: JsonObject): OrderFile {
  const nested = pick(json, 'order', 'submit');
  onlyKnown(
    json,
    [...PARTS, ...NOTES, ...(nested === undefined ? ORDER_FIELDS : ['order', 'submit', 'symbol'])],
    'The order file',
  );
  const plain = Object.fromEntries(Object.entries(json).filter(([key]) => ORDER_FIELDS.includes(key)));
  const fields = nested === undefined ? plain : objectOf(nested, 'order');
  onlyKnown(fields, ORDER_FIELDS, 'The order');
  const order = readFileOrder({ ...(json['symbol'] === undefined ? {} : { symbol: json['symbol'] }), ...fields });
  const instrument = pick(json, 'instrument');
  if (instrument !== undefined && typeof instrument !== 'string' && !isObject(instrument)) {
    throw orderFault('instrument must be an object, or a symbol such as "BTCUSDT".');
  }
  const account = pick(json, 'account');
  const at = pick(json, 'at', 'now', 't');
  const when = at === undefined ? null : timeOf(at, 'at', 'event');
  const state = pick(json, 'state');
  return {
    order,
    instrument: instrument ?? order.symbol,
    account: account === undefined ? null : typeof account === 'string' ? account : readFileAccount(account),
    market: readMarket(json, when),
    limits: pick(json, 'limits'),
    state: state === undefined ? null : readState(state),
    fees: readFees(pick(json, 'fees') ?? (isObject(json['model']) ? json['model']['fees'] : undefined)),
    at: when,
  };
}
