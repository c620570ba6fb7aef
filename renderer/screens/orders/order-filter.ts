import type { OrderView } from '../../../src/contract/types.ts';
import { statusWord } from '../../desk/order-kind.ts';

/** What rows of orders and fills have in common to be filtered by. */
export const FILTER_FIELDS = ['account', 'instrument', 'side', 'status', 'source'] as const;
export type FilterField = (typeof FILTER_FIELDS)[number];
export type OrderFilter = Readonly<Partial<Record<FilterField, string>>>;

export const FIELD_TITLES: Readonly<Record<FilterField, string>> = {
  account: 'Account',
  instrument: 'Instrument',
  side: 'Side',
  status: 'Status',
  source: 'Source',
};

export function valueOf(order: OrderView, field: FilterField): string {
  switch (field) {
    case 'account':
    case 'instrument':
    case 'side':
      return order[field];
    case 'status':
      return statusWord(order.status);
    case 'source':
      return order.strategy ?? order.source;
  }
}

export function passesFilter(order: OrderView, filter: OrderFilter): boolean {
  return FILTER_FIELDS.every((field) => filter[field] === undefined || valueOf(order, field) === filter[field]);
}

/** What can be chosen for each field: what is there, and what is chosen already even if it is not. */
export function choicesOf(
  orders: readonly OrderView[],
  filter: OrderFilter,
): Readonly<Record<FilterField, readonly string[]>> {
  const of = (field: FilterField) => {
    const found = new Set(orders.map((order) => valueOf(order, field)));
    const chosen = filter[field];
    if (chosen !== undefined) found.add(chosen);
    return [...found].toSorted((a, b) => a.localeCompare(b));
  };
  return {
    account: of('account'),
    instrument: of('instrument'),
    side: of('side'),
    status: of('status'),
    source: of('source'),
  };
}

/** A stored filter; whatever is none is left out. */
export function readFilter(text: string | null): OrderFilter {
  try {
    const stored: unknown = JSON.parse(text ?? '{}');
    if (typeof stored !== 'object' || stored === null) return {};
    const fields = new Map(Object.entries(stored));
    return Object.fromEntries(
      FILTER_FIELDS.flatMap((field) => {
        const value: unknown = fields.get(field);
        return typeof value === 'string' && value !== '' ? [[field, value]] : [];
      }),
    );
  } catch {
    return {};
  }
}
