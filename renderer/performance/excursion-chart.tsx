import { nameOf } from '../blotter/cells.ts';
import { percent } from '../format/money.ts';
import { Axis } from './axis.tsx';
import { niceScale, percentDigits, place } from './scale.ts';
import type { ClosedTrade } from './types.ts';
import { useSize, type Size } from './use-size.ts';

interface ExcursionProps {
  readonly trades: readonly ClosedTrade[];
  readonly which: 'mae' | 'mfe';
}

const LEFT = 8;
const RIGHT = 56;
const TOP = 8;
const BOTTOM = 34;

const WORDS = {
  mae: { axis: 'worst while open', name: 'Worst excursion against result' },
  mfe: { axis: 'best while open', name: 'Best excursion against result' },
} as const;

function Drawing({ trades, which, size }: ExcursionProps & { readonly size: Size }) {
  const points = trades.flatMap((trade) => {
    const excursion = trade.figures[which];
    return excursion === null ? [] : [{ trade, x: excursion.pct / 100, y: trade.returnPct / 100 }];
  });
  const width = size.width - LEFT - RIGHT;
  const height = size.height - TOP - BOTTOM;
  const across = niceScale(Math.min(0, ...points.map(({ x }) => x)), Math.max(0, ...points.map(({ x }) => x)), 4);
  const up = niceScale(Math.min(0, ...points.map(({ y }) => y)), Math.max(0, ...points.map(({ y }) => y)), 4);
  const xOf = (value: number) => LEFT + place(value, across, width);
  const yOf = (value: number) => TOP + height - place(value, up, height);
  return (
    <svg
      width={size.width}
      height={size.height}
      role="img"
      aria-label={`${WORDS[which].name} of ${points.length} trades; the same figures are in the table of trades`}
      className="block"
    >
      <Axis
        scale={up}
        y={yOf}
        x1={LEFT}
        x2={LEFT + width}
        show={(value) => percent(value, { digits: percentDigits(up) })}
      />
      <g aria-hidden>
        {across.ticks.map((tick, index) => (
          <g key={tick}>
            <line x1={xOf(tick)} x2={xOf(tick)} y1={TOP} y2={TOP + height} stroke="var(--border)" />
            <text
              x={xOf(tick)}
              y={TOP + height + 14}
              fontSize={11}
              fill="var(--text-2)"
              textAnchor={index === 0 ? 'start' : index === across.ticks.length - 1 ? 'end' : 'middle'}
            >
              {percent(tick, { digits: percentDigits(across) })}
            </text>
          </g>
        ))}
        <line x1={LEFT} x2={LEFT + width} y1={yOf(0)} y2={yOf(0)} stroke="var(--border-strong)" />
        <text x={LEFT + width / 2} y={size.height - 4} fontSize={11} fill="var(--text-2)" textAnchor="middle">
          {WORDS[which].axis}, % of entry
        </text>
        {points.map(({ trade, x, y }) => {
          const won = trade.returnPct > 0;
          const cx = xOf(x);
          const cy = yOf(y);
          const about = `${nameOf(trade.instrument)} ${trade.side}: result ${percent(y)}, ${WORDS[which].axis} ${percent(x)}`;
          // Filled and hollow, so that the colour is not alone.
          return won ? (
            <circle key={trade.id} cx={cx} cy={cy} r={3.5} fill="var(--up)">
              <title>{about}</title>
            </circle>
          ) : (
            <circle key={trade.id} cx={cx} cy={cy} r={3} fill="var(--panel)" stroke="var(--down)" strokeWidth={1.5}>
              <title>{about}</title>
            </circle>
          );
        })}
      </g>
    </svg>
  );
}

/** Each trade by how far it went against (or for) its owner and what came of it. */
export function ExcursionChart(props: ExcursionProps) {
  const [size, attach] = useSize();
  return (
    <div ref={attach} className="relative h-full min-h-40 w-full overflow-hidden">
      {size === null || size.width === 0 ? null : <Drawing {...props} size={size} />}
    </div>
  );
}
