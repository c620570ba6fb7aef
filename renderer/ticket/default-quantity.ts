import { useEffect } from 'react';
import type { InstrumentView } from '../../src/contract/types.ts';
import { useDesk } from '../desk/desk.ts';
import type { QuoteRow } from '../desk/quote-row.ts';
import { useSettings } from '../settings/settings.ts';
import { edit, useTicket } from './ticket-state.ts';

const DIGITS = 20;

function scaled(text: string, digits: number): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'));
}

/** Largest multiple of `step` that is worth at most `value` at `price`; null where there is none above zero. */
export function quantityWorth(value: string, price: string, step: string): string | null {
  const priceUnits = scaled(price, DIGITS);
  const stepUnits = scaled(step, DIGITS);
  if (priceUnits <= 0n || stepUnits <= 0n) return null;
  const steps = (scaled(value, DIGITS) * 10n ** BigInt(DIGITS)) / (priceUnits * stepUnits);
  if (steps === 0n) return null;
  const digits = step.includes('.') ? step.length - step.indexOf('.') - 1 : 0;
  const units = (steps * scaled(step, digits)).toString().padStart(digits + 1, '0');
  return digits === 0 ? units : `${units.slice(0, -digits)}.${units.slice(-digits)}`.replace(/\.?0+$/, '');
}

function priceOf(quote: QuoteRow | undefined): string | null {
  return quote?.last ?? quote?.ask ?? quote?.bid ?? null;
}

/** Fills an empty quantity with what the settings say an order is worth, once per instrument, when its price is known. */
export function useDefaultQuantity(instrument: InstrumentView): void {
  const desk = useDesk();
  const value = useSettings((settings) => settings.orderValue[instrument.quote]);
  useEffect(() => {
    if (value === undefined) return undefined;
    let off = () => {};
    const fill = () => {
      const price = priceOf(desk.quotes.get(instrument.id));
      if (price === null) return;
      off();
      const quantity = quantityWorth(value, price, instrument.step);
      const { draft, phase } = useTicket.getState();
      if (quantity !== null && draft.quantity === '' && phase.name === 'edit') edit({ quantity });
    };
    off = desk.quotes.subscribe(fill);
    fill();
    return () => off();
  }, [desk, instrument.id, instrument.step, value]);
}
