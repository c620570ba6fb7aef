import type { Chart, Crosshair, KLineData } from 'klinecharts';
import type { CrosshairPlace } from './crosshair-link.ts';

const PANE = 'candle_pane';

/** The crosshair of one chart: told of the pointer, and put somewhere by the keyboard or by another chart. */
export class CrosshairControl {
  readonly #chart: Chart;
  readonly #host: HTMLElement;
  readonly #tell: (place: CrosshairPlace | null) => void;
  #index: number | null = null;
  time: number | null = null;

  constructor(chart: Chart, host: HTMLElement, tell: (place: CrosshairPlace | null) => void) {
    this.#chart = chart;
    this.#host = host;
    this.#tell = tell;
    chart.subscribeAction('onCrosshairChange', this.#moved);
    host.addEventListener('mouseleave', this.#left);
  }

  destroy(): void {
    this.#chart.unsubscribeAction('onCrosshairChange', this.#moved);
    this.#host.removeEventListener('mouseleave', this.#left);
  }

  readonly #moved = (data: unknown): void => {
    const { x, y, paneId } = (data ?? {}) as Crosshair;
    if (x === undefined || y === undefined) return;
    const found = this.#chart.convertFromPixel([{ x, y }], { paneId: paneId ?? PANE });
    const point = Array.isArray(found) ? found[0] : found;
    if (point?.timestamp === undefined) return;
    this.#index = point.dataIndex ?? null;
    this.time = point.timestamp;
    // A price of an indicator's pane is no price.
    const price = paneId === PANE ? (point.value ?? Number.NaN) : Number.NaN;
    this.#tell({ time: point.timestamp, price });
  };

  readonly #left = (): void => {
    this.time = null;
    this.#tell(null);
  };

  show(place: CrosshairPlace | null): void {
    this.time = place?.time ?? null;
    if (place === null) {
      // Null takes it off the picture; the library's types leave it out.
      this.#chart.executeAction('onCrosshairChange', null as unknown as Crosshair);
      return;
    }
    const pixel = (point: { timestamp?: number; value?: number }) => {
      const found = this.#chart.convertToPixel(point, { paneId: PANE });
      return Array.isArray(found) ? found[0] : found;
    };
    const x = pixel({ timestamp: place.time })?.x;
    const y = Number.isFinite(place.price) ? pixel({ value: place.price })?.y : undefined;
    if (x !== undefined) this.#chart.executeAction('onCrosshairChange', { x, y: y ?? -10, paneId: PANE });
  }

  /** By so many candles from where it stands, or from the newest; null without candles. */
  move(by: number): KLineData | null {
    const bars = this.#chart.getDataList();
    if (bars.length === 0) return null;
    const from = this.#index ?? bars.length - 1;
    const index = Math.min(bars.length - 1, Math.max(0, this.#index === null ? from : from + by));
    const bar = bars[index];
    if (bar === undefined) return null;
    this.#index = index;
    const { from: first, to: last } = this.#chart.getVisibleRange();
    if (index < first || index >= last) this.#chart.scrollToDataIndex(index);
    const place = { time: bar.timestamp, price: bar.close };
    this.show(place);
    this.#tell(place);
    return bar;
  }
}
