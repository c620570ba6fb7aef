import type { FunctionComponent } from 'react';
import type { IDockviewPanelProps } from 'dockview-react';
import { PanelBoundary } from '../app/error-boundary.tsx';
import { AlertsPanel } from '../risk/alerts-panel.tsx';
import { FillsPanel } from '../blotter/fills-panel.tsx';
import { HistoryPanel } from '../blotter/history-panel.tsx';
import { PositionsPanel } from '../blotter/positions-panel.tsx';
import { WorkingPanel } from '../blotter/working-panel.tsx';
import { ChartPanel } from '../chart/chart-panel.tsx';
import { DepthPanel } from '../depth/depth-panel.tsx';
import { RiskPanel } from '../risk/risk-panel.tsx';
import { StrategiesPanel } from '../strategies/strategies-panel.tsx';
import { TicketPanel } from '../ticket/ticket-panel.tsx';
import { WatchlistPanel } from '../watchlist/watchlist-panel.tsx';

export const PANELS = {
  watchlist: { title: 'Watchlist', body: WatchlistPanel },
  chart: { title: 'Chart', body: ChartPanel },
  depth: { title: 'Depth', body: DepthPanel },
  ticket: { title: 'Order ticket', body: TicketPanel },
  positions: { title: 'Positions', body: PositionsPanel },
  working: { title: 'Working orders', body: WorkingPanel },
  history: { title: 'Order history', body: HistoryPanel },
  fills: { title: 'Fills', body: FillsPanel },
  strategies: { title: 'Strategies', body: StrategiesPanel },
  risk: { title: 'Risk', body: RiskPanel },
  alerts: { title: 'Alerts', body: AlertsPanel },
} as const satisfies Readonly<Record<string, { title: string; body: FunctionComponent }>>;

export type PanelName = keyof typeof PANELS;
export const PANEL_NAMES = Object.keys(PANELS) as PanelName[];

function framed(name: PanelName): FunctionComponent<IDockviewPanelProps> {
  const { title, body: Body } = PANELS[name];
  const Panel: FunctionComponent<IDockviewPanelProps> = () => (
    <section aria-label={title} data-panel={name} className="h-full overflow-hidden bg-panel">
      <PanelBoundary title={title}>
        <Body />
      </PanelBoundary>
    </section>
  );
  return Panel;
}

export const panelComponents: Record<string, FunctionComponent<IDockviewPanelProps>> = Object.fromEntries(
  PANEL_NAMES.map((name) => [name, framed(name)]),
);
