import { trendPath } from './trend-path.ts';

const WIDTH = 120;
const HEIGHT = 18;
const LONGEST_MS = 3_600_000;
/** A session that has just begun is not drawn as a dot at the right edge. */
const SHORTEST_MS = 300_000;

interface TrendLineProps {
  readonly points: readonly (readonly [number, number | null])[];
  /** What is read aloud in place of the picture. */
  readonly label: string;
}

/** The last hour of one meter: the top edge is its limit, the dashes 80 % of it. */
export function TrendLine({ points, label }: TrendLineProps) {
  const known = (points.at(-1)?.[0] ?? 0) - (points[0]?.[0] ?? 0);
  const span = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, known));
  const path = trendPath(points, span, WIDTH, HEIGHT);
  if (path === '') return <span className="text-2xs text-ink-2">collecting</span>;
  return (
    <svg role="img" aria-label={label} viewBox={`0 -1 ${WIDTH} ${HEIGHT + 2}`} width={WIDTH} height={HEIGHT + 2}>
      <line x1="0" x2={WIDTH} y1="0" y2="0" className="stroke-halt" strokeWidth="0.5" />
      <line
        x1="0"
        x2={WIDTH}
        y1={HEIGHT * 0.2}
        y2={HEIGHT * 0.2}
        className="stroke-line-strong"
        strokeWidth="0.5"
        strokeDasharray="2 3"
      />
      <path d={path} className="fill-none stroke-accent" strokeWidth="1.25" strokeLinejoin="round" />
    </svg>
  );
}
