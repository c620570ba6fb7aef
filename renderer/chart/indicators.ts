/** An indicator on the chart: which, and its numbers. Plain JSON, as the layout keeps it. */
export interface IndicatorChoice {
  readonly kind: IndicatorKind;
  readonly params: readonly number[];
}

interface IndicatorFacts {
  readonly name: string;
  /** On the candles, or in a pane of its own. */
  readonly pane: 'candles' | 'own';
  readonly defaults: readonly number[];
  /** What the numbers mean; one label for a list of lengths. */
  readonly labels: readonly string[];
  /** Any number of lengths, each one line. */
  readonly list?: boolean;
}

const INDICATORS = {
  MA: { name: 'Moving average', pane: 'candles', defaults: [10, 30], labels: ['Lengths'], list: true },
  EMA: { name: 'Exponential average', pane: 'candles', defaults: [9, 21], labels: ['Lengths'], list: true },
  BOLL: { name: 'Bollinger bands', pane: 'candles', defaults: [20, 2], labels: ['Length', 'Deviations'] },
  SAR: { name: 'Parabolic SAR', pane: 'candles', defaults: [2, 2, 20], labels: ['Start %', 'Step %', 'Most %'] },
  VOL: { name: 'Volume', pane: 'own', defaults: [], labels: [] },
  RSI: { name: 'Relative strength', pane: 'own', defaults: [14], labels: ['Lengths'], list: true },
  MACD: { name: 'MACD', pane: 'own', defaults: [12, 26, 9], labels: ['Fast', 'Slow', 'Signal'] },
  KDJ: { name: 'Stochastic', pane: 'own', defaults: [9, 3, 3], labels: ['Length', 'K', 'D'] },
  CCI: { name: 'Commodity channel', pane: 'own', defaults: [20], labels: ['Length'] },
  OBV: { name: 'On-balance volume', pane: 'own', defaults: [30], labels: ['Average'] },
} as const satisfies Readonly<Record<string, IndicatorFacts>>;

export type IndicatorKind = keyof typeof INDICATORS;
export const INDICATOR_KINDS = Object.keys(INDICATORS) as IndicatorKind[];

export function indicatorFacts(kind: IndicatorKind): IndicatorFacts {
  return INDICATORS[kind];
}

export const FIRST_INDICATORS: readonly IndicatorChoice[] = [
  { kind: 'MA', params: [10, 30] },
  { kind: 'VOL', params: [] },
];

const LONGEST = 500;
const MOST_LINES = 5;

function allowed(kind: IndicatorKind, params: readonly number[]): boolean {
  const { list, labels } = indicatorFacts(kind);
  const count = list === true ? params.length >= 1 && params.length <= MOST_LINES : params.length === labels.length;
  return count && params.every((value) => Number.isFinite(value) && value > 0 && value <= LONGEST);
}

/** "10, 30" as numbers, or the sentence why not. */
export function readParams(kind: IndicatorKind, typed: string): readonly number[] | string {
  const { list, labels } = indicatorFacts(kind);
  const params = typed
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map(Number);
  if (allowed(kind, params)) return params;
  return list === true
    ? `One to ${MOST_LINES} lengths from 1 to ${LONGEST}, such as ${indicatorFacts(kind).defaults.join(', ')}.`
    : `${labels.join(', ')}: ${labels.length} numbers above 0 and up to ${LONGEST}.`;
}

/** From a layout: what is no indicator of this version is left out. */
export function readIndicators(stored: unknown): readonly IndicatorChoice[] {
  if (!Array.isArray(stored)) return FIRST_INDICATORS;
  const seen = new Set<string>();
  return stored.flatMap((entry: unknown): IndicatorChoice[] => {
    if (typeof entry !== 'object' || entry === null || !('kind' in entry)) return [];
    const kind = INDICATOR_KINDS.find((each) => each === entry.kind);
    if (kind === undefined || seen.has(kind)) return [];
    seen.add(kind);
    const params: unknown = 'params' in entry ? entry.params : [];
    const valid = Array.isArray(params) && params.every((each) => typeof each === 'number') && allowed(kind, params);
    return [{ kind, params: valid ? params : indicatorFacts(kind).defaults }];
  });
}
