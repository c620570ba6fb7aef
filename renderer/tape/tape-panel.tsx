import { useEffect, useRef, useState } from 'react';
import type { InstrumentView } from '../../src/contract/types.ts';
import { Button } from '../controls/button.tsx';
import { Segmented } from '../controls/segmented.tsx';
import { Empty, Failed, Loading } from '../controls/states.tsx';
import { useDesk } from '../desk/desk.ts';
import { displayName, quantityUnit } from '../desk/instruments.ts';
import { usePanelParam } from '../desk/panel-context.ts';
import { useInstrument, useWindow } from '../desk/window-state.ts';
import { readTyped } from '../format/decimal-text.ts';
import { perFrame } from '../market/row-store.ts';
import { useSettings } from '../settings/settings.ts';
import { TapeView } from './tape-view.ts';
import { TradeRing, type TapeTrade } from './trade-ring.ts';

const KEPT = 2_000;
const FIRST = 300;
const LARGE_TIMES = 5;

const SIDES = [
  { value: 'all', label: 'All' },
  { value: 'buy', label: '▲', title: 'Buyers took' },
  { value: 'sell', label: '▼', title: 'Sellers took' },
] as const;
type SideFilter = (typeof SIDES)[number]['value'];

const readSide = (stored: unknown): SideFilter => SIDES.find(({ value }) => value === stored)?.value ?? 'all';
const readText = (stored: unknown): string => (typeof stored === 'string' ? stored : '');

function SizeField({
  label,
  placeholder,
  title,
  value,
  onChange,
}: {
  readonly label: string;
  readonly placeholder: string;
  readonly title: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <input
      value={value}
      inputMode="decimal"
      autoComplete="off"
      spellCheck={false}
      aria-label={label}
      title={title}
      placeholder={placeholder}
      onChange={(event) => onChange(event.target.value)}
      className="h-6 w-12 min-w-0 shrink-0 rounded-sm border border-line-strong bg-canvas px-1 text-right text-xs text-ink placeholder:text-ink-3"
    />
  );
}

interface TapeProps {
  readonly instrument: InstrumentView;
  readonly side: SideFilter;
  readonly least: string;
  readonly large: string;
}

/** Trades go from the stream into a ring and from there into rows that are there already; React renders none of them. */
function Tape({ instrument, side, least, large }: TapeProps) {
  const desk = useDesk();
  const zone = useSettings((settings) => settings.zone);
  const scroller = useRef<HTMLDivElement>(null);
  const table = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<'loading' | 'empty' | 'trades'>('loading');
  const [problem, setProblem] = useState<string | null>(null);
  const [scrolled, setScrolled] = useState(false);
  const [skipped, setSkipped] = useState(0);
  const look = useRef({ side, least: 0, large: null as number | null, zone });
  const redraw = useRef<(() => void) | null>(null);

  useEffect(() => {
    const number = (text: string) => {
      const read = readTyped(text);
      return read === null ? null : Number(read);
    };
    look.current = { side, least: number(least) ?? 0, large: number(large), zone };
    redraw.current?.();
  }, [side, least, large, zone]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null || table.current === null) return undefined;
    const ring = new TradeRing(KEPT);
    const view = new TapeView(element, table.current, instrument);
    let newest: TapeTrade | undefined;
    let planned = false;
    let gone = false;
    const write = () => {
      planned = false;
      if (gone) return;
      const { side: wanted, least: from, large: typed, zone: shown } = look.current;
      const rows = ring.select(({ trade, size }) => size >= from && (wanted === 'all' || trade.aggressor === wanted));
      const before = newest === undefined ? -1 : rows.indexOf(newest);
      view.write(rows, Math.max(0, before), { zone: shown, large: typed ?? ring.largeSize(LARGE_TIMES) });
      newest = rows[0];
      setScrolled(view.scrolled);
    };
    const plan = () => {
      if (planned || useWindow.getState().frozen) return;
      planned = true;
      perFrame(write);
    };
    redraw.current = plan;
    element.addEventListener('scroll', plan, { passive: true });
    const observer = new ResizeObserver(plan);
    observer.observe(element);
    const offFrozen = useWindow.subscribe((next, last) => {
      if (next.frozen !== last.frozen) plan();
    });
    const off = desk.connection.follow(
      (client, options) => client.market.trades({ instrument: instrument.id, limit: FIRST }, options),
      (event) => {
        if (event.type === 'snapshot') {
          newest = undefined;
          ring.replace(event.trades);
        } else {
          ring.add(event.trades, event.skipped);
        }
        setState(ring.length === 0 ? 'empty' : 'trades');
        setSkipped(ring.skipped);
        plan();
      },
      setProblem,
    );
    return () => {
      gone = true;
      redraw.current = null;
      off();
      offFrozen();
      observer.disconnect();
      element.removeEventListener('scroll', plan);
    };
  }, [desk, instrument]);

  const name = displayName(instrument);
  return (
    <div className="relative min-h-0 flex-1">
      {problem !== null && state !== 'trades' ? (
        <Failed what="Trades cannot be read" stillSafe={problem} />
      ) : state === 'loading' ? (
        <Loading what="trades" />
      ) : state === 'empty' ? (
        <Empty title="No trades yet" hint={`${name} has not traded since the session began.`} />
      ) : null}
      <div
        ref={scroller}
        // Focusable, so that the keyboard can scroll it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="region"
        aria-label={`Trades of ${name}, newest first`}
        className={state === 'trades' ? 'h-full overflow-x-hidden overflow-y-auto' : 'hidden'}
      >
        <div ref={table} role="table" aria-label={`Time and sales of ${name}`} className="relative" />
      </div>
      {scrolled ? (
        <Button
          size="small"
          className="absolute right-4 bottom-2"
          onClick={() => scroller.current?.scrollTo({ top: 0 })}
        >
          ↑ Newest
        </Button>
      ) : null}
      {skipped > 0 ? (
        <p className="absolute bottom-0 left-0 bg-panel px-2 text-2xs text-warn">{skipped} trades left out: too fast</p>
      ) : null}
    </div>
  );
}

export function TapePanel() {
  const instrument = useInstrument();
  const zone = useSettings((settings) => settings.zone);
  const [side, setSide] = usePanelParam('side', readSide);
  const [least, setLeast] = usePanelParam('least', readText);
  const [large, setLarge] = usePanelParam('large', readText);
  if (instrument === null) return <Empty title="No instrument chosen" hint="Choose one in the watchlist." />;
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-8 shrink-0 items-center gap-1 overflow-hidden border-b border-line px-2">
        <h2 className="min-w-0 flex-1 truncate font-semibold">{displayName(instrument)}</h2>
        <Segmented label="Aggressor" value={side} segments={SIDES} onChange={setSide} />
        <SizeField
          label="Smallest size shown"
          placeholder="min"
          title={`Hide trades below this size, in ${quantityUnit(instrument)}`}
          value={least}
          onChange={setLeast}
        />
        <SizeField
          label="Size that stands out"
          placeholder="big"
          title={`Highlight trades from this size on, in ${quantityUnit(instrument)}. Auto: ${LARGE_TIMES} times the median`}
          value={large}
          onChange={setLarge}
        />
      </div>
      <div aria-hidden className="tape-head h-5 shrink-0 text-2xs font-semibold text-ink-2">
        <span>Time {zone}</span>
        <span>Price</span>
        <span>Size</span>
      </div>
      <Tape key={instrument.id} instrument={instrument} side={side} least={least} large={large} />
    </div>
  );
}
