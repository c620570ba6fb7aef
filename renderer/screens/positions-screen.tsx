import { PositionsPanel } from '../blotter/positions-panel.tsx';
import { AccountStrip } from './account-strip.tsx';
import { ScreenHeader } from './screen-header.tsx';

export function PositionsScreen() {
  return (
    <>
      <ScreenHeader title="Positions" />
      <AccountStrip />
      <div className="min-h-0 flex-1 bg-panel">
        <PositionsPanel />
      </div>
    </>
  );
}
