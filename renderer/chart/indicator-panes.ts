import type { Chart } from 'klinecharts';
import { indicatorFacts, type IndicatorChoice } from './indicators.ts';
import type { ChartColors } from './price-chart.ts';
import { registerSessionBreaks, SESSION_BREAKS } from './session-breaks.ts';

const CANDLES = 'candle_pane';
const PANE_PX = 72;
const LEAST_PX = 40;
const LEAST_CANDLES_PX = 96;
/** Their values run in hundredths whatever the price does. */
const PERCENT: ReadonlySet<string> = new Set(['RSI', 'KDJ', 'CCI']);

/** Indicators in the order chosen; what did not change is not computed again. */
export class IndicatorPanes {
  readonly #chart: Chart;
  #colors: ChartColors;
  #choices: readonly IndicatorChoice[] = [];
  readonly #shown = new Map<string, string>();
  #sessions = false;

  constructor(chart: Chart, colors: ChartColors) {
    registerSessionBreaks();
    chart.setPaneOptions({ id: CANDLES, minHeight: LEAST_CANDLES_PX });
    this.#chart = chart;
    this.#colors = colors;
  }

  setColors(colors: ChartColors): void {
    this.#colors = colors;
    for (const kind of this.#shown.keys()) this.#chart.removeIndicator({ id: kind });
    this.#shown.clear();
    this.set(this.#choices);
  }

  setSessions(shown: boolean): void {
    if (shown === this.#sessions) return;
    this.#sessions = shown;
    if (shown) this.#chart.createIndicator({ name: SESSION_BREAKS, id: SESSION_BREAKS, paneId: CANDLES }, true);
    else this.#chart.removeIndicator({ id: SESSION_BREAKS });
  }

  set(choices: readonly IndicatorChoice[]): void {
    this.#choices = choices;
    const wanted = new Map(choices.map((choice) => [choice.kind as string, JSON.stringify(choice)]));
    for (const [kind, look] of this.#shown) {
      if (wanted.get(kind) === look) continue;
      this.#chart.removeIndicator({ id: kind });
      this.#shown.delete(kind);
    }
    for (const choice of choices) {
      if (this.#shown.has(choice.kind)) continue;
      this.#add(choice);
      this.#shown.set(choice.kind, JSON.stringify(choice));
    }
  }

  names(): string[] {
    return this.#chart
      .getIndicators()
      .map((indicator) => indicator.name)
      .filter((name) => name !== SESSION_BREAKS);
  }

  #add({ kind, params }: IndicatorChoice): void {
    const { accent, warn, violet, rose, cyan, muted } = this.#colors;
    const palettes = { MA: [accent, warn, violet, rose, cyan], EMA: [violet, cyan, rose, accent, warn] };
    const lines = (kind === 'EMA' ? palettes.EMA : palettes.MA).map((color) => ({ color, size: 1 }));
    const paneId = indicatorFacts(kind).pane === 'candles' ? CANDLES : `pane-${kind}`;
    this.#chart.createIndicator(
      {
        name: kind,
        id: kind,
        calcParams: [...params],
        paneId,
        // Lines of lengths name their length themselves.
        shortName: kind === 'MA' || kind === 'EMA' ? kind : `${kind} ${params.join(' ')}`.trim(),
        ...(PERCENT.has(kind) ? { precision: 2 } : {}),
        styles: { lines: kind === 'BOLL' ? [muted, accent, muted].map((color) => ({ color, size: 1 })) : lines },
      },
      true,
    );
    if (paneId !== CANDLES) this.#chart.setPaneOptions({ id: paneId, height: PANE_PX, minHeight: LEAST_PX });
  }
}
