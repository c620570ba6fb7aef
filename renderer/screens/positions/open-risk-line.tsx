import { useEffect, useState } from 'react';
import { useDesk } from '../../desk/desk.ts';
import { useWindow } from '../../desk/window-state.ts';
import { money } from '../../format/money.ts';
import { openRisk } from './open-risk.ts';

const EVERY_MS = 1_000;

/** How much the stops let go from here, once a second. */
export function OpenRiskLine() {
  const desk = useDesk();
  const [shown, setShown] = useState(() => ({ text: '', unprotected: 0 }));
  useEffect(() => {
    const read = () => {
      const { instruments } = useWindow.getState();
      const { risks, unprotected } = openRisk(desk.positions.rows(), (id) => instruments.get(id)?.quote ?? '');
      const text = risks.map(({ currency, amount }) => money(amount, currency)).join(' + ');
      setShown((before) =>
        before.text === text && before.unprotected === unprotected ? before : { text, unprotected },
      );
    };
    read();
    const timer = setInterval(read, EVERY_MS);
    return () => clearInterval(timer);
  }, [desk]);
  return (
    <p className="text-ink-2">
      Open risk to stops <span className="font-semibold text-ink">{shown.text === '' ? 'none' : shown.text}</span>
      {shown.unprotected === 0 ? null : (
        <span className="font-semibold text-warn"> · ▲ {shown.unprotected} without a stop</span>
      )}
    </p>
  );
}
