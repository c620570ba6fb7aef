import { registerOverlay, type Chart, type OverlayCreate, type OverlayEvent, type Point } from 'klinecharts';
import { guardDrag, type DragGuard } from './drag-guard.ts';
import { DRAWING_TOOL_NAMES, type Drawing, type DrawingPoint, type DrawingTool } from './drawings.ts';
import type { ChartColors } from './price-chart.ts';

const GROUP = 'drawings';
const LIBRARY_NAMES: Partial<Record<DrawingTool, string>> = { note: 'simpleAnnotation' };

let registered = false;

/** The library has no rectangle. */
function registerBox(): void {
  if (registered) return;
  registered = true;
  registerOverlay({
    name: 'box',
    totalStep: 3,
    needDefaultPointFigure: true,
    needDefaultXAxisFigure: true,
    needDefaultYAxisFigure: true,
    createPointFigures: ({ coordinates }) => {
      const [a, b] = coordinates;
      if (a === undefined || b === undefined) return [];
      return {
        type: 'polygon',
        attrs: {
          coordinates: [
            { x: a.x, y: a.y },
            { x: b.x, y: a.y },
            { x: b.x, y: b.y },
            { x: a.x, y: b.y },
          ],
        },
      };
    },
  });
}

interface DrawingEvents {
  readonly onDrawing: (drawing: Drawing) => void;
  readonly onDrawn: () => void;
  readonly onSelect: (id: string | null) => void;
}

function nameOf(tool: DrawingTool): string {
  return LIBRARY_NAMES[tool] ?? tool;
}

function pointsOf(points: readonly Partial<Point>[]): DrawingPoint[] {
  return points.flatMap(({ timestamp, value }) =>
    typeof timestamp === 'number' && typeof value === 'number' ? [{ timestamp, value }] : [],
  );
}

/** Drawings as overlays. Their points go in and come back as moments and prices, never as places in the list of candles. */
export class DrawingOverlays {
  readonly #chart: Chart;
  readonly #host: HTMLElement;
  readonly #events: DrawingEvents;
  #colors: ChartColors;
  readonly #shown = new Map<string, string>();
  #drawings: readonly Drawing[] = [];
  #pending: string | null = null;
  #guard: DragGuard | null = null;

  constructor(chart: Chart, host: HTMLElement, colors: ChartColors, events: DrawingEvents) {
    registerBox();
    this.#chart = chart;
    this.#host = host;
    this.#colors = colors;
    this.#events = events;
  }

  setColors(colors: ChartColors): void {
    this.#colors = colors;
    for (const id of this.#shown.keys()) this.#chart.removeOverlay({ id });
    this.#shown.clear();
    this.set(this.#drawings);
  }

  set(drawings: readonly Drawing[]): void {
    this.#drawings = drawings;
    const wanted = new Set(drawings.map(({ id }) => id));
    for (const id of this.#shown.keys()) {
      if (wanted.has(id)) continue;
      this.#chart.removeOverlay({ id });
      this.#shown.delete(id);
    }
    for (const drawing of drawings) this.#show(drawing);
  }

  /** Gives the next presses on the chart to a tool; null takes it back. */
  begin(tool: DrawingTool | null, magnet: boolean, text: string): void {
    if (this.#pending !== null) {
      const id = this.#pending;
      this.#pending = null;
      this.#chart.removeOverlay({ id });
    }
    if (tool === null) return;
    const id = crypto.randomUUID();
    this.#pending = id;
    this.#chart.createOverlay({
      ...this.#overlay({ id, tool, points: [], ...(tool === 'note' ? { text } : {}) }),
      mode: magnet ? 'weak_magnet' : 'normal',
    });
  }

  get drawing(): boolean {
    return this.#pending !== null;
  }

  destroy(): void {
    this.#guard?.end();
  }

  #show(drawing: Drawing): void {
    const look = JSON.stringify(drawing);
    if (this.#shown.get(drawing.id) === look) return;
    if (this.#shown.has(drawing.id)) {
      const points = drawing.points.map((point) => ({ ...point }));
      this.#chart.overrideOverlay({ id: drawing.id, name: nameOf(drawing.tool), points });
    } else {
      this.#chart.createOverlay(this.#overlay(drawing));
    }
    this.#shown.set(drawing.id, look);
  }

  #report(event: OverlayEvent<unknown>, tool: DrawingTool, text: string | undefined): void {
    const points = pointsOf(event.overlay.points);
    if (points.length === 0) return;
    const drawing = { id: event.overlay.id, tool, points, ...(text === undefined ? {} : { text }) };
    this.#shown.set(drawing.id, JSON.stringify(drawing));
    this.#events.onDrawing(drawing);
  }

  /** A fresh object each time: the library writes its own fields into what it is given. */
  #overlay({ id, tool, points, text }: Drawing): OverlayCreate {
    const { accent, panel } = this.#colors;
    const line = { color: accent, size: 1 };
    return {
      name: nameOf(tool),
      id,
      groupId: GROUP,
      zLevel: 5,
      ...(points.length === 0 ? {} : { points: points.map((point) => ({ ...point })) }),
      ...(text === undefined ? {} : { extendData: text }),
      styles: {
        line,
        point: { color: accent, borderColor: accent, activeColor: accent, activeBorderColor: accent },
        polygon: { style: 'stroke_fill', color: `${accent}22`, borderColor: accent },
        text: { color: panel, backgroundColor: accent, borderColor: accent, size: 11, family: 'Inter Variable' },
      },
      onDrawEnd: (event) => {
        this.#pending = null;
        this.#report(event, tool, text);
        this.#events.onDrawn();
      },
      onPressedMoveStart: () => {
        this.#guard?.end();
        this.#guard = guardDrag(this.#host);
      },
      onPressedMoveEnd: (event) => {
        const cancelled = this.#guard?.cancelled() ?? false;
        this.#guard?.end();
        this.#guard = null;
        if (!cancelled) return this.#report(event, tool, text);
        const before = this.#drawings.find((each) => each.id === id);
        if (before !== undefined) {
          this.#shown.set(id, '');
          queueMicrotask(() => this.#show(before));
        }
      },
      onSelected: () => this.#events.onSelect(id),
      onDeselected: () => this.#events.onSelect(null),
      // Without this a right click removes the drawing.
      onRightClick: (event) => event.preventDefault?.(),
    };
  }

  /** For tests and readers: where each drawing stands now. */
  state(): { id: string; tool: string; points: { time: number; price: number; x: number; y: number }[] }[] {
    return this.#chart
      .getOverlays({ groupId: GROUP })
      .filter(({ id }) => id !== this.#pending)
      .map((overlay) => ({
        id: overlay.id,
        tool: DRAWING_TOOL_NAMES.find((tool) => nameOf(tool) === overlay.name) ?? overlay.name,
        points: pointsOf(overlay.points).map(({ timestamp, value }) => {
          const at = this.#chart.convertToPixel({ timestamp, value }, { paneId: 'candle_pane', absolute: true });
          const place = Array.isArray(at) ? at[0] : at;
          return { time: timestamp, price: value, x: place?.x ?? 0, y: place?.y ?? 0 };
        }),
      }));
  }
}
