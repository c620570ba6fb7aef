import { AlertsPanel } from '../risk/alerts-panel.tsx';
import { RiskPanel } from '../risk/risk-panel.tsx';
import { ScreenHeader } from './screen-header.tsx';

export function RiskScreen() {
  return (
    <>
      <ScreenHeader title="Risk monitor" />
      <div className="grid min-h-0 flex-1 grid-cols-[minmax(22rem,2fr)_3fr] gap-px bg-line">
        <div className="min-h-0 overflow-auto bg-panel">
          <RiskPanel />
        </div>
        <div className="min-h-0 overflow-auto bg-panel">
          <AlertsPanel />
        </div>
      </div>
    </>
  );
}
