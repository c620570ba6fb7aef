import { useCallback, useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import type { AccountView, InstrumentView } from '../../src/contract/types.ts';
import { Button } from '../controls/button.tsx';
import { Choice } from '../controls/choice.tsx';
import { cx } from '../controls/cx.ts';
import { Segmented } from '../controls/segmented.tsx';
import { Empty } from '../controls/states.tsx';
import { displayName } from '../desk/instruments.ts';
import { useAccount, useInstrument } from '../desk/window-state.ts';
import { useSettings } from '../settings/settings.ts';
import { ChartCanvas } from './chart-canvas.tsx';
import { useChartSettings } from './chart-settings.ts';
import { DrawingMenu } from './drawing-menu.tsx';
import { drawingsOf, removeDrawing, setDrawings, useDrawings, type DrawingTool } from './drawings.ts';
import { IndicatorMenu } from './indicator-menu.tsx';
import { NoteField } from './note-field.tsx';
import type { PriceChart } from './price-chart.ts';
import { TIMEFRAME_NAMES } from './timeframes.ts';

const FRAMES = TIMEFRAME_NAMES.map((value) => ({ value, label: value }));
const ZONES = [
  { value: 'IST', label: 'IST' },
  { value: 'UTC', label: 'UTC' },
  { value: 'local', label: 'Local' },
] as const;

function ChartOf({ account, instrument }: { readonly account: AccountView; readonly instrument: InstrumentView }) {
  const settings = useChartSettings();
  const { timeframe, setTimeframe, indicators, setIndicators, table, setTable } = settings;
  const zone = useSettings((state) => state.zone);
  const chart = useRef<PriceChart | null>(null);
  const [tool, setTool] = useState<DrawingTool | null>(null);
  const [magnet, setMagnet] = useState(false);
  const [note, setNote] = useState<string | null>(null);
  const [selected, setSelected] = useState<string | null>(null);
  const drawings = useDrawings(({ symbols }) => drawingsOf(symbols, instrument.id));
  const keep = useCallback((next: PriceChart | null) => {
    chart.current = next;
  }, []);

  const take = (next: DrawingTool | null, text = '') => {
    setTool(next);
    chart.current?.draw(next, { magnet, text });
  };
  // A tool in hand is for the symbol it was taken up on.
  useEffect(
    () => () => {
      setTool(null);
      setSelected(null);
      chart.current?.draw(null, { magnet: false, text: '' });
    },
    [instrument.id],
  );

  const clear = () => {
    const before = drawings;
    setDrawings(instrument.id, () => []);
    toast(`${before.length} drawings of ${displayName(instrument)} deleted`, {
      action: { label: 'Undo', onClick: () => setDrawings(instrument.id, (now) => [...before, ...now]) },
    });
  };

  return (
    <div className="@container flex h-full flex-col">
      <div className="flex h-8 shrink-0 items-center gap-1 overflow-hidden border-b border-line px-2">
        <h2 className="mr-1 shrink-0 font-semibold">{displayName(instrument)}</h2>
        <div className="hidden @3xl:block">
          <Segmented label="Timeframe" value={timeframe} segments={FRAMES} onChange={setTimeframe} />
        </div>
        <div className="@3xl:hidden">
          <Choice
            label="Timeframe"
            value={timeframe}
            options={FRAMES}
            onChange={setTimeframe}
            className="h-6 w-16 font-semibold"
          />
        </div>
        <IndicatorMenu indicators={indicators} onChange={setIndicators} />
        <DrawingMenu
          tool={tool}
          magnet={magnet}
          count={drawings.length}
          selected={selected !== null}
          onTool={(next) => (next === 'note' ? setNote('') : take(next))}
          onMagnet={setMagnet}
          onDelete={() => {
            if (selected !== null) removeDrawing(instrument.id, selected);
            setSelected(null);
          }}
          onClear={clear}
        />
        <span className="hidden @sm:contents">
          <Button
            size="small"
            tone="quiet"
            aria-pressed={table}
            className={cx(table && 'bg-hover text-ink')}
            onClick={() => setTable(!table)}
            title="The newest candles as a table"
          >
            Table
          </Button>
        </span>
        <span className="flex-1" />
        <div className="hidden @xl:block">
          <Segmented
            label="Time zone"
            value={zone}
            segments={ZONES}
            onChange={(next) => useSettings.setState({ zone: next })}
          />
        </div>
        <div className="hidden @sm:block @xl:hidden">
          <Choice
            label="Time zone"
            value={zone}
            options={ZONES}
            onChange={(next) => useSettings.setState({ zone: next })}
            className="h-6 w-16"
          />
        </div>
        <span className="hidden @sm:contents">
          <Button
            size="small"
            tone="quiet"
            onClick={() => chart.current?.scrollToLatest()}
            title="Scroll to the newest candle (End)"
          >
            Latest
          </Button>
        </span>
      </div>
      {note === null ? null : (
        <NoteField
          text={note}
          onText={setNote}
          onDone={(text) => {
            setNote(null);
            if (text !== null) take('note', text);
          }}
        />
      )}
      <ChartCanvas
        account={account}
        instrument={instrument}
        timeframe={timeframe}
        indicators={indicators}
        barSpace={settings.barSpace}
        table={table}
        selected={selected}
        onBarSpace={settings.setBarSpace}
        onSelect={setSelected}
        onDrawn={() => {
          setTool(null);
          chart.current?.draw(null, { magnet, text: '' });
        }}
        onChart={keep}
      />
    </div>
  );
}

export function ChartPanel() {
  const account = useAccount();
  const instrument = useInstrument();
  if (account === null || instrument === null)
    return <Empty title="No instrument chosen" hint="Choose one in the watchlist." />;
  return <ChartOf account={account} instrument={instrument} />;
}
