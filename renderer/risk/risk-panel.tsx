import type { RiskGauge } from '../../src/contract/types.ts';
import { MeterBar } from '../controls/meter-bar.tsx';
import { Empty, Failed, Loading } from '../controls/states.tsx';
import { cx } from '../controls/cx.ts';
import { useAccount, useConnected, useWindow } from '../desk/window-state.ts';
import { gaugeFigures } from './gauge-text.ts';

function Gauge({ gauge, currency }: { readonly gauge: RiskGauge; readonly currency: string }) {
  const figures = gaugeFigures(gauge, currency);
  if (gauge.state === 'unknown' || gauge.utilisation === null) {
    return (
      <p className="flex justify-between gap-2">
        <span className="text-ink-2">{gauge.title}</span>
        <span className={gauge.state === 'unknown' ? 'font-semibold text-warn' : 'text-ink'}>
          {gauge.state === 'unknown' ? 'not known: blocks new orders' : figures}
        </span>
      </p>
    );
  }
  return <MeterBar label={gauge.title} figures={figures} share={gauge.utilisation} />;
}

const LEVELS = { LOW: 'text-ink', MEDIUM: 'text-warn', HIGH: 'text-halt' } as const;

/** How much of each limit is used, from the engine that enforces it. */
export function RiskPanel() {
  const risk = useWindow((state) => state.risk);
  const trouble = useWindow((state) => state.troubles['risk']);
  const account = useAccount();
  const connected = useConnected();
  if (risk === null) {
    return trouble === undefined ? (
      <Loading what="risk" />
    ) : (
      <Failed what="Risk cannot be read" stillSafe={`${trouble} The engine goes on enforcing every limit.`} />
    );
  }
  const gauges = risk.gauges.filter((gauge) => gauge.account === null || gauge.account === account?.id);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keys
    <div
      className="flex h-full flex-col gap-2 overflow-y-auto p-2"
      tabIndex={0}
      role="region"
      aria-label="Limits in use"
    >
      <div
        className={cx(
          'flex items-center justify-between rounded-sm px-2 py-1',
          risk.state === 'HALTED' ? 'halt-hatch' : 'bg-raised',
        )}
      >
        <span className="text-sm font-bold">{risk.state}</span>
        <span>
          Level{' '}
          <span className={cx('font-semibold', risk.state === 'HALTED' ? '' : LEVELS[risk.level])}>{risk.level}</span>
        </span>
      </div>
      {connected ? null : <p className="text-warn">▲ Last known: the engine is not reachable.</p>}
      {trouble === undefined ? null : <p className="text-warn">▲ Not up to date: {trouble}</p>}
      {gauges.length === 0 ? (
        <Empty title="No limits in use" hint="Limits appear with the first account of a session." />
      ) : (
        gauges.map((gauge) => (
          <Gauge key={`${gauge.account} ${gauge.name}`} gauge={gauge} currency={account?.currency ?? ''} />
        ))
      )}
    </div>
  );
}
