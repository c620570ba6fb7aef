import { useCallback, useState } from 'react';
import type { PositionView } from '../../src/contract/types.ts';
import { PositionsPanel } from '../blotter/positions-panel.tsx';
import { cx } from '../controls/cx.ts';
import { Segmented } from '../controls/segmented.tsx';
import { positionId } from '../desk/desk.ts';
import { AccountStrip } from './account-strip.tsx';
import { isUnprotected } from './positions/open-risk.ts';
import { OpenRiskLine } from './positions/open-risk-line.tsx';
import { PositionDetail } from './positions/position-detail.tsx';
import { ScreenHeader } from './screen-header.tsx';

const SHOWN = [
  { value: 'all', label: 'All' },
  { value: 'unprotected', label: 'Unprotected', title: 'Without a stop' },
] as const;

export function PositionsScreen() {
  const [shown, setShown] = useState<'all' | 'unprotected'>('all');
  const [chosen, setChosen] = useState<string | null>(null);
  const choose = useCallback((position: PositionView) => setChosen(positionId(position)), []);
  return (
    <>
      <ScreenHeader title="Positions">
        <OpenRiskLine />
        <Segmented label="Positions shown" value={shown} segments={SHOWN} onChange={setShown} />
      </ScreenHeader>
      <AccountStrip />
      <div
        className={cx(
          'grid min-h-0 flex-1 gap-px bg-line',
          chosen === null ? 'grid-cols-1' : 'grid-cols-[minmax(0,1fr)_26rem]',
        )}
      >
        <div className="min-h-0 min-w-0 bg-panel">
          <PositionsPanel onChoose={choose} passes={shown === 'unprotected' ? isUnprotected : undefined} />
        </div>
        {chosen === null ? null : <PositionDetail key={chosen} id={chosen} onClose={() => setChosen(null)} />}
      </div>
    </>
  );
}
