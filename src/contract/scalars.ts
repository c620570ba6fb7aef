import * as z from 'zod';

/** Money, prices and quantities cross the boundary as plain decimals, never as binary fractions. */
export const decimal = z
  .string()
  .max(80)
  .regex(/^-?\d{1,40}(\.\d{1,40})?$/, 'write it as a plain decimal such as 61826.01');
export const positiveDecimal = z
  .string()
  .max(80)
  .regex(/^(?=.*[1-9])\d{1,40}(\.\d{1,40})?$/, 'write it as a plain decimal above zero such as 0.25');
/** Milliseconds since 1970-01-01T00:00:00Z. */
export const epochMs = z.int().min(0);
export const durationMs = z.number().min(0);
export const count = z.int().min(0);
/** A statistic: a double, never money. */
export const statistic = z.number();

/** SYMBOL.VENUE in capitals, e.g. BTCUSDT.BINANCE. */
export const instrumentId = z
  .string()
  .min(3)
  .max(64)
  .regex(/^[A-Z0-9][A-Z0-9&:/_.-]*\.[A-Z0-9_]+$/, 'write it as SYMBOL.VENUE such as BTCUSDT.BINANCE');
export const identifier = z
  .string()
  .min(1)
  .max(80)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]*$/);
/** Made by the caller once per intent: the same key never makes a second order. */
export const idempotencyKey = z
  .string()
  .min(8)
  .max(80)
  .regex(/^[A-Za-z0-9_.:-]+$/);
export const reasonText = z.string().trim().min(3).max(500);
export const sentence = z.string().max(2000);
/** Stable, for machines: PRICE_OFF_TICK. */
export const reasonCode = z
  .string()
  .max(64)
  .regex(/^[A-Z][A-Z0-9_]*$/);
export const pageLimit = z.int().min(1).max(1000).default(200);
/** Opaque place in a list: pass back what the previous page gave. */
export const cursor = z.string().min(1).max(120);

export const timeframe = z.enum(['1s', '1m', '3m', '5m', '15m', '30m', '1h', '4h', '1d']);
export const side = z.enum(['buy', 'sell']);
export const accountKind = z.enum(['paper', 'live']);
export const orderType = z.enum(['market', 'limit', 'stop', 'stop-limit', 'trailing-stop']);
export const timeInForce = z.enum(['GTC', 'IOC', 'FOK', 'DAY', 'GTD']);
