import type { ReactNode } from 'react';
import type { AppStatus, FeedStatus, MarketPhase } from '../../src/contract/types.ts';
import { cx } from '../controls/cx.ts';
import { useDesk } from '../desk/desk.ts';
import { useWindow } from '../desk/window-state.ts';
import { age, clockOf, dayAndClock } from '../format/time.ts';

type Tone = 'good' | 'warn' | 'bad' | 'idle';
const DOTS: Readonly<Record<Tone, string>> = { good: 'bg-up', warn: 'bg-warn', bad: 'bg-halt', idle: 'bg-ink-3' };

function Item({
  tone,
  children,
  title,
}: {
  readonly tone?: Tone;
  readonly children: ReactNode;
  readonly title?: string;
}) {
  return (
    <li className="flex items-center gap-1.5 whitespace-nowrap" title={title}>
      {tone === undefined ? null : <span className={cx('size-1.5 rounded-full', DOTS[tone])} aria-hidden />}
      {children}
    </li>
  );
}

function feedTone(state: FeedStatus['state']): Tone {
  if (state === 'live') return 'good';
  if (state === 'failed') return 'bad';
  return state === 'ended' || state === 'stopped' ? 'idle' : 'warn';
}

function FeedItem({ feed }: { readonly feed: FeedStatus }) {
  const title = `${feed.id}: ${feed.state}, ${feed.instruments} instruments, ${feed.eventsPerSecond.toFixed(0)} events/s, ${feed.read} rows read, ${feed.kept} kept, ${feed.dropped} dropped${feed.sentence === null ? '' : `. ${feed.sentence}`}`;
  const detail =
    feed.state !== 'live'
      ? feed.state
      : feed.latencyMs === null
        ? age(feed.ageMs ?? 0)
        : `${feed.latencyMs.toFixed(0)} ms`;
  return (
    <Item tone={feedTone(feed.state)} title={title}>
      {feed.id} <span className="text-ink">{detail}</span>
    </Item>
  );
}

const PHASES: Readonly<Record<MarketPhase['state'], string>> = {
  open: 'open',
  preopen: 'pre-open',
  closing_auction: 'closing auction',
  post_close: 'post-close',
  closed: 'closed',
};

function MarketItem({ phase, now }: { readonly phase: MarketPhase; readonly now: number }) {
  const next =
    phase.state === 'open'
      ? phase.nextClose === null
        ? ''
        : ` until ${dayAndClock(phase.nextClose, now, 'IST')}`
      : phase.nextOpen === null
        ? ''
        : `, opens ${dayAndClock(phase.nextOpen, now, 'IST')}`;
  return (
    <Item tone={phase.state === 'open' ? 'good' : 'idle'} title={phase.reason}>
      {phase.venue.toUpperCase()}{' '}
      <span className="text-ink">
        {PHASES[phase.state]}
        {next}
      </span>
    </Item>
  );
}

function EngineItems({ status }: { readonly status: AppStatus }) {
  const { counts } = status;
  return (
    <>
      {status.feeds.map((feed) => (
        <FeedItem key={feed.id} feed={feed} />
      ))}
      <Item {...(counts.staleInstruments > 0 ? { tone: 'warn' as const } : {})}>
        <span className={counts.staleInstruments > 0 ? 'font-semibold text-warn' : 'text-ink'}>
          {counts.staleInstruments} of {counts.instruments} stale
        </span>
      </Item>
      {status.markets.map((phase) => (
        <MarketItem key={phase.venue} phase={phase} now={status.now} />
      ))}
      {counts.unknownOrders > 0 ? (
        <Item tone="bad">
          <span className="font-semibold text-halt">{counts.unknownOrders} orders UNKNOWN</span>
        </Item>
      ) : null}
    </>
  );
}

export function StatusBar() {
  const desk = useDesk();
  const connection = useWindow((state) => state.connection);
  const status = useWindow((state) => state.status);
  const frozen = useWindow((state) => state.frozen);
  const tone: Tone = connection.phase === 'open' ? 'good' : connection.phase === 'lost' ? 'bad' : 'warn';
  const word = connection.phase === 'open' ? 'Engine' : connection.phase === 'lost' ? 'Engine lost' : 'Connecting';
  return (
    <footer className="flex h-6 shrink-0 items-center border-t border-line bg-panel px-2 text-2xs text-ink-2">
      <ul className="flex min-w-0 flex-1 items-center gap-4 overflow-hidden" aria-label="Status">
        <Item tone={tone} title={connection.sentence ?? 'Connected to the engine'}>
          {word}
          {connection.rttMs === null ? null : <span className="text-ink">{connection.rttMs.toFixed(0)} ms</span>}
        </Item>
        {status === null || connection.phase !== 'open' ? null : <EngineItems status={status} />}
      </ul>
      <ul className="flex shrink-0 items-center gap-4 pl-4" aria-label="Engine">
        {status === null || connection.phase !== 'open' ? null : (
          <>
            <Item title="How late the engine's event loop runs">
              loop <span className="text-ink">{status.loopLagMs.toFixed(0)} ms</span>
            </Item>
            <Item title="Memory of the engine">
              <span className="text-ink">{status.memoryMb.toFixed(0)} MB</span>
            </Item>
            <Item
              title={
                status.clock === 'simulated'
                  ? 'The engine runs on a simulated clock'
                  : 'The engine follows the wall clock'
              }
            >
              <span className="text-ink">{clockOf(status.now, 'IST')}</span>
              {status.clock === 'simulated' ? ' simulated' : ''}
            </Item>
          </>
        )}
        <li>
          <button
            type="button"
            aria-pressed={frozen}
            onClick={() => desk.freeze(!frozen)}
            className={cx(
              'h-6 px-1.5',
              frozen ? 'bg-warn font-semibold text-canvas' : 'text-ink-2 hover:bg-hover hover:text-ink',
            )}
            title="Hold all quotes still (F)"
          >
            {frozen ? 'Quotes frozen' : 'Freeze quotes'}
          </button>
        </li>
      </ul>
    </footer>
  );
}
