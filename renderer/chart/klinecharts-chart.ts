import { dispose, init, type Chart, type KLineData, type Period } from 'klinecharts';
import { snapToTick } from '../format/decimal-text.ts';
import { zoneName } from '../format/time.ts';
import { chartStyles } from './chart-styles.ts';
import { guardDrag, type DragGuard } from './drag-guard.ts';
import { PRICE_LINE, priceLine, registerPriceLine, type PriceLineData } from './price-line-overlay.ts';
import type {
  ChartBar,
  ChartColors,
  ChartInstrument,
  CreatePriceChart,
  PriceChart,
  PriceLine,
  Timeframe,
} from './price-chart.ts';

const PERIODS: Readonly<Record<Timeframe, Period>> = {
  '1m': { type: 'minute', span: 1 },
  '3m': { type: 'minute', span: 3 },
  '5m': { type: 'minute', span: 5 },
  '15m': { type: 'minute', span: 15 },
  '1h': { type: 'hour', span: 1 },
  '1d': { type: 'day', span: 1 },
};

function toKLine(bar: ChartBar): KLineData {
  return { timestamp: bar.start, open: bar.open, high: bar.high, low: bar.low, close: bar.close, volume: bar.volume };
}

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

export const createKLineChart: CreatePriceChart = (host, firstColors, events) => {
  registerPriceLine();
  let colors = firstColors;
  let stale = false;
  let bars: KLineData[] = [];
  let instrument: ChartInstrument | null = null;
  let lines: readonly PriceLine[] = [];
  let drag: Drag | null = null;
  let indicators: Parameters<PriceChart['setIndicators']>[0] = { volume: false, sma: [] };
  let push: ((bar: KLineData) => void) | null = null;

  const created = init(host, { styles: chartStyles(colors, stale), timezone: 'UTC', hotkey: { enabled: false } });
  if (created === null) throw new Error('The chart could not be drawn into its panel.');
  const chart: Chart = created;
  chart.getDom()?.setAttribute('tabindex', '0');
  chart.setOffsetRightDistance(64);
  chart.setDataLoader({
    getBars: ({ type, callback }) => callback(type === 'init' ? bars : [], false),
    subscribeBar: ({ callback }) => {
      push = callback;
    },
    unsubscribeBar: () => {
      push = null;
    },
  });
  // Working orders outside the range of the candles still have to be on the picture, within reason.
  chart.overrideYAxis({
    paneId: 'candle_pane',
    createRange: ({ defaultRange }) => {
      let { from, to } = defaultRange;
      const reach = defaultRange.range * 0.6;
      for (const line of lines) {
        if (line.price < from && line.price > defaultRange.from - reach) from = line.price;
        if (line.price > to && line.price < defaultRange.to + reach) to = line.price;
      }
      if (from === defaultRange.from && to === defaultRange.to) return defaultRange;
      const margin = (to - from) * 0.04;
      from -= margin;
      to += margin;
      const range = to - from;
      return {
        from,
        to,
        range,
        realFrom: from,
        realTo: to,
        realRange: range,
        displayFrom: from,
        displayTo: to,
        displayRange: range,
      };
    },
  });
  const observer = new ResizeObserver(() => chart.resize());
  observer.observe(host);

  const priceOf = (id: string) => lines.find((line) => line.id === id)?.price;
  const restore = (id: string) => {
    const price = priceOf(id);
    if (price === undefined) chart.removeOverlay({ id });
    else chart.overrideOverlay({ name: PRICE_LINE, id, points: [{ value: price }] });
  };
  const snapped = (value: number) => (instrument === null ? null : snapToTick(value, instrument.tick));

  const handlers = {
    onStart: ({ overlay }: { overlay: { id: string; points: { value?: number }[] } }) => {
      drag?.guard.end();
      drag = { id: overlay.id, from: overlay.points[0]?.value ?? 0, guard: guardDrag(host) };
    },
    onMoving: ({ overlay }: { overlay: { points: { value?: number }[] } }) => {
      const point = overlay.points[0];
      const price = point?.value === undefined ? null : snapped(point.value);
      if (point !== undefined && price !== null) point.value = Number(price);
    },
    onEnd: ({ overlay }: { overlay: { id: string; points: { value?: number }[] } }) => {
      const ended = drag;
      drag = null;
      ended?.guard.end();
      const value = overlay.points[0]?.value;
      const price = value === undefined ? null : snapped(value);
      // The line goes back to the order's real price: it moves when the venue says that the order moved.
      queueMicrotask(() => drawLines());
      if (ended === null || ended.guard.cancelled() || stale || price === null) return;
      if (Number(price) !== ended.from) events.onMove(ended.id, price);
    },
  };

  const drawn = new Map<string, string>();
  function drawLines(): void {
    const wanted = new Set(lines.map((line) => line.id));
    for (const id of drawn.keys()) {
      if (wanted.has(id) || drag?.id === id) continue;
      chart.removeOverlay({ id });
      drawn.delete(id);
    }
    for (const line of lines) {
      if (drag?.id === line.id) continue;
      const color = lineColor(line.kind, colors);
      const data: PriceLineData = {
        label: line.label,
        color,
        ink: line.kind === 'position' ? colors.panel : colors.onSide,
        panel: colors.panel,
        dashed: line.kind !== 'position',
        digits: instrument?.priceDigits ?? 2,
        tagged: line.kind !== 'position',
      };
      const look = JSON.stringify([data, line.movable && !stale]);
      if (drawn.get(line.id) === look) {
        restore(line.id);
        continue;
      }
      if (drawn.has(line.id)) chart.removeOverlay({ id: line.id });
      chart.createOverlay(priceLine(line.id, line.price, line.movable && !stale, data, handlers));
      drawn.set(line.id, look);
    }
  }

  function drawIndicators(): void {
    const { volume, sma } = indicators;
    chart.removeIndicator({ name: 'SMA' });
    if (sma.length > 0) {
      for (const [index, length] of sma.entries()) {
        const color = [colors.accent, colors.warn][index % 2] ?? colors.text;
        chart.createIndicator(
          {
            name: 'SMA',
            id: `sma-${length}`,
            shortName: `SMA ${length}`,
            calcParams: [length, 1],
            paneId: 'candle_pane',
            styles: { lines: [{ color }] },
          },
          true,
        );
      }
    }
    const has = chart.getIndicators({ name: 'VOL' }).length > 0;
    if (volume && !has) chart.createIndicator({ name: 'VOL', paneId: 'volume', calcParams: [] });
    if (!volume && has) chart.removeIndicator({ name: 'VOL' });
    if (volume) chart.setPaneOptions({ id: 'volume', height: 72, minHeight: 40 });
  }

  return {
    show(next, timeframe, history) {
      instrument = next;
      bars = history.map(toKLine);
      chart.setSymbol({
        ticker: next.symbol,
        pricePrecision: next.priceDigits,
        volumePrecision: Math.min(next.quantityDigits, 4),
      });
      chart.setPeriod(PERIODS[timeframe]);
      chart.resetData();
      drawLines();
    },
    update(bar) {
      push?.(toKLine(bar));
    },
    setLines(next) {
      lines = next;
      drawLines();
    },
    setIndicators(options) {
      indicators = options;
      drawIndicators();
    },
    setZone(zone) {
      chart.setTimezone(zoneName(zone));
    },
    setColors(next) {
      colors = next;
      chart.setStyles(chartStyles(colors, stale));
      drawIndicators();
      drawLines();
    },
    setStale(next) {
      if (next === stale) return;
      stale = next;
      chart.setStyles(chartStyles(colors, stale));
      drawLines();
    },
    scrollToLatest() {
      chart.scrollToRealTime();
    },
    state() {
      const data = chart.getDataList();
      const { from, to } = chart.getVisibleRange();
      return {
        bars: data.length,
        lastClose: data.at(-1)?.close ?? null,
        visible: { from, to },
        indicators: chart.getIndicators().map((indicator) => indicator.name),
        lines: lines.map((line) => {
          const value = chart.getOverlays({ id: line.id })[0]?.points[0]?.value ?? line.price;
          const at = chart.convertToPixel({ value }, { paneId: 'candle_pane', absolute: true });
          return { id: line.id, price: value, y: (Array.isArray(at) ? at[0]?.y : at.y) ?? null };
        }),
      };
    },
    picture() {
      return chart.getConvertPictureUrl(true, 'png', colors.panel);
    },
    destroy() {
      drag?.guard.end();
      observer.disconnect();
      dispose(host);
    },
  };
};
