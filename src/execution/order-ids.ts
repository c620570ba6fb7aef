import type { OrderId } from '../domain/order.ts';

/** Makes client order ids. Deterministic: the same session makes the same ids again. */
export interface OrderIdSource {
  next(): OrderId;
}

/**
 * prefix1, prefix2, ... After a restart continue with `first` above the last number in the journal. Venues take at most 36
 * characters of letters, digits, - and _, so the prefix should have at most 24.
 */
export function sequentialIds(prefix: string, first = 1): OrderIdSource {
  let number = first;
  return {
    next() {
      const id = prefix + number;
      number += 1;
      return id;
    },
  };
}
