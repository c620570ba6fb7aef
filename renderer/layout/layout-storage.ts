import { PANEL_NAMES } from './panels.tsx';
import { readLayoutText, readLayoutValue, type StoredLayout, type WorkspaceLayout } from './stored-layout.ts';

const KEY = 'tradewright.layout.1';
const NAMED = 'tradewright.layouts.named.1';

export function readLayout(storage: Storage): StoredLayout {
  return readLayoutText(storage.getItem(KEY), PANEL_NAMES);
}

/** A full or forbidden storage costs the arrangement of the panels, nothing else. */
function write(storage: Storage, key: string, value: unknown): boolean {
  try {
    storage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export function writeLayout(storage: Storage, layout: WorkspaceLayout): void {
  write(storage, KEY, layout);
}

export function forgetLayout(storage: Storage): void {
  storage.removeItem(KEY);
}

function named(storage: Storage): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(storage.getItem(NAMED) ?? '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}

export function layoutNames(storage: Storage): string[] {
  return Object.keys(named(storage)).toSorted((a, b) => a.localeCompare(b));
}

export function readNamed(storage: Storage, name: string): StoredLayout {
  const all = named(storage);
  return Object.hasOwn(all, name) ? readLayoutValue(all[name], PANEL_NAMES) : { kind: 'none' };
}

export function writeNamed(storage: Storage, name: string, layout: WorkspaceLayout): boolean {
  return write(storage, NAMED, { ...named(storage), [name]: layout });
}

export function removeNamed(storage: Storage, name: string): void {
  const { [name]: _gone, ...others } = named(storage);
  write(storage, NAMED, others);
}
