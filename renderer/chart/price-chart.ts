import type { Timeframe } from '../../src/contract/types.ts';
import type { Zone } from '../format/time.ts';
import type { CrosshairPlace } from './crosshair-link.ts';
import type { Drawing, DrawingTool } from './drawings.ts';
import type { IndicatorChoice } from './indicators.ts';

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
  readonly id: string;
  readonly symbol: string;
  readonly tick: string;
  readonly priceDigits: number;
  readonly quantityDigits: number;
  /** Whether the exchange has days with a beginning. */
  readonly sessions: boolean;
}

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
  /** Of indicator lines beside accent and warn. */
  readonly violet: string;
  readonly rose: string;
  readonly cyan: string;
}

/** What a test or a screen reader can know about the picture. */
export interface ChartState {
  readonly bars: number;
  readonly firstTime: number | null;
  readonly lastClose: number | null;
  readonly visible: { readonly from: number; readonly to: number };
  readonly barSpace: number;
  readonly indicators: readonly string[];
  readonly lines: readonly { readonly id: string; readonly price: number; readonly y: number | null }[];
  readonly drawings: readonly {
    readonly id: string;
    readonly tool: string;
    readonly points: readonly {
      readonly time: number;
      readonly price: number;
      readonly x: number;
      readonly y: number;
    }[];
  }[];
  /** The moment under the crosshair, also when another chart of the group put it there. */
  readonly crosshair: number | null;
  readonly zone: string;
}

export interface PriceChart {
  /** Of the same series again (after a reconnection) it joins on, and zoom and place stay. */
  show(instrument: ChartInstrument, timeframe: Timeframe, bars: readonly ChartBar[]): void;
  /** The forming bar, or the first bar of a new period. */
  update(bar: ChartBar): void;
  setLines(lines: readonly PriceLine[]): void;
  setIndicators(indicators: readonly IndicatorChoice[]): void;
  setDrawings(drawings: readonly Drawing[]): void;
  /** The next presses make a drawing; null ends it. */
  draw(tool: DrawingTool | null, options: { readonly magnet: boolean; readonly text: string }): void;
  setZone(zone: Zone): void;
  setColors(colors: ChartColors): void;
  /** A stale chart draws its last price hollow and lets no line be dragged. */
  setStale(stale: boolean): void;
  /** Width of one candle with its gap, in pixels. */
  setBarSpace(pixels: number): void;
  zoom(factor: number): void;
  scrollToLatest(): void;
  /** Moves the crosshair by candles and scrolls along; null without candles. */
  moveCursor(by: number): ChartBar | null;
  setCrosshair(place: CrosshairPlace | null): void;
  state(): ChartState;
  picture(): string;
  destroy(): void;
}

export interface PriceChartEvents {
  /** A line was dropped on another price of the tick grid. */
  readonly onMove: (id: string, price: string) => void;
  /** A drawing was finished or moved. */
  readonly onDrawing: (drawing: Drawing) => void;
  /** The tool in hand was used up or given up. */
  readonly onDrawn: () => void;
  readonly onSelect: (id: string | null) => void;
  readonly onCrosshair: (place: CrosshairPlace | null) => void;
  readonly onZoom: (barSpace: number) => void;
  /** The reader came to the oldest candle: those before `time`, oldest first, none when there are no more. */
  readonly loadOlder: (time: number) => Promise<readonly ChartBar[]>;
}

export type CreatePriceChart = (host: HTMLElement, colors: ChartColors, events: PriceChartEvents) => PriceChart;
