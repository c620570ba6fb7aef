import type { DecimalString } from './decimal.ts';
import type { AccountKind } from './order.ts';

/** Mode is a property of the account: an order on a paper account can never reach a live broker. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly kind: AccountKind;
  /** Broker that executes for it, e.g. "paper". */
  readonly broker: string;
  readonly currency: string;
  /** cash: no sale beyond the holding, no borrowing. margin: shorting allowed, buying power = equity x leverage. */
  readonly type: 'cash' | 'margin';
  readonly leverage: DecimalString;
  readonly startingCash: DecimalString;
}
