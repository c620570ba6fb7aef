import { registerIndicator, type KLineData } from 'klinecharts';
import { startsDay } from './trading-day.ts';

export const SESSION_BREAKS = 'SESSION_BREAKS';

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
