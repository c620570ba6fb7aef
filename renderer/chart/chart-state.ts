import type { ChartState } from './price-chart.ts';

declare global {
  interface Window {
    /** Read-only: what a picture shows, for a test that cannot read a canvas. Of the panel "chart" unless named. */
    chartState?: (panel?: string) => ChartState | null;
  }
}

const charts = new Map<string, () => ChartState>();

export function offerChartState(panel: string, read: () => ChartState): () => void {
  charts.set(panel, read);
  window.chartState = (name = 'chart') => charts.get(name)?.() ?? null;
  return () => {
    if (charts.get(panel) === read) charts.delete(panel);
  };
}
