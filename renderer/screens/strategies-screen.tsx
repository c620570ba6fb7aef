import { StrategiesPanel } from '../strategies/strategies-panel.tsx';
import { ScreenHeader } from './screen-header.tsx';

export function StrategiesScreen() {
  return (
    <>
      <ScreenHeader title="Strategies" />
      <div className="min-h-0 flex-1 overflow-auto bg-panel">
        <StrategiesPanel />
      </div>
    </>
  );
}
