import type { ReactNode } from 'react';
import type { EmergencyStatus } from '../../src/contract/types.ts';
import { cx } from '../controls/cx.ts';
import { useWindow } from '../desk/window-state.ts';
import { timeOf } from '../format/time.ts';
import { useSettings } from '../settings/settings.ts';

export function Line({ done, children }: { readonly done: boolean; readonly children: ReactNode }) {
  return (
    <li className="flex gap-2">
      <span className={cx('w-4 text-center font-bold', done ? 'text-up' : 'text-warn')} aria-hidden>
        {done ? '✓' : '…'}
      </span>
      <span>{children}</span>
      <span className="sr-only">{done ? 'done' : 'in progress'}</span>
    </li>
  );
}

const some = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

function venueText({ working, protective, unknown, positions }: EmergencyStatus['venues'][number]): string {
  const parts = [
    working === 0 ? 'none working' : `${some(working, 'order', 'orders')} still working`,
    protective === 0 ? null : `${some(protective, 'protective exit stays', 'protective exits stay')}`,
    unknown === 0 ? null : `${some(unknown, 'outcome', 'outcomes')} not known`,
    positions === 0 ? 'no position' : `${some(positions, 'position', 'positions')} open`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

/** What HALT has done so far at each venue, from the engine's own state and not from the press. */
export function HaltChecklist() {
  const zone = useSettings((settings) => settings.zone);
  const { halt, latchedAt, cancelRequested } = useWindow((state) => state.safety);
  const risk = useWindow((state) => state.risk);
  const halted = risk?.state === 'HALTED';
  const since = latchedAt ?? risk?.causes.find((cause) => cause.since > 0)?.since ?? null;
  if (!halted && halt === 'idle') return null;
  const working = risk?.workingOrders ?? 0;
  // A halt of the engine's own is kept in the journal, which a restart reads back.
  const own = halted && risk.causes.every(({ actor }) => actor !== 'user');
  const protective = risk?.emergency.venues.reduce((sum, venue) => sum + venue.protective, 0) ?? 0;
  return (
    <ol className="flex flex-col gap-1" aria-live="polite" aria-label="Halt checklist">
      <Line done={halted || halt === 'latched'}>
        {own ? 'Halt kept in the journal' : 'Halt latched on disk'}
        {since === null ? '' : ` at ${timeOf(since, zone)} ${zone}`}
      </Line>
      <Line done={halted}>Orders that add risk are refused, strategies are stopped</Line>
      <Line done={halted && working <= protective}>
        {cancelRequested === null
          ? 'Working orders cancelled'
          : `${cancelRequested} ${cancelRequested === 1 ? 'cancel' : 'cancels'} requested`}
        {working === 0 ? ', none working' : `, ${working} still working (protective exits stay)`}
      </Line>
      {risk?.emergency.venues.map((venue) => (
        <Line key={venue.venue} done={halted && venue.working === 0 && venue.unknown === 0}>
          {venue.venue}: {venueText(venue)}
        </Line>
      ))}
      <Line done={(risk?.openPositions ?? 0) === 0}>
        {risk?.openPositions === 0
          ? 'No open position'
          : `Open positions: ${risk?.openPositions ?? 'not known'}. HALT leaves them, FLATTEN closes them`}
      </Line>
    </ol>
  );
}
