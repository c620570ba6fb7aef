import type { Chart } from 'klinecharts';
import { snapToTick } from '../format/decimal-text.ts';
import { guardDrag, type DragGuard } from './drag-guard.ts';
import { PRICE_LINE, priceLine, registerPriceLine, type PriceLineData } from './price-line-overlay.ts';
import type { ChartColors, ChartInstrument, PriceLine } from './price-chart.ts';

function lineColor(kind: PriceLine['kind'], colors: ChartColors): string {
  if (kind === 'buy' || kind === 'target') return colors.buy;
  if (kind === 'sell' || kind === 'stop') return colors.sell;
  return colors.muted;
}

interface Drag {
  readonly id: string;
  readonly from: number;
  readonly guard: DragGuard;
}

interface DraggedOverlay {
  readonly overlay: { readonly id: string; readonly points: { value?: number }[] };
}

/**
 * Orders, position, stop and target as lines. A dropped line reports its price on the tick grid and goes back to where
 * the venue has it; it moves when the venue says that the order moved.
 */
export class OrderLines {
  readonly #chart: Chart;
  readonly #host: HTMLElement;
  readonly #onMove: (id: string, price: string) => void;
  readonly #drawn = new Map<string, string>();
  #colors: ChartColors;
  #instrument: ChartInstrument | null = null;
  #lines: readonly PriceLine[] = [];
  #stale = false;
  #drag: Drag | null = null;

  constructor(chart: Chart, host: HTMLElement, colors: ChartColors, onMove: (id: string, price: string) => void) {
    registerPriceLine();
    this.#chart = chart;
    this.#host = host;
    this.#colors = colors;
    this.#onMove = onMove;
  }

  get lines(): readonly PriceLine[] {
    return this.#lines;
  }

  set(change: {
    readonly lines?: readonly PriceLine[];
    readonly instrument?: ChartInstrument;
    readonly colors?: ChartColors;
    readonly stale?: boolean;
  }): void {
    this.#lines = change.lines ?? this.#lines;
    this.#instrument = change.instrument ?? this.#instrument;
    this.#colors = change.colors ?? this.#colors;
    this.#stale = change.stale ?? this.#stale;
    this.#draw();
  }

  destroy(): void {
    this.#drag?.guard.end();
  }

  #snapped(value: number): string | null {
    return this.#instrument === null ? null : snapToTick(value, this.#instrument.tick);
  }

  readonly #handlers = {
    onStart: ({ overlay }: DraggedOverlay) => {
      this.#drag?.guard.end();
      this.#drag = { id: overlay.id, from: overlay.points[0]?.value ?? 0, guard: guardDrag(this.#host) };
    },
    onMoving: ({ overlay }: DraggedOverlay) => {
      const point = overlay.points[0];
      const price = point?.value === undefined ? null : this.#snapped(point.value);
      if (point !== undefined && price !== null) point.value = Number(price);
    },
    onEnd: ({ overlay }: DraggedOverlay) => {
      const ended = this.#drag;
      this.#drag = null;
      ended?.guard.end();
      const value = overlay.points[0]?.value;
      const price = value === undefined ? null : this.#snapped(value);
      queueMicrotask(() => this.#draw());
      if (ended === null || ended.guard.cancelled() || this.#stale || price === null) return;
      if (Number(price) !== ended.from) this.#onMove(ended.id, price);
    },
  };

  #restore(line: PriceLine): void {
    this.#chart.overrideOverlay({ name: PRICE_LINE, id: line.id, points: [{ value: line.price }] });
  }

  #draw(): void {
    const wanted = new Set(this.#lines.map((line) => line.id));
    for (const id of this.#drawn.keys()) {
      if (wanted.has(id) || this.#drag?.id === id) continue;
      this.#chart.removeOverlay({ id });
      this.#drawn.delete(id);
    }
    for (const line of this.#lines) if (this.#drag?.id !== line.id) this.#drawLine(line);
  }

  #drawLine(line: PriceLine): void {
    const colors = this.#colors;
    const movable = line.movable && !this.#stale;
    const data: PriceLineData = {
      label: line.label,
      color: lineColor(line.kind, colors),
      ink: line.kind === 'position' ? colors.panel : colors.onSide,
      panel: colors.panel,
      dashed: line.kind !== 'position',
      digits: this.#instrument?.priceDigits ?? 2,
      tagged: line.kind !== 'position',
      aside: line.kind === 'position',
    };
    const look = JSON.stringify([data, movable]);
    if (this.#drawn.get(line.id) === look) {
      this.#restore(line);
      return;
    }
    if (this.#drawn.has(line.id)) this.#chart.removeOverlay({ id: line.id });
    this.#chart.createOverlay(priceLine(line.id, line.price, movable, data, this.#handlers));
    this.#drawn.set(line.id, look);
  }
}
