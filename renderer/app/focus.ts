import type { OrderSide } from '../../src/contract/types.ts';
import { showPanel } from '../layout/workspace-api.ts';
import { edit } from '../ticket/ticket-state.ts';

export function focusTicket(side: OrderSide): void {
  showPanel('ticket');
  edit({ side });
  const field = document.getElementById('ticket-quantity');
  if (field instanceof HTMLInputElement) {
    field.focus();
    field.select();
  }
}

export function focusFilter(): void {
  showPanel('watchlist');
  document.getElementById('watchlist-filter')?.focus();
}
