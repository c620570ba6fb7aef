import { create } from 'zustand';
import type { OrderView, PositionView } from '../../src/contract/types.ts';

export type OpenDialog =
  | { readonly kind: 'none' }
  | { readonly kind: 'close'; readonly position: PositionView }
  | { readonly kind: 'modify'; readonly order: OrderView; readonly field: 'price' | 'trigger'; readonly to: string }
  | {
      readonly kind: 'protect';
      readonly position: PositionView;
      readonly field: 'stopLoss' | 'takeProfit';
      readonly to: string;
    }
  | { readonly kind: 'timeline'; readonly orderId: string };

export const useDialog = create<{ readonly dialog: OpenDialog }>()(() => ({ dialog: { kind: 'none' } }));

export function openDialog(dialog: OpenDialog): void {
  useDialog.setState({ dialog });
}

export function openClose(position: PositionView): void {
  openDialog({ kind: 'close', position });
}

export function openTimeline(orderId: string): void {
  openDialog({ kind: 'timeline', orderId });
}

export function closeDialog(): void {
  useDialog.setState({ dialog: { kind: 'none' } });
}
