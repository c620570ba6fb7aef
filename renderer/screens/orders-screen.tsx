import { useState } from 'react';
import { FillsPanel } from '../blotter/fills-panel.tsx';
import { HistoryPanel } from '../blotter/history-panel.tsx';
import { WorkingPanel } from '../blotter/working-panel.tsx';
import { Segmented } from '../controls/segmented.tsx';
import { ScreenHeader } from './screen-header.tsx';

type View = 'working' | 'history' | 'fills';

const VIEWS: readonly { readonly value: View; readonly label: string }[] = [
  { value: 'working', label: 'Working' },
  { value: 'history', label: 'History' },
  { value: 'fills', label: 'Fills' },
];

export function OrdersScreen() {
  const [view, setView] = useState<View>('working');
  return (
    <>
      <ScreenHeader title="Orders">
        <Segmented label="Orders shown" value={view} segments={VIEWS} onChange={setView} />
      </ScreenHeader>
      <div className="min-h-0 flex-1 bg-panel">
        {view === 'working' ? <WorkingPanel /> : view === 'history' ? <HistoryPanel /> : <FillsPanel />}
      </div>
    </>
  );
}
