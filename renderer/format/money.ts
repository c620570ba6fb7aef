import { signOf } from './decimal-text.ts';

/** A new Intl formatter costs 40 times a cached one: one per (locale, digits, sign). */
const cache = new Map<string, Intl.NumberFormat>();

/** Grouping follows the currency of the instrument, not the language of the window: rupees count in lakh and crore. */
function localeOf(currency: string): string {
  return currency === 'INR' ? 'en-IN' : 'en-US';
}

function formatter(locale: string, least: number, most: number): Intl.NumberFormat {
  const key = `${locale}/${least}/${most}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat(locale, {
    minimumFractionDigits: least,
    maximumFractionDigits: Math.max(least, most),
    signDisplay: 'never',
  });
  cache.set(key, made);
  return made;
}

export interface NumberStyle {
  readonly currency: string;
  /** Digits after the point; without it, as many as the text has. */
  readonly digits?: number;
  /** `always` prints + and a true minus; zero never has a sign. */
  readonly sign?: 'negative' | 'always';
}

/** A decimal string as figures. Intl takes the string itself, so no digit is lost to a binary fraction. */
export function figures(text: string, style: NumberStyle): string {
  const bare = text.replace(/^[-+]/, '');
  const point = bare.indexOf('.');
  const own = point < 0 ? 0 : bare.length - point - 1;
  const least = style.digits ?? Math.min(own, 20);
  const body = formatter(localeOf(style.currency), least, least).format(bare as `${number}`);
  const sign = /[1-9]/.test(body) ? signOf(text) : 0;
  if (sign < 0) return `−${body}`;
  return sign > 0 && style.sign === 'always' ? `+${body}` : body;
}

const SYMBOLS: Readonly<Record<string, string>> = { INR: '₹', USD: '$', EUR: '€', GBP: '£' };

/** Money with its currency: "₹1,23,456.50", "−$12.00", "1,250.00 USDT". Two digits unless told otherwise. */
export function money(text: string, currency: string, options: { digits?: number; sign?: 'always' } = {}): string {
  const body = figures(text, {
    currency,
    digits: options.digits ?? 2,
    ...(options.sign ? { sign: options.sign } : {}),
  });
  const symbol = SYMBOLS[currency];
  if (symbol === undefined) return `${body} ${currency}`;
  return /^[−+]/.test(body) ? `${body.slice(0, 1)}${symbol}${body.slice(1)}` : `${symbol}${body}`;
}

/** A ratio of statistics (0.0123) as per cent; always signed, zero without a sign. */
export function percent(ratio: number, options: { digits?: number; signed?: boolean } = {}): string {
  const digits = options.digits ?? 2;
  const body = formatter('en-US', digits, digits).format(Math.abs(ratio * 100));
  const zero = !/[1-9]/.test(body);
  const sign = zero ? '' : ratio < 0 ? '−' : options.signed === false ? '' : '+';
  return `${sign}${body}%`;
}
