import { MARGIN_PARTS, readMargin, type ScriptMargin } from './read-margin.ts';
import { decimalText, isObject, type Json, numberOf, objectOf, pick, scriptFault, wordOf } from './script-json.ts';

export interface AccountTerms {
  /** null: not stated, then money is counted but no order is refused for want of it. */
  readonly type: 'cash' | 'margin' | null;
  readonly leverage: number;
  readonly margin: ScriptMargin;
  /** Currency -> amount. null: not stated. */
  readonly cash: Readonly<Record<string, string>> | null;
  readonly positions: readonly {
    readonly symbol: string;
    readonly quantity: string;
    readonly averagePrice: string | null;
  }[];
}

export function readAccount(value: Json | undefined, takerRate: string): AccountTerms {
  if (value === undefined || value === null)
    return { type: null, leverage: 1, margin: readMargin({}, takerRate), cash: null, positions: [] };
  const account = objectOf(value, 'account');
  for (const key of Object.keys(account)) {
    if (['cash', 'type', 'leverage', 'positions', 'id', 'name', 'currency', ...MARGIN_PARTS].includes(key)) continue;
    throw scriptFault(`account knows cash, type, leverage, positions, ${MARGIN_PARTS.join(', ')}, not "${key}".`);
  }
  const leverage = numberOf(account['leverage'], 'account.leverage', 1);
  if (leverage <= 0) throw scriptFault('account.leverage must be above zero.');
  const type = pick(account, 'type');
  const currency = pick(account, 'currency');
  return {
    type: type === undefined ? null : wordOf(type, 'account.type', ['cash', 'margin'] as const),
    leverage,
    margin: readMargin(account, takerRate),
    cash: readCash(account['cash'], typeof currency === 'string' ? currency : ''),
    positions: readPositions(account['positions']),
  };
}

/** {"USDT":"1000"} or a plain amount of the quote currency. */
function readCash(value: Json | undefined, currency: string): AccountTerms['cash'] {
  if (value === undefined || value === null) return null;
  if (!isObject(value)) return { [currency]: decimalText(value, 'account.cash') };
  return Object.fromEntries(
    Object.entries(value).map(([name, amount]) => [name.toUpperCase(), decimalText(amount, `account.cash.${name}`)]),
  );
}

/** {"ETHUSDT":"2"} or [{"symbol":"ETHUSDT","qty":"2","avgPrice":"1500"}]. */
function readPositions(value: Json | undefined): AccountTerms['positions'] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((entry) => {
      const position = objectOf(entry, 'account.positions');
      const symbol = position['symbol'];
      if (typeof symbol !== 'string') throw scriptFault('A position of account.positions has no symbol.');
      const average = pick(position, 'avgPrice', 'price');
      return {
        symbol,
        quantity: decimalText(pick(position, 'qty', 'quantity'), `The qty of position ${symbol}`),
        averagePrice: average === undefined ? null : decimalText(average, `The avgPrice of position ${symbol}`),
      };
    });
  }
  return Object.entries(objectOf(value, 'account.positions')).map(([symbol, quantity]) => ({
    symbol,
    quantity: decimalText(quantity, `The quantity of position ${symbol}`),
    averagePrice: null,
  }));
}
