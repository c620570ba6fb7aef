import type { DeepPartial, Styles } from 'klinecharts';
import type { ChartColors } from './price-chart.ts';

const family = 'Inter Variable';

/** Figures over the candles need room: a small chart leaves them out. Rising candles are hollow and falling ones filled, so that direction does not hang on colour alone. */
export function chartStyles(colors: ChartColors, stale: boolean, small: boolean): DeepPartial<Styles> {
  const { up, down, text, muted, grid, panel, raised, accent } = colors;
  const axis = {
    axisLine: { color: grid },
    tickLine: { color: grid },
    tickText: { color: muted, size: 11, family },
  };
  const cross = {
    line: { color: muted, style: 'dashed' as const },
    text: { color: text, backgroundColor: raised, borderColor: grid, size: 11, family },
  };
  const legend = { size: 11, family, color: muted };
  return {
    grid: { horizontal: { color: grid, style: 'solid', size: 0.5 }, vertical: { show: false } },
    candle: {
      type: 'candle_up_stroke',
      bar: {
        upColor: up,
        downColor: down,
        noChangeColor: muted,
        upBorderColor: up,
        downBorderColor: down,
        noChangeBorderColor: muted,
        upWickColor: up,
        downWickColor: down,
        noChangeWickColor: muted,
      },
      priceMark: {
        high: { color: muted, textSize: 11, textFamily: family },
        low: { color: muted, textSize: 11, textFamily: family },
        last: {
          upColor: stale ? panel : up,
          downColor: stale ? panel : down,
          noChangeColor: stale ? panel : muted,
          line: { style: 'dashed', dashedValue: [2, 2] },
          text: {
            color: stale ? muted : panel,
            size: 11,
            family,
            weight: 600,
            borderSize: stale ? 1 : 0,
            borderColor: muted,
          },
        },
      },
      tooltip: {
        showRule: small ? 'none' : 'always',
        title: { show: false },
        offsetTop: 4,
        legend: {
          ...legend,
          template: [
            { title: { text: 'O ', color: muted }, value: { text: '{open}', color: text } },
            { title: { text: 'H ', color: muted }, value: { text: '{high}', color: text } },
            { title: { text: 'L ', color: muted }, value: { text: '{low}', color: text } },
            { title: { text: 'C ', color: muted }, value: { text: '{close}', color: text } },
          ],
        },
      },
    },
    indicator: {
      bars: [{ upColor: fade(up), downColor: fade(down), noChangeColor: fade(muted) }],
      lines: [accent, colors.warn, text].map((color) => ({ color, size: 1 })),
      lastValueMark: { show: false },
      tooltip: {
        showRule: small ? 'none' : 'always',
        title: { color: muted, size: 11, family, showParams: false },
        legend,
      },
    },
    xAxis: axis,
    yAxis: axis,
    separator: { color: grid, size: 1 },
    crosshair: { horizontal: cross, vertical: cross },
  };
}

/** Half-transparent form of a six-digit hex colour. */
function fade(hex: string): string {
  return /^#[0-9a-f]{6}$/i.test(hex) ? `${hex}80` : hex;
}
