import { useCallback, useEffect, useRef, useState } from 'react';
import type { AccountView, BarView, InstrumentView } from '../../src/contract/types.ts';
import { Segmented } from '../controls/segmented.tsx';
import { Button } from '../controls/button.tsx';
import { Check } from '../controls/check.tsx';
import { Empty, Failed, Loading } from '../controls/states.tsx';
import { positionId, useDesk, type Desk } from '../desk/desk.ts';
import { displayName } from '../desk/instruments.ts';
import { isDoubtful } from '../desk/quote-row.ts';
import { useAccount, useConnected, useInstrument } from '../desk/window-state.ts';
import { openDialog } from '../dialogs/dialog-state.ts';
import { figures } from '../format/money.ts';
import { clockOf } from '../format/time.ts';
import { useSettings } from '../settings/settings.ts';
import { chartColors } from './colors.ts';
import { createKLineChart } from './klinecharts-chart.ts';
import { chartLines, lineTarget } from './lines.ts';
import type { ChartBar, PriceChart, Timeframe } from './price-chart.ts';

const TIMEFRAMES = (['1m', '3m', '5m', '15m', '1h', '1d'] as const).map((value) => ({ value, label: value }));
const HISTORY = 1_000;
const SMA = [10, 30];

function toBar(bar: BarView): ChartBar {
  return {
    start: bar.start,
    open: Number(bar.open),
    high: Number(bar.high),
    low: Number(bar.low),
    close: Number(bar.close),
    volume: Number(bar.volume),
  };
}

/** A dropped line asks; the dialog confirms; the engine decides. */
function askForMove(desk: Desk, account: string, instrument: string, id: string, to: string): void {
  const target = lineTarget(id);
  if (target === null) return;
  if (target.kind === 'order') {
    const order = desk.working.get(target.id);
    if (order !== undefined) openDialog({ kind: 'modify', order, field: target.field, to });
    return;
  }
  const position = desk.positions.get(positionId({ account, instrument }));
  if (position !== undefined) openDialog({ kind: 'protect', position, field: target.field, to });
}

interface CanvasProps {
  readonly account: AccountView;
  readonly instrument: InstrumentView;
  readonly timeframe: Timeframe;
  readonly volume: boolean;
  readonly sma: boolean;
  readonly onChart: (chart: PriceChart | null) => void;
}

function ChartCanvas({ account, instrument, timeframe, volume, sma, onChart }: CanvasProps) {
  const desk = useDesk();
  const connected = useConnected();
  const { theme, palette, zone } = useSettings();
  const host = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<PriceChart | null>(null);
  const [loaded, setLoaded] = useState<{ readonly series: string; readonly state: 'empty' | 'bars' } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [summary, setSummary] = useState('');
  const series = `${instrument.id} ${timeframe}`;
  const state = loaded?.series === series ? loaded.state : 'loading';
  const about = useRef({ account: account.id, instrument: instrument.id });
  useEffect(() => {
    about.current = { account: account.id, instrument: instrument.id };
  });

  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const created = createKLineChart(element, chartColors(), {
      onMove: (id, price) => askForMove(desk, about.current.account, about.current.instrument, id, price),
    });
    setChart(created);
    onChart(created);
    return () => {
      onChart(null);
      created.destroy();
    };
  }, [desk, onChart]);

  useEffect(() => chart?.setColors(chartColors()), [chart, theme, palette]);
  useEffect(() => chart?.setZone(zone), [chart, zone]);
  useEffect(() => chart?.setIndicators({ volume, sma: sma ? SMA : [] }), [chart, volume, sma]);

  useEffect(() => {
    if (chart === null) return undefined;
    const { symbol, tick, priceDigits, quantityDigits } = instrument;
    return desk.connection.follow(
      (client, options) => client.market.bars({ instrument: instrument.id, timeframe, limit: HISTORY }, options),
      (event) => {
        const last = event.bars.at(-1);
        if (event.type === 'snapshot') {
          chart.show({ symbol, tick, priceDigits, quantityDigits }, timeframe, event.bars.map(toBar));
          setLoaded({ series, state: event.bars.length === 0 ? 'empty' : 'bars' });
        } else {
          for (const bar of event.bars) chart.update(toBar(bar));
          if (event.bars.length > 0) setLoaded({ series, state: 'bars' });
        }
        if (last !== undefined && (event.type === 'snapshot' || last.closed)) {
          const price = (text: string) => figures(text, { currency: instrument.quote, digits: instrument.priceDigits });
          setSummary(
            `${displayName(instrument)} ${timeframe} candles. Newest at ${clockOf(last.start, 'IST')}: open ${price(last.open)}, high ${price(last.high)}, low ${price(last.low)}, close ${price(last.close)}, volume ${last.volume}.`,
          );
        }
      },
      setProblem,
    );
  }, [chart, desk, instrument, timeframe, series]);

  useEffect(() => {
    if (chart === null) return undefined;
    const draw = () => {
      const mine = desk.working
        .rows()
        .filter((order) => order.account === account.id && order.instrument === instrument.id);
      chart.setLines(
        chartLines(mine, desk.positions.get(positionId({ account: account.id, instrument: instrument.id }))),
      );
    };
    draw();
    const off = [desk.working.subscribe(draw), desk.positions.subscribe(draw)];
    return () => off.forEach((stop) => stop());
  }, [chart, desk, account, instrument]);

  useEffect(() => {
    if (chart === null) return undefined;
    const mark = () => {
      const quote = desk.quotes.get(instrument.id);
      chart.setStale(!connected || quote === undefined || isDoubtful(quote));
    };
    mark();
    const timer = setInterval(mark, 500);
    return () => clearInterval(timer);
  }, [chart, desk, instrument, connected]);

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={host}
        className="absolute inset-0"
        role="img"
        aria-label={summary === '' ? `${displayName(instrument)} chart` : summary}
      />
      {problem !== null && state !== 'bars' ? (
        <div className="absolute inset-0 bg-panel">
          <Failed what="Candles cannot be read" stillSafe={problem} />
        </div>
      ) : state === 'loading' ? (
        <div className="absolute inset-0 bg-panel">
          <Loading what={`${timeframe} candles`} />
        </div>
      ) : state === 'empty' ? (
        <div className="absolute inset-0 bg-panel">
          <Empty
            title="No candles yet"
            hint={`${displayName(instrument)} has not traded in this timeframe since the session began.`}
          />
        </div>
      ) : null}
    </div>
  );
}

declare global {
  interface Window {
    /** Read-only: what the picture shows, for a test that cannot read a canvas. */
    chartState?: () => ReturnType<PriceChart['state']> | null;
  }
}

export function ChartPanel() {
  const account = useAccount();
  const instrument = useInstrument();
  const zone = useSettings((settings) => settings.zone);
  const [timeframe, setTimeframe] = useState<Timeframe>('1m');
  const [volume, setVolume] = useState(true);
  const [sma, setSma] = useState(true);
  const chart = useRef<PriceChart | null>(null);
  const keep = useCallback((next: PriceChart | null) => {
    chart.current = next;
    window.chartState = () => chart.current?.state() ?? null;
  }, []);
  if (account === null || instrument === null)
    return <Empty title="No instrument chosen" hint="Choose one in the watchlist." />;
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-8 shrink-0 items-center gap-2 overflow-hidden border-b border-line px-2">
        <h2 className="shrink-0 font-semibold">{displayName(instrument)}</h2>
        <Segmented label="Timeframe" value={timeframe} segments={TIMEFRAMES} onChange={setTimeframe} />
        <Check label="Vol" title="Volume" checked={volume} onChange={setVolume} />
        <Check
          label="SMA"
          title={`Simple moving averages of ${SMA.join(' and ')} candles`}
          checked={sma}
          onChange={setSma}
        />
        <span className="flex-1" />
        <Segmented
          label="Time zone"
          value={zone}
          segments={[
            { value: 'IST', label: 'IST' },
            { value: 'UTC', label: 'UTC' },
          ]}
          onChange={(next) => useSettings.setState({ zone: next })}
        />
        <Button
          size="small"
          tone="quiet"
          onClick={() => chart.current?.scrollToLatest()}
          title="Scroll to the newest candle"
        >
          Latest
        </Button>
      </div>
      <ChartCanvas
        account={account}
        instrument={instrument}
        timeframe={timeframe}
        volume={volume}
        sma={sma}
        onChart={keep}
      />
    </div>
  );
}
