import { useEffect, useMemo, useState, type FunctionComponent } from 'react';
import type { IDockviewPanelProps } from 'dockview-react';
import { PanelBoundary } from '../app/error-boundary.tsx';
import { AlertsPanel } from '../risk/alerts-panel.tsx';
import { FillsPanel } from '../blotter/fills-panel.tsx';
import { HistoryPanel } from '../blotter/history-panel.tsx';
import { PositionsPanel } from '../blotter/positions-panel.tsx';
import { WorkingPanel } from '../blotter/working-panel.tsx';
import { ChartPanel } from '../chart/chart-panel.tsx';
import { PanelContext, type PanelParams } from '../desk/panel-context.ts';
import { DepthPanel } from '../depth/depth-panel.tsx';
import { ParentsPanel } from '../parents/parents-panel.tsx';
import { RiskPanel } from '../risk/risk-panel.tsx';
import { StrategiesPanel } from '../strategies/strategies-panel.tsx';
import { TapePanel } from '../tape/tape-panel.tsx';
import { TicketPanel } from '../ticket/ticket-panel.tsx';
import { WatchlistPanel } from '../watchlist/watchlist-panel.tsx';
import { setPanelParams } from './panel-params.ts';

interface PanelKind {
  readonly title: string;
  readonly body: FunctionComponent;
  /** It shows one symbol, and so can be in a link group. */
  readonly linked?: boolean;
  /** There can be more than one. */
  readonly several?: boolean;
}

export const PANELS = {
  watchlist: { title: 'Watchlist', body: WatchlistPanel, linked: true },
  chart: { title: 'Chart', body: ChartPanel, linked: true, several: true },
  depth: { title: 'Depth', body: DepthPanel, linked: true, several: true },
  ticket: { title: 'Order ticket', body: TicketPanel, linked: true },
  positions: { title: 'Positions', body: PositionsPanel },
  working: { title: 'Working orders', body: WorkingPanel },
  parents: { title: 'Algorithms', body: ParentsPanel },
  history: { title: 'Order history', body: HistoryPanel },
  fills: { title: 'Fills', body: FillsPanel },
  strategies: { title: 'Strategies', body: StrategiesPanel },
  risk: { title: 'Risk', body: RiskPanel },
  alerts: { title: 'Alerts', body: AlertsPanel },
  tape: { title: 'Time & sales', body: TapePanel, linked: true, several: true },
} as const satisfies Readonly<Record<string, PanelKind>>;

export type PanelName = keyof typeof PANELS;
export const PANEL_NAMES = Object.keys(PANELS) as PanelName[];

export function panelKind(name: PanelName): PanelKind {
  return PANELS[name];
}

function framed(name: PanelName): FunctionComponent<IDockviewPanelProps> {
  const { title, body: Body } = PANELS[name];
  const Panel: FunctionComponent<IDockviewPanelProps> = ({ api, params: initial }) => {
    const [params, setParams] = useState<PanelParams>(() => ({ ...initial }));
    useEffect(() => {
      const listening = api.onDidParametersChange((next: PanelParams) => setParams({ ...next }));
      return () => listening.dispose();
    }, [api]);
    const handle = useMemo(
      () => ({ id: api.id, params, setParams: (change: PanelParams) => setPanelParams(api, { ...params, ...change }) }),
      [api, params],
    );
    return (
      <section aria-label={api.title ?? title} data-panel={api.id} className="h-full overflow-hidden bg-panel">
        <PanelBoundary title={title}>
          <PanelContext value={handle}>
            <Body />
          </PanelContext>
        </PanelBoundary>
      </section>
    );
  };
  return Panel;
}

export const panelComponents: Record<string, FunctionComponent<IDockviewPanelProps>> = Object.fromEntries(
  PANEL_NAMES.map((name) => [name, framed(name)]),
);
