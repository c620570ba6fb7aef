import type { AccountKind } from '../../domain/order.ts';
import { isObject, type Json, listOf, numberOf, objectOf, pick, wordOf } from '../what-if/script-json.ts';
import { maybeDecimal, onlyKnown, orderFault } from './order-fields.ts';
import { type FileOpenOrder, readOpenOrders } from './read-state.ts';

export interface FilePosition {
  readonly symbol: string;
  /** Signed. */
  readonly quantity: string;
  /** What one unit is worth now; null when the file does not say. */
  readonly price: string | null;
}

export interface FileAccount {
  readonly id: string;
  readonly kind: AccountKind;
  readonly broker: string;
  readonly type: 'cash' | 'margin' | null;
  readonly leverage: string;
  readonly currency: string | null;
  /** By currency; "" = the account's own. */
  readonly cash: Readonly<Record<string, string>> | null;
  readonly equity: string | null;
  readonly dayStartEquity: string | null;
  readonly highEquity: string | null;
  readonly positions: readonly FilePosition[];
  readonly openOrders: readonly FileOpenOrder[];
}

const KNOWN = [
  'id',
  'name',
  'kind',
  'broker',
  'type',
  'leverage',
  'currency',
  'cash',
  'equity',
  'dayStartEquity',
  'highEquity',
  'positions',
  'openOrders',
];

export function readFileAccount(value: Json): FileAccount {
  const account = objectOf(value, 'account');
  onlyKnown(account, KNOWN, 'account');
  const word = (name: string, otherwise: string): string => {
    const given = pick(account, name);
    if (given === undefined) return otherwise;
    if (typeof given === 'string' && given !== '') return given;
    throw orderFault(`account.${name} must be a word.`);
  };
  const leverage = numberOf(account['leverage'], 'account.leverage', 1);
  if (!(leverage > 0)) throw orderFault('account.leverage must be above zero.');
  const type = pick(account, 'type');
  const currency = pick(account, 'currency');
  return {
    id: word('id', 'account'),
    kind: wordOf(pick(account, 'kind') ?? 'paper', 'account.kind', ['paper', 'live']),
    broker: word('broker', 'paper'),
    type: type === undefined ? null : wordOf(type, 'account.type', ['cash', 'margin'] as const),
    leverage: String(leverage),
    currency: currency === undefined ? null : word('currency', '').toUpperCase(),
    cash: readCash(pick(account, 'cash')),
    equity: maybeDecimal(account, 'account.equity', 'equity'),
    dayStartEquity: maybeDecimal(account, 'account.dayStartEquity', 'dayStartEquity'),
    highEquity: maybeDecimal(account, 'account.highEquity', 'highEquity'),
    positions: readPositions(pick(account, 'positions')),
    openOrders: readOpenOrders(pick(account, 'openOrders'), 'account.openOrders'),
  };
}

/** {"USDT":"1000"} or a plain amount of the account's currency. */
function readCash(value: Json | undefined): FileAccount['cash'] {
  if (value === undefined) return null;
  const object = isObject(value) ? value : { '': value };
  return Object.fromEntries(
    Object.entries(object).map(([name, amount]) => {
      const text = maybeDecimal({ amount }, `account.cash${name === '' ? '' : `.${name}`}`, 'amount');
      if (text === null) throw orderFault(`account.cash.${name} has no amount.`);
      return [name.toUpperCase(), text];
    }),
  );
}

/** {"ETHUSDT":"2"} or [{"symbol":"ETHUSDT","qty":"2","price":"1500"}]. */
function readPositions(value: Json | undefined): readonly FilePosition[] {
  if (value === undefined) return [];
  if (isObject(value)) {
    return Object.entries(value).map(([symbol, quantity]) => ({
      symbol: symbol.toUpperCase(),
      quantity: maybeDecimal({ quantity }, `The quantity of position ${symbol}`, 'quantity') ?? '0',
      price: null,
    }));
  }
  return listOf(value, 'account.positions').map((entry) => {
    const position = objectOf(entry, 'A position of account.positions');
    onlyKnown(position, ['symbol', 'qty', 'quantity', 'price', 'mark', 'avgPrice'], 'A position of account.positions');
    const symbol = position['symbol'];
    if (typeof symbol !== 'string' || symbol === '') throw orderFault('A position of account.positions has no symbol.');
    const quantity = maybeDecimal(position, `The qty of position ${symbol}`, 'qty', 'quantity');
    if (quantity === null) throw orderFault(`Position ${symbol} has no qty.`);
    return {
      symbol: symbol.toUpperCase(),
      quantity,
      price: maybeDecimal(position, `The price of position ${symbol}`, 'price', 'mark'),
    };
  });
}
