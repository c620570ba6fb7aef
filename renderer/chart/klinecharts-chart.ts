import { dispose, init, type Chart, type KLineData } from 'klinecharts';
import type { Timeframe } from '../../src/contract/types.ts';
import { zoneName } from '../format/time.ts';
import { chartStyles } from './chart-styles.ts';
import { CrosshairControl } from './crosshair-control.ts';
import { DrawingOverlays } from './drawing-overlays.ts';
import { IndicatorPanes } from './indicator-panes.ts';
import { OrderLines } from './order-lines.ts';
import { followLines } from './price-axis.ts';
import type { ChartBar, ChartInstrument, CreatePriceChart } from './price-chart.ts';
import { TIMEFRAMES } from './timeframes.ts';

/** Candles kept by one chart. */
const MOST_BARS = 20_000;
const NARROWEST = 1;
const WIDEST = 50;

function isSmall({ clientWidth, clientHeight }: HTMLElement): boolean {
  return clientWidth < 340 || clientHeight < 240;
}

function toKLine(bar: ChartBar): KLineData {
  return { timestamp: bar.start, open: bar.open, high: bar.high, low: bar.low, close: bar.close, volume: bar.volume };
}

export const createKLineChart: CreatePriceChart = (host, firstColors, events) => {
  let colors = firstColors;
  let stale = false;
  let small = isSmall(host);
  let zone = 'UTC';
  let bars: KLineData[] = [];
  let instrument: ChartInstrument | null = null;
  let timeframe: Timeframe | null = null;
  let push: ((bar: KLineData) => void) | null = null;
  /** Answers to questions about a series that is no longer shown are dropped. */
  let series = 0;

  const created = init(host, { styles: chartStyles(colors, stale, small), timezone: zone, hotkey: { enabled: false } });
  if (created === null) throw new Error('The chart could not be drawn into its panel.');
  const chart: Chart = created;
  // The panel around it takes the keys.
  chart.getDom()?.setAttribute('tabindex', '-1');
  chart.setOffsetRightDistance(64);
  const lines = new OrderLines(chart, host, colors, events.onMove);
  const indicators = new IndicatorPanes(chart, colors);
  const drawings = new DrawingOverlays(chart, host, colors, events);
  const crosshair = new CrosshairControl(chart, host, events.onCrosshair);
  followLines(chart, () => lines.lines);

  chart.setDataLoader({
    getBars: async ({ type, timestamp, callback }) => {
      if (type === 'init') return callback(bars, { forward: bars.length > 0, backward: false });
      if (type !== 'forward' || timestamp === null || chart.getDataList().length >= MOST_BARS)
        return callback([], false);
      const asked = series;
      const older = await events.loadOlder(timestamp);
      if (asked !== series) return undefined;
      const before = older.filter(({ start }) => start < timestamp).map(toKLine);
      return callback(before, { forward: before.length > 0, backward: false });
    },
    subscribeBar: ({ callback }) => {
      push = callback;
    },
    unsubscribeBar: () => {
      push = null;
    },
  });
  chart.subscribeAction('onZoom', () => events.onZoom(chart.getBarSpace().bar));
  const observer = new ResizeObserver(() => {
    if (isSmall(host) !== small) {
      small = !small;
      chart.setStyles(chartStyles(colors, stale, small));
    }
    chart.resize();
  });
  observer.observe(host);

  /** The newest part of a series that is on the screen already: joined on when it overlaps. */
  function joins(next: ChartInstrument, frame: Timeframe, history: readonly ChartBar[]): boolean {
    const newest = chart.getDataList().at(-1);
    const oldest = history[0];
    return (
      next.id === instrument?.id &&
      frame === timeframe &&
      newest !== undefined &&
      oldest !== undefined &&
      oldest.start <= newest.timestamp
    );
  }

  return {
    show(next, frame, history) {
      if (joins(next, frame, history)) {
        const newest = chart.getDataList().at(-1)?.timestamp ?? 0;
        for (const bar of history) if (bar.start >= newest) push?.(toKLine(bar));
        return;
      }
      series += 1;
      bars = history.map(toKLine);
      const sameSymbol = next.id === instrument?.id;
      instrument = next;
      timeframe = frame;
      if (!sameSymbol) {
        chart.setSymbol({
          ticker: next.symbol,
          pricePrecision: next.priceDigits,
          volumePrecision: Math.min(next.quantityDigits, 4),
        });
      }
      chart.setPeriod(TIMEFRAMES[frame].period);
      indicators.setSessions(next.sessions && frame !== '1d');
      lines.set({ instrument: next });
      // An early drag may have been at the border of the old series.
      chart.scrollToRealTime();
    },
    update(bar) {
      push?.(toKLine(bar));
    },
    setLines: (next) => lines.set({ lines: next }),
    setIndicators: (choices) => indicators.set(choices),
    setDrawings: (next) => drawings.set(next),
    draw: (tool, { magnet, text }) => drawings.begin(tool, magnet, text),
    setZone(next) {
      zone = zoneName(next);
      chart.setTimezone(zone);
    },
    setColors(next) {
      colors = next;
      chart.setStyles(chartStyles(colors, stale, small));
      indicators.setColors(colors);
      drawings.setColors(colors);
      lines.set({ colors });
    },
    setStale(next) {
      if (next === stale) return;
      stale = next;
      chart.setStyles(chartStyles(colors, stale, small));
      lines.set({ stale });
    },
    setBarSpace(pixels) {
      if (pixels >= NARROWEST && pixels <= WIDEST) chart.setBarSpace(pixels);
    },
    zoom(factor) {
      chart.setBarSpace(Math.min(WIDEST, Math.max(NARROWEST, chart.getBarSpace().bar * factor)));
      events.onZoom(chart.getBarSpace().bar);
    },
    scrollToLatest: () => chart.scrollToRealTime(),
    moveCursor(by) {
      const bar = crosshair.move(by);
      if (bar === null) return null;
      const { timestamp, open, high, low, close, volume } = bar;
      return { start: timestamp, open, high, low, close, volume: volume ?? 0 };
    },
    setCrosshair: (place) => crosshair.show(place),
    state() {
      const data = chart.getDataList();
      const { from, to } = chart.getVisibleRange();
      return {
        bars: data.length,
        firstTime: data[0]?.timestamp ?? null,
        lastClose: data.at(-1)?.close ?? null,
        visible: { from, to },
        barSpace: chart.getBarSpace().bar,
        indicators: indicators.names(),
        lines: lines.lines.map((line) => {
          const value = chart.getOverlays({ id: line.id })[0]?.points[0]?.value ?? line.price;
          const at = chart.convertToPixel({ value }, { paneId: 'candle_pane', absolute: true });
          return { id: line.id, price: value, y: (Array.isArray(at) ? at[0]?.y : at.y) ?? null };
        }),
        drawings: drawings.state(),
        crosshair: crosshair.time,
        zone,
      };
    },
    picture: () => chart.getConvertPictureUrl(true, 'png', colors.panel),
    destroy() {
      series += 1;
      lines.destroy();
      drawings.destroy();
      crosshair.destroy();
      observer.disconnect();
      dispose(host);
    },
  };
};
