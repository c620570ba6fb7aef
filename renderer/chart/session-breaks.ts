import { registerIndicator, type KLineData } from 'klinecharts';

export const SESSION_BREAKS = 'SESSION_BREAKS';

/** India has no daylight saving time: its day begins 5 h 30 min before that of UTC, all year. */
const IST_OFFSET_MS = 19_800_000;
const DAY_MS = 86_400_000;

export function tradingDay(time: number): number {
  return Math.floor((time + IST_OFFSET_MS) / DAY_MS);
}

/** True where a candle is the first one of a trading day. */
export function startsDay(bars: readonly { readonly timestamp: number }[], index: number): boolean {
  const bar = bars[index];
  const before = bars[index - 1];
  return bar !== undefined && before !== undefined && tradingDay(bar.timestamp) !== tradingDay(before.timestamp);
}

let registered = false;

/** A dashed line where a new day of the exchange begins. Drawn under the candles; it has no figures and no legend. */
export function registerSessionBreaks(): void {
  if (registered) return;
  registered = true;
  registerIndicator({
    name: SESSION_BREAKS,
    shortName: '',
    figures: [],
    zLevel: -1,
    calc: (bars: KLineData[]) => bars.map(() => ({})),
    createTooltipDataSource: () => ({ name: '', calcParamsText: '', features: [], legends: [] }),
    draw: ({ ctx, chart, bounding, xAxis }) => {
      const bars = chart.getDataList();
      const { from, to } = chart.getVisibleRange();
      const half = chart.getBarSpace().halfBar;
      ctx.save();
      ctx.strokeStyle = chart.getStyles().crosshair.vertical.line.color;
      ctx.globalAlpha = 0.45;
      ctx.setLineDash([2, 4]);
      ctx.lineWidth = 1;
      for (let index = Math.max(1, from); index < to; index += 1) {
        if (!startsDay(bars, index)) continue;
        const x = Math.round(xAxis.convertToPixel(index) - half) + 0.5;
        ctx.beginPath();
        ctx.moveTo(x, 0);
        ctx.lineTo(x, bounding.height);
        ctx.stroke();
      }
      ctx.restore();
      return true;
    },
  });
}
