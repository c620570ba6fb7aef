import { create } from 'zustand';
import { persist } from 'zustand/middleware';

/** A point is a moment and a price, never an index: older candles may come in before it and it stays where it is. */
export interface DrawingPoint {
  readonly timestamp: number;
  readonly value: number;
}

export interface Drawing {
  readonly id: string;
  readonly tool: DrawingTool;
  readonly points: readonly DrawingPoint[];
  readonly text?: string;
}

export const DRAWING_TOOLS = {
  segment: 'Trend line',
  rayLine: 'Ray',
  straightLine: 'Extended line',
  horizontalStraightLine: 'Horizontal line',
  verticalStraightLine: 'Vertical line',
  box: 'Rectangle',
  parallelStraightLine: 'Parallel channel',
  fibonacciLine: 'Fibonacci retracement',
  note: 'Note',
  brush: 'Brush',
} as const;

export type DrawingTool = keyof typeof DRAWING_TOOLS;
export const DRAWING_TOOL_NAMES = Object.keys(DRAWING_TOOLS) as DrawingTool[];

type AllDrawings = Readonly<Record<string, readonly Drawing[]>>;

/** Saved per symbol: every chart of a symbol shows them, in every timeframe. */
export const useDrawings = create<{ readonly symbols: AllDrawings }>()(
  persist((): { readonly symbols: AllDrawings } => ({ symbols: {} }), {
    name: 'tradewright.drawings',
    version: 1,
    merge: (stored, current) => ({ ...current, symbols: readAll(stored) }),
  }),
);

const NONE: readonly Drawing[] = [];

export function drawingsOf(symbols: AllDrawings, symbol: string): readonly Drawing[] {
  return symbols[symbol] ?? NONE;
}

export function setDrawings(symbol: string, change: (drawings: readonly Drawing[]) => readonly Drawing[]): void {
  useDrawings.setState(({ symbols }) => ({ symbols: { ...symbols, [symbol]: change(symbols[symbol] ?? NONE) } }));
}

/** A new drawing, or the new place of one. */
export function putDrawing(symbol: string, drawing: Drawing): void {
  setDrawings(symbol, (drawings) =>
    drawings.some(({ id }) => id === drawing.id)
      ? drawings.map((each) => (each.id === drawing.id ? drawing : each))
      : [...drawings, drawing],
  );
}

export function removeDrawing(symbol: string, id: string): void {
  setDrawings(symbol, (drawings) => drawings.filter((each) => each.id !== id));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function readPoint(stored: unknown): DrawingPoint | null {
  if (!isObject(stored)) return null;
  const { timestamp, value } = stored;
  const numbers = typeof timestamp === 'number' && typeof value === 'number';
  return numbers && Number.isFinite(timestamp) && Number.isFinite(value) ? { timestamp, value } : null;
}

function readDrawing(stored: unknown): Drawing | null {
  if (!isObject(stored) || typeof stored['id'] !== 'string' || !Array.isArray(stored['points'])) return null;
  const tool = DRAWING_TOOL_NAMES.find((each) => each === stored['tool']);
  const points = stored['points'].map(readPoint);
  if (tool === undefined || points.length === 0 || points.includes(null)) return null;
  const text = stored['text'];
  return {
    id: stored['id'],
    tool,
    points: points.filter((point) => point !== null),
    ...(typeof text === 'string' ? { text } : {}),
  };
}

/** A damaged store costs the damaged drawings and nothing else. */
export function readAll(stored: unknown): AllDrawings {
  const symbols = isObject(stored) ? stored['symbols'] : null;
  if (!isObject(symbols)) return {};
  return Object.fromEntries(
    Object.entries(symbols).map(([symbol, list]) => [
      symbol,
      (Array.isArray(list) ? list : []).map(readDrawing).filter((drawing) => drawing !== null),
    ]),
  );
}
