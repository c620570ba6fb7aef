import { useEffect, useState } from 'react';
import type { BarView, InstrumentView, Timeframe } from '../../src/contract/types.ts';
import type { Desk } from '../desk/desk.ts';
import { toChartBar, toChartInstrument } from './bar-views.ts';
import type { ChartBar, PriceChart } from './price-chart.ts';

const HISTORY = 1_000;
const OLDER = 1_000;
/** Closed candles kept as text, for the table and for words. */
const LISTED = 100;

export interface Bars {
  readonly state: 'loading' | 'empty' | 'bars';
  readonly problem: string | null;
  /** Newest last; changes when a candle closes, never on a tick. */
  readonly listed: readonly BarView[];
}

/** A page of candles before a moment; none when the engine has no older ones or cannot be asked. */
export async function loadOlder(
  desk: Desk,
  instrument: string,
  timeframe: Timeframe,
  before: number,
): Promise<readonly ChartBar[]> {
  const outcome = await desk.connection.call((client, options) =>
    client.market.history({ instrument, timeframe, limit: OLDER, before }, options),
  );
  return outcome.kind === 'ok' ? outcome.value.bars.map(toChartBar) : [];
}

/** Follows the candles of a series into the chart. React hears of the first ones and of every closed one. */
export function useBars(desk: Desk, chart: PriceChart | null, instrument: InstrumentView, timeframe: Timeframe): Bars {
  const series = `${instrument.id} ${timeframe}`;
  const [shown, setShown] = useState<{ readonly series: string; readonly listed: readonly BarView[] } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    if (chart === null) return undefined;
    let listed: readonly BarView[] = [];
    const list = (bars: readonly BarView[]) => {
      const byStart = new Map([...listed, ...bars].map((bar) => [bar.start, bar]));
      listed = [...byStart.values()].toSorted((a, b) => a.start - b.start).slice(-LISTED);
      setShown({ series, listed });
    };
    let any = false;
    return desk.connection.follow(
      (client, options) => client.market.bars({ instrument: instrument.id, timeframe, limit: HISTORY }, options),
      (event) => {
        if (event.type === 'snapshot') {
          chart.show(toChartInstrument(instrument), timeframe, event.bars.map(toChartBar));
          any = event.bars.length > 0;
          list(event.bars.slice(-LISTED));
          return;
        }
        for (const bar of event.bars) chart.update(toChartBar(bar));
        const closed = event.bars.filter((bar) => bar.closed);
        if (closed.length > 0 || (!any && event.bars.length > 0)) list(event.bars);
        any ||= event.bars.length > 0;
      },
      setProblem,
    );
  }, [chart, desk, instrument, timeframe, series]);
  const mine = shown?.series === series ? shown.listed : null;
  return {
    state: mine === null ? 'loading' : mine.length === 0 ? 'empty' : 'bars',
    problem,
    listed: mine ?? [],
  };
}
