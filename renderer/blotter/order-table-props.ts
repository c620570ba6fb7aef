import type { ReactNode } from 'react';
import type { OrderView } from '../../src/contract/types.ts';

/** What a screen adds to a table of orders that stands in a panel by itself elsewhere. */
export interface OrderTableProps {
  readonly chips?: ReactNode;
  readonly passes?: ((order: OrderView) => boolean) | undefined;
  /** Instead of the dialog with the history of the order. */
  readonly onChoose?: (order: OrderView) => void;
}
