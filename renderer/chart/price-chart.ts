import type { Zone } from '../format/time.ts';

/**
 * What the window asks of a price chart. The library behind it is replaceable; panels know only this port.
 * Prices are numbers here because a chart places pixels. Money never passes through: what the user drags comes back as
 * a decimal string on the tick grid.
 */
export interface ChartBar {
  readonly start: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export interface ChartInstrument {
  readonly symbol: string;
  readonly tick: string;
  readonly priceDigits: number;
  readonly quantityDigits: number;
}

export type Timeframe = '1m' | '3m' | '5m' | '15m' | '1h' | '1d';

export interface PriceLine {
  readonly id: string;
  readonly price: number;
  readonly label: string;
  readonly kind: 'buy' | 'sell' | 'position' | 'stop' | 'target';
  /** A movable line asks for a change when it is dropped; it never changes anything by itself. */
  readonly movable: boolean;
}

export interface ChartColors {
  readonly up: string;
  readonly down: string;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly panel: string;
  readonly raised: string;
  readonly accent: string;
  readonly warn: string;
  readonly buy: string;
  readonly sell: string;
  readonly onSide: string;
}

/** What a test or a screen reader can know about the picture. */
interface ChartState {
  readonly bars: number;
  readonly lastClose: number | null;
  readonly visible: { readonly from: number; readonly to: number };
  readonly indicators: readonly string[];
  readonly lines: readonly { readonly id: string; readonly price: number; readonly y: number | null }[];
}

export interface PriceChart {
  show(instrument: ChartInstrument, timeframe: Timeframe, bars: readonly ChartBar[]): void;
  /** The forming bar, or the first bar of a new period. */
  update(bar: ChartBar): void;
  setLines(lines: readonly PriceLine[]): void;
  setIndicators(options: { readonly volume: boolean; readonly sma: readonly number[] }): void;
  setZone(zone: Zone): void;
  setColors(colors: ChartColors): void;
  /** A stale chart draws its last price hollow and lets no line be dragged. */
  setStale(stale: boolean): void;
  scrollToLatest(): void;
  state(): ChartState;
  picture(): string;
  destroy(): void;
}

interface PriceChartEvents {
  /** A line was dropped on another price of the tick grid. */
  readonly onMove: (id: string, price: string) => void;
}

export type CreatePriceChart = (host: HTMLElement, colors: ChartColors, events: PriceChartEvents) => PriceChart;
