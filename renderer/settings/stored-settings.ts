import type { Zone } from '../format/time.ts';
import { soundChanges, type KeyChanges } from './keys.ts';

export type Theme = 'dark' | 'light';
export type Palette = 'green-red' | 'red-green' | 'blue-orange';
export type Density = 'compact' | 'default' | 'comfortable';
export type Motion = 'system' | 'none';
export type ConfirmTicket = 'review' | 'retype';
export type ClickTrading = 'may-arm' | 'never';

export const NOTICE_KINDS = ['fill', 'refusal', 'warning', 'critical'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];
export interface NoticeChoice {
  readonly toast: boolean;
  readonly sound: boolean;
}

/** How this window looks and asks. Whatever decides about an order is kept and judged by the engine. */
export interface Settings {
  readonly theme: Theme;
  readonly palette: Palette;
  readonly density: Density;
  readonly motion: Motion;
  readonly zone: Zone;
  readonly confirmTicket: ConfirmTicket;
  readonly clickTrading: ClickTrading;
  /** Worth of a new order by currency, as a decimal; a currency without one starts with an empty quantity. */
  readonly orderValue: Readonly<Record<string, string>>;
  readonly keys: KeyChanges;
  readonly notices: Readonly<Record<NoticeKind, NoticeChoice>>;
  /** 0 to 1. */
  readonly volume: number;
}

export const VERSION = 2;

export const DEFAULTS: Settings = {
  theme: 'dark',
  palette: 'green-red',
  density: 'default',
  motion: 'system',
  zone: 'IST',
  confirmTicket: 'review',
  clickTrading: 'may-arm',
  orderValue: {},
  keys: {},
  notices: {
    fill: { toast: false, sound: false },
    refusal: { toast: true, sound: false },
    warning: { toast: false, sound: false },
    // Halts and breaches stay in the banner and the alert list; the sound calls the user there.
    critical: { toast: false, sound: true },
  },
  volume: 0.5,
};

type Reader<T> = (value: unknown) => T | undefined;

const oneOf =
  <T extends string>(...choices: readonly T[]): Reader<T> =>
  (value) =>
    choices.find((choice) => choice === value);

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

const AMOUNT = /^\d{1,15}(?:\.\d{1,8})?$/;

function orderValue(value: unknown): Settings['orderValue'] | undefined {
  const entries = Object.entries(asRecord(value) ?? { '': null });
  const isAmount = ([currency, amount]: [string, unknown]) =>
    /^[A-Z0-9]{2,10}$/.test(currency) && typeof amount === 'string' && AMOUNT.test(amount) && /[1-9]/.test(amount);
  return entries.every(isAmount) ? Object.fromEntries(entries as [string, string][]) : undefined;
}

function notices(value: unknown): Settings['notices'] | undefined {
  const stored = asRecord(value);
  if (stored === undefined) return undefined;
  const read = (kind: NoticeKind): NoticeChoice => {
    const { toast, sound } = { ...DEFAULTS.notices[kind], ...asRecord(stored[kind]) };
    return { toast: toast === true, sound: sound === true };
  };
  return { fill: read('fill'), refusal: read('refusal'), warning: read('warning'), critical: read('critical') };
}

const READERS: { readonly [K in keyof Settings]: Reader<Settings[K]> } = {
  theme: oneOf('dark', 'light'),
  palette: oneOf('green-red', 'red-green', 'blue-orange'),
  density: oneOf('compact', 'default', 'comfortable'),
  motion: oneOf('system', 'none'),
  zone: oneOf('IST', 'UTC', 'local'),
  confirmTicket: oneOf('review', 'retype'),
  clickTrading: oneOf('may-arm', 'never'),
  orderValue,
  keys: (value) => {
    const stored = asRecord(value);
    return stored === undefined ? undefined : soundChanges(stored);
  },
  notices,
  volume: (value) => (typeof value === 'number' && value >= 0 && value <= 1 ? value : undefined),
};

export interface ReadSettings {
  readonly settings: Settings;
  /** What is wrong with what was stored, for the user; null when nothing is. */
  readonly notice: string | null;
}

/** One bad field costs that field, an unreadable document all of them. Version 1 knew looks only and is read as it is. */
export function readSettings(text: string | null): ReadSettings {
  if (text === null) return { settings: DEFAULTS, notice: null };
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    document = null;
  }
  const { state, version } = asRecord(document) ?? {};
  const stored = asRecord(state);
  if (stored === undefined || typeof version !== 'number')
    return { settings: DEFAULTS, notice: 'The settings of this window could not be read; the defaults are in use.' };
  if (version > VERSION)
    return {
      settings: DEFAULTS,
      notice: 'The settings were written by a newer version of Tradewright; the defaults are in use.',
    };
  const wrong: string[] = [];
  const take = <K extends keyof Settings>(key: K): Settings[K] => {
    if (!Object.hasOwn(stored, key)) return DEFAULTS[key];
    const value = READERS[key](stored[key]);
    if (value === undefined) wrong.push(key);
    return value ?? DEFAULTS[key];
  };
  const settings: Settings = {
    theme: take('theme'),
    palette: take('palette'),
    density: take('density'),
    motion: take('motion'),
    zone: take('zone'),
    confirmTicket: take('confirmTicket'),
    clickTrading: take('clickTrading'),
    orderValue: take('orderValue'),
    keys: take('keys'),
    notices: take('notices'),
    volume: take('volume'),
  };
  return {
    settings,
    notice: wrong.length === 0 ? null : `Settings that made no sense are at their default now: ${wrong.join(', ')}.`,
  };
}

export function writtenSettings(settings: Settings): string {
  return JSON.stringify({ state: settings, version: VERSION });
}
