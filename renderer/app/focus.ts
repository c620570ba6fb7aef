import type { OrderSide } from '../../src/contract/types.ts';
import { showPanel } from '../layout/dock.ts';
import { openScreen } from '../screens/screen-state.ts';
import { edit } from '../ticket/ticket-state.ts';

export function focusTicket(side: OrderSide): void {
  edit({ side });
  goToTicket();
}

export function goToTicket(): void {
  openScreen('workspace');
  showPanel('ticket');
  const field = document.getElementById('ticket-quantity');
  if (field instanceof HTMLInputElement) {
    field.focus();
    field.select();
  }
}

export function focusFilter(): void {
  openScreen('workspace');
  showPanel('watchlist');
  document.getElementById('watchlist-filter')?.focus();
}
