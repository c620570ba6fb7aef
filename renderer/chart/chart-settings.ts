import type { Timeframe } from '../../src/contract/types.ts';
import { usePanelParam } from '../desk/panel-context.ts';
import { readIndicators, type IndicatorChoice } from './indicators.ts';
import { readTimeframe } from './timeframes.ts';

const DEFAULT_BAR_SPACE = 8;

function readBarSpace(stored: unknown): number {
  return typeof stored === 'number' && stored >= 1 && stored <= 50 ? stored : DEFAULT_BAR_SPACE;
}

const readFlag = (stored: unknown): boolean => stored === true;

interface ChartSettings {
  readonly timeframe: Timeframe;
  readonly setTimeframe: (timeframe: Timeframe) => void;
  readonly indicators: readonly IndicatorChoice[];
  readonly setIndicators: (indicators: readonly IndicatorChoice[]) => void;
  readonly barSpace: number;
  readonly setBarSpace: (pixels: number) => void;
  readonly table: boolean;
  readonly setTable: (shown: boolean) => void;
}

/** How one chart is set up; saved with the layout. */
export function useChartSettings(): ChartSettings {
  const [timeframe, setTimeframe] = usePanelParam('timeframe', readTimeframe);
  const [indicators, setIndicators] = usePanelParam('indicators', readIndicators);
  const [barSpace, setBarSpace] = usePanelParam('barSpace', readBarSpace);
  const [table, setTable] = usePanelParam('table', readFlag);
  return { timeframe, setTimeframe, indicators, setIndicators, barSpace, setBarSpace, table, setTable };
}
