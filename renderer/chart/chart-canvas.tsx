import { useEffect, useRef, useState } from 'react';
import type { AccountView, InstrumentView, Timeframe } from '../../src/contract/types.ts';
import { Empty, Failed, Loading } from '../controls/states.tsx';
import { positionId, useDesk, type Desk } from '../desk/desk.ts';
import { displayName } from '../desk/instruments.ts';
import { linkOf, usePanel } from '../desk/panel-context.ts';
import { isDoubtful } from '../desk/quote-row.ts';
import { useConnected } from '../desk/window-state.ts';
import { openDialog } from '../dialogs/dialog-state.ts';
import { useSettings } from '../settings/settings.ts';
import { barWords, chartWords } from './bar-views.ts';
import { ChartTable } from './chart-table.tsx';
import { offerChartState } from './chart-state.ts';
import { chartColors } from './colors.ts';
import { onCrosshair, tellCrosshair } from './crosshair-link.ts';
import { drawingsOf, putDrawing, removeDrawing, useDrawings } from './drawings.ts';
import type { IndicatorChoice } from './indicators.ts';
import { createKLineChart } from './klinecharts-chart.ts';
import { chartLines, lineTarget } from './lines.ts';
import type { PriceChart, PriceChartEvents } from './price-chart.ts';
import { loadOlder, useBars } from './use-bars.ts';

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

interface ChartCanvasProps {
  readonly account: AccountView;
  readonly instrument: InstrumentView;
  readonly timeframe: Timeframe;
  readonly indicators: readonly IndicatorChoice[];
  readonly barSpace: number;
  readonly table: boolean;
  readonly selected: string | null;
  readonly onBarSpace: (pixels: number) => void;
  readonly onSelect: (drawing: string | null) => void;
  readonly onDrawn: () => void;
  readonly onChart: (chart: PriceChart | null) => void;
}

const ZOOM_STEP = 1.25;

export function ChartCanvas(props: ChartCanvasProps) {
  const { account, instrument, timeframe, indicators, table, selected, onSelect, onDrawn, onChart } = props;
  const desk = useDesk();
  const panel = usePanel();
  const panelId = panel?.id ?? 'chart';
  const link = linkOf(panel);
  const connected = useConnected();
  const { theme, palette, zone } = useSettings();
  const host = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<PriceChart | null>(null);
  const [spoken, setSpoken] = useState('');
  const { state, problem, listed } = useBars(desk, chart, instrument, timeframe);
  const newest = listed.at(-1);

  // What the events of the chart are about changes more often than the chart is made.
  const latest = useRef({ account, instrument, timeframe, link, onBarSpace: props.onBarSpace, onSelect, onDrawn });
  useEffect(() => {
    latest.current = { account, instrument, timeframe, link, onBarSpace: props.onBarSpace, onSelect, onDrawn };
  });
  const firstBarSpace = useRef(props.barSpace);

  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    let zoomed: ReturnType<typeof setTimeout> | null = null;
    const events: PriceChartEvents = {
      onMove: (id, price) => askForMove(desk, latest.current.account.id, latest.current.instrument.id, id, price),
      onDrawing: (drawing) => putDrawing(latest.current.instrument.id, drawing),
      onDrawn: () => latest.current.onDrawn(),
      onSelect: (id) => latest.current.onSelect(id),
      onCrosshair: (place) => {
        if (latest.current.link !== 'none') tellCrosshair(latest.current.link, panelId, place);
      },
      onZoom: (pixels) => {
        if (zoomed !== null) clearTimeout(zoomed);
        zoomed = setTimeout(() => latest.current.onBarSpace(pixels), 400);
      },
      loadOlder: (before) => loadOlder(desk, latest.current.instrument.id, latest.current.timeframe, before),
    };
    const created = createKLineChart(element, chartColors(), events);
    created.setBarSpace(firstBarSpace.current);
    setChart(created);
    onChart(created);
    const withdraw = offerChartState(panelId, () => created.state());
    return () => {
      if (zoomed !== null) clearTimeout(zoomed);
      withdraw();
      onChart(null);
      created.destroy();
    };
  }, [desk, onChart, panelId]);

  useEffect(() => chart?.setColors(chartColors()), [chart, theme, palette]);
  useEffect(() => chart?.setZone(zone), [chart, zone]);
  useEffect(() => chart?.setIndicators(indicators), [chart, indicators]);

  useEffect(() => {
    if (chart === null) return undefined;
    const show = () => chart.setDrawings(drawingsOf(useDrawings.getState().symbols, instrument.id));
    show();
    return useDrawings.subscribe(show);
  }, [chart, instrument]);

  useEffect(() => {
    if (chart === null || link === 'none') return undefined;
    return onCrosshair(link, (from, place) => {
      if (from !== panelId) chart.setCrosshair(place);
    });
  }, [chart, link, panelId]);

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

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (chart === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? 10 : 1;
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      const bar = chart.moveCursor(event.key === 'ArrowLeft' ? -step : step);
      if (bar !== null) setSpoken(barWords(bar, instrument, zone));
    } else if (event.key === '+' || event.key === '=') chart.zoom(ZOOM_STEP);
    else if (event.key === '-') chart.zoom(1 / ZOOM_STEP);
    else if (event.key === 'End') chart.scrollToLatest();
    else if (event.key === 'Escape') onDrawn();
    else if ((event.key === 'Delete' || event.key === 'Backspace') && selected !== null) {
      removeDrawing(instrument.id, selected);
      onSelect(null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const name = displayName(instrument);
  return (
    <div className="flex min-h-0 flex-1">
      <div
        role="group"
        aria-label={`${name} chart. Left and right read candle by candle, plus and minus zoom, End shows the newest.`}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the keys above work on it
        tabIndex={0}
        onKeyDown={onKeyDown}
        className="relative min-w-0 flex-1 outline-offset-[-2px]"
      >
        <div
          ref={host}
          className="absolute inset-0"
          role="img"
          aria-label={newest === undefined ? `${name} chart` : chartWords(newest, instrument, timeframe, zone)}
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
            <Empty title="No candles yet" hint={`${name} has not traded in this timeframe since the session began.`} />
          </div>
        ) : null}
      </div>
      {table ? <ChartTable bars={listed} instrument={instrument} zone={zone} /> : null}
      <p className="sr-only" aria-live="polite">
        {spoken}
      </p>
    </div>
  );
}
