import { create } from 'zustand';
import type { LimitScopeView } from './limit-source.ts';

interface OpenLimit {
  /** Null: all accounts. */
  readonly scope: LimitScopeView | null;
  readonly name: string;
}

export const useLimitDialog = create<{ readonly open: OpenLimit | null }>()(() => ({ open: null }));

export function openLimit(scope: LimitScopeView | null, name: string): void {
  useLimitDialog.setState({ open: { scope, name } });
}

export function closeLimit(): void {
  useLimitDialog.setState({ open: null });
}
